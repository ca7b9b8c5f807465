// A state as its address has it: parameters by name, in one order. What they mean is the server's
// (dashboard/explore/state.py); here they are only changed.
export const ORDER = ["i", "e", "v", "m", "b", "r", "per", "p", "c", "y", "t", "trail", "alt", "ev", "at", "o", "d"];

const PLAIN = { v: "line", m: "value" };

/** Return the query of parameters, as the server writes it. */
export function toQuery(params) {
  return ORDER.filter((name) => params[name] && params[name] !== PLAIN[name])
    .map((name) => `${name}=${encodeURIComponent(params[name])}`)
    .join("&");
}

export const listed = (value) => (value ? value.split("~") : []);

/** Return the parameters after one control was touched: ones that no longer mean anything go. */
export function changed(params, name, value) {
  const next = { ...params, [name]: value, o: "", at: "" };
  if (name === "m" || name === "v") next.y = "";
  if (name === "v" && params.v === "pursuit" && value !== "pursuit") {
    const entities = listed(params.e);
    if (!entities.includes(params.reference)) next.e = [params.reference, ...entities].join("~");
  }
  return next;
}

/** Return the parameters with an indicator at a place (from 0); an empty one takes its place away. */
export function withIndicator(params, place, indicator) {
  const indicators = listed(params.i);
  indicators.splice(place, 1, ...(indicator ? [indicator] : []));
  const next = changed(params, "i", [...new Set(indicators)].join("~"));
  if (place === 0) next.y = "";
  return next;
}

/** Return the parameters without what an indicator does not offer; a view that needs more becomes a line. */
export function withAvailable(params, available, needed = "") {
  const offered = (name, free) => (params[name] === free || available.includes(params[name]) ? params[name] : "");
  const view = !needed || available.includes(needed) ? params.v : "line";
  const next = { ...params, v: view, m: offered("m", "value"), c: offered("c"), y: offered("y", "linear") };
  if (!available.includes("head")) next.per = "";
  if (!available.includes("real")) next.p = "";
  return next;
}

/** Return what to ask for in turn when the first indicator changed: who and which span it has figures for. */
export function fallbacks(params) {
  return [params, { ...params, t: "", b: "" }, { i: params.i, v: params.v }];
}

/** Return the parameters with entities added, or taken away where all of them are there; never none. */
export function toggled(params, entities) {
  const now = listed(params.e);
  const all = entities.every((e) => now.includes(e));
  const next = all ? now.filter((e) => !entities.includes(e)) : [...new Set([...now, ...entities])];
  return changed(params, "e", (next.length ? next : now.slice(0, 1)).join("~"));
}

/** Return the parameters for the periods from one place to another of a list; its ends are left open. */
export function spanned(params, periods, low, high) {
  const from = low <= 0 ? "" : periods[low];
  const to = high >= periods.length - 1 ? "" : periods[high];
  const t = from === to ? from : `${from}..${to}`; // open at both ends it is the whole span: ""
  return { ...params, o: "", at: "", t };
}
