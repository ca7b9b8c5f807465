// Ranks over time, as fields.
"use strict";
((X) => {
  const { S, num, W, soft } = X.parts;
  const ranks = (values, lower) =>
    values.map((v) => (num(v) ? 1 + values.filter((w) => num(w) && (lower ? w < v : w > v)).length : null));
  // who comes first how often, over every period that two or more have, drawn as a column or not
  const often = (key, wins, of) => {
    const most = Math.max(...wins.map((w) => w[0])),
      leaders = wins.filter((w) => w[0] === most).map((w) => w[1]),
      found = { a: leaders[0], n: String(most), m: String(of) };
    return leaders.length === 1 ? [key, found] : [key + "_shared", { ...found, names: leaders.join("~") }];
  };
  const firsts = (sel) => {
    const grid = sel.periods.flatMap((p, k) => {
      const r = ranks(
        sel.series.map((s) => s.values[k]),
        sel.meta.b === "lower",
      );
      return r.filter(num).length > 1 ? [[p, r]] : [];
    });
    if (!grid.length) return null;
    const wins = sel.series.map((s, n) => [grid.filter((g) => g[1][n] === 1).length, s.entity]),
      best = wins.reduce((p, q) => (q[0] > p[0] ? q : p));
    return best[0] === grid.length && best[0] > 1
      ? ["always_first", { a: best[1], period: grid[0][0], until: grid[grid.length - 1][0] }]
      : often("often_first", wins, grid.length);
  };
  const heat = ([sel], state, wide) => {
    let columns = [];
    if (state.indicators.length > 1)
      state.indicators.forEach((_, n) => {
        const one = X.select(state, n, "value"),
          at = X.bestPeriod(one);
        if (at >= 0) columns.push([one.meta.n, one, at]);
      });
    else {
      const count = sel.periods.length,
        step = Math.ceil(count / (wide ? 13 : 6));
      sel.periods.forEach((p, k) => {
        if ((count - 1 - k) % step === 0) columns.push([X.period(p), sel, k]);
      });
    }
    const of = (one, e) => one.series.find((s) => s.entity === e);
    const entities = state.entities.filter((e) => columns.some(([, one]) => of(one, e)));
    const grid = columns.map(([, one, at]) =>
      ranks(
        entities.map((e) => {
          const s = of(one, e);
          return s && num(s.values[at]) ? s.values[at] : null;
        }),
        one.meta.b === "lower",
      ),
    );
    const order = {};
    entities.forEach((e, n) => {
      const own = grid.map((g) => g[n]).filter(num);
      order[e] = own.length ? own.reduce((a, b) => a + b, 0) / own.length : Infinity;
    });
    if (state.indicators.length === 1 && grid.length)
      entities.forEach((e, n) => {
        order[e] = grid[grid.length - 1][n] || 99 + order[e];
      });
    const rows = [...entities].sort((a, b) => order[a] - order[b] || entities.indexOf(a) - entities.indexOf(b)),
      items = [];
    columns.forEach(([, one, at], c) => {
      const most = Math.max(1, ...grid[c].filter(num));
      rows.forEach((e, r) => {
        const rank = grid[c][entities.indexOf(e)],
          s = of(one, e);
        items.push({
          column: c,
          row: r,
          shade: rank === null ? null : most === 1 ? 1 : 1 - (rank - 1) / (most - 1),
          label: rank === null ? "" : rank + (soft(X.cell(one, s, at)) ? "*" : ""),
          text: rank === null ? "" : `${X.ordinal(rank)} · ${W.pointText(one, s, at)}`,
          ref: s ? [s, at, one] : null,
        });
      });
    });
    let finding = null;
    if (rows.length > 1 && state.indicators.length === 1) finding = firsts(sel);
    else if (rows.length > 1 && columns.length) {
      finding = often(
        "firsts",
        rows.map((e) => [grid.filter((g) => g[entities.indexOf(e)] === 1).length, e]),
        columns.length,
      );
    }
    return {
      x: S.categories(
        columns.map((c) => c[0]),
        false,
      ),
      y: S.categories(rows.map(W.name)),
      marks: items.length ? [{ t: "cells", items, name: "ranks" }] : [],
      height: Math.max(330, 36 * rows.length + 80),
      finding,
    };
  };
  X.parts = { ...X.parts, heat };
})(window.Explore);
