// The sheet on which one decides: 1, 2 and 3 answer an item of the checklist, a answers all that is left with "passes".
// What is written is kept on the server as one writes; until it is, the browser asks before the page is left.
const sheet = () => document.querySelector("form[data-sheet]");
const items = (form) => [...form.querySelectorAll("[data-check]")];
const ways = (item) => [...item.querySelectorAll("input[type='radio']")];
const answered = (item) => ways(item).some((way) => way.checked);
const typing = (target) => target.closest("input:not([type='checkbox'], [type='radio']), textarea, select, [contenteditable]") !== null;

function told(form) {
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function answer(form, item, at) {
  const way = ways(item)[at];
  if (!way) return;
  way.checked = true;
  told(form);
  const next = items(form).find((other) => !answered(other));
  if (at === 1) item.querySelector("input[type='text']")?.focus();
  else (next ? ways(next)[0] : form.querySelector("textarea"))?.focus();
  document.activeElement?.scrollIntoView({ block: "nearest" });
}

function passAll(form) {
  for (const item of items(form)) if (!answered(item)) ways(item)[0].checked = true;
  told(form);
  form.querySelector("textarea")?.focus();
}

document.addEventListener("click", (event) => {
  const form = event.target.closest("[data-all-pass]")?.form;
  if (form) passAll(form);
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest("form[data-sheet]") ?? sheet();
  if (!form || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]") || !items(form).length) return;
  if (event.key === "a") passAll(form);
  else if ("123".includes(event.key)) {
    const item = event.target.closest("[data-check]") ?? items(form).find((each) => !answered(each));
    if (item) answer(form, item, Number(event.key) - 1);
  } else return;
  event.preventDefault();
});

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-sheet]") ?? (event.target.matches?.("form[data-sheet]") ? event.target : null);
  if (form) delete form.dataset.kept;
});
document.addEventListener("htmx:afterRequest", ({ detail: { elt, successful } }) => {
  const place = elt.closest?.(".decide");
  const form = place?.querySelector("form[data-sheet]");
  if (form && successful && elt.matches(".kept, .decide-keep")) form.dataset.kept = "";
});
