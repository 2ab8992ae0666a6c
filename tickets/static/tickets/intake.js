// A subtype implies its type, and a type leaves only its own subtypes to choose from.
const type = document.getElementById("id_issue_type");
const subtype = document.getElementById("id_subtype");

function narrow() {
  const chosen = type.selectedOptions[0];
  const name = chosen?.value ? chosen.textContent.trim() : "";
  for (const group of subtype.querySelectorAll("optgroup")) {
    const fits = !name || group.label === name;
    group.hidden = !fits;
    group.disabled = !fits;
    if (!fits && group.contains(subtype.selectedOptions[0] ?? null)) subtype.value = "";
  }
}

if (type && subtype) {
  type.addEventListener("change", narrow);
  subtype.addEventListener("change", () => {
    const group = subtype.selectedOptions[0]?.closest("optgroup");
    if (!group || type.value) return;
    for (const option of type.options) if (option.textContent.trim() === group.label) type.value = option.value;
    narrow();
  });
  document.addEventListener("draft:restored", narrow);
  narrow();
}

// The answer is asked for as soon as it is to be given at once.
document.querySelector("button[name='ending'][value='answer']")?.addEventListener("click", (event) => {
  const answer = document.querySelector("details[data-part='answer']");
  const empty = [...(answer?.querySelectorAll("textarea") ?? [])].find((field) => !field.value.trim());
  if (!answer || !empty) return;
  event.preventDefault();
  answer.open = true;
  empty.focus();
});

// One begins at once: where something was refused, else at the criteria of an emergency, or at the customer, or at the
// contact of a given one.
const customer = document.getElementById("id_customer_text");
const first = customer?.value ? document.getElementById("id_contact_text") : customer;
const criterion = document.querySelector("[data-part='criteria'] input");
(document.querySelector("[data-part] [aria-invalid='true']") ?? criterion ?? first)?.focus();
