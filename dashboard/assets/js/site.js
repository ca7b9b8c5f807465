// What script adds to pages that are complete without it: language and theme in place, the rail, keys,
// copying, numbers that lead to their documents. Nothing here draws or fetches data.
import { $, $$, get, root, say, stored } from "./common.js";

// ---- Chinese type: a system that has none draws the same empty box for any two characters --------------------
function shipsHan() {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const drawn = ["\u4e00", "\u9f8d"].map((sign) => {
    pen.clearRect(0, 0, 32, 32);
    pen.font = "24px sans-serif";
    pen.fillText(sign, 2, 26);
    return pen.getImageData(0, 0, 32, 32).data.join();
  });
  if (drawn[0] === drawn[1]) root.dataset.han = "shipped";
}

// ---- theme ------------------------------------------------------------------------------------------
const FOLLOWING = { "": "dark", dark: "light", light: "" };

function labelTheme(button) {
  const theme = root.dataset.theme || "";
  const label = button.dataset[{ "": "labelSystem", light: "labelLight", dark: "labelDark" }[theme]];
  button.title = button.ariaLabel = label;
  return label;
}

function toggleTheme(button) {
  const theme = FOLLOWING[root.dataset.theme || ""];
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  stored.set("theme", theme);
  const address = new URL(location.href);
  if (address.searchParams.has("theme")) {
    address.searchParams.delete("theme"); // else it would undo the choice at the next reload
    history.replaceState(history.state, "", address);
  }
  say(labelTheme(button));
  document.dispatchEvent(new CustomEvent("pursuit:theme"));
}

// ---- language: the other page opens at the same place, with the same parts open --------------------------
const head = () => $("header.top").offsetHeight;

// The innermost part of the page that the line one reads on crosses, else the first one below it. A chart that
// stands still beside the words says nothing of the place in them.
function place() {
  const line = Math.max(head(), parseFloat(getComputedStyle(root).scrollPaddingTop) || 0) + 20;
  const seen = $$("main [id]")
    .filter((e) => e.matches(".claim, section, tr, h2, .sentence, summary, figure"))
    .filter((e) => getComputedStyle(e.parentElement).position !== "sticky")
    .map((e) => [e, e.getBoundingClientRect()])
    .filter(([, box]) => box.bottom > line && box.height > 0);
  const crossed = seen.filter(([, box]) => box.top <= line).sort(([, a], [, b]) => a.top - b.top);
  const [part, box] = crossed.at(-1) ?? seen[0] ?? [];
  return part ? { id: part.id, top: box.top } : null;
}

function rememberPlace(link) {
  const address = new URL(link.href);
  address.search = location.search; // a filter may have been set since the page was made
  link.href = address;
  const open = $$("details[data-keep]").filter((e) => e.open);
  const found = { ...place(), open: open.map((e) => e.dataset.keep), lang: link.dataset.lang };
  stored.set("place", JSON.stringify(found), "sessionStorage");
}

function restorePlace() {
  const found = stored.parsed("place", "sessionStorage") ?? {};
  stored.set("place", "", "sessionStorage");
  if (found.lang !== root.lang) return;
  for (const e of $$("details[data-keep]")) e.open ||= found.open.includes(e.dataset.keep);
  $(`a[data-lang="${found.lang}"]`).focus({ preventScroll: true });
  const there = document.getElementById(found.id);
  const settle = () =>
    there && window.scrollBy({ top: there.getBoundingClientRect().top - found.top, behavior: "instant" });
  settle();
  document.fonts.ready.then(settle); // a face that comes late wraps words anew
}

// ---- the quotes' script: converted, or the original where the reader asked for it -------------------------
const original = $("#original-script");
if (original) original.checked = stored.get("quotes") === "original";
original?.addEventListener("change", () => stored.set("quotes", original.checked ? "original" : ""));

// ---- the rail and the keys ------------------------------------------------------------------------------
const claims = $$("main.story .claim");
const observer = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const dot of $$("[data-rail]")) dot.ariaCurrent = dot.dataset.rail === entry.target.id ? "true" : null;
    }
  },
  { rootMargin: "-45% 0px -50% 0px" },
);
for (const claim of claims) observer.observe(claim);

// The claim that j and k led to stays the current one until the reader scrolls: fonts and pictures that arrive
// late move everything else.
let current = null;
const forget = () => {
  current = null;
};
for (const moved of ["wheel", "touchmove", "pointerdown"]) document.addEventListener(moved, forget, { passive: true });

function step(by) {
  if (!claims.length) return false;
  const tops = claims.map((c) => c.getBoundingClientRect().top);
  const stood = current ? claims.findIndex((c) => c.id === current) : -1;
  const kept = stood >= 0 && Math.abs(tops[stood] - head()) < innerHeight; // dragged away by the scroll bar: not
  const now = kept ? stood : tops.findLastIndex((top) => top < head() + 60);
  const still = !kept && now >= 0 && tops[now] < head() - 60 && by < 0 ? 1 : 0; // back first returns to this head
  const target = claims[Math.max(0, Math.min(claims.length - 1, now + by + still))];
  target.scrollIntoView({ block: "start" });
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
  history.replaceState(history.state, "", `#${target.id}`);
  current = target.id;
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input, select, textarea, [contenteditable], [role=region]")) return;
  const arrows = event.target.closest(".rail, .claim") && { ArrowRight: 1, ArrowLeft: -1 };
  const by = { j: 1, k: -1, ...arrows }[event.key];
  if (!by) forget();
  else if (step(by)) event.preventDefault();
});

// ---- copying --------------------------------------------------------------------------------------------
function showResult(button, words) {
  button.dataset.label ??= button.textContent;
  const { label } = button.dataset;
  button.textContent = words;
  say(words);
  setTimeout(() => {
    button.textContent = label;
  }, 1600);
}

// What a button copies: an address, the text or the picture at one, or the code in the field beside it.
async function copyFrom(button) {
  const { copy, copyText, copyPicture, copied, failed } = button.dataset;
  try {
    if (copyPicture) {
      // a promise inside the item: the click still counts while the picture is on its way
      const item = new ClipboardItem({ "image/png": get(copyPicture).then((answer) => answer.blob()) });
      await navigator.clipboard.write([item]);
    } else {
      let text = copy ? new URL(copy, location.href).href : "";
      if (copyText) text = whole((await (await get(copyText)).text()).replace(/^\ufeff/, "").trim());
      await navigator.clipboard.writeText(text || $("[data-embed-code]", button.closest(".share")).value);
    }
    showResult(button, copied);
  } catch {
    if (failed) showResult(button, failed);
  }
}

// ---- clicks ---------------------------------------------------------------------------------------------
function openSources(link) {
  const details = document.getElementById(link.hash.slice(1))?.closest("details");
  if (!details) return;
  details.open = true;
  const wanted = new Set((link.dataset.docs || "").split(" "));
  const rows = $$("[data-doc]", details);
  for (const row of rows) row.classList.toggle("lit", wanted.has(row.dataset.doc) && wanted.size < rows.length);
  (rows.find((row) => wanted.has(row.dataset.doc)) || details).scrollIntoView({ block: "nearest" });
  $("summary", details).focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const lang = event.target.closest("a[data-lang]");
  if (lang) rememberPlace(lang);
  const theme = event.target.closest("[data-theme-toggle]");
  if (theme) toggleTheme(theme);
  const number = event.target.closest("a[data-docs]");
  if (number) {
    event.preventDefault();
    openSources(number);
  }
  const copy = event.target.closest("[data-copy], [data-copy-text], [data-copy-picture], [data-copy-area]");
  if (copy && (navigator.clipboard || !copy.dataset.copy)) {
    event.preventDefault();
    copyFrom(copy);
  }
  if (event.target.matches(".share textarea")) event.target.select();
});

// A site that was not told its public name writes addresses without a host: here it is known.
// A frozen site knows where its root is from here, a served one the path that it is served below.
const frozen = "frozen" in root.dataset;
const home = new URL(frozen ? `${root.dataset.root}/` : "/", location.href).href.slice(0, -1);
const own = new RegExp(`(^|[\\s"。])(${frozen ? "" : root.dataset.root}/(?:en|zh-[a-z]+|assets)/)`, "g");
const whole = (words) => words.replace(own, `$1${home}$2`);

(window.requestIdleCallback ?? setTimeout)(shipsHan);
for (const button of $$("[data-theme-toggle]")) labelTheme(button);
restorePlace();
for (const area of $$(".share textarea")) area.value = whole(area.value);
for (const words of $$("[data-citation]")) words.textContent = whole(words.textContent);
