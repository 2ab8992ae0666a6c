// A password is fetched once and goes into the clipboard, or stands on the page for twenty seconds. It is kept nowhere.
const SHOWN = 20_000;
const KEPT = 60_000;
const vault = document.querySelector("[data-vault]");
const place = vault?.querySelector("[data-secret]");
const said = vault?.querySelector("[data-said]");
const dots = place?.textContent ?? "";

async function fetchOnce() {
  const token = vault.querySelector("input[name='csrfmiddlewaretoken']").value;
  const answer = await fetch(vault.dataset.vault, { method: "POST", headers: { "X-CSRFToken": token }, cache: "no-store" });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.message);
  for (const button of vault.querySelectorAll("[data-copy], [data-show]")) button.disabled = true;
  return told.secret;
}

function tell(error) {
  said.textContent = error instanceof Error && error.message && !(error instanceof TypeError) && !(error instanceof SyntaxError) ? error.message : vault.dataset.failed;
}

function hide() {
  if (place.textContent === dots) return;
  place.textContent = dots;
  said.textContent = vault.dataset.gone;
}

function show(secret) {
  place.textContent = secret;
  said.textContent = vault.dataset.shown;
  setTimeout(hide, SHOWN);
}

vault?.querySelector("[data-show]")?.addEventListener("click", () => fetchOnce().then(show, tell));

vault?.querySelector("[data-copy]")?.addEventListener("click", async () => {
  if (!navigator.clipboard?.writeText) {
    said.textContent = vault.dataset.noClipboard;
    return;
  }
  let secret = "";
  try {
    secret = await fetchOnce();
  } catch (error) {
    tell(error);
    return;
  }
  try {
    await navigator.clipboard.writeText(secret);
    said.textContent = vault.dataset.copied;
    setTimeout(() => navigator.clipboard.writeText("").catch(() => {}), KEPT);
  } catch {
    show(secret); // It was handed out and would be lost.
  }
});

window.addEventListener("pagehide", hide);
