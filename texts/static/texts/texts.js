// Canned texts: above each text area of an act's form a button that finds one and puts it in at the cursor.
const words = document.getElementById("words")?.dataset ?? {};
const DELAY = 120;
let serial = 0;

class Picker {
  constructor(area, address) {
    this.area = area;
    this.address = address;
    this.id = `texts-${(serial += 1)}`;
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "btn btn-small btn-bare texts-open";
    this.button.setAttribute("aria-expanded", "false");
    this.button.setAttribute("aria-controls", this.id);
    this.button.textContent = words.textsInsert ?? "";
    const label = area.labels?.[0];
    if (label) this.button.setAttribute("aria-label", `${words.textsInsert}: ${label.textContent.replace("*", "").trim()}`);
    this.button.addEventListener("click", () => (this.box ? this.close() : this.open()));
    // While a record is being written by keyboard, nothing stands between one field and the next.
    if (area.form.dataset.textsOf) area.after(this.button);
    else area.before(this.button);
    this.button.classList.toggle("texts-after", area.nextElementSibling === this.button);
    area.closest(".field")?.classList.add("has-texts");
  }

  open() {
    this.at = [this.area.selectionStart, this.area.selectionEnd];
    this.box = document.createElement("div");
    this.box.className = "texts-box";
    this.box.id = this.id;
    this.list = document.createElement("ul");
    this.list.className = "texts-list";
    this.list.id = `${this.id}-list`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", words.textsInsert ?? "");
    this.input = document.createElement("input");
    this.input.type = "text";
    this.input.maxLength = 60;
    this.input.placeholder = words.textsFind ?? "";
    for (const [name, value] of Object.entries({ role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "true", "aria-controls": this.list.id, "aria-label": words.textsFind ?? "" })) {
      this.input.setAttribute(name, value);
    }
    this.input.addEventListener("input", (event) => {
      event.stopPropagation(); // what is looked for is no draft
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), DELAY);
    });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("focusout", (event) => { if (!this.box?.contains(event.relatedTarget) && event.relatedTarget !== this.button) this.close(); });
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[data-text]");
      if (option) this.put(option);
    });
    this.box.append(this.input, this.list);
    this.area.before(this.box);
    this.button.setAttribute("aria-expanded", "true");
    this.input.focus();
    this.ask();
  }

  async ask() {
    const address = new URL(this.address, window.location.href);
    address.searchParams.set("q", this.input.value.trim());
    // Of a record that is only being written, what stands in the form so far.
    for (const name of (this.area.form.dataset.textsOf ?? "").split(" ").filter(Boolean)) {
      const said = this.area.form.elements[name]?.value?.trim();
      if (said) address.searchParams.set(name, said.slice(0, 200));
    }
    this.asked?.abort();
    this.asked = new AbortController();
    try {
      const reply = await fetch(address, { signal: this.asked.signal, credentials: "same-origin" });
      if (!reply.ok || !this.box) return;
      this.list.innerHTML = await reply.text();
      this.options.forEach((option, at) => { option.id = `${this.id}-${at}`; });
      this.point(this.options[0]);
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  get options() { return [...this.list.querySelectorAll("[data-text]")]; }

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
      this.point(all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (at >= 0) this.put(all[at]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close();
      this.area.focus();
    }
  }

  put(option) {
    const { text } = option.dataset;
    this.close();
    this.area.focus();
    this.area.setSelectionRange(...this.at);
    // The one way that the browser's own undo knows of; the other is for browsers without it.
    if (!document.execCommand("insertText", false, text)) {
      this.area.setRangeText(text, ...this.at, "end");
      this.area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  close() {
    const { box } = this;
    this.box = null;
    this.asked?.abort();
    this.button.setAttribute("aria-expanded", "false");
    box?.remove();
  }
}

const made = new WeakSet();
function look(root) {
  for (const area of root.querySelectorAll("form[data-texts] textarea")) {
    if (made.has(area)) continue;
    made.add(area);
    new Picker(area, area.form.dataset.texts);
  }
}
look(document);
document.addEventListener("htmx:load", (event) => look(event.detail.elt.parentElement ?? document));
