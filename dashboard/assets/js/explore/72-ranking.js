// A ranking, as bars.
"use strict";
((X) => {
  const { S, num, W, role, soft, only, oneAxis, allLog, joined, valueAxis } = X.parts;
  const better = (sel) => (sel.meta.b === "lower" && sel.unit === "rank" ? 1 : -1); // the order of a ranking
  const bar = (sels, state, wide) => {
    const lasts = sels.map((one) => [one, X.bestPeriod(one)]);
    if (!oneAxis(sels, wide) || new Set(lasts.filter((p) => p[1] >= 0).map(([one, at]) => one.periods[at])).size > 1)
      return X.parts.multiples(sels, state, wide);
    const here = lasts.flatMap(([one, at]) =>
        one.series.filter((s) => num(s.values[at])).map((s) => ({ v: s.values[at], one, s, at })),
      ),
      sign = better(sels[0]);
    here.sort(
      (p, q) =>
        sign * (p.v - q.v) ||
        (p.s.entity < q.s.entity ? -1 : p.s.entity > q.s.entity ? 1 : p.one.id < q.one.id ? -1 : 1),
    );
    const whole = joined(lasts.map(([one, at]) => only(one, [at]))),
      log = allLog([whole], state);
    const x = valueAxis(whole, log, { zero: !log }),
      base = log ? x.domain[0] : 0;
    const items = here.map(({ v, one, s, at }, n) => ({
      position: n,
      value: v,
      base,
      colour: role(s.entity),
      label: W.amount(v, one),
      text: W.pointText(one, s, at),
      ref: [s, at, one],
      hatched: soft(X.cell(one, s, at)),
    }));
    return {
      x,
      y: S.categories(here.map(({ one, s }) => W.whose(s, one))),
      marks: [{ t: "bars", items, thickness: 0.62, name: "bars" }],
      height: Math.max(wide ? 360 : 330, 34 * items.length + 70),
      log,
    };
  };
  X.parts = { ...X.parts, better, bar };
})(window.Explore);
