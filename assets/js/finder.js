// Finding by name, initials or number while typing: a text input with data-typeahead over a hidden input with the key,
// or beside ticked boxes of those who have been chosen.
const DELAY = 120;
let serial = 0;

class Finder {
  constructor(input) {
    this.input = input;
    this.box = input.closest(".finder") ?? input.parentElement;
    this.box.classList.add("finder");
    this.chosen = this.box.querySelector("[data-chosen]");
    this.hidden = this.chosen ? null : document.getElementById(input.dataset.target) ?? this.box.querySelector("input[type='hidden']");
    this.list = document.createElement("ul");
    this.list.id = `finder-${(serial += 1)}`;
    this.list.className = "finder-list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.labels?.[0]?.textContent.trim() || input.getAttribute("aria-label") || "");
    this.list.hidden = true;
    this.box.append(this.list);
    for (const [name, value] of Object.entries({ role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id })) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", () => this.typed());
    input.addEventListener("focus", () => { if (!this.hidden?.value && input.dataset.eager !== undefined) this.ask(); });
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role='option']:not([data-none])");
      if (option) this.choose(option);
    });
    this.follow();
    this.mark();
    // A form begins at its first field: what this one most probably is, is offered at once.
    if (input.dataset.eager === "open" && document.activeElement === input && !this.hidden?.value) this.ask();
  }

  get options() { return [...this.list.querySelectorAll("[role='option']:not([data-none])")]; }

  follow() {
    const master = this.input.dataset.with && this.input.form?.elements[this.input.dataset.with];
    master?.addEventListener?.("change", () => {
      this.input.value = "";
      this.set("");
    });
  }

  typed() {
    if (this.hidden?.value) this.set("");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), DELAY);
  }

  async ask() {
    const query = this.input.value.trim();
    const address = new URL(this.input.dataset.url ?? `/find/${this.input.dataset.typeahead}/`, window.location.href);
    address.searchParams.set("q", query);
    const master = this.input.dataset.with && this.input.form?.elements[this.input.dataset.with];
    if (master) address.searchParams.set(this.input.dataset.with, master.value);
    this.asked?.abort();
    this.asked = new AbortController();
    try {
      const reply = await fetch(address, { signal: this.asked.signal, credentials: "same-origin" });
      if (!reply.ok || document.activeElement !== this.input) return;
      this.list.innerHTML = await reply.text();
      this.options.forEach((option, at) => { option.id = `${this.list.id}-${at}`; });
      this.open();
      this.point(this.options[0]);
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  open() {
    this.list.hidden = this.list.childElementCount === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  point(option) {
    for (const other of this.options) other.setAttribute("aria-selected", String(other === option));
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.isComposing) return;
    const all = this.options;
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) return void this.ask();
      this.point(all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
    } else if ((event.key === "Enter" || event.key === "Tab") && !this.list.hidden && at >= 0 && !event.ctrlKey && !event.metaKey) {
      if (event.key === "Enter") event.preventDefault();
      this.choose(all[at]);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  choose(option) {
    if (option.dataset.href) return void window.location.assign(option.dataset.href);
    if (this.chosen) return this.add(option);
    this.input.value = option.dataset.label;
    this.set(option.dataset.value);
    this.close();
    const form = this.input.form;
    for (const [name, value] of Object.entries(JSON.parse(option.dataset.fills ?? "{}"))) {
      const field = form?.elements[name];
      if (field && !field.value) field.value = value;
    }
    this.input.dispatchEvent(new Event("input-chosen", { bubbles: true }));
  }

  // One more of several: a ticked box with the name. Who is chosen already is not chosen twice.
  add(option) {
    const { value, label } = option.dataset;
    this.input.value = "";
    this.close();
    if ([...this.chosen.querySelectorAll("input")].some((box) => box.value === value && (box.checked = true))) return;
    const chip = document.createElement("label");
    chip.className = "chip";
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name: this.input.dataset.many, value, checked: true });
    const name = document.createElement("bdi");
    name.textContent = label;
    chip.append(box, " ", name);
    this.chosen.append(chip);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  set(value) {
    if (!this.hidden || this.hidden.value === value) return;
    this.hidden.value = value;
    this.mark();
    this.hidden.dispatchEvent(new Event("change", { bubbles: true }));
    this.hidden.dispatchEvent(new Event("input", { bubbles: true }));
  }

  mark() { this.box.classList.toggle("finder-chosen", Boolean(this.hidden?.value)); }
}

const made = new WeakMap();
function look(root) {
  for (const input of root.querySelectorAll("input[data-typeahead]")) if (!made.has(input)) made.set(input, new Finder(input));
}
look(document);
document.addEventListener("htmx:load", (event) => look(event.detail.elt.parentElement ?? document));
document.addEventListener("draft:restored", (event) => {
  for (const input of event.target.querySelectorAll("input[data-typeahead]")) made.get(input)?.mark();
});
