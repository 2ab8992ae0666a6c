// Django's administration, made to speak: what its tables and scripts leave without a name is given one.
const FIELDS = "input:not([type='hidden'], [type='submit']), select, textarea";
const words = (element) => element?.textContent.replace(/[:：*？?\s]+$/, "").trim() ?? "";

function column(cell) {
  return words(cell.closest("table").tHead?.rows[0].cells[cell.cellIndex]);
}

function name(element, label) {
  if (label && !element.hasAttribute("aria-label")) element.setAttribute("aria-label", label);
}

function look() {
  for (const corner of document.querySelectorAll(".tabular th:empty, .tabular th.original")) corner.setAttribute("role", "presentation");
  // A field in a row is named by its column, a part of a moment by what it is a part of.
  for (const field of document.querySelectorAll(`#content :is(${FIELDS})`)) {
    if (field.labels?.length) continue;
    const cell = field.closest(".tabular td, #result_list td");
    const asked = field.closest("fieldset")?.querySelector("legend") ?? field.closest(".form-row")?.querySelector("label");
    name(field, cell ? column(cell) : [words(asked), words(field.previousSibling)].filter(Boolean).join(": "));
  }
  const search = document.getElementById("searchbar");
  if (search) name(search, search.title || search.closest("form").textContent.trim());
  // What is found by typing is named as the list that it stands for.
  for (const list of document.querySelectorAll("select.admin-autocomplete")) {
    const box = list.nextElementSibling?.querySelector(".select2-selection");
    const label = words(list.labels?.[0]) || list.getAttribute("aria-label") || "";
    if (!box || box.hasAttribute("aria-label")) continue;
    const shown = box.querySelector("[role='textbox']");
    for (const part of [box, shown].filter(Boolean)) {
      part.removeAttribute("aria-labelledby");
      name(part, label);
    }
  }
  for (const search of document.querySelectorAll(".select2-search__field")) name(search, document.title);
  for (const mark of document.querySelectorAll(".selector span[aria-label]:not([role])")) mark.setAttribute("role", "img");
}

look();
new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
