// The box that "/" opens over any page. What it lists is the server's: the same list as on /search.
import { $, $$, get, stored } from "./common.js";
import { matches, normalise } from "./names.js";

const PAUSE = 90; // ms without a key before asking
let timer = 0;

const box = () => $("#search");
const field = () => $("input", box());

function open() {
  if (!box() || box().open) return;
  box().showModal();
  field().select();
}

async function ask() {
  const words = field().value;
  const list = $("[data-results]", box());
  const address = new URL($("form", box()).action);
  address.search = new URLSearchParams({ q: words, part: "1" });
  const hits = await get(address).then(
    (answer) => answer.text(),
    () => "",
  ); // then Enter asks for the whole page
  if (words !== field().value) return; // another answer is on its way
  list.innerHTML = words.trim() ? hits : "";
  list.dataset.of = words;
}

// Up and down walk the field and the links below it as one list.
function walk(by) {
  const stops = [field(), ...$$("[data-results] a", box())];
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
  if (!first || $("[data-results]", box()).dataset.of !== field().value) return;
  event.preventDefault();
  first.click();
});
document.addEventListener("input", (event) => {
  if (!event.target.closest("#search")) return;
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
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
const today = new Date().toISOString().slice(0, 10);
const days = stored.parsed("visits") ?? [];
if (days.at(-1) !== today) stored.set("visits", JSON.stringify([...days.slice(-1), today]));
const before = days.findLast((day) => day < today);
const link = $("[data-last-visit]");
if (link && before) {
  link.search = `?since=${before}`;
  link.textContent = link.dataset.lastVisit.replace("%d", before);
  link.hidden = false;
}

// ---- a long list that is filtered where it stands; a part without a match goes with its heading ------------------
document.addEventListener("input", ({ target }) => {
  if (!target.dataset.filter) return;
  const asked = normalise(target.value);
  let shown = 0;
  for (const item of $$(target.dataset.filter)) {
    item.hidden = !matches(`${item.dataset.q ?? ""}|${item.textContent.trim()}`, asked);
    shown += !item.hidden;
  }
  for (const part of $$("#rest-list .scroll, .group, #others ~ ul")) {
    part.hidden = !$("tbody tr:not([hidden]), .card:not([hidden]), li:not([hidden])", part);
    if (part.previousElementSibling?.tagName === "H3") part.previousElementSibling.hidden = part.hidden;
  }
  const told = $("[data-none]", target.closest(".finder"));
  told.textContent = shown ? "" : told.dataset.none;
});
