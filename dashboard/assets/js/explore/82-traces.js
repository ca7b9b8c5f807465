// Marks as plotly traces, and the figure that each of their points stands on.
"use strict";
((X) => {
  const { colours, cellColour } = X.drawing;
  const SYMBOL = {
    circle: "circle",
    square: "square",
    diamond: "diamond",
    triangle: "triangle-up",
    ring: "circle-open",
    cross: "x-thin-open",
  };
  const TALLER = 1.2; // plotly's triangle is flatter than the picture's
  const MANY = 40; // lines of a chart that still are a trace each
  const traces = (chart) => {
    const data = [],
      refs = [],
      quiet = { x: [], y: [] };
    const push = (trace, ref) => {
      data.push({ hoverinfo: "skip", showlegend: false, ...trace });
      refs.push(ref);
    };
    for (const m of chart.marks) {
      if (m.t === "line" && !m.name) {
        for (const p of m.points) {
          quiet.x.push(p[0]);
          quiet.y.push(p[1]);
        }
        quiet.x.push(null);
        quiet.y.push(null);
      }
    }
    if (quiet.x.length)
      push({ type: "scatter", mode: "lines", ...quiet, line: { color: colours.rule, width: 1 } }, []);
    const look = (m) => ({
      mode: m.markers ? "lines+markers" : "lines",
      connectgaps: false,
      cliponaxis: !m.markers,
      line: {
        color: colours[m.colour],
        width: m.width,
        dash: m.dash === "dash" ? "6px,4px" : m.dash,
        shape: "linear",
      },
      marker: { size: m.markers ? 6 : 0, color: colours[m.colour] },
    });
    // plotly takes its time over each trace, whatever is in it: many lines that look alike are one trace with gaps
    const lines = chart.marks.filter((m) => m.t === "line" && m.name),
      alike = new Map();
    if (lines.length > MANY)
      for (const m of lines) {
        const key = [m.colour, m.width, m.dash, m.markers].join();
        if (!alike.has(key)) alike.set(key, { ...m, points: [] });
        alike.get(key).points.push(...m.points, [null, null, "", null]);
      }
    for (const m of alike.size ? [...alike.values(), ...chart.marks.filter((m) => m.t !== "line")] : chart.marks) {
      if (m.t === "line" && m.name)
        push(
          { type: "scatter", name: m.name, x: m.points.map((p) => p[0]), y: m.points.map((p) => p[1]), ...look(m) },
          m.points.map((p) => p[3]),
        );
      else if (m.t === "dots")
        push(
          {
            type: "scatter",
            mode: "markers",
            name: m.name,
            x: m.points.map((p) => p[0]),
            y: m.points.map((p) => p[1]),
            cliponaxis: false,
            marker: {
              size: m.symbol === "triangle" ? m.size * TALLER : m.size,
              color: colours[m.colour],
              symbol: SYMBOL[m.symbol || "circle"],
              opacity: 0.92,
              line: {
                width: m.symbol === "ring" ? 1.5 : 1,
                color: m.symbol === "ring" ? colours[m.colour] : colours.paper,
              },
            },
          },
          m.points.map((p) => p[3]),
        );
      else if (m.t === "bars")
        push(
          {
            type: "bar",
            orientation: "h",
            y: m.items.map((b) => b.position),
            x: m.items.map((b) => b.value - b.base),
            base: m.items.map((b) => b.base),
            width: m.thickness,
            marker: { color: m.items.map((b) => colours[b.colour]) },
          },
          m.items.map((b) => b.ref),
        );
      else if (m.t === "cells")
        push(
          {
            type: "bar",
            x: m.items.map((c) => c.column),
            base: m.items.map((c) => c.row - 0.46),
            y: m.items.map(() => 0.92),
            width: 0.95,
            marker: {
              color: m.items.map((c) => cellColour(c.shade)),
              line: { width: m.items.map((c) => (c.shade === null ? 1 : 0)), color: colours.rule },
            },
          },
          m.items.map((c) => c.ref),
        );
    }
    return [data, refs];
  };
  const axis = (a) => ({
    type: a.scale === "log" ? "log" : "linear",
    range: ((r) => (a.reverse ? [r[1], r[0]] : r))(a.domain.map((v) => (a.scale === "log" ? Math.log10(v) : v))),
    autorange: false,
    fixedrange: true,
    visible: false,
  });
  X.drawing = { ...X.drawing, traces, axis };
})(window.Explore);
