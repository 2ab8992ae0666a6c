// Menus, dialogs and forms that open in place. Everything also works as a page of its own.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.dialog)?.showModal();
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  const close = event.target.closest("#act [data-close-act]");
  if (close) {
    event.preventDefault();
    document.getElementById("act").replaceChildren();
    document.querySelector(`[data-verb='${close.dataset.closeAct}']`)?.focus();
  }
  const picture = event.target.closest("a[data-preview]");
  if (picture && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    preview(picture);
  }
  if (event.target.closest("[data-print]")) window.print();
});

function preview(link) {
  const dialog = document.getElementById("preview");
  if (!dialog) return;
  dialog.querySelector("[data-name]").textContent = link.dataset.preview;
  const picture = dialog.querySelector("img");
  picture.src = link.href;
  picture.alt = link.dataset.preview;
  dialog.showModal();
}

for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
}

// A filter applies as soon as it is chosen; its button is for those without scripts.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-at-once]");
  if (form && event.target.matches("select, input[type='checkbox'], input[type='radio'], input[type='date']")) form.requestSubmit();
});

// A button is pressed once: a second press while the first is on its way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent && !form.hasAttribute("hx-post")) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, 4000);
});

const FIRST = "input:not([type='hidden']), textarea, select, button, a[href]";

// A form that has come: one begins where something was refused, at what stands against it, or at its first field.
document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  if (!target.matches?.(".act-place, .act-panel")) return;
  const panel = document.querySelector(".act-place .act-panel");
  if (!panel) return;
  const fields = panel.querySelector("form") ?? panel;
  (panel.querySelector("[aria-invalid='true'], [autofocus], .note-box[tabindex]") ?? fields.querySelector(FIRST))?.focus();
  panel.scrollIntoView({ block: "nearest" });
});

// A page that came back because something was refused begins there.
document.querySelector("main [aria-invalid='true'], main .note-box[tabindex]")?.focus();

// A button that went with what it brought leaves one at the first thing that came in its place. What comes by itself,
// such as a panel that is fetched once the page stands, moves nobody.
let pressed = false;
document.addEventListener("htmx:beforeSwap", ({ detail: { requestConfig, target } }) => {
  pressed = Boolean(requestConfig?.elt?.matches("a, button, form, input, select")) || target.contains(document.activeElement);
});
document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  if (elt === document.body || !pressed || document.activeElement !== document.body) return;
  elt.querySelector(FIRST)?.focus({ preventScroll: true });
});
