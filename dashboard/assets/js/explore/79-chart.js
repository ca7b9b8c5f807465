// The chart record of a state, the same as in dashboard/figures/views.py.
"use strict";
((X) => {
  const { W, line, pursuit, slope, bar, scatter, heat, multiples } = X.parts;
  const VIEW = { line, slope, bar, scatter, heat, multiples, pursuit, table: line };

  // the chart record of a state; its payloads (X.needs) must be there
  X.chart = (state, wide = true) => {
    let sel = X.select(state);
    if (state.view === "pursuit") sel = { ...sel, series: sel.series.filter((s) => s.entity !== state.reference) };
    const sels = sel.several ? [sel, ...state.indicators.slice(1).map((_, n) => X.select(state, n + 1))] : [sel];
    const drawn = sels.some((s) => s.series.length)
      ? VIEW[state.view](sels, state, wide)
      : { x: { domain: [0, 1], ticks: [] }, y: { domain: [0, 1], ticks: [] }, marks: [] };
    const at = drawn.at ?? X.bestPeriod(sel),
      title = W.title(sel, state, at, drawn.finding),
      subtitle = W.subtitle(sels, state, at, !!drawn.log);
    return {
      ...drawn,
      sel,
      sels,
      state,
      at,
      title,
      subtitle,
      wide,
      alt: W.altText(title, subtitle, sels),
      notes: W.notes(sels, state),
      empty: drawn.marks.length ? "" : nothing(state),
    };
  };
  const nothing = (state) => {
    const gap = X.catalogue.gaps.find(([i, e]) => state.indicators.includes(i) && state.entities.includes(e));
    return gap ? X.text("empty.gap", { what: gap[2] }) : X.text("empty");
  };
})(window.Explore);
