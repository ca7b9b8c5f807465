// Over time: lines, each city as a share of another, slopes.
"use strict";
((X) => {
  const {
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
    valueAxis,
    timeAxis,
    lineMarks,
    named,
    rule,
    words,
    breaks,
  } = X.parts;
  const line = (sels, state, wide) => {
    if (!oneAxis(sels, wide)) return X.parts.multiples(sels, state, wide);
    const log = allLog(sels, state),
      marks = [],
      { measure } = sels[0];
    if (measure === "index" || measure === "ratio") marks.push(rule(null, 100, null, 100, "muted", "dot"));
    if (measure === "change") marks.push(rule(null, 0, null, 0));
    const told = named(flat(sels).map(([, s]) => s));
    for (const [one, s] of flat(sels)) marks.push(...lineMarks(one, s, state, told.has(s)));
    const extra = [];
    if (W.showsAlternatives(state, sels[0]))
      for (const one of sels) {
        const d = X.data[one.id];
        for (const s of one.series) {
          const points = [];
          for (const p of one.periods)
            for (const a of d.alt)
              if (a[1] === p && d.e[a[0]] === s.entity)
                points.push([
                  X.timeValue(p),
                  a[2],
                  [
                    W.whose(s, one),
                    X.period(p),
                    X.quantity(a[2], one.meta.u),
                    X.text("other_source"),
                    W.publisher(d.sources[a[4]]),
                  ].join(" · "),
                  [s, one.periods.indexOf(p), one, a],
                ]);
          if (points.length) {
            marks.push({
              t: "dots",
              points,
              colour: role(s.entity),
              size: 6,
              symbol: "ring",
              name: W.keyOf(s, one) + ":other",
            });
            extra.push(...points.map((p) => p[1]));
          }
        }
      }
    const whole = joined(sels),
      y = valueAxis(whole, log, { extra });
    return { x: timeAxis(whole, wide), y, marks: [...breaks(sels, y), ...marks], log };
  };
  const pursuit = ([sel], state, wide) => {
    const x = timeAxis(sel, wide),
      marks = [rule(null, 100, null, 100, state.reference === "shenzhen" ? "shenzhen" : "ink", "solid", 1.5)];
    marks.push(
      words(x.domain[0], 100, X.text("mark.reference", { ref: W.name(state.reference) }), "muted", "start", {
        dx: 4,
        dy: -9,
        size: 11.5,
      }),
    );
    const told = named(sel.series);
    for (const s of byStrength(sel.series)) marks.push(...lineMarks(sel, s, state, told.has(s)));
    const peaks = sel.series.map((s) => [Math.max(...s.values.filter(num)), s]).sort((a, b) => b[0] - a[0]);
    for (const [peak, s] of peaks.slice(0, wide ? 3 : 2)) {
      const k = s.values.indexOf(peak);
      if (k === W.points(s).pop()) continue;
      const t = X.timeValue(sel.periods[k]);
      marks.push({
        t: "dots",
        points: [[t, peak, W.pointText(sel, s, k), [s, k]]],
        colour: role(s.entity),
        size: 8,
        strong: true,
        name: s.entity + ":peak",
      });
      marks.push(
        words(t, peak, `${X.percent(peak)} · ${sel.periods[k]}`, role(s.entity), "middle", {
          dy: -10,
          strong: true,
          size: 11.5,
        }),
      );
    }
    const y = valueAxis(sel, W.isLog(sel, state), { extra: [0, 100] });
    return { x, y, marks: [...breaks([sel], y), ...marks] };
  };
  const slope = (sels, state, wide) => {
    const full = sels.filter((s) => s.series.length),
      ends = full.map((one) => only(one, W.commonEnds(one)));
    if (!oneAxis(sels, wide) || new Set(ends.map((e) => e.periods.join())).size > 1)
      return X.parts.multiples(ends, state, wide);
    const log = allLog(sels, state),
      marks = [];
    for (const [sel, s] of flat(sels)) {
      const [a, b] = W.commonEnds(sel);
      if (!num(s.values[a]) || !num(s.values[b]) || a === b) continue;
      marks.push({
        t: "line",
        points: [a, b].map((k, n) => [n, s.values[k], W.pointText(sel, s, k), [s, k, sel]]),
        colour: role(s.entity),
        dash: [a, b].some((k) => soft(X.cell(sel, s, k))) ? "dash" : "solid",
        label: `${W.whose(s, sel)} ${W.amount(s.values[b], sel)}`,
        short: W.whose(s, sel),
        width: strong(s.entity) ? 3 : 1.8,
        strong: strong(s.entity),
        markers: true,
        name: W.keyOf(s, sel),
      });
    }
    const x = {
      domain: [-0.03, 1],
      scale: "linear",
      grid: true,
      ticks: ends[0].periods.map((p, n) => [n, X.period(p)]),
    };
    return { x, y: valueAxis(joined(ends), log), marks, log };
  };
  X.parts = { ...X.parts, line, pursuit, slope };
})(window.Explore);
