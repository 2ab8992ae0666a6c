// A link that is shown once is taken along with one press.
const field = document.querySelector("[data-link]");
const button = document.querySelector("[data-copy-link]");
if (field && button && navigator.clipboard) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    await navigator.clipboard.writeText(field.value);
    const said = document.querySelector("[data-copied]");
    said.textContent = said.dataset.copied;
  });
}
