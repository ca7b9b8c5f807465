// The explorer in the browser: a form, an address, a request, a drawing. Dash carries it: its store holds the
// query, its callback (dashboard/explore/callbacks.py) is `draw` below, its graph draws the figure returned.
import { $, say } from "../common.js";
import {
  chart,
  config,
  fit,
  fold,
  here,
  interpolate,
  lists,
  onLook,
  prefetch,
  present,
  shown,
  surround,
} from "./answers.js";
import * as controls from "./controls.js";
import * as find from "./find.js";
import { withAvailable, listed, fallbacks, toQuery, withIndicator } from "./params.js";
import * as play from "./play.js";

let params = { ...config.form.parameters, reference: config.form.reference }; // what is wanted; what is shown follows
let pending = { query: config.query, quiet: true, asked: 0 }; // for the time until Dash stands

// ---- the callback ---------------------------------------------------------------------------------------------
async function first(candidates) {
  const answers = [];
  for (const query of candidates) {
    answers.push(await chart(query));
    if (!answers.at(-1).empty) break;
  }
  return answers.at(-1).empty ? answers[0] : answers.at(-1);
}

/** Dash's callback: the query in the store → the figure for the graph. */
async function draw(state) {
  // a state that another callback put into the store is not counted yet: it is the newest
  const { query, otherwise = [], quiet = false, addressed = false, asked = ++pending.asked } = state ?? pending;
  const none = window.dash_clientside.no_update;
  const slow = setTimeout(() => $("#stage").setAttribute("aria-busy", "true"), 250); // the old chart stays
  try {
    const answer = await first([query, ...otherwise]);
    if (asked !== pending.asked) return none; // something else has been asked for since
    const { parameters, reference } = answer.form;
    params = { ...parameters, reference };
    if (addressed) history.replaceState(answer.query, "", here(answer.query)); // as the server writes it
    present(answer);
    setTimeout(() => {
      if (answer !== shown()) return;
      surround(answer, quiet); // after the chart
      controls.set(answer);
    });
    if (answer.figure) settled(answer.size[0], asked);
    else ready(asked);
    const begun = !state && answer === beginning; // the layout has it
    return begun ? none : (answer.figure ?? none);
  } catch (error) {
    console.warn(error);
    say($("#explore-config").dataset.failed);
    if (shown()) await controls.set(shown());
    return none;
  } finally {
    clearTimeout(slow);
    if (asked === pending.asked) $("#stage").removeAttribute("aria-busy");
  }
}

function ready(asked) {
  $("#stage").dataset.ready = asked;
  setTimeout(() => document.documentElement.classList.add("drawn"));
}

// The server's pictures stand until Dash's graph has drawn the same.
function settled(width, asked, left = 300) {
  requestAnimationFrame(() => {
    if (asked !== pending.asked) return;
    const drawn = $("#graph .main-svg");
    if (drawn && Math.round(drawn.getAttribute("width")) === width) {
      $("#stage .live").hidden = false;
      $("#stage").classList.add("hydrated");
      fit();
      ready(asked);
    } else if (left) settled(width, asked, left - 1);
  });
}

/** Show the first of some states that has figures; ``history`` is ``push``, ``replace`` or ``none``. */
function show(candidates, { history: how = "push", quiet = false } = {}) {
  const [query, ...otherwise] = candidates.map(toQuery);
  [params] = candidates;
  const place = here(query);
  if (how === "push" && place !== location.pathname + location.search) history.pushState(query, "", place);
  else if (how === "replace") history.replaceState(query, "", place);
  ask({ query, otherwise, quiet, addressed: true });
}

// The state in Dash's store; counted, so that an answer to an earlier one is told from it, and so that the
// same query, asked for in other colours, is another state.
function ask(state) {
  pending = { ...state, asked: pending.asked + 1 };
  withoutTimer(() => window.dash_clientside.set_props?.("state", { data: pending }));
}

// Dash starts callbacks from a timer of 0 ms, and Chromium runs no timer between a click and the next frame:
// every chart would come a frame late.
function withoutTimer(call) {
  const { setTimeout } = window;
  window.setTimeout = (task, delay, ...rest) => (delay ? setTimeout(task, delay, ...rest) : queueMicrotask(task));
  try {
    call();
  } finally {
    window.setTimeout = setTimeout;
  }
}

// ---- sharing, documents ----------------------------------------------------------------------------------------
async function share() {
  const d = config.dataset.slice(0, 8);
  const url = location.origin + here(toQuery({ ...shown().form.parameters, d }));
  const field = $("#share-link");
  field.value = url;
  $("#share-box").hidden = false;
  const { title, subtitle } = shown();
  $("#cite-text").textContent = interpolate($("#cite-text").dataset.text, { title, subtitle, url });
  try {
    await navigator.clipboard.writeText(url);
    say($("#share").dataset.done);
  } catch {
    field.select();
  }
}

function documentsOpened(keys) {
  const [entity, , period] = keys[0]?.split("|") ?? [];
  params.o = entity ? `${entity}.${period}` : "";
  history.replaceState(history.state, "", here(toQuery(params)));
}

// ---- what starts it ---------------------------------------------------------------------------------------------
window.dash_clientside = Object.assign(window.dash_clientside || {}, { explore: { draw } });
const wants = () => params;
const stop = play.wire(show, wants);
const chosen = (states, how) => {
  stop();
  show(states, how);
};
controls.wire(chosen, wants);
find.entities();
// what the first indicator does not offer gives way to it
const withOther = async (place, indicator) => {
  const next = withIndicator(params, place, indicator);
  return place === 0 && next.i
    ? withAvailable(next, (await lists(listed(next.i)[0])).available, controls.needs(next.v))
    : next;
};
find.indicators(
  async (place, indicator) => {
    const next = await withOther(place, indicator);
    if (next.i) chosen(place ? [next] : fallbacks(next));
  },
  async (place, indicator) => prefetch(toQuery(await withOther(place, indicator))),
);
document.addEventListener("submit", (event) => event.target.id === "explore" && event.preventDefault());
document.addEventListener("click", (event) => {
  const preset = event.target.closest?.("#presets a");
  if (event.target.closest?.("#share")) share();
  if (!preset || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  stop();
  const query = preset.dataset.query;
  history.pushState(query, "", here(query));
  ask({ query });
});
for (const kind of ["pointerover", "focusin"])
  document.addEventListener(kind, (event) => {
    const preset = event.target.closest?.("#presets a");
    if (preset) prefetch(preset.dataset.query);
  });
document.addEventListener("toggle", (event) => event.target.closest?.(".shown") && shown() && fold(shown()), true);
addEventListener("popstate", (event) => {
  stop();
  ask({ query: event.state ?? location.search.slice(1) });
});
const again = () => {
  if (shown()) ask({ query: shown().query, quiet: true });
};
onLook(again);
document.addEventListener("pursuit:documents", (event) => documentsOpened(event.detail));
document.addEventListener("pursuit:closed", () => documentsOpened([]));
new ResizeObserver(fit).observe($("#stage"));
history.replaceState(config.query, "");
if (config.open_documents.length) {
  addEventListener("load", () =>
    document.dispatchEvent(new CustomEvent("pursuit:documents", { detail: config.open_documents })),
  );
}
// Dash's scripts are deferred and stand before this one. Its layout begins with the first figure, else the graph
// would draw an empty one first.
const beginning = await chart(config.query).catch(() => null);
window.renderer = new window.DashRenderer({
  layout_post: (layout) => {
    if (beginning?.figure) layout.find(({ props }) => props.id === "graph").props.figure = beginning.figure;
  },
});
