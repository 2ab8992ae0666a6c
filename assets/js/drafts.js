// What is being written is kept in this browser, for this person and this form, until it has been sent.
// Passwords and files are never kept.
const words = document.getElementById("words")?.dataset ?? {};
const owner = document.body.dataset.user ?? "";
const keyOf = (form) => `draft:${owner}:${form.dataset.draft}`;
const touched = new WeakSet();

function store(work) {
  try {
    return work(window.localStorage);
  } catch {
    return null; // A browser that keeps nothing only loses the comfort.
  }
}

function kept(form) {
  return [...form.elements].filter(
    (field) => field.name && !field.closest("[data-not-kept]") && !["password", "file", "submit", "button"].includes(field.type)
      && (field.type !== "hidden" || field.closest(".finder")),
  );
}

function save(form) {
  const said = kept(form).flatMap((field) => {
    if (field.type === "checkbox" || field.type === "radio") return field.checked ? [[field.name, field.value]] : [];
    if (field.multiple) return [...field.selectedOptions].map((option) => [field.name, option.value]);
    return field.value ? [[field.name, field.value]] : [];
  });
  store((shelf) => shelf.setItem(keyOf(form), JSON.stringify({ at: Date.now(), said })));
}

function restore(form) {
  if (form.dataset.draftSeen) return;
  form.dataset.draftSeen = "yes";
  if (form.hasAttribute("data-bound")) return;
  const text = store((shelf) => shelf.getItem(keyOf(form)));
  if (!text) return;
  const said = new Map();
  for (const [name, value] of JSON.parse(text).said) said.set(name, [...(said.get(name) ?? []), value]);
  let changed = false;
  form.dispatchEvent(new CustomEvent("draft:restoring", { bubbles: true, detail: { names: [...said.keys()] } }));
  for (const field of kept(form)) {
    const values = said.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") {
      const wanted = values.includes(field.value);
      changed ||= wanted !== field.checked;
      field.checked = wanted;
    } else if (field.multiple) {
      for (const option of field.options) option.selected = values.includes(option.value);
      changed ||= values.length > 0;
    } else if (values.length && field.value !== values[0]) {
      field.value = values[0];
      changed = true;
    }
  }
  if (!changed) return;
  tell(form);
  form.dispatchEvent(new CustomEvent("draft:restored", { bubbles: true }));
}

function tell(form) {
  const note = document.createElement("p");
  note.className = "note-box";
  note.setAttribute("role", "status");
  const text = document.createElement("div");
  text.textContent = words.draftRestored ?? "";
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "btn btn-small";
  drop.textContent = words.draftDiscard ?? "";
  drop.addEventListener("click", () => {
    store((shelf) => shelf.removeItem(keyOf(form)));
    form.reset();
    for (const hidden of form.querySelectorAll(".finder input[type='hidden']")) hidden.value = "";
    note.remove();
    form.querySelector("input:not([type='hidden']), textarea, select")?.focus();
  });
  note.append(text, drop);
  form.prepend(note);
}

let timer = 0;
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form");
  if (!form) return;
  touched.add(form);
  if (!form.dataset.draft) return;
  clearTimeout(timer);
  timer = setTimeout(() => save(form), 300);
});
document.addEventListener("submit", (event) => {
  touched.delete(event.target);
  if (event.target.dataset?.draft) save(event.target);
});

function hasFile(form) {
  return [...form.querySelectorAll("input[type='file']")].some((field) => field.files.length);
}

window.addEventListener("beforeunload", (event) => {
  const lost = [...document.forms].some((form) => touched.has(form) && form.method === "post" && !("filling" in form.dataset && !("byHand" in form.dataset)) && !("kept" in form.dataset) && (!form.dataset.draft || hasFile(form)));
  if (lost) event.preventDefault();
});

function look(root) {
  for (const done of root.querySelectorAll("[data-done]")) store((shelf) => shelf.removeItem(`draft:${owner}:${done.dataset.done}`));
  for (const form of root.querySelectorAll("form[data-draft]")) restore(form);
}
look(document);
document.addEventListener("htmx:load", (event) => look(event.detail.elt.parentElement ?? document));
