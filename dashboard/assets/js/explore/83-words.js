// What an overlay of our own says: grid and rules under the marks, ticks and labels over them, so that nothing
// collides and a change costs little.
"use strict";
((X) => {
  const { measure, fit, cellColour, readable } = X.drawing;
  const NS = "http://www.w3.org/2000/svg";
  const el = (parent, tag, attributes, text) => {
    const node = document.createElementNS(NS, tag);
    for (const k in attributes) node.setAttribute(k, attributes[k]);
    if (text !== undefined) node.textContent = text;
    parent.appendChild(node);
    return node;
  };
  // labels at the ends of lines: in order of height, pushed apart, kept inside
  const spread = (wanted, gap, low, high) => {
    const order = wanted.map((y, n) => [y, n]).sort((a, b) => a[0] - b[0]),
      out = [];
    let last = -Infinity;
    for (const [y, n] of order) {
      last = Math.max(y, last + gap, low);
      out.push([last, n]);
    }
    let limit = high;
    for (let k = out.length - 1; k >= 0; k--) {
      if (out[k][0] > limit) out[k][0] = limit;
      limit = out[k][0] - gap;
    }
    const at = [];
    for (const [y, n] of out) at[n] = y;
    return at;
  };
  const size = (svg, p, content) => {
    svg.replaceChildren(content);
    svg.setAttribute("width", p.width);
    svg.setAttribute("height", p.height);
  };
  const drawUnder = (svg, chart, p) => {
    // grid and rules, below the marks
    const g = document.createDocumentFragment(),
      { box } = p;
    const line = (x1, y1, x2, y2, colour, more) =>
      el(g, "line", { x1, y1, x2, y2, stroke: `var(--${colour})`, ...more });
    if (chart.y.grid)
      for (const t of chart.y.ticks) {
        const y = Math.round(p.py(t[0])) + 0.5;
        line(box.x, y, box.x + box.w, y, "rule");
      }
    if (chart.x.grid)
      for (const t of chart.x.ticks) {
        const x = Math.round(p.px(t[0])) + 0.5;
        line(x, box.y, x, box.y + box.h, "rule");
      }
    for (const m of chart.marks)
      if (m.t === "rule") {
        const x0 = m.x0 === null ? box.x : p.px(m.x0),
          x1 = m.x1 === null ? box.x + box.w : p.px(m.x1),
          y0 = m.y0 === null ? box.y : p.py(m.y0),
          y1 = m.y1 === null ? box.y + box.h : p.py(m.y1);
        if (y0 >= box.y - 1 && y0 <= box.y + box.h + 1)
          line(x0, y0, x1, y1, m.colour, {
            "stroke-width": m.width,
            "stroke-dasharray": { dot: "2 3", dash: "6 4", solid: "none" }[m.dash],
          });
      }
    size(svg, p, g);
  };
  const drawWords = (svg, chart, p) => {
    const g = document.createDocumentFragment(),
      { box } = p;
    const say = (x, y, text, { colour = "ink", anchor = "start", size = 12, strong = false, halo = false } = {}) =>
      el(
        g,
        "text",
        {
          x: x.toFixed(1),
          y: y.toFixed(1),
          fill: `var(--${colour})`,
          "text-anchor": anchor,
          "font-size": size,
          ...(strong ? { "font-weight": 700 } : {}),
          ...(halo ? { class: "halo" } : {}),
        },
        text,
      );
    chart.y.ticks.forEach((t) =>
      say(box.x - 10, p.py(t[0]) + 4, chart.y.category ? fit(t[1], box.x - 14, 12) : t[1], {
        colour: chart.y.category ? "ink" : "muted",
        anchor: "end",
      }),
    );
    if (chart.x.category)
      chart.x.ticks.forEach((t, n) =>
        chart.x.lines[n].forEach((l, k) =>
          say(p.px(t[0]), box.y + box.h + 18 + 14 * k, l, { colour: "muted", anchor: "middle", size: 11.5 }),
        ),
      );
    else {
      let until = -Infinity;
      chart.x.ticks.forEach((t) => {
        const w = measure(t[1]) / 2,
          x = Math.max(p.px(t[0]), Math.min(w, box.x));
        if (x - w < until + 6) return;
        until = x + w;
        say(x, box.y + box.h + 21, t[1], { colour: "muted", anchor: "middle" });
      });
    }
    if (chart.y.title) say(Math.max(2, box.x - 10), 14, chart.y.title, { colour: "muted" });
    if (chart.x.title)
      say(box.x + box.w, box.y + box.h + 42, chart.x.title + " →", { colour: "muted", anchor: "end" });
    for (const m of chart.marks) {
      if (m.t === "bars") {
        if (m.items.some((b) => b.hatched)) {
          // not final: paper-coloured lines across the bar
          const pattern = el(el(g, "defs", {}), "pattern", {
            id: "hatch",
            width: 6,
            height: 6,
            patternUnits: "userSpaceOnUse",
            patternTransform: "rotate(45)",
          });
          el(pattern, "line", { x1: 0, x2: 0, y1: 0, y2: 6, stroke: "var(--paper)", "stroke-width": 2.4 });
          const thick = Math.abs(p.py(m.thickness) - p.py(0));
          for (const b of m.items)
            if (b.hatched) {
              const [x0, x1] = [p.px(b.base), p.px(b.value)].sort((u, v) => u - v);
              el(g, "rect", {
                x: x0,
                y: p.py(b.position) - thick / 2,
                width: x1 - x0,
                height: thick,
                fill: "url(#hatch)",
              });
            }
        }
        m.items.forEach((b) =>
          say(p.px(Math.max(b.value, b.base)) + 6, p.py(b.position) + 4, b.label, {
            strong: b.ref && ["shenzhen", "hangzhou"].includes(b.ref[0].entity),
          }),
        );
      } else if (m.t === "cells")
        m.items.forEach((c) => {
          if (c.label)
            say(p.px(c.column), p.py(c.row) + 4, c.label, {
              colour: readable(cellColour(c.shade)),
              anchor: "middle",
              strong: c.label === "1" || c.label === "1*",
            });
        });
    }
    const ends = chart.marks.filter((m) => m.t === "line" && m.label),
      room = p.right - 12;
    const wanted = ends.map((m) => p.py(m.points[m.points.length - 1][1]));
    spread(wanted, 17, box.y + 4, box.y + box.h).forEach((y, n) => {
      const m = ends[n],
        last = m.points[m.points.length - 1],
        x = p.px(last[0]);
      if (x < box.x + box.w - 14 || Math.abs(y - wanted[n]) > 9)
        el(g, "path", {
          d: `M${x + 3} ${wanted[n]}L${box.x + box.w + 6} ${y}`,
          stroke: `var(--${m.colour})`,
          "stroke-width": 0.8,
          fill: "none",
          opacity: 0.45,
        });
      const told = m.short && measure(m.label, 12.5, m.strong) > room ? m.short : m.label; // a cut number would be another number
      say(box.x + box.w + 9, y + 4, fit(told, room, 12.5, m.strong), {
        colour: m.colour,
        size: 12.5,
        strong: m.strong,
      });
    });
    const taken = [];
    const free = (r) =>
      r[0] >= 0 &&
      r[2] <= p.width &&
      r[1] >= 0 &&
      taken.every((t) => r[2] < t[0] || r[0] > t[2] || r[3] < t[1] || r[1] > t[3]);
    for (const m of chart.marks)
      if (m.t === "text") {
        const right = box.x + box.w,
          text = m.room ? fit(m.text, p.px(m.room) - p.px(0), m.size, m.strong) : m.text,
          w = measure(text, m.size, m.strong);
        let x = p.px(m.x) + m.dx,
          y = p.py(m.y) + m.dy,
          a = m.anchor;
        const span = () => {
          const l = a === "start" ? x : a === "end" ? x - w : x - w / 2;
          return [l, y - m.size, l + w, y + 3];
        };
        // inside the axes, as near to its middle as may be: beside them stand the names at the ends of lines
        if (a === "middle") x = Math.max(box.x + w / 2, Math.min(right - w / 2, x));
        if (chart.state.view === "pursuit" && a === "middle") {
          const here = x,
            there = p.px(m.x);
          search: for (const dy of [0, 26, -15, 40, 54])
            for (const [at, side] of [
              [here, "middle"],
              [there, "end"],
              [there, "start"],
            ]) {
              [x, y, a] = [at, p.py(m.y) + m.dy + dy, side];
              if (free(span()) && span()[2] <= right) break search;
            }
        }
        taken.push(span());
        say(x, y, text, { colour: m.colour, anchor: a, size: m.size, strong: m.strong, halo: true });
      }
    if (chart.y.title) {
      const x = Math.max(2, box.x - 10);
      taken.push([x, 2, x + measure(chart.y.title), 18]);
    }
    const dots = chart.marks.filter((m) => m.t === "dots" && m.labels);
    for (const m of dots) {
      const x = p.px(m.points[0][0]),
        y = p.py(m.points[0][1]),
        r = m.size / 2;
      taken.push([x - r, y - r, x + r, y + r]);
    }
    for (const m of dots) {
      const x = p.px(m.points[0][0]),
        y = p.py(m.points[0][1]),
        r = m.size / 2 + 4,
        w = measure(m.labels[0], 12, m.strong);
      const places = [
        [x + r, y + 4, "start", x + r],
        [x - r, y + 4, "end", x - r - w],
        [x, y - r - 2, "middle", x - w / 2],
        [x, y + r + 11, "middle", x - w / 2],
      ];
      const spot = places.find((s) => free([s[3], s[1] - 11, s[3] + w, s[1] + 3])) || places[0];
      taken.push([spot[3], spot[1] - 11, spot[3] + w, spot[1] + 3]);
      say(spot[0], spot[1], m.labels[0], { colour: m.colour, anchor: spot[2], strong: m.strong, halo: true });
    }
    size(svg, p, g);
  };
  X.drawing = { ...X.drawing, drawUnder, drawWords };
})(window.Explore);
