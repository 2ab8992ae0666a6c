// Lists at work: counts of views, rows chosen by mouse and keyboard, and things put in order without asking the server.
const bar = document.querySelector("[data-counts]");

async function count() {
  try {
    const reply = await fetch(bar.dataset.counts, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!reply.ok || reply.redirected) return;
    const { counts } = await reply.json();
    for (const place of bar.querySelectorAll("[data-count-of]")) place.textContent = counts[place.dataset.countOf] ?? "";
  } catch {
    // A bar without numbers still leads where it leads.
  }
}
if (bar) count();
// On a phone the tabs are one line, of which the present one is to be seen.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// --- rows ----------------------------------------------------------------------------------------------------------
const form = document.querySelector("form[data-picking]");

class Picking {
  constructor(form) {
    this.form = form;
    this.boxes = [...form.querySelectorAll("tbody .pick input")];
    this.all = form.querySelector("[data-pick-all]");
    this.told = form.querySelector("[data-picked]");
    this.verbs = form.querySelector("[data-picked-verbs]");
    this.none = form.querySelector("[data-unpick]");
    this.last = null;
    this.all.hidden = false;
    this.all.setAttribute("aria-label", form.dataset.picking);
    this.all.title = form.dataset.picking;
    this.none.hidden = false;
    this.all.addEventListener("change", () => this.set(this.boxes, this.all.checked));
    this.none.addEventListener("click", () => this.set(this.boxes, false));
    form.querySelector("tbody").addEventListener("click", (event) => {
      const box = event.target.closest(".pick")?.querySelector("input");
      if (!box) return;
      if (event.target !== box) box.checked = !box.checked;
      this.chose(box, event.shiftKey);
    });
    document.addEventListener("keydown", (event) => this.key(event));
    // Going back brings the ticks back, and the bar with them.
    window.addEventListener("pageshow", () => this.show());
    this.show();
  }

  get chosen() { return this.boxes.filter((box) => box.checked); }

  set(boxes, on) {
    for (const box of boxes) box.checked = on;
    this.show();
  }

  chose(box, wide) {
    const from = this.boxes.indexOf(this.last), to = this.boxes.indexOf(box);
    this.last = box;
    if (wide && from >= 0) this.set(this.boxes.slice(Math.min(from, to), Math.max(from, to) + 1), box.checked);
    else this.show();
  }

  key(event) {
    if (!["x", "X"].includes(event.key) || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type='checkbox']), textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
    const box = this.form.querySelector("tbody tr.here .pick input");
    if (!box) return;
    event.preventDefault();
    box.checked = !box.checked;
    this.chose(box, event.shiftKey);
  }

  show() {
    const { length } = this.chosen;
    this.all.checked = length > 0 && length === this.boxes.length;
    this.all.indeterminate = length > 0 && length < this.boxes.length;
    this.told.textContent = String(length);
    clearTimeout(this.timer);
    if (length) this.timer = setTimeout(() => this.ask(), 200);
    else this.verbs.replaceChildren();
  }

  async ask() {
    const address = new URL(this.form.action);
    address.search = new URLSearchParams(this.chosen.map((box) => ["chosen", box.value])).toString();
    window.htmx.trigger(this.verbs, "htmx:abort");
    await window.htmx.ajax("GET", address.href, { source: this.verbs, target: this.verbs, swap: "innerHTML" });
    this.form.querySelector("[data-picked-on]").hidden = this.verbs.childElementCount > 0;
  }
}
if (form) new Picking(form);

// --- order ---------------------------------------------------------------------------------------------------------
document.addEventListener("click", (event) => {
  const mover = event.target.closest("form[data-ordering] button:is([name='up'], [name='down'])");
  if (mover) {
    event.preventDefault();
    const line = mover.closest("li");
    const other = mover.name === "up" ? line.previousElementSibling : line.nextElementSibling;
    if (other) other[mover.name === "up" ? "before" : "after"](line);
    mover.focus();
  }
  const close = event.target.closest("#view-place [data-close-view]");
  if (close) {
    event.preventDefault();
    document.getElementById("view-place").replaceChildren();
  }
});
