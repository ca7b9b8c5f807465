// A chart record on the page: plotly draws the marks, an overlay the words.
"use strict";
((X) => {
  const { place, traces, axis, drawUnder, drawWords } = X.drawing;
  const CONFIG = {
    displayModeBar: false,
    displaylogo: false,
    responsive: false,
    showSendToCloud: false,
    staticPlot: true,
  };
  // a figure's place on the page, for the pointer: [x, y, ref]; bars and fields answer over their whole length
  const spot = (p, t, k, ref) => {
    if (t.type !== "bar") return [p.px(t.x[k]), p.py(t.y[k]), ref];
    if (!t.orientation) return [p.px(t.x[k]), p.py(t.base[k] + 0.46), ref, "cell"];
    return [p.px(t.base[k] + t.x[k]), p.py(t.y[k]), ref, "bar"];
  };
  // the figure nearest to a place on the page, within reach
  X.nearest = (p, x, y) => {
    let best = null,
      least = 40 ** 2;
    for (const s of p.refs) {
      const d =
        s[3] === "bar"
          ? x <= s[0] + 60
            ? (y - s[1]) ** 2
            : Infinity
          : s[3] === "cell"
            ? Math.max(Math.abs(x - s[0]), Math.abs(y - s[1])) ** 2
            : (x - s[0]) ** 2 + (y - s[1]) ** 2;
      if (d < least) [best, least] = [s, d];
    }
    return best;
  };
  // the same proportions as the picture the server drew, so that nothing jumps
  X.heightFor = (chart, width) =>
    Math.max(chart.height || 0, Math.round(width * (width >= 600 ? 534 / 920 : 400 / 358)));
  X.draw = (gd, under, over, chart, width, height) => {
    const p = place(chart, width, height),
      [data, refs] = traces(chart);
    const layout = {
      width,
      height,
      autosize: false,
      margin: { l: p.box.x, t: p.box.y, r: p.right, b: height - p.box.y - p.box.h, pad: 0, autoexpand: false },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      showlegend: false,
      hovermode: false,
      dragmode: false,
      barmode: "overlay",
      xaxis: axis(chart.x),
      yaxis: axis(chart.y),
    };
    const done = window.Plotly.react(gd, data, layout, CONFIG);
    drawUnder(under, chart, p);
    drawWords(over, chart, p);
    return Object.assign(p, {
      data,
      layout,
      done,
      refs: data.flatMap((t, n) => refs[n].flatMap((r, k) => (r ? [spot(p, t, k, r)] : []))),
    });
  };
  X.CONFIG = CONFIG;
})(window.Explore);
