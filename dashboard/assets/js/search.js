// The box that "/" opens over any page. What it lists is the server's: the same list as on /search.
import { $ } from "./common.js";
import { matches, normalise } from "./names.js";

const PAUSE = 90; // ms without a key before asking
let asked = null;
let timer = 0;

const box = () => $("#search");

function open() {
  const dialog = box();
  if (!dialog || dialog.open) return;
  dialog.showModal();
  $("input", dialog).select();
}

async function ask(words) {
  asked?.abort();
  asked = new AbortController();
  const list = $("[data-results]", box());
  const address = new URL($("form", box()).action);
  address.search = new URLSearchParams({ q: words, part: "1" });
  try {
    const answer = await fetch(address, { signal: asked.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    list.innerHTML = words.trim() ? await answer.text() : "";
    list.dataset.of = words;
  } catch (error) {
    if (error.name !== "AbortError") list.replaceChildren(); // then Enter asks for the whole page
  }
}

// Up and down walk the field and the links below it as one list.
function walk(by) {
  const stops = [$("input", box()), ...box().querySelectorAll("[data-results] a")];
  const at = stops.indexOf(document.activeElement);
  stops[Math.max(0, Math.min(stops.length - 1, at + by))].focus();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-search]") && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    open();
  }
  if (event.target.id === "search" || event.target.closest("[data-search-close]")) box().close();
});
// Enter opens the first hit of what is typed; while there is none it asks for the whole page.
document.addEventListener("submit", (event) => {
  const first = event.target.closest("#search") && $("[data-results] a", box());
  if (!first || $("[data-results]", box()).dataset.of !== $("input", box()).value) return;
  event.preventDefault();
  first.click();
});
document.addEventListener("input", (event) => {
  if (!event.target.closest("#search")) return;
  clearTimeout(timer);
  timer = setTimeout(() => ask(event.target.value), PAUSE);
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("#search")) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by && event.key !== "Escape") return;
    event.preventDefault(); // a search field would clear itself at Escape
    if (by) walk(by);
    else box().close();
  } else if (event.key === "/" && !event.target.closest("input, select, textarea, [contenteditable]")) {
    event.preventDefault();
    open();
  }
});

// ---- the last visit: the browser keeps the day, nobody else ---------------------------------------------------
function visit() {
  const today = new Date().toISOString().slice(0, 10);
  let days = [];
  try {
    days = JSON.parse(localStorage.getItem("visits")) ?? [];
    if (days.at(-1) !== today) localStorage.setItem("visits", JSON.stringify([...days.slice(-1), today]));
  } catch {
    return ""; // storage that is refused keeps nothing
  }
  return days.findLast((day) => day < today) ?? "";
}

const before = visit();
function offer() {
  const link = $("[data-last-visit]");
  if (!link || !before) return;
  link.search = `?since=${before}`;
  link.textContent = link.dataset.lastVisit.replace("%d", before);
  link.hidden = false;
}
offer();

// ---- a long list that is filtered where it stands; a part without a match goes with its heading ------------------
document.addEventListener("input", ({ target }) => {
  if (!target.dataset.filter) return;
  const asked = normalise(target.value);
  let shown = 0;
  for (const item of document.querySelectorAll(target.dataset.filter)) {
    item.hidden = !matches(`${item.dataset.q ?? ""}|${item.textContent.trim()}`, asked);
    shown += !item.hidden;
  }
  for (const part of document.querySelectorAll("#rest-list .scroll, .group, #others ~ ul")) {
    part.hidden = !part.querySelector("tbody tr:not([hidden]), .card:not([hidden]), li:not([hidden])");
    if (part.previousElementSibling?.tagName === "H3") part.previousElementSibling.hidden = part.hidden;
  }
  const told = target.closest(".finder").querySelector("[data-none]");
  told.textContent = shown ? "" : told.dataset.none;
});
