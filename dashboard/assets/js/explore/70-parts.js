// What several views are made of: axes, lines with their labels, rules, words, marks of breaks.
// A view (71–75) turns a state into a chart record, as dashboard/figures/views.py does. Marks are plain
// objects: {t: "line" | "dots" | "bars" | "cells" | "rule" | "text", …}; a point is [x, y, text, ref],
// ref = [series, place] of the figure it stands on.
"use strict";
((X) => {
  const S = X.scales,
    num = X.num;
  // texts of points are said when asked for (hover, keyboard); only tests want them all at once
  const W = { ...X.words, pointText: (...point) => (X.eager ? X.words.pointText(...point) : "") };
  const STEP = { annual: 1, quarterly: 0.25, monthly: 1 / 12, daily: 1 / 300 };
  const role = (e) => (X.catalogue.entities[e] ? X.catalogue.entities[e].r : "quiet");
  const strong = (e) => e === "shenzhen" || e === "hangzhou";
  const soft = (c) => !!c && (c.status === "preliminary" || c.status === "estimate");
  const byStrength = (series) => [...series].sort((a, b) => strong(a.entity) - strong(b.entity));
  // a selection at some places alone; who has nothing there is left out
  const only = (sel, places) => ({
    ...sel,
    periods: places.map((k) => sel.periods[k]),
    at: places.map((k) => sel.at[k]),
    series: sel.series
      .map((s) => ({ ...s, values: places.map((k) => s.values[k]) }))
      .filter((s) => s.values.some(num)),
  });
  // several indicators share an axis where unit and measure are one and there is room to name each line
  const oneAxis = (sels, wide) =>
    sels.length === 1 ||
    (wide &&
      sels.every(
        (s) =>
          s.series.length &&
          s.unit === sels[0].unit &&
          s.measure === sels[0].measure &&
          (s.meta.f === "irregular") === (sels[0].meta.f === "irregular"),
      ));
  const allLog = (sels, state) =>
    W.isLog(sels[0], state) && sels.every((one) => one.series.every((s) => s.values.every((v) => !num(v) || v > 0)));
  const flat = (sels) =>
    sels.flatMap((one) => one.series.map((s) => [one, s])).sort((a, b) => strong(a[1].entity) - strong(b[1].entity));
  const joined = (sels) => ({
    ...sels[0],
    periods: [...new Set(sels.flatMap((s) => s.periods))].sort(),
    series: flat(sels).map((p) => p[1]),
  });

  const axisFor = (values, unit, log, title = "", zero = false) => {
    if (log)
      return S.log(
        values.filter((v) => v > 0),
        unit,
        { title },
      );
    const amounts = !["%", "rank", "index", "degrees", "year", "ratio"].includes(unit);
    const low = Math.min(...values),
      near = amounts && values.length > 0 && low >= 0 && low < 0.5 * Math.max(...values);
    return S.linear(values, unit, { zero: zero || near, title, reverse: unit === "rank" && !zero });
  };
  const valueAxis = (sel, log, { zero = false, extra = [] } = {}) =>
    axisFor([...sel.series.flatMap((s) => s.values.filter(num)), ...extra], sel.unit, log, "", zero);
  const timeAxis = (sel, wide) => {
    const times = sel.periods.map(X.timeValue),
      n = times.length;
    if (!n) return { domain: [0, 1], ticks: [], scale: "linear" };
    if (times[n - 1] - times[0] >= 3 || sel.periods.every((p) => p.length === 4))
      return S.years(times[0], times[n - 1], wide ? 6 : 4);
    const count = Math.min(n, wide ? 5 : 3),
      even = (v) => {
        const f = Math.floor(v),
          r = v - f;
        return r === 0.5 ? (f % 2 ? f + 1 : f) : Math.round(v);
      };
    const picked = [
      ...new Set([...Array(count).keys()].map((k) => even((k * (n - 1)) / Math.max(1, count - 1)))),
    ].sort((a, b) => a - b);
    return {
      domain: [times[0], Math.max(times[n - 1], times[0] + 1e-3)],
      scale: "linear",
      grid: false,
      ticks: picked.map((k) => [times[k], X.period(sel.periods[k])]),
    };
  };

  const lineMarks = (sel, s, state, label = true) => {
    const at = W.points(s),
      step = STEP[sel.meta.f] ?? Infinity,
      times = at.map((k) => X.timeValue(sel.periods[k])),
      n = at.length;
    const gap = times.map((t, i) => i + 1 < n && times[i + 1] - t > 1.5 * step);
    const alone = at.some((_, i) => (i === 0 || gap[i - 1]) && (i === n - 1 || gap[i]));
    const points = at.map((k, i) => [times[i], s.values[k], W.pointText(sel, s, k), [s, k, sel]]);
    let from = n;
    while (from > 0 && soft(X.cell(sel, s, at[from - 1]))) from--;
    const broken = (a, b) => {
      const out = [];
      for (let i = a; i < b; i++) {
        if (i > a && gap[i - 1]) out.push([(points[i - 1][0] + points[i][0]) / 2, null, "", null]);
        out.push(points[i]);
      }
      return out;
    };
    const said = label ? `${W.whose(s, sel)} ${W.amount(s.values[at[n - 1]], sel)}` : "";
    const mark = {
      t: "line",
      colour: role(s.entity),
      width: strong(s.entity) ? 3 : 1.8,
      strong: strong(s.entity),
      markers: alone || n === 1,
      name: W.keyOf(s, sel),
    };
    const solid = broken(0, from),
      dashed = from < n ? broken(Math.max(0, from - 1), n) : [];
    const short = label ? W.whose(s, sel) : "",
      out = [];
    if (solid.length) out.push({ ...mark, short, points: solid, label: dashed.length ? "" : said, dash: "solid" });
    if (dashed.length) out.push({ ...mark, short, points: dashed, label: said, dash: "dash" });
    return out;
  };
  // whose lines carry their names: all of up to NAMED, else the two and the highest
  const NAMED = 24,
    HIGHEST = 12;
  const named = (series) => {
    if (series.length <= NAMED) return new Set(series);
    const end = new Map(series.filter((s) => s.values.some(num)).map((s) => [s, s.values[W.points(s).pop()]]));
    return new Set([
      ...[...end.keys()].sort((a, b) => end.get(b) - end.get(a)).slice(0, HIGHEST),
      ...[...end.keys()].filter((s) => strong(s.entity)),
    ]);
  };
  const rule = (x0, y0, x1, y1, colour = "muted", dash = "solid", width = 1) => ({
    t: "rule",
    x0,
    y0,
    x1,
    y1,
    colour,
    dash,
    width,
  });
  const words = (x, y, text, colour, anchor, more = {}) => ({
    t: "text",
    x,
    y,
    text,
    colour,
    anchor,
    dx: 0,
    dy: 0,
    size: 12,
    strong: false,
    ...more,
  });

  // a dotted upright for every break of a series within the span: here nobody should read growth
  const breaks = (sels, y) => {
    const found = new Map();
    for (const { id, periods: p, series } of sels)
      for (const [kind, entity, period] of X.data[id].notes) {
        if (
          kind !== "break" ||
          !p.length ||
          !(p[0] < period && period <= p[p.length - 1]) ||
          (entity && !series.some((s) => s.entity === entity))
        )
          continue;
        if (!found.has(period)) found.set(period, []);
        if (entity && series.length > 1) found.get(period).push(W.name(entity));
      }
    return [...found]
      .sort((a, b) => (a[0] < b[0] ? -1 : 1))
      .flatMap(([period, names], n) => {
        const x = X.timeValue(period),
          said = X.text("mark.break");
        return [
          rule(x, null, x, null, "muted", "dot"),
          words(
            x,
            y.domain[y.reverse ? 0 : 1],
            names.length ? X.text("finding.of", { indicator: said, said: names[0] }) : said,
            "muted",
            "start",
            { dx: 4, dy: 11 + 14 * (n % 3), size: 11 },
          ),
        ];
      });
  };
  X.parts = {
    ...X.parts,
    S,
    num,
    W,
    role,
    strong,
    soft,
    byStrength,
    only,
    oneAxis,
    allLog,
    flat,
    joined,
    axisFor,
    valueAxis,
    timeAxis,
    lineMarks,
    named,
    rule,
    words,
    breaks,
  };
})(window.Explore);
