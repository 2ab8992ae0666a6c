// Tables in forms: a row more, a row less, and what its figures come to. Without scripts the rows that are there can be
// written on; the server asks for no numbers in order.
const PLACE = "__row__";

const bodyOf = (table) => table.querySelector("tbody");

function next(table) {
  const taken = [...table.querySelectorAll("tbody [name]")].map((cell) => Number(cell.name.slice(table.dataset.rows.length + 1).split("-")[0]));
  return Math.max(-1, ...taken.filter(Number.isFinite)) + 1;
}

function add(table, number = next(table)) {
  const row = table.querySelector("template").content.firstElementChild.cloneNode(true);
  for (const part of row.querySelectorAll("*")) {
    for (const { name, value } of [...part.attributes]) if (value.includes(PLACE)) part.setAttribute(name, value.replaceAll(PLACE, number));
  }
  bodyOf(table).append(row);
  return row;
}

function changed(table) {
  table.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const more = event.target.closest("[data-more-rows]");
  if (more) {
    add(more.closest("[data-rows]")).querySelector("select, input:not([type='hidden'])").focus();
    return;
  }
  const drop = event.target.closest("[data-drop-row]");
  if (!drop) return;
  const table = drop.closest("[data-rows]");
  const row = drop.closest("tr");
  const beside = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  (beside?.querySelector("[data-drop-row]") ?? table.querySelector("[data-more-rows]")).focus();
  changed(table);
});

// A figure as the server reads it, in hundredths; nothing for what is none.
function hundredths(text) {
  const found = /^(\d+)(?:\.(\d{1,2}))?(万)?$/.exec(text.normalize("NFKC").replace(/[,¥%元\s]/g, ""));
  if (!found) return 0;
  return (Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0"))) * (found[3] ? 10000 : 1);
}

function sum(table) {
  const foot = table.querySelector("tfoot");
  if (!foot) return;
  let any = false;
  for (const cell of foot.querySelectorAll("[data-sum-of]")) {
    const inputs = [...table.querySelectorAll("tbody input[name]")].filter((input) => input.name.endsWith(`-${cell.dataset.sumOf}`));
    const whole = inputs.reduce((all, input) => all + hundredths(input.value), 0);
    const said = inputs.some((input) => input.value.trim());
    any ||= said;
    cell.textContent = !said ? "" : (whole / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  }
  foot.hidden = !any;
}

document.addEventListener("input", (event) => {
  const table = event.target.closest?.("[data-rows]");
  if (table) sum(table);
});

// What the browser has kept of rows that are not there yet needs a place before it is put back.
document.addEventListener("draft:restoring", ({ target: form, detail: { names } }) => {
  for (const table of form.querySelectorAll("[data-rows]")) {
    const stem = `${table.dataset.rows}-`;
    const wanted = new Set(names.filter((name) => name.startsWith(stem)).map((name) => name.slice(stem.length).split("-")[0]).filter((part) => /^\d+$/.test(part)));
    const there = new Set([...table.querySelectorAll("tbody [name]")].map((cell) => cell.name.slice(stem.length).split("-")[0]));
    for (const number of wanted) if (!there.has(number)) add(table, number);
  }
});

function look(root) {
  for (const table of root.querySelectorAll("[data-rows]")) sum(table);
}
look(document);
document.addEventListener("htmx:load", ({ detail: { elt } }) => look(elt.parentElement ?? document));
document.addEventListener("draft:restored", ({ target }) => look(target));
