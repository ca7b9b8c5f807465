// Keyboard and pointer access to a chart's points: arrow keys go from point to point, each is announced and shown;
// a click finds the nearest. Both work on the server's picture: places come from /api/v1/figures/<id>.points.json, for a sparkline
// from the address it names; plotly is not needed.
const root = document.documentElement;
const NEAR = 18; // pixels of the screen around a point that still mean it
const MOST = 40; // charts whose points are kept
const ROWS = 12; // series that a list of all at one place names
const SMALL = 200; // pixels of its own up to which a picture is a sparkline
const kept = new Map(); // address → promise of its points
const positions = new WeakMap(); // .chart → { box, found, s, p }: where the keys are
// Who sets the colours keeps the server's picture, so its values are shown by this script, not by plotly.
const inOwnColours = matchMedia("(prefers-contrast: more), (forced-colors: active)");

const boxOf = (chart) => [...chart.querySelectorAll(".drawn")].find((e) => e.offsetWidth > 0);

function points(chart, box) {
  const own = chart.dataset.points;
  const address = own
    ? own + (box.dataset.width ? `&w=${box.dataset.width}` : "")
    : `${root.dataset.root}/api/v1/figures/${encodeURIComponent(chart.closest("[data-figure]").dataset.figure)}.points.json?lang=${root.lang}&form=${box.dataset.form}`;
  if (!kept.has(address)) {
    kept.set(
      address,
      fetch(address)
        .then((answer) => {
          if (!answer.ok) throw new Error(String(answer.status));
          return answer.json();
        })
        .catch((error) => {
          kept.delete(address);
          throw error;
        }),
    );
    if (kept.size > MOST) kept.delete(kept.keys().next().value);
  }
  return kept.get(address);
}

function svgElement(name, attributes) {
  const e = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
  return e;
}

// ---- what is shown at a point ---------------------------------------------------------------------------
function clear(chart) {
  for (const shown of chart.querySelectorAll(".ring, .tip")) shown.remove();
  chart.classList.remove("pointed");
}

// Where the answer names its series, a place says them all: value beside value, the one pointed at in bold.
function tooltip(found, [x, y, text]) {
  const column = found.periods?.[x.toFixed(1)];
  const there = column
    ? found.series
        .map((points, n) => [points.find((p) => p[0] === x), n])
        .filter(([p]) => p)
        .sort(([a], [b]) => a[1] - b[1])
    : [];
  if (there.length < 2) return [document.createTextNode(text)];
  const at = Math.max(0, Math.min(there.length - ROWS, there.findIndex(([p]) => p[1] === y) - ROWS / 2));
  const rows = there.slice(at, at + ROWS).map(([p, n]) => {
    const row = Object.assign(document.createElement("div"), { className: p[1] === y ? "here" : "" });
    const key = document.createElement("i");
    key.style.background = `var(--${found.colours[n] || "quiet"})`;
    row.append(key, `${found.names[n]} `, Object.assign(document.createElement("b"), { textContent: p[4] }));
    return row;
  });
  const more = there.length > ROWS ? [document.createTextNode(`+ ${there.length - ROWS}`)] : [];
  return [Object.assign(document.createElement("strong"), { textContent: column[1] }), ...rows, ...more];
}

// The series pointed at is drawn once more above the others, which stand back.
function highlight(chart, found, [x, y]) {
  const n = found.names ? found.series.findIndex((points) => points.some((p) => p[0] === x && p[1] === y)) : -1;
  if (n < 0 || !found.periods?.[x.toFixed(1)]) return [];
  chart.classList.add("pointed");
  const line = svgElement("polyline", {
    points: found.series[n].map((p) => `${p[0]},${p[1]}`).join(" "),
    class: "lit",
  });
  line.style.stroke = `var(--${found.colours[n] || "quiet"})`;
  return [line];
}

function leave(chart) {
  positions.delete(chart);
  clear(chart);
}

function show(chart, box, found, point) {
  const [x, y] = point;
  clear(chart);
  const ring = svgElement("svg", {
    class: "ring",
    viewBox: `0 0 ${found.width} ${found.height}`,
    "aria-hidden": "true",
  });
  const r = found.width <= SMALL ? 4 : 9;
  const circles = [{ class: "rim" }, {}].map((more) => svgElement("circle", { cx: x, cy: y, r, ...more }));
  ring.append(...highlight(chart, found, point), ...circles);
  const tip = Object.assign(document.createElement("div"), { className: "tip" });
  tip.append(...tooltip(found, point));
  tip.setAttribute("aria-hidden", "true"); // it is announced by the status line
  box.append(ring, tip);
  const at = box.querySelector(":scope > svg").getScreenCTM(),
    frame = box.getBoundingClientRect();
  const half = tip.offsetWidth / 2 + 4;
  const middle = Math.min(Math.max(at.a * x + at.e, half), root.clientWidth - half);
  const above = at.d * (y - r) + at.f - 6;
  tip.style.left = `${middle - frame.left}px`;
  tip.style.top = `${above - frame.top}px`;
}

function mark(chart) {
  const { box, found, s, p } = positions.get(chart);
  const point = found.series[s][p];
  show(chart, box, found, point);
  const words = box.ownerDocument.querySelector("#say");
  words.textContent = words.textContent === point[2] ? `${point[2]}\u00a0` : point[2]; // the same words again are still announced
}

// ---- the keys -------------------------------------------------------------------------------------------
function nearest(series, x) {
  return series.reduce((best, point, n) => (Math.abs(point[0] - x) < Math.abs(series[best][0] - x) ? n : best), 0);
}

const MOVES = {
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  Home: "first",
  End: "last",
};

function move(chart, how) {
  const position = positions.get(chart);
  const { series } = position.found;
  if (how === "first") position.p = 0;
  else if (how === "last") position.p = series[position.s].length - 1;
  else {
    let [up, along] = how;
    if (series.length === 1) {
      along ||= up;
      up = 0;
    } // one series: every arrow moves along it
    else if (!up && series.every((one) => one.length === 1)) {
      up = along;
      along = 0;
    }
    if (up) {
      const x = series[position.s][position.p][0];
      position.s = (position.s + up + series.length) % series.length;
      position.p = nearest(series[position.s], x);
    } else position.p = Math.max(0, Math.min(series[position.s].length - 1, position.p + along));
  }
  mark(chart);
}

async function enter(chart) {
  const box = boxOf(chart);
  if (!box) return false;
  const found = await points(chart, box);
  if (!found.series.length || positions.has(chart)) return false;
  const s = found.series.reduce((best, one, n) => (one.length > found.series[best].length ? n : best), 0);
  positions.set(chart, { box, found, s, p: found.series[s].length - 1 });
  mark(chart);
  return true;
}

const open = (keys) => document.dispatchEvent(new CustomEvent("pursuit:documents", { detail: keys }));

document.addEventListener(
  "keydown",
  (event) => {
    const chart = event.target.closest?.("div.chart");
    if (event.target !== chart || event.ctrlKey || event.metaKey || event.altKey) return;
    const position = positions.get(chart);
    if (position && position.box !== boxOf(chart)) leave(chart); // the window has changed: the other drawing is shown
    if (MOVES[event.key]) {
      event.preventDefault();
      event.stopPropagation();
      if (positions.has(chart)) move(chart, MOVES[event.key]);
      else enter(chart).catch(() => {});
    } else if (positions.has(chart) && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      event.stopPropagation();
      const { found, s, p } = positions.get(chart);
      open(found.series[s][p][3]);
    } else if (positions.has(chart) && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      leave(chart);
    }
  },
  true,
);

document.addEventListener("focusout", (event) => {
  const chart = event.target.closest?.("div.chart");
  if (chart === event.target && !event.relatedTarget?.closest(".panel")) leave(chart);
});

// ---- the pointer ----------------------------------------------------------------------------------------
// On a sparkline every place means its nearest point; on a chart only the surroundings of a point do.
async function nearestPoint(chart, event) {
  const box = boxOf(chart);
  const found = box && (await points(chart, box).catch(() => null));
  if (!found) return null;
  const at = box.querySelector(":scope > svg").getScreenCTM();
  const away = ([x, y]) => Math.hypot(at.a * x + at.e - event.clientX, at.d * y + at.f - event.clientY);
  const point = found.series
    .flat()
    .filter((one) => one[3].length)
    .sort((a, b) => away(a) - away(b))[0];
  return point && (chart.dataset.points || away(point) <= NEAR) ? { box, found, point } : null;
}

document.addEventListener("click", async (event) => {
  const chart = event.target.closest?.("div.chart");
  if (!chart || event.target.closest(".hydrated")) return; // plotly answers its own clicks
  const bar = event.target.closest("[data-key]");
  const hit = await nearestPoint(chart, event);
  if (hit) open(hit.point[3]);
  else if (bar) open(bar.dataset.key.split(" "));
});

document.addEventListener(
  "pointermove",
  async (event) => {
    const chart = event.target.closest?.("div.chart");
    if (!chart || positions.has(chart) || !(chart.dataset.points || inOwnColours.matches)) return;
    const hit = await nearestPoint(chart, event);
    if (positions.has(chart) || !chart.matches(":hover")) return;
    if (hit) show(chart, hit.box, hit.found, hit.point);
    else clear(chart);
  },
  { passive: true },
);

document.addEventListener(
  "pointerout",
  (event) => {
    const chart = event.target.closest?.("div.chart");
    if (chart && !positions.has(chart) && !chart.contains(event.relatedTarget)) clear(chart);
  },
  { passive: true },
);

function start() {
  const words = document.querySelector("main").dataset;
  for (const chart of document.querySelectorAll("[data-figure] div.chart, div.chart.spark")) {
    if (!chart.querySelector(".drawn")) continue;
    chart.tabIndex = 0;
    chart.setAttribute("role", "application");
    chart.setAttribute("aria-roledescription", words.chart);
    const title =
      chart.closest("[data-figure]")?.querySelector(".finding").textContent ??
      chart.querySelector("svg").getAttribute("aria-label");
    chart.setAttribute("aria-label", `${title} – ${words.walk}`);
  }
}

start();
document.addEventListener("pursuit:redrawn", (event) => leave(event.target));
