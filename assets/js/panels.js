// Menus, dialogs and forms that open in place. Everything also works as a page of its own.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.dialog)?.showModal();
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  const close = event.target.closest("[data-close-act]");
  if (close) {
    event.preventDefault();
    const place = close.closest(".act-place");
    place?.replaceChildren();
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

document.addEventListener("htmx:afterSwap", (event) => {
  const place = event.detail.target.closest?.(".act-place") ?? (event.detail.target.classList?.contains("act-place") ? event.detail.target : null);
  const panel = place?.querySelector(".act-panel") ?? document.querySelector(".act-place .act-panel");
  if (!panel) return;
  const field = panel.querySelector("[aria-invalid='true'], [autofocus]") ?? panel.querySelector("input:not([type='hidden']), textarea, select, button");
  field?.focus();
  panel.scrollIntoView({ block: "nearest" });
});

// What a filter leaves empty does not belong into the address.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-at-once]")) return;
  const empty = [...event.target.elements].filter((field) => field.name && !field.value);
  for (const field of empty) field.disabled = true;
  setTimeout(() => { for (const field of empty) field.disabled = false; }, 0);
});
