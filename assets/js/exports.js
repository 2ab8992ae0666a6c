// Exports that were asked for in this browser: whichever page is open says when one of them is ready.
const KEPT = "exports";

function waiting() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter(Number.isInteger) : [];
  } catch {
    return [];
  }
}

function keep(list) {
  try {
    if (list.length) localStorage.setItem(KEPT, JSON.stringify(list.slice(-5)));
    else localStorage.removeItem(KEPT);
  } catch {
    // Without a store the page of exports says it all the same.
  }
}

// What this page shows as being made is waited for.
function notice() {
  const shown = [...document.querySelectorAll("[data-export]:has(progress)")].map((each) => Number(each.dataset.export));
  const known = waiting();
  if (shown.some((pk) => !known.includes(pk))) keep([...new Set([...known, ...shown])]);
}

// What one sees coming to its end needs no further word, but is said aloud.
function seen() {
  for (const each of document.querySelectorAll(".export-menu[open] .export-said:not(:has(progress))")) {
    const known = waiting();
    if (!known.includes(Number(each.dataset.export))) continue;
    keep(known.filter((pk) => pk !== Number(each.dataset.export)));
    document.getElementById("export-heard").textContent = each.firstElementChild.textContent;
  }
}

notice();
document.addEventListener("htmx:afterSettle", () => { notice(); seen(); });
document.addEventListener("live:asks", ({ detail: asked }) => {
  for (const pk of waiting()) asked.append("export", String(pk));
});
document.addEventListener("live:news", ({ detail: { news, toast } }) => {
  for (const each of news.exports ?? []) {
    const known = waiting();
    // Another window may have said it already.
    if (!known.includes(each.id)) continue;
    keep(known.filter((pk) => pk !== each.id));
    if (each.title) toast({ ...each, lasting: true });
  }
});
