// Two or three indicators as points, with their trail.
"use strict";
((X) => {
  const { num, W, role, strong, soft, axisFor } = X.parts;
  const scatter = ([sel], state) => {
    const across = X.select(state, Math.min(1, state.indicators.length - 1), "value"),
      sized = state.indicators.length > 2 ? X.select(state, 2, "value") : null;
    const map = (one) =>
      Object.fromEntries(
        (one ? one.series : []).map((s) => [
          s.entity,
          Object.fromEntries(one.periods.map((p, k) => [p, s.values[k]])),
        ]),
      );
    const xs = map(across),
      zs = map(sized),
      periods = sel.periods,
      own = (m, e, p) => (m[e] && num(m[e][p]) ? m[e][p] : null);
    let at = -1,
      shown = [];
    periods.forEach((p, k) => {
      const found = sel.series.filter((s) => num(s.values[k]) && own(xs, s.entity, p) !== null);
      if (found.length && found.length >= shown.length) [at, shown] = [k, found];
    });
    if (at < 0) return { x: { domain: [0, 1], ticks: [] }, y: { domain: [0, 1], ticks: [] }, marks: [] };
    const marks = [],
      seenX = [],
      seenY = [],
      biggest = Math.max(0, ...shown.map((s) => Math.abs(own(zs, s.entity, periods[at]) || 0)));
    for (const s of shown) {
      const way = [];
      for (let k = 0; k <= at; k++)
        if (num(s.values[k]) && own(xs, s.entity, periods[k]) !== null)
          way.push([own(xs, s.entity, periods[k]), s.values[k], W.pointText(sel, s, k), [s, k]]);
      if (state.trail && way.length > 1)
        marks.push({
          t: "line",
          points: way,
          colour: role(s.entity),
          width: 1.5,
          dash: "solid",
          label: "",
          name: s.entity + ":trail",
        });
      const end = way[way.length - 1],
        z = own(zs, s.entity, periods[at]);
      marks.push({
        t: "dots",
        points: [end],
        colour: role(s.entity),
        labels: [W.name(s.entity)],
        size: z !== null && biggest ? 6 + 26 * Math.sqrt(Math.abs(z) / biggest) : 10,
        symbol: soft(X.cell(sel, s, at)) ? "ring" : "circle",
        strong: strong(s.entity),
        name: s.entity,
      });
      for (const p of state.trail ? way : [end]) {
        seenX.push(p[0]);
        seenY.push(p[1]);
      }
    }
    const log = W.isLog(sel, state) && Math.min(...seenX) > 0,
      best = (f) => shown.reduce((a, b) => (f(b) > f(a) ? b : a)).entity;
    const a = best((s) => s.values[at] || 0),
      b = best((s) => own(xs, s.entity, periods[at]) || 0);
    return {
      x: axisFor(seenX, across.unit, log && across.meta.s === "log", W.named(across, state)),
      y: axisFor(seenY, sel.unit, log, W.named(sel, state)),
      marks,
      log,
      at,
      finding:
        shown.length > 1
          ? [a === b ? "scatter_same" : "scatter", { a, b, indicator: sel.id, other: across.id, period: periods[at] }]
          : null,
    };
  };
  X.parts = { ...X.parts, scatter };
})(window.Explore);
