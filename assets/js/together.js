// Who else has this record open, and what they fill in. It comes with the news that every page asks for anyway.
const place = document.querySelector("[data-together]");
const people = document.createElement("ul");
const spoken = document.querySelector("[data-together-said]");
// The window keeps its name from page to page, so that what was filled in and sent is not said of it any longer.
const tab = sessionStorage.getItem("tab") ?? drawn();
sessionStorage.setItem("tab", tab);
let here = [];
let heard = new Set();

function drawn() {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const verb = () => document.querySelector(".act-place .act-panel [data-draft]")?.dataset.draft.split("/").pop() ?? "";

function piece(name, css, text) {
  const made = document.createElement(name);
  made.className = css;
  made.textContent = text;
  return made;
}

function line(person) {
  const made = document.createElement("li");
  if (person.doing) made.className = "busy";
  const mark = piece("span", "avatar", person.mark);
  mark.setAttribute("aria-hidden", "true");
  made.append(mark, piece("bdi", "", person.name));
  if (person.doing) made.append(piece("span", "doing", person.doing));
  return made;
}

function draw() {
  const busy = here.filter((person) => person.doing);
  people.replaceChildren(...here.map(line));
  place.hidden = here.length === 0;
  const panel = document.querySelector(".act-place .act-panel .panel-body");
  const shown = panel?.querySelector("[data-busy]");
  const text = busy.map((person) => person.said).join(" ");
  if (!panel || shown?.textContent === text) return;
  shown?.remove();
  if (!text) return;
  const note = piece("p", "busy-note", text);
  note.dataset.busy = "";
  panel.prepend(note);
}

// Only who comes, and who begins to write, is said aloud, and only once.
function speak() {
  const said = new Map(here.map((person) => [`${person.key} ${person.doing}`, person.said]));
  const fresh = [...said].filter(([key]) => !heard.has(key)).map(([, text]) => text);
  heard = new Set(said.keys());
  if (fresh.length) spoken.textContent = fresh.join(" ");
}

if (place) {
  place.append(people);
  document.addEventListener("live:asks", ({ detail: asked }) => {
    asked.set("record", place.dataset.together);
    asked.set("tab", tab);
    if (verb()) asked.set("verb", verb());
  });
  document.addEventListener("live:news", ({ detail: { news } }) => {
    here = news.record?.here ?? [];
    draw();
    speak();
  });
  const ask = () => document.dispatchEvent(new CustomEvent("live:ask"));
  document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
    if (!target.matches?.(".act-place, .act-panel")) return;
    draw();
    ask();
  });
  // The first of the page's regular questions, asked at once: who opens a record wants to know now.
  window.addEventListener("load", ask);
}
