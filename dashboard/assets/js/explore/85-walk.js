// What of a chart one walks by keyboard.
"use strict";
((X) => {
  // the series one walks by keyboard: [{name, points: [[x, y, ref], …]}, …]
  X.walk = (chart) => {
    const by = new Map();
    const add = (name, x, y, ref) => {
      if (!by.has(name)) by.set(name, []);
      by.get(name).push([x, y, ref]);
    };
    for (const m of chart.marks) {
      if (m.t === "line" && m.name && !m.name.endsWith(":trail"))
        for (const p of m.points) {
          if (p[3] && !(by.get(m.name) || []).some((q) => q[2][1] === p[3][1] && q[2][2] === p[3][2]))
            add(m.name, p[0], p[1], p[3]);
        }
      else if (m.t === "dots" && m.name.endsWith(":other")) m.points.forEach((p) => add(m.name, p[0], p[1], p[3]));
      else if (m.t === "dots" && m.labels) add("dots", m.points[0][0], m.points[0][1], m.points[0][3]);
      else if (m.t === "bars") m.items.forEach((b) => add("bars", b.value, b.position, b.ref));
      else if (m.t === "cells")
        m.items.forEach((c) => {
          if (c.ref) add("row" + c.row, c.column, c.row, c.ref);
        });
    }
    const out = [...by].map(([name, points]) => ({ name, points }));
    for (const s of out) if (s.name === "dots") s.points.sort((a, b) => a[0] - b[0]);
    return out;
  };
})(window.Explore);
