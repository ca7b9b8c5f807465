// What the explorer shows: a state → a chart record, one function a view (dashboard/figures/views.py).
// Marks are plain objects: {t: "line" | "dots" | "bars" | "cells" | "rule" | "text", …}; a point is
// [x, y, text, ref], ref = [series, place] of the figure it stands on.
"use strict";
(X => {
  const S = X.scales, num = X.num;
  // texts of points are said when asked for (hover, keyboard); only tests want them all at once
  const W = { ...X.words, pointText: (...point) => X.eager ? X.words.pointText(...point) : "" };
  const STEP = { annual: 1, quarterly: 0.25, monthly: 1 / 12, daily: 1 / 300 };
  const role = e => X.catalogue.entities[e] ? X.catalogue.entities[e].r : "quiet";
  const strong = e => e === "shenzhen" || e === "hangzhou";
  const soft = c => !!c && (c.status === "preliminary" || c.status === "estimate");
  const byStrength = series => [...series].sort((a, b) => strong(a.entity) - strong(b.entity));
  // a selection at some places alone; who has nothing there is left out
  const only = (sel, places) => ({
    ...sel, periods: places.map(k => sel.periods[k]), at: places.map(k => sel.at[k]),
    series: sel.series.map(s => ({ ...s, values: places.map(k => s.values[k]) })).filter(s => s.values.some(num)),
  });
  // several indicators share an axis where unit and measure are one and there is room to name each line
  const oneAxis = (sels, wide) => sels.length === 1 || (wide && sels.every(s => s.series.length && s.unit === sels[0].unit && s.measure === sels[0].measure && (s.meta.f === "irregular") === (sels[0].meta.f === "irregular")));
  const allLog = (sels, state) => W.isLog(sels[0], state) && sels.every(one => one.series.every(s => s.values.every(v => !num(v) || v > 0)));
  const flat = sels => sels.flatMap(one => one.series.map(s => [one, s])).sort((a, b) => strong(a[1].entity) - strong(b[1].entity));
  const joined = sels => ({ ...sels[0], periods: [...new Set(sels.flatMap(s => s.periods))].sort(), series: flat(sels).map(p => p[1]) });

  const axisFor = (values, unit, log, title = "", zero = false) => {
    if (log) return S.log(values.filter(v => v > 0), unit, { title });
    const amounts = !["%", "rank", "index", "degrees", "year", "ratio"].includes(unit);
    const low = Math.min(...values), near = amounts && values.length > 0 && low >= 0 && low < 0.5 * Math.max(...values);
    return S.linear(values, unit, { zero: zero || near, title, reverse: unit === "rank" && !zero });
  };
  const valueAxis = (sel, log, { zero = false, extra = [] } = {}) => axisFor([...sel.series.flatMap(s => s.values.filter(num)), ...extra], sel.unit, log, "", zero);
  const timeAxis = (sel, wide) => {
    const times = sel.periods.map(X.timeValue), n = times.length;
    if (!n) return { domain: [0, 1], ticks: [], scale: "linear" };
    if (times[n - 1] - times[0] >= 3 || sel.periods.every(p => p.length === 4)) return S.years(times[0], times[n - 1], wide ? 6 : 4);
    const count = Math.min(n, wide ? 5 : 3), even = v => { const f = Math.floor(v), r = v - f; return r === 0.5 ? (f % 2 ? f + 1 : f) : Math.round(v); };
    const picked = [...new Set([...Array(count).keys()].map(k => even(k * (n - 1) / Math.max(1, count - 1))))].sort((a, b) => a - b);
    return { domain: [times[0], Math.max(times[n - 1], times[0] + 1e-3)], scale: "linear", grid: false, ticks: picked.map(k => [times[k], X.period(sel.periods[k])]) };
  };

  const lineMarks = (sel, s, state, label = true) => {
    const at = W.points(s), step = STEP[sel.meta.f] ?? Infinity, times = at.map(k => X.timeValue(sel.periods[k])), n = at.length;
    const gap = times.map((t, i) => i + 1 < n && times[i + 1] - t > 1.5 * step);
    const alone = at.some((_, i) => (i === 0 || gap[i - 1]) && (i === n - 1 || gap[i]));
    const points = at.map((k, i) => [times[i], s.values[k], W.pointText(sel, s, k, state), [s, k, sel]]);
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
    const mark = { t: "line", colour: role(s.entity), width: strong(s.entity) ? 3 : 1.8, strong: strong(s.entity), markers: alone || n === 1, name: W.keyOf(s, sel) };
    const solid = broken(0, from), dashed = from < n ? broken(Math.max(0, from - 1), n) : [];
    const short = label ? W.whose(s, sel) : "", out = [];
    if (solid.length) out.push({ ...mark, short, points: solid, label: dashed.length ? "" : said, dash: "solid" });
    if (dashed.length) out.push({ ...mark, short, points: dashed, label: said, dash: "dash" });
    return out;
  };
  // whose lines carry their names: all of up to NAMED, else the two and the highest
  const NAMED = 24, HIGHEST = 12;
  const named = series => {
    if (series.length <= NAMED) return new Set(series);
    const end = new Map(series.filter(s => s.values.some(num)).map(s => [s, s.values[W.points(s).pop()]]));
    return new Set([...[...end.keys()].sort((a, b) => end.get(b) - end.get(a)).slice(0, HIGHEST), ...[...end.keys()].filter(s => strong(s.entity))]);
  };
  const rule = (x0, y0, x1, y1, colour = "muted", dash = "solid", width = 1) => ({ t: "rule", x0, y0, x1, y1, colour, dash, width });
  const words = (x, y, text, colour, anchor, more = {}) => ({ t: "text", x, y, text, colour, anchor, dx: 0, dy: 0, size: 12, strong: false, ...more });

  // a dotted upright for every break of a series within the span: here nobody should read growth
  const breaks = (sels, y) => {
    const found = new Map();
    for (const { id, periods: p, series } of sels) for (const [kind, entity, period] of X.data[id].notes) {
      if (kind !== "break" || !p.length || !(p[0] < period && period <= p[p.length - 1]) || (entity && !series.some(s => s.entity === entity))) continue;
      if (!found.has(period)) found.set(period, []);
      if (entity && series.length > 1) found.get(period).push(W.name(entity));
    }
    return [...found].sort((a, b) => a[0] < b[0] ? -1 : 1).flatMap(([period, names], n) => {
      const x = X.timeValue(period), said = X.text("mark.break");
      return [rule(x, null, x, null, "muted", "dot"), words(x, y.domain[y.reverse ? 0 : 1], names.length ? X.text("finding.of", { indicator: said, said: names[0] }) : said, "muted", "start", { dx: 4, dy: 11 + 14 * (n % 3), size: 11 })];
    });
  };

  const line = (sels, state, wide) => {
    if (!oneAxis(sels, wide)) return multiples(sels, state, wide);
    const log = allLog(sels, state), marks = [], { measure } = sels[0];
    if (measure === "index" || measure === "ratio") marks.push(rule(null, 100, null, 100, "muted", "dot"));
    if (measure === "change") marks.push(rule(null, 0, null, 0));
    const told = named(flat(sels).map(([, s]) => s));
    for (const [one, s] of flat(sels)) marks.push(...lineMarks(one, s, state, told.has(s)));
    const extra = [];
    if (W.showsAlternatives(state, sels[0])) for (const one of sels) {
      const d = X.data[one.id];
      for (const s of one.series) {
        const points = [];
        for (const p of one.periods) for (const a of d.alt) if (a[1] === p && d.e[a[0]] === s.entity)
          points.push([X.timeValue(p), a[2], [W.whose(s, one), X.period(p), X.quantity(a[2], one.meta.u), X.text("other_source"), W.publisher(d.sources[a[4]])].join(" · "), [s, one.periods.indexOf(p), one, a]]);
        if (points.length) { marks.push({ t: "dots", points, colour: role(s.entity), size: 6, symbol: "ring", name: W.keyOf(s, one) + ":other" }); extra.push(...points.map(p => p[1])); }
      }
    }
    const whole = joined(sels), y = valueAxis(whole, log, { extra });
    return { x: timeAxis(whole, wide), y, marks: [...breaks(sels, y), ...marks], log };
  };
  const pursuit = ([sel], state, wide) => {
    const x = timeAxis(sel, wide), marks = [rule(null, 100, null, 100, state.reference === "shenzhen" ? "shenzhen" : "ink", "solid", 1.5)];
    marks.push(words(x.domain[0], 100, X.text("mark.reference", { ref: W.name(state.reference) }), "muted", "start", { dx: 4, dy: -6, size: 11.5 }));
    const told = named(sel.series);
    for (const s of byStrength(sel.series)) marks.push(...lineMarks(sel, s, state, told.has(s)));
    const peaks = sel.series.map(s => [Math.max(...s.values.filter(num)), s]).sort((a, b) => b[0] - a[0]);
    for (const [peak, s] of peaks.slice(0, wide ? 3 : 2)) {
      const k = s.values.indexOf(peak);
      if (k === W.points(s).pop()) continue;
      const t = X.timeValue(sel.periods[k]);
      marks.push({ t: "dots", points: [[t, peak, W.pointText(sel, s, k, state), [s, k]]], colour: role(s.entity), size: 8, strong: true, name: s.entity + ":peak" });
      marks.push(words(t, peak, `${X.percent(peak)} · ${sel.periods[k]}`, role(s.entity), "middle", { dy: -10, strong: true, size: 11.5 }));
    }
    const y = valueAxis(sel, W.isLog(sel, state), { extra: [0, 100] });
    return { x, y, marks: [...breaks([sel], y), ...marks] };
  };
  const slope = (sels, state, wide) => {
    const full = sels.filter(s => s.series.length), ends = full.map(one => only(one, W.commonEnds(one)));
    if (!oneAxis(sels, wide) || new Set(ends.map(e => e.periods.join())).size > 1) return multiples(ends, state, wide);
    const log = allLog(sels, state), marks = [];
    for (const [sel, s] of flat(sels)) {
      const [a, b] = W.commonEnds(sel);
      if (!num(s.values[a]) || !num(s.values[b]) || a === b) continue;
      marks.push({
        t: "line", points: [a, b].map((k, n) => [n, s.values[k], W.pointText(sel, s, k, state), [s, k, sel]]), colour: role(s.entity), dash: [a, b].some(k => soft(X.cell(sel, s, k))) ? "dash" : "solid",
        label: `${W.whose(s, sel)} ${W.amount(s.values[b], sel)}`, short: W.whose(s, sel), width: strong(s.entity) ? 3 : 1.8, strong: strong(s.entity), markers: true, name: W.keyOf(s, sel),
      });
    }
    const x = { domain: [-0.03, 1], scale: "linear", grid: true, ticks: ends[0].periods.map((p, n) => [n, X.period(p)]) };
    return { x, y: valueAxis(joined(ends), log), marks, log };
  };
  const better = sel => sel.meta.b === "lower" && sel.unit === "rank" ? 1 : -1;  // the order of a ranking
  const bar = (sels, state, wide) => {
    const lasts = sels.map(one => [one, X.bestPeriod(one)]);
    if (!oneAxis(sels, wide) || new Set(lasts.filter(p => p[1] >= 0).map(([one, at]) => one.periods[at])).size > 1) return multiples(sels, state, wide);
    const here = lasts.flatMap(([one, at]) => one.series.filter(s => num(s.values[at])).map(s => ({ v: s.values[at], one, s, at }))), sign = better(sels[0]);
    here.sort((p, q) => sign * (p.v - q.v) || (p.s.entity < q.s.entity ? -1 : p.s.entity > q.s.entity ? 1 : p.one.id < q.one.id ? -1 : 1));
    const whole = joined(lasts.map(([one, at]) => only(one, [at]))), log = allLog([whole], state);
    const x = valueAxis(whole, log, { zero: !log }), base = log ? x.domain[0] : 0;
    const items = here.map(({ v, one, s, at }, n) => ({
      position: n, value: v, base, colour: role(s.entity), label: W.amount(v, one),
      text: W.pointText(one, s, at, state), ref: [s, at, one], hatched: soft(X.cell(one, s, at)),
    }));
    return { x, y: S.categories(here.map(({ one, s }) => W.whose(s, one))), marks: [{ t: "bars", items, thickness: 0.62, name: "bars" }], height: Math.max(wide ? 360 : 330, 34 * items.length + 70), log };
  };
  const scatter = ([sel], state) => {
    const across = X.select(state, Math.min(1, state.indicators.length - 1), "value"), sized = state.indicators.length > 2 ? X.select(state, 2, "value") : null;
    const map = one => Object.fromEntries((one ? one.series : []).map(s => [s.entity, Object.fromEntries(one.periods.map((p, k) => [p, s.values[k]]))]));
    const xs = map(across), zs = map(sized), periods = sel.periods, own = (m, e, p) => m[e] && num(m[e][p]) ? m[e][p] : null;
    let at = -1, shown = [];
    periods.forEach((p, k) => {
      const found = sel.series.filter(s => num(s.values[k]) && own(xs, s.entity, p) !== null);
      if (found.length && found.length >= shown.length) [at, shown] = [k, found];
    });
    if (at < 0) return { x: { domain: [0, 1], ticks: [] }, y: { domain: [0, 1], ticks: [] }, marks: [] };
    const marks = [], seenX = [], seenY = [], biggest = Math.max(0, ...shown.map(s => Math.abs(own(zs, s.entity, periods[at]) || 0)));
    for (const s of shown) {
      const way = [];
      for (let k = 0; k <= at; k++) if (num(s.values[k]) && own(xs, s.entity, periods[k]) !== null) way.push([own(xs, s.entity, periods[k]), s.values[k], W.pointText(sel, s, k, state), [s, k]]);
      if (state.trail && way.length > 1) marks.push({ t: "line", points: way, colour: role(s.entity), width: 1.5, dash: "solid", label: "", name: s.entity + ":trail" });
      const end = way[way.length - 1], z = own(zs, s.entity, periods[at]);
      marks.push({ t: "dots", points: [end], colour: role(s.entity), labels: [W.name(s.entity)], size: z !== null && biggest ? 6 + 26 * Math.sqrt(Math.abs(z) / biggest) : 10, symbol: soft(X.cell(sel, s, at)) ? "ring" : "circle", strong: strong(s.entity), name: s.entity });
      for (const p of state.trail ? way : [end]) { seenX.push(p[0]); seenY.push(p[1]); }
    }
    const log = W.isLog(sel, state) && Math.min(...seenX) > 0, best = f => shown.reduce((a, b) => f(b) > f(a) ? b : a).entity;
    const a = best(s => s.values[at] || 0), b = best(s => own(xs, s.entity, periods[at]) || 0);
    return {
      x: axisFor(seenX, across.unit, log && across.meta.s === "log", W.named(across, state)), y: axisFor(seenY, sel.unit, log, W.named(sel, state)), marks, log, at,
      finding: shown.length > 1 ? [a === b ? "scatter_same" : "scatter", { a, b, indicator: sel.id, other: across.id, period: periods[at] }] : null,
    };
  };
  const ranks = (values, lower) => values.map(v => num(v) ? 1 + values.filter(w => num(w) && (lower ? w < v : w > v)).length : null);
  // who comes first how often, over every period that two or more have, drawn as a column or not
  const often = (key, wins, of) => {
    const most = Math.max(...wins.map(w => w[0])), leaders = wins.filter(w => w[0] === most).map(w => w[1]), found = { a: leaders[0], n: String(most), m: String(of) };
    return leaders.length === 1 ? [key, found] : [key + "_shared", { ...found, names: leaders.join("~") }];
  };
  const firsts = sel => {
    const grid = sel.periods.flatMap((p, k) => { const r = ranks(sel.series.map(s => s.values[k]), sel.meta.b === "lower"); return r.filter(num).length > 1 ? [[p, r]] : []; });
    if (!grid.length) return null;
    const wins = sel.series.map((s, n) => [grid.filter(g => g[1][n] === 1).length, s.entity]), best = wins.reduce((p, q) => q[0] > p[0] ? q : p);
    return best[0] === grid.length && best[0] > 1 ? ["always_first", { a: best[1], period: grid[0][0], until: grid[grid.length - 1][0] }] : often("often_first", wins, grid.length);
  };
  const heat = ([sel], state, wide) => {
    let columns = [];
    if (state.indicators.length > 1) state.indicators.forEach((_, n) => {
      const one = X.select(state, n, "value"), at = X.bestPeriod(one);
      if (at >= 0) columns.push([one.meta.n, one, at]);
    });
    else {
      const count = sel.periods.length, step = Math.ceil(count / (wide ? 13 : 6));
      sel.periods.forEach((p, k) => { if ((count - 1 - k) % step === 0) columns.push([X.period(p), sel, k]); });
    }
    const of = (one, e) => one.series.find(s => s.entity === e);
    const entities = state.entities.filter(e => columns.some(([, one]) => of(one, e)));
    const grid = columns.map(([, one, at]) => ranks(entities.map(e => { const s = of(one, e); return s && num(s.values[at]) ? s.values[at] : null; }), one.meta.b === "lower"));
    const order = {};
    entities.forEach((e, n) => { const own = grid.map(g => g[n]).filter(num); order[e] = own.length ? own.reduce((a, b) => a + b, 0) / own.length : Infinity; });
    if (state.indicators.length === 1 && grid.length) entities.forEach((e, n) => { order[e] = grid[grid.length - 1][n] || 99 + order[e]; });
    const rows = [...entities].sort((a, b) => order[a] - order[b] || entities.indexOf(a) - entities.indexOf(b)), items = [];
    columns.forEach(([, one, at], c) => {
      const most = Math.max(1, ...grid[c].filter(num));
      rows.forEach((e, r) => {
        const rank = grid[c][entities.indexOf(e)], s = of(one, e);
        items.push({ column: c, row: r, shade: rank === null ? null : most === 1 ? 1 : 1 - (rank - 1) / (most - 1), label: rank === null ? "" : rank + (soft(X.cell(one, s, at)) ? "*" : ""), text: rank === null ? "" : `${X.ordinal(rank)} · ${W.pointText(one, s, at, state)}`, ref: s ? [s, at, one] : null });
      });
    });
    let finding = null;
    if (rows.length > 1 && state.indicators.length === 1) finding = firsts(sel);
    else if (rows.length > 1 && columns.length) {
      finding = often("firsts", rows.map(e => [grid.filter(g => g[entities.indexOf(e)] === 1).length, e]), columns.length);
    }
    return { x: S.categories(columns.map(c => c[0]), false), y: S.categories(rows.map(W.name)), marks: items.length ? [{ t: "cells", items, name: "ranks" }] : [], height: Math.max(330, 36 * rows.length + 80), finding };
  };
  const ROW = 168;  // CSS pixels of a row of panels
  const LONG_VALUE = 8, LONG_NAMED = 16;  // a last value (with a name) of more characters wants more room beside its line
  const BEHIND = 24;  // with more panels than this, no panel repeats the others' lines
  // heights pushed apart by ``gap``, in their order, around where they were wanted
  const spread = (wanted, gap) => {
    const order = wanted.map((_, n) => n).sort((a, b) => wanted[a] - wanted[b] || a - b), out = [];
    let last = -Infinity;
    for (const n of order) out[n] = last = Math.max(wanted[n], last + gap);
    const over = order.length ? (order.reduce((sum, n) => sum + out[n] - wanted[n], 0)) / order.length : 0;
    return out.map(y => y - over);
  };
  // an indicator's ranking in its panel, best first: a name with its value over a bar from zero
  const panelBars = (title, one, state, left, upper, height) => {
    const k = X.bestPeriod(one), sign = better(one), here = one.series.filter(s => num(s.values[k])).sort((p, q) => sign * (p.values[k] - q.values[k]) || (p.entity < q.entity ? -1 : 1));
    const values = here.map(s => s.values[k]), least = Math.min(0, ...values), most = Math.max(0, ...values);
    const px = v => left + 0.85 * (most > least ? (v - least) / (most - least) : 0);
    return [words(left, upper, title, "ink", "start", { dy: -14, strong: true, size: 12.5, room: 0.94 }), ...here.flatMap((s, n) => {
      const y = upper - (24 * n + 18) / height, v = s.values[k];
      return [
        { t: "line", points: [[px(0), y, "", null], [px(v), y, W.pointText(one, s, k, state), [s, k, one]]], colour: role(s.entity), width: 5, dash: soft(X.cell(one, s, k)) ? "dash" : "solid", label: "", name: s.entity, markers: false },
        words(left, y, `${W.name(s.entity)} ${W.amount(v, one)}`, role(s.entity), "start", { dy: -7, strong: strong(s.entity), size: 11 }),
      ];
    })];
  };
  const multiples = (sels, state, wide) => {
    const several = sels.length > 1, [sel] = sels, panels = [];
    if (several) for (const one of sels) { if (one.series.length) panels.push([one.meta.n, one.series, one]); }
    else for (const s of sel.series) panels.push([W.name(s.entity), [s], sel]);
    const across = Math.min(panels.length, wide ? (panels.length > 6 ? 4 : 3) : several && state.view !== "bar" ? 1 : 2) || 1, down = Math.ceil(panels.length / across) || 1, log = W.isLog(sel, state) && !several, marks = [];
    const rowHeight = Math.max(ROW, state.view === "bar" ? 56 + 24 * Math.max(0, ...panels.map(p => p[1].length)) : 0, 330 / down), above = 40 / rowHeight, below = 27 / rowHeight;
    panels.forEach(([title, own, one], n) => {
      if (state.view === "bar") { marks.push(...panelBars(title, one, state, n % across + 0.03, down - Math.floor(n / across) - 40 / rowHeight, rowHeight)); return; }
      const column = n % across, row = Math.floor(n / across), all = (several ? own : sel.series).flatMap(s => s.values.filter(num));
      let low = Math.min(...all), high = Math.max(...all);
      if (log) [low, high] = [Math.log10(low), Math.log10(high)];
      else if (one.unit === "rank") [low, high] = [high, low];  // the best is on top
      else low = low < 0.5 * high ? Math.min(0, low) : low;
      const first = X.timeValue(one.periods[0]), last = X.timeValue(one.periods[one.periods.length - 1]);
      const ends = own.map(s => { const v = s.values[W.points(s).pop()]; return [s, v, (several ? W.name(s.entity) + " " : "") + X.tick(+v.toPrecision(3), one.unit)]; });
      const x0 = column + 0.03, longest = Math.max(...ends.map(e => e[2].length));
      const x1 = column + (several ? (longest > LONG_NAMED && across > 2 ? 0.56 : 0.64) : longest > LONG_VALUE && across > 2 ? 0.64 : wide ? 0.74 : 0.68), y0 = down - row - 1 + below, y1 = down - row - above;
      const px = t => x0 + (x1 - x0) * (last > first ? (t - first) / (last - first) : 0.5);
      const py = v => y0 + (y1 - y0) * (high !== low ? ((log ? Math.log10(v) : v) - low) / (high - low) : 0.5);
      marks.push(words(x0, y1, title, "ink", "start", { dy: -14, strong: true, size: 12.5, room: 0.94 }));
      if (high !== low && (several || column === 0)) marks.push(words(x0, y1, X.tick(+(log ? 10 ** high : high).toPrecision(3), one.unit), "muted", "start", { dy: 8, size: 10.5 }));
      marks.push(rule(x0, y0, x1, y0, "rule"), words(x0, y0, one.periods[0], "muted", "start", { dy: 15, size: 11 }), words(x1, y0, one.periods[one.periods.length - 1], "muted", "end", { dy: 15, size: 11 }));
      // the whole chart's lines where they stand in the panel; a quiet one says nothing
      const panel = (s, quiet) => lineMarks(one, s, state, false).map(m => ({
        ...m, points: m.points.map(p => [px(p[0]), num(p[1]) ? py(p[1]) : null, quiet ? "" : p[2], quiet ? null : p[3]]),
        strong: false, ...(quiet ? { colour: "rule", width: 1, dash: "solid", name: "", markers: false } : { width: strong(s.entity) ? 2.6 : 2, name: s.entity }),
      }));
      if (!several && panels.length <= BEHIND) for (const s of sel.series) if (s !== own[0]) marks.push(...panel(s, true));
      for (const s of own) marks.push(...panel(s, false));
      // last values beside the lines; whose they are stands in the first panel
      const places = spread(ends.map(e => py(e[1])), 12 / ROW);
      ends.forEach(([s, , said], k) => {
        marks.push(words(x1, places[k], said, role(s.entity), "start", { dx: 5, dy: 4, size: 10.5, strong: true }));
      });
    });
    return { x: { domain: [0, across], ticks: [], grid: false, scale: "linear" }, y: { domain: [0, down], ticks: [], grid: false, scale: "linear" }, marks, height: Math.round(rowHeight * down), log };
  };
  const VIEW = { line, slope, bar, scatter, heat, multiples, pursuit, table: line };

  // the chart record of a state; its payloads (X.needs) must be there
  X.chart = (state, wide = true) => {
    let sel = X.select(state);
    if (state.view === "pursuit") sel = { ...sel, series: sel.series.filter(s => s.entity !== state.reference) };
    const sels = sel.several ? [sel, ...state.indicators.slice(1).map((_, n) => X.select(state, n + 1))] : [sel];
    const drawn = sels.some(s => s.series.length) ? VIEW[state.view](sels, state, wide) : { x: { domain: [0, 1], ticks: [] }, y: { domain: [0, 1], ticks: [] }, marks: [] };
    const at = drawn.at ?? X.bestPeriod(sel), title = W.title(sel, state, at, drawn.finding), subtitle = W.subtitle(sels, state, at, !!drawn.log);
    return { ...drawn, sel, sels, state, at, title, subtitle, wide, alt: W.altText(title, subtitle, sels), notes: W.notes(sels, state), empty: drawn.marks.length ? "" : nothing(state) };
  };
  const nothing = state => {
    const gap = X.catalogue.gaps.find(([i, e]) => state.indicators.includes(i) && state.entities.includes(e));
    return gap ? X.text("empty.gap", { what: gap[2] }) : X.text("empty");
  };
})(window.Explore);
