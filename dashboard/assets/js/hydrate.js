// A chart is hydrated when a reader comes near: the plotly bundle is loaded once, the figure is drawn in the same
// places over the server's SVG, and a click on a point leads to its document. Without this, nothing is lost.
import { $$, json, ownColours, root, theme } from "./common.js";

const bundle = document.querySelector("script[data-plotly]").dataset.plotly;
const hydrated = new Map(); // drawing → the element that plotly draws in
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

const visibleDrawing = (figure) => $$(".drawn", figure).find((e) => e.offsetWidth > 0);
const fit = (gd, box) => {
  gd.style.transform = `scale(${box.offsetWidth / box.dataset.width})`;
};

async function hydrate(figure) {
  const box = visibleDrawing(figure);
  if (!box || box.dataset.hydrating || ownColours.matches) return;
  box.dataset.hydrating = "1";
  try {
    const query = new URLSearchParams({ lang: root.lang, form: box.dataset.form, theme: theme() });
    const id = encodeURIComponent(figure.dataset.figure);
    const [Plotly, { data, layout, config }] = await Promise.all([
      loadPlotly(),
      json(`${root.dataset.root}/api/v1/figures/${id}.json?${query}`),
    ]);
    if (!box.isConnected) return;
    const gd = document.createElement("div");
    gd.className = "hydrated";
    gd.style.width = `${box.dataset.width}px`;
    gd.style.height = `${box.dataset.height}px`;
    gd.style.visibility = "hidden"; // the old picture stays until the new one is there
    fit(gd, box);
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
  for (const { target } of entries) if (hydrated.has(target) && target.offsetWidth) fit(hydrated.get(target), target);
});

const MAX_DOCUMENTS = 40;
function openDocuments(points) {
  const keys = points.flatMap((point) => point.customdata ?? []).map((key) => key.join("|"));
  document.dispatchEvent(new CustomEvent("pursuit:documents", { detail: [...new Set(keys)].slice(0, MAX_DOCUMENTS) }));
}

// ---- when to hydrate ------------------------------------------------------------------------------------
const near = (event) => {
  const figure = event.target.closest?.("[data-figure]");
  if (figure && !visibleDrawing(figure)?.classList.contains("replaced")) hydrate(figure);
};
for (const kind of ["pointerover", "focusin", "touchstart"]) document.addEventListener(kind, near, { passive: true });

document.addEventListener("pursuit:theme", () => {
  for (const [box, gd] of hydrated) {
    gd.remove();
    box.classList.remove("replaced");
  }
  hydrated.clear();
});
