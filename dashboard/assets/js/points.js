// The points of a chart by keyboard and pointer: each is shown, said aloud and leads to its documents. Places
// come from /api/v1/figures/<id>.points.json, for a sparkline or the explorer from the address it names.
import { $, $$, element, get, memoised, root, say } from "./common.js";

const NEAR = 18; // pixels of the screen around a point that still mean it
const MAX_CHARTS = 40; // charts whose points are kept
const MAX_ROWS = 12; // series that a tooltip lists
const SPARKLINE = 200; // pixels of its own up to which a picture is a sparkline
const cursors = new WeakMap(); // .chart → { box, found, s, p }: the point that the keys stand on

const visibleDrawing = (chart) => $$(".drawn", chart).find((e) => e.offsetWidth > 0);
const fetchPoints = memoised(MAX_CHARTS, async (url) => (await get(url)).json());

function points(chart, box) {
  const own = chart.dataset.points;
  if (own) return fetchPoints(own + (box.dataset.width ? `&w=${box.dataset.width}` : ""));
  const id = encodeURIComponent(chart.closest("[data-figure]").dataset.figure);
  return fetchPoints(
    `${root.dataset.root}/api/v1/figures/${id}.points.json?lang=${root.lang}&form=${box.dataset.form}`,
  );
}

function svgElement(name, attributes) {
  const e = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
  return e;
}

// ---- what is shown at a point ---------------------------------------------------------------------------
function clear(chart) {
  for (const shown of $$(".ring, .tip", chart)) shown.remove();
  chart.classList.remove("pointed");
}

// Where the answer names its series, the tooltip lists all at that place, the one pointed at in bold.
function tooltip(found, [x, y, text]) {
  const column = found.periods?.[x.toFixed(1)];
  const there = column
    ? found.series
        .map((series, n) => [series.find((p) => p[0] === x), n])
        .filter(([p]) => p)
        .sort(([a], [b]) => a[1] - b[1])
    : [];
  if (there.length < 2) return [text];
  const here = there.findIndex(([p]) => p[1] === y);
  const at = Math.max(0, Math.min(there.length - MAX_ROWS, here - MAX_ROWS / 2));
  const rows = there.slice(at, at + MAX_ROWS).map(([p, n]) => {
    const key = element("i");
    key.style.background = `var(--${found.colours[n] || "quiet"})`;
    return element("div", { className: p[1] === y ? "here" : "" }, key, `${found.names[n]} `, element("b", {}, p[4]));
  });
  const more = there.length > MAX_ROWS ? [`+ ${there.length - MAX_ROWS}`] : [];
  return [element("strong", {}, column[1]), ...rows, ...more];
}

// The series pointed at is drawn once more above the others, which stand back.
function highlighted(chart, found, [x, y]) {
  const n = found.names ? found.series.findIndex((series) => series.some((p) => p[0] === x && p[1] === y)) : -1;
  if (n < 0 || !found.periods?.[x.toFixed(1)]) return [];
  chart.classList.add("pointed");
  const line = svgElement("polyline", { points: found.series[n].map(([a, b]) => `${a},${b}`).join(" "), class: "lit" });
  line.style.stroke = `var(--${found.colours[n] || "quiet"})`;
  return [line];
}

function show(chart, box, found, point) {
  const [x, y] = point;
  clear(chart);
  const size = `0 0 ${found.width} ${found.height}`;
  const ring = svgElement("svg", { class: "ring", viewBox: size, "aria-hidden": "true" });
  const r = found.width <= SPARKLINE ? 4 : 9;
  const circles = [{ class: "rim" }, {}].map((more) => svgElement("circle", { cx: x, cy: y, r, ...more }));
  ring.append(...highlighted(chart, found, point), ...circles);
  const tip = element("div", { className: "tip", ariaHidden: "true" }, ...tooltip(found, point)); // said by the status line
  box.append(ring, tip);
  const at = $(":scope > svg", box).getScreenCTM();
  const frame = box.getBoundingClientRect();
  const half = tip.offsetWidth / 2 + 4;
  const middle = Math.min(Math.max(at.a * x + at.e, half), root.clientWidth - half);
  tip.style.left = `${middle - frame.left}px`;
  tip.style.top = `${at.d * (y - r) + at.f - 6 - frame.top}px`;
}

// ---- the keys -------------------------------------------------------------------------------------------
function reset(chart) {
  cursors.delete(chart);
  clear(chart);
}

function announce(chart) {
  const { box, found, s, p } = cursors.get(chart);
  const point = found.series[s][p];
  show(chart, box, found, point);
  say($("#say").textContent === point[2] ? `${point[2]}\u00a0` : point[2]); // the same words are said again
}

const nearest = (series, x) =>
  series.reduce((best, point, n) => (Math.abs(point[0] - x) < Math.abs(series[best][0] - x) ? n : best), 0);

const MOVES = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0], Home: 0, End: -1 };

function move(chart, by) {
  const cursor = cursors.get(chart);
  const { series } = cursor.found;
  const last = series[cursor.s].length - 1;
  if (by === 0 || by === -1) cursor.p = by ? last : 0;
  else {
    let [up, along] = by;
    if (series.length === 1)
      [up, along] = [0, along || up]; // one series: every arrow moves along it
    else if (!up && series.every((one) => one.length === 1)) [up, along] = [along, 0];
    if (up) {
      const x = series[cursor.s][cursor.p][0];
      cursor.s = (cursor.s + up + series.length) % series.length;
      cursor.p = nearest(series[cursor.s], x);
    } else cursor.p = Math.max(0, Math.min(last, cursor.p + along));
  }
  announce(chart);
}

async function start(chart) {
  const box = visibleDrawing(chart);
  const found = box && (await points(chart, box));
  if (!found?.series.length || cursors.has(chart)) return;
  const s = found.series.reduce((best, one, n) => (one.length > found.series[best].length ? n : best), 0);
  cursors.set(chart, { box, found, s, p: found.series[s].length - 1 });
  announce(chart);
}

const openDocuments = (keys) => document.dispatchEvent(new CustomEvent("pursuit:documents", { detail: keys }));

document.addEventListener(
  "keydown",
  (event) => {
    const chart = event.target.closest?.("div.chart");
    if (event.target !== chart || event.ctrlKey || event.metaKey || event.altKey) return;
    const cursor = cursors.get(chart);
    if (cursor && cursor.box !== visibleDrawing(chart)) reset(chart); // the window has changed: another drawing is shown
    const began = cursors.has(chart);
    if (event.key in MOVES) {
      if (began) move(chart, MOVES[event.key]);
      else start(chart).catch(() => {});
    } else if (began && (event.key === "Enter" || event.key === " ")) {
      openDocuments(cursor.found.series[cursor.s][cursor.p][3]);
    } else if (began && event.key === "Escape") reset(chart);
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

document.addEventListener("focusout", (event) => {
  const chart = event.target.closest?.("div.chart");
  if (chart === event.target && !event.relatedTarget?.closest(".panel")) reset(chart);
});

// ---- the pointer ----------------------------------------------------------------------------------------
// On a sparkline every place means its nearest point; on a chart only the surroundings of a point do.
async function hit(chart, event) {
  const box = visibleDrawing(chart);
  const found = box && (await points(chart, box).catch(() => null));
  if (!found) return null;
  const at = $(":scope > svg", box).getScreenCTM();
  const away = ([x, y]) => Math.hypot(at.a * x + at.e - event.clientX, at.d * y + at.f - event.clientY);
  const [point] = found.series
    .flat()
    .filter((one) => one[3].length)
    .sort((a, b) => away(a) - away(b));
  return point && (chart.dataset.points || away(point) <= NEAR) ? { box, found, point } : null;
}

document.addEventListener("click", async (event) => {
  const chart = event.target.closest?.("div.chart");
  if (!chart) return;
  const bar = event.target.closest("[data-key]");
  const found = await hit(chart, event);
  if (found) openDocuments(found.point[3]);
  else if (bar) openDocuments(bar.dataset.key.split(" "));
});

document.addEventListener("pointermove", async (event) => {
  const chart = event.target.closest?.("div.chart");
  if (!chart || cursors.has(chart)) return;
  const found = await hit(chart, event);
  if (cursors.has(chart) || !chart.matches(":hover")) return;
  if (found) show(chart, found.box, found.found, found.point);
  else clear(chart);
});

document.addEventListener("pointerout", (event) => {
  const chart = event.target.closest?.("div.chart");
  if (chart && !cursors.has(chart) && !chart.contains(event.relatedTarget)) clear(chart);
});

const words = $("main").dataset;
for (const chart of $$("[data-figure] div.chart, div.chart.spark")) {
  if (!$(".drawn", chart)) continue;
  chart.tabIndex = 0;
  chart.setAttribute("role", "application");
  chart.setAttribute("aria-roledescription", words.chart);
  const title =
    chart.closest("[data-figure]")?.querySelector(".finding").textContent ?? $("svg", chart).getAttribute("aria-label");
  chart.setAttribute("aria-label", `${title} – ${words.keys}`);
}

document.addEventListener("pursuit:redrawn", (event) => reset(event.target));

// ---- documents -----------------------------------------------------------------------------------------------
// From a point to its documents: whoever has the keys of observations sends `pursuit:documents`, and a panel
// says which document each figure stands in, where in it, and what else is published for the same period.
// A document's own words may be in another language than the page.
function spoken(e) {
  const own = /[\u4e00-\u9fff]/.test(e.textContent) ? "zh" : "en";
  if (!root.lang.startsWith(own)) e.lang = own;
  return e;
}

function documentOf(o) {
  const { title, url } = o.source;
  const line = (words) => element("p", { className: "meta" }, words);
  const source = url
    ? element("a", { className: "title", href: url, rel: "noopener noreferrer nofollow external" }, title)
    : element("span", { className: "title" }, title);
  const item = element("li", {}, line(o.text), spoken(source), ...o.about.map(line));
  if (o.note) item.append(spoken(line(o.note)));
  if (o.alternatives?.length) item.append(documentList(o.alternatives));
  return item;
}

const documentList = (observations) => element("ul", { className: "documents" }, ...observations.map(documentOf));

function showDocuments(observations) {
  const old = $(".panel");
  const opener = old?.contains(document.activeElement) ? old.opener : document.activeElement;
  old?.remove();
  const close = element("button", { className: "close", type: "button", ariaLabel: words.close }, "×");
  const panel = element(
    "section",
    { className: "panel", role: "dialog", tabIndex: -1, ariaLabel: words.documents, opener },
    element("div", { className: "bar" }, element("h2", {}, words.documents), close),
    documentList(observations),
  );
  const leave = () => {
    panel.remove();
    opener?.focus?.({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("pursuit:closed"));
  };
  close.addEventListener("click", leave);
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    leave();
  });
  document.body.append(panel);
  panel.focus({ preventScroll: true });
}

document.addEventListener("pursuit:documents", async ({ detail: keys }) => {
  const wanted = [...new Set(keys)].slice(0, 40);
  if (!wanted.length) return;
  const query = new URLSearchParams({ lang: root.lang });
  for (const key of wanted) query.append("key", key);
  const answer = await get(`${root.dataset.root}/api/v1/observations?${query}`).catch(() => null);
  if (answer) showDocuments((await answer.json()).observations);
});
