// Small multiples: a panel an entity, or an indicator.
"use strict";
((X) => {
  const { num, W, role, strong, soft, lineMarks, rule, words, better } = X.parts;
  const ROW = 168; // CSS pixels of a row of panels
  const LONG_VALUE = 8,
    LONG_NAMED = 16; // a last value (with a name) of more characters wants more room beside its line
  const BEHIND = 24; // with more panels than this, no panel repeats the others' lines
  // heights pushed apart by ``gap``, in their order, around where they were wanted
  const spread = (wanted, gap) => {
    const order = wanted.map((_, n) => n).sort((a, b) => wanted[a] - wanted[b] || a - b),
      out = [];
    let last = -Infinity;
    for (const n of order) out[n] = last = Math.max(wanted[n], last + gap);
    const over = order.length ? order.reduce((sum, n) => sum + out[n] - wanted[n], 0) / order.length : 0;
    return out.map((y) => y - over);
  };
  // an indicator's ranking in its panel, best first: a name with its value over a bar from zero
  const panelBars = (title, one, state, left, upper, height) => {
    const k = X.bestPeriod(one),
      sign = better(one),
      here = one.series
        .filter((s) => num(s.values[k]))
        .sort((p, q) => sign * (p.values[k] - q.values[k]) || (p.entity < q.entity ? -1 : 1));
    const values = here.map((s) => s.values[k]),
      least = Math.min(0, ...values),
      most = Math.max(0, ...values);
    const px = (v) => left + 0.85 * (most > least ? (v - least) / (most - least) : 0);
    return [
      words(left, upper, title, "ink", "start", { dy: -14, strong: true, size: 12.5, room: 0.94 }),
      ...here.flatMap((s, n) => {
        const y = upper - (24 * n + 18) / height,
          v = s.values[k];
        return [
          {
            t: "line",
            points: [
              [px(0), y, "", null],
              [px(v), y, W.pointText(one, s, k), [s, k, one]],
            ],
            colour: role(s.entity),
            width: 5,
            dash: soft(X.cell(one, s, k)) ? "dash" : "solid",
            label: "",
            name: s.entity,
            markers: false,
          },
          words(left, y, `${W.name(s.entity)} ${W.amount(v, one)}`, role(s.entity), "start", {
            dy: -7,
            strong: strong(s.entity),
            size: 11,
          }),
        ];
      }),
    ];
  };
  const multiples = (sels, state, wide) => {
    const several = sels.length > 1,
      [sel] = sels,
      panels = [];
    if (several)
      for (const one of sels) {
        if (one.series.length) panels.push([one.meta.n, one.series, one]);
      }
    else for (const s of sel.series) panels.push([W.name(s.entity), [s], sel]);
    const across =
        Math.min(panels.length, wide ? (panels.length > 6 ? 4 : 3) : several && state.view !== "bar" ? 1 : 2) || 1,
      down = Math.ceil(panels.length / across) || 1,
      log = W.isLog(sel, state) && !several,
      marks = [];
    const rowHeight = Math.max(
        ROW,
        state.view === "bar" ? 56 + 24 * Math.max(0, ...panels.map((p) => p[1].length)) : 0,
        330 / down,
      ),
      above = 40 / rowHeight,
      below = 27 / rowHeight;
    panels.forEach(([title, own, one], n) => {
      if (state.view === "bar") {
        marks.push(
          ...panelBars(
            title,
            one,
            state,
            (n % across) + 0.03,
            down - Math.floor(n / across) - 40 / rowHeight,
            rowHeight,
          ),
        );
        return;
      }
      const column = n % across,
        row = Math.floor(n / across),
        all = (several ? own : sel.series).flatMap((s) => s.values.filter(num));
      let low = Math.min(...all),
        high = Math.max(...all);
      if (log) [low, high] = [Math.log10(low), Math.log10(high)];
      else if (one.unit === "rank")
        [low, high] = [high, low]; // the best is on top
      else low = low < 0.5 * high ? Math.min(0, low) : low;
      const first = X.timeValue(one.periods[0]),
        last = X.timeValue(one.periods[one.periods.length - 1]);
      const ends = own.map((s) => {
        const v = s.values[W.points(s).pop()];
        return [s, v, (several ? W.name(s.entity) + " " : "") + X.tick(+v.toPrecision(3), one.unit)];
      });
      const x0 = column + 0.03,
        longest = Math.max(...ends.map((e) => e[2].length));
      const x1 =
          column +
          (several
            ? longest > LONG_NAMED && across > 2
              ? 0.56
              : 0.64
            : longest > LONG_VALUE && across > 2
              ? 0.64
              : wide
                ? 0.74
                : 0.68),
        y0 = down - row - 1 + below,
        y1 = down - row - above;
      const px = (t) => x0 + (x1 - x0) * (last > first ? (t - first) / (last - first) : 0.5);
      const py = (v) => y0 + (y1 - y0) * (high !== low ? ((log ? Math.log10(v) : v) - low) / (high - low) : 0.5);
      marks.push(words(x0, y1, title, "ink", "start", { dy: -14, strong: true, size: 12.5, room: 0.94 }));
      if (high !== low && (several || column === 0))
        marks.push(
          words(x0, y1, X.tick(+(log ? 10 ** high : high).toPrecision(3), one.unit), "muted", "start", {
            dy: 8,
            size: 10.5,
          }),
        );
      marks.push(
        rule(x0, y0, x1, y0, "rule"),
        words(x0, y0, one.periods[0], "muted", "start", { dy: 15, size: 11 }),
        words(x1, y0, one.periods[one.periods.length - 1], "muted", "end", { dy: 15, size: 11 }),
      );
      // the whole chart's lines where they stand in the panel; a quiet one says nothing
      const panel = (s, quiet) =>
        lineMarks(one, s, state, false).map((m) => ({
          ...m,
          points: m.points.map((p) => [
            px(p[0]),
            num(p[1]) ? py(p[1]) : null,
            quiet ? "" : p[2],
            quiet ? null : p[3],
          ]),
          strong: false,
          ...(quiet
            ? { colour: "rule", width: 1, dash: "solid", name: "", markers: false }
            : { width: strong(s.entity) ? 2.6 : 2, name: s.entity }),
        }));
      if (!several && panels.length <= BEHIND)
        for (const s of sel.series) if (s !== own[0]) marks.push(...panel(s, true));
      for (const s of own) marks.push(...panel(s, false));
      // last values beside the lines; whose they are stands in the first panel
      const places = spread(
        ends.map((e) => py(e[1])),
        12 / ROW,
      );
      ends.forEach(([s, , said], k) => {
        marks.push(words(x1, places[k], said, role(s.entity), "start", { dx: 5, dy: 4, size: 10.5, strong: true }));
      });
    });
    return {
      x: { domain: [0, across], ticks: [], grid: false, scale: "linear" },
      y: { domain: [0, down], ticks: [], grid: false, scale: "linear" },
      marks,
      height: Math.round(rowHeight * down),
      log,
    };
  };
  X.parts = { ...X.parts, multiples };
})(window.Explore);
