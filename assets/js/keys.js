// The keyboard: / search, j k enter in lists, n new, w what waits next, g h home, g n notices, ? help, Ctrl+Enter sends, Escape closes.
const typing = (target) => target.closest("input:not([type='checkbox'], [type='radio']), textarea, select, [contenteditable]") !== null;
let waitsForSecond = false;

function rows() {
  return [...document.querySelectorAll("[data-rows] tbody tr, [data-rows].work li, .work[data-rows] li")].filter((row) => row.offsetParent);
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.classList.contains("here"));
  const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step))];
  all[at]?.classList.remove("here");
  next.classList.add("here");
  next.querySelector("a")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function press(selector) {
  const found = document.querySelector(selector);
  found?.click();
  return Boolean(found);
}

const second = { h: "home", n: "notices", l: "list", c: "customers" };
const first = {
  "/": () => document.querySelector("[data-key='search']")?.focus(),
  "?": () => document.getElementById("keys-help")?.showModal(),
  n: () => press("[data-key='new']"),
  w: () => press("[data-key='next']"),
  j: () => move(1),
  k: () => move(-1),
  g: () => {
    waitsForSecond = true;
    setTimeout(() => { waitsForSecond = false; }, 1200);
  },
};

function escape() {
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
    return;
  }
  press("[data-close-act]");
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form");
    if (form) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-default]") ?? undefined);
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && !event.defaultPrevented) return escape();
  if (typing(event.target)) return;
  if (waitsForSecond && second[event.key]) {
    waitsForSecond = false;
    event.preventDefault();
    press(`[data-key='${second[event.key]}']`);
    return;
  }
  const act = first[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});
