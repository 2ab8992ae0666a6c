// What happens elsewhere shows here: the count of notices, new ones, somebody else's change, and the time that is left.
const words = document.getElementById("words")?.dataset ?? {};
const body = document.body.dataset;
const EVERY = 10_000;
let offset = Number(body.now ?? 0) * 1000 - Date.now();
let since = Number(body.notice ?? 0);

const fill = (pattern, values) => (pattern ?? "").replace(/%\((\w+)\)s/g, (_, name) => values[name]);

function length(seconds) {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const part = { days: Math.floor(minutes / 1440), hours: Math.floor(minutes / 60) % 24, minutes: minutes % 60 };
  if (part.days) return fill(part.hours ? words.dayHour : words.dayMinute, part);
  if (part.hours) return fill(part.minutes ? words.hourMinute : words.hour, part);
  return fill(words.minute, part);
}

function countDown() {
  const now = (Date.now() + offset) / 1000;
  for (const clock of document.querySelectorAll("[data-left]")) {
    const rest = Number(clock.dataset.left) - now;
    const text = fill(rest < 0 ? words.over : words.left, { time: length(rest) });
    const label = clock.querySelector("span");
    if (label && label.textContent !== text) label.textContent = text;
    const tone = rest < 0 ? "over" : rest < 7200 ? "soon" : "calm";
    if (!clock.classList.contains(`left-${tone}`)) {
      clock.classList.remove("left-over", "left-soon", "left-calm");
      clock.classList.add(`left-${tone}`);
      const use = clock.querySelector("use");
      use?.setAttribute("href", use.getAttribute("href").replace(/#.*/, { over: "#alert-triangle", soon: "#clock-exclamation", calm: "#clock" }[tone]));
    }
  }
}

function toast({ title, url, action, lasting }) {
  const place = document.getElementById("toasts");
  if (!place) return;
  const box = document.createElement("div");
  box.className = "toast-note";
  const text = document.createElement("div");
  text.textContent = `${title} `;
  if (url) {
    const link = document.createElement("a");
    link.href = url;
    link.textContent = action ?? words.show;
    text.append(link);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn-small btn-bare";
  close.setAttribute("aria-label", words.close ?? "");
  close.textContent = "×";
  close.addEventListener("click", () => box.remove());
  box.append(text, close);
  place.append(box);
  while (place.children.length > 4) place.firstElementChild.remove();
  if (!lasting) setTimeout(() => box.remove(), 12_000);
}

function count(name, value) {
  for (const mark of document.querySelectorAll(`[data-count='${name}']`)) {
    mark.textContent = value > 99 ? "99+" : String(value);
    mark.hidden = value === 0;
  }
}

let toldVersion = 0;
function compare(found, shown) {
  if (!found || found.version <= Number(shown.dataset.version) || found.version === toldVersion) return;
  toldVersion = found.version;
  toast({ title: found.message, url: window.location.href, action: words.show, lasting: true });
}

async function ask() {
  if (document.hidden || !body.live) return;
  const shown = document.querySelector("[data-record][data-version]");
  const address = new URL(body.live, window.location.href);
  address.searchParams.set("since", String(since));
  if (shown) address.searchParams.set("record", shown.dataset.record);
  // Other scripts add what their part of the page wants to know.
  document.dispatchEvent(new CustomEvent("live:asks", { detail: address.searchParams }));
  try {
    const reply = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (reply.redirected || reply.status === 401 || reply.status === 403) {
      toast({ title: words.loggedOut ?? "", url: window.location.href, action: words.logIn, lasting: true });
      delete body.live;
      return;
    }
    if (!reply.ok) return;
    const news = await reply.json();
    offset = news.now * 1000 - Date.now();
    count("unread", news.unread);
    for (const notice of news.notices) {
      since = Math.max(since, notice.id);
      if (!notice.quiet) toast(notice);
    }
    if (shown) compare(news.record, shown);
    document.dispatchEvent(new CustomEvent("live:news", { detail: { news, toast } }));
  } catch {
    // The next time will tell; a page must not break because the line did.
  }
}

setInterval(countDown, 15_000);
setInterval(ask, EVERY);
document.addEventListener("live:ask", ask);
document.addEventListener("visibilitychange", () => { if (!document.hidden) { countDown(); ask(); } });
document.addEventListener("htmx:responseError", (event) => {
  toast({ title: event.detail.xhr.status === 403 ? words.notAllowed : words.failed, lasting: true });
});
document.addEventListener("htmx:sendError", () => toast({ title: words.offline, lasting: true }));
