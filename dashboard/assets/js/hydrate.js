// When a reader comes near a chart, plotly draws it live: the bundle is loaded once, the figure stands in the same
// places over the server's SVG, and a click on a point leads to its document. Without this, nothing is lost.
const bundle = document.querySelector("script[data-plotly]").dataset.plotly;
const root = document.documentElement;
const hydrated = new Map(); // element drawn over → plotly's element
// Who sets the colours keeps the server's picture, which follows them; keys and clicks work on it as well.
const inOwnColours = matchMedia("(prefers-contrast: more), (forced-colors: active)");
let plotly = null;

function loadPlotly() {
  plotly ??= new Promise((resolve, reject) => {
    if (window.Plotly) {
      resolve(window.Plotly);
      return;
    }
    const script = document.createElement("script");
    script.src = bundle;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      plotly = null;
      reject(new Error("plotly"));
    };
    document.head.append(script);
  });
  return plotly;
}

function theme() {
  const chosen = root.dataset.theme;
  return chosen || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

function visible(figure) {
  return [...figure.querySelectorAll(".drawn")].find((e) => e.offsetWidth > 0);
}

async function hydrate(figure) {
  const box = visible(figure);
  if (!box || box.dataset.hydrating || inOwnColours.matches) return;
  box.dataset.hydrating = "1";
  try {
    const query = new URLSearchParams({ lang: root.lang, form: box.dataset.form, theme: theme() });
    const [Plotly, answer] = await Promise.all([
      loadPlotly(),
      fetch(`${root.dataset.root}/api/v1/figures/${encodeURIComponent(figure.dataset.figure)}.json?${query}`),
    ]);
    if (!answer.ok) throw new Error(String(answer.status));
    const { data, layout, config } = await answer.json();
    if (!box.isConnected) return;
    const gd = document.createElement("div");
    gd.className = "hydrated";
    gd.style.width = `${box.dataset.width}px`;
    gd.style.height = `${box.dataset.height}px`;
    gd.style.transform = `scale(${box.offsetWidth / box.dataset.width})`;
    gd.style.visibility = "hidden"; // the old picture stays until the new one is there
    gd.setAttribute("aria-hidden", "true"); // the SVG and the table speak
    box.append(gd);
    await Plotly.newPlot(gd, data, layout, config);
    gd.on("plotly_click", (event) => openDocuments(event.points));
    hydrated.get(box)?.remove();
    hydrated.set(box, gd);
    gd.style.visibility = "";
    box.classList.add("replaced");
    sizes.observe(box);
  } catch {
    // the server's picture stays; the next touch tries again
  } finally {
    delete box.dataset.hydrating;
  }
}

const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const gd = hydrated.get(target);
    if (gd && target.offsetWidth) gd.style.transform = `scale(${target.offsetWidth / target.dataset.width})`;
  }
});

// ---- from a point to its document ---------------------------------------------------------------------
function keysOf(points) {
  const out = new Set();
  const collect = (value) => {
    if (typeof value === "string" && value.split("|").length === 4) out.add(value);
    else if (
      Array.isArray(value) &&
      value.length === 4 &&
      value.every((v) => typeof v === "string") &&
      !value[0].includes("|")
    )
      out.add(value.join("|"));
    else if (Array.isArray(value)) value.forEach(collect);
  };
  for (const point of points) collect(point.customdata);
  return [...out].slice(0, 40);
}

function openDocuments(points) {
  document.dispatchEvent(new CustomEvent("pursuit:documents", { detail: keysOf(points) }));
}

// ---- when to hydrate --------------------------------------------------------------------------------------
const approach = (event) => {
  const figure = event.target.closest?.("[data-figure]");
  if (figure && !visible(figure)?.classList.contains("replaced")) hydrate(figure);
};
for (const kind of ["pointerover", "focusin", "touchstart"])
  document.addEventListener(kind, approach, { passive: true });

document.addEventListener("pursuit:theme", () => {
  for (const [box, gd] of hydrated) {
    gd.remove();
    hydrated.delete(box);
    box.classList.remove("replaced");
  }
});
