// A chart record on the page: plotly draws marks and grid, an overlay the words (ticks, labels), so that
// nothing collides and a change costs little.
"use strict";
(X => {
  const NS = "http://www.w3.org/2000/svg", SYMBOL = { circle: "circle", square: "square", diamond: "diamond", triangle: "triangle-up", ring: "circle-open", cross: "x-thin-open" };
  const MANY = 40;  // lines of a chart that still are a trace each
  const CONFIG = { displayModeBar: false, displaylogo: false, responsive: false, showSendToCloud: false, staticPlot: true };
  let colours = {}, font = "sans-serif";
  const canvas = document.createElement("canvas").getContext("2d"), widths = new Map();
  const measure = (s, size = 12, strong = false) => {
    const key = size + (strong ? "b" : "") + s;
    let w = widths.get(key);
    if (w === undefined) {
      canvas.font = `${strong ? 700 : 400} ${size}px ${font}`;
      widths.set(key, w = canvas.measureText(s).width);
      if (widths.size > 5000) widths.clear();
    }
    return w;
  };
  // colours come from the page's own custom properties, so that light, dark and print are right
  X.restyle = () => {
    const style = getComputedStyle(document.documentElement), roles = "paper raised ink muted rule quiet".split(" ");
    for (const e of Object.values(X.catalogue.entities)) roles.push(e.r);
    colours = {};
    for (const r of new Set(roles)) colours[r] = style.getPropertyValue("--" + r).trim() || "#888";
    font = getComputedStyle(document.body).fontFamily;
    widths.clear();
  };
  const rgb = c => { const n = parseInt(c.slice(1), 16); return [n >> 16, n >> 8 & 255, n & 255]; };
  const mix = (a, b, t) => { const [p, q] = [rgb(a), rgb(b)]; return "#" + p.map((v, k) => Math.round(v + (q[k] - v) * t).toString(16).padStart(2, "0")).join(""); };

  const light = c => rgb(c).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((a, v, k) => a + v * [0.2126, 0.7152, 0.0722][k], 0);
  const contrast = (a, b) => { const [p, q] = [light(a), light(b)].sort((m, n) => n - m); return (p + 0.05) / (q + 0.05); };
  const cellColour = shade => shade === null ? colours.paper : mix(colours.paper, colours.shenzhen, 0.06 + 0.86 * shade);
  const readable = under => contrast(colours.ink, under) >= contrast(colours.paper, under) ? "ink" : "paper";

  const fit = (s, room, size, strong) => {
    if (measure(s, size, strong) <= room) return s;
    let n = s.length;
    while (n > 1 && measure(s.slice(0, n) + "…", size, strong) > room) n--;
    return s.slice(0, n).trimEnd() + "…";
  };
  const wrap = (s, room, size, most) => {
    const parts = s.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*/g) || [s], lines = [""];
    for (const p of parts) {
      if (lines[lines.length - 1] && measure((lines[lines.length - 1] + p).trimEnd(), size) > room) lines.push("");
      lines[lines.length - 1] += p;
    }
    const out = lines.slice(0, most).map(l => fit(l.trim(), room, size));
    if (lines.length > most) out[most - 1] = fit(out[most - 1] + "…", room, size);
    return out;
  };

  // where everything stands, in CSS pixels
  const place = (chart, width, height) => {
    const label = 12.5, tick = 12, narrow = !chart.wide;
    const ends = chart.marks.filter(m => m.t === "line" && m.label);
    const bars = chart.marks.find(m => m.t === "bars");
    let left = 10, right = 14, top = chart.y.title ? 30 : 16, bottom = chart.x.ticks && chart.x.ticks.length ? 32 : 10;
    if (chart.y.ticks.length) left = Math.min(chart.y.category ? width * 0.36 : 110, Math.max(...chart.y.ticks.map(t => measure(t[1], tick)))) + 14;
    const most = width * (narrow ? 0.34 : 0.3);
    if (ends.length) right = Math.min(most, Math.max(...ends.map(m => { const w = measure(m.label, label, m.strong); return m.short && w > most ? measure(m.short, label, m.strong) : w; }))) + 16;
    if (bars) right = Math.max(14, ...bars.items.map(b => measure(b.label, tick) + 10)) ;
    if (chart.x.category && chart.x.ticks.length) {
      const room = (width - left - right) / chart.x.ticks.length - 6;
      chart.x.lines = chart.x.ticks.map(t => wrap(t[1], room, 11.5, 3));
      bottom = 16 + 14 * Math.max(...chart.x.lines.map(l => l.length));
    } else if (chart.x.ticks.length) {
      const last = chart.x.ticks[chart.x.ticks.length - 1];
      right = Math.max(right, measure(last[1], tick) / 2 + 4);
    }
    if (chart.x.title) bottom += 20;
    const box = { x: left, y: top, w: Math.max(40, width - left - right), h: Math.max(40, height - top - bottom) };
    const scaler = (axis, a, b) => {
      const f = axis.scale === "log" ? Math.log10 : v => v;
      const [lo, hi] = axis.domain.map(f);
      return v => { const t = (f(v) - lo) / (hi - lo || 1); return a + (b - a) * (axis.reverse ? 1 - t : t); };
    };
    return { box, width, height, bottom, right: width - box.x - box.w, px: scaler(chart.x, box.x, box.x + box.w), py: scaler(chart.y, box.y + box.h, box.y) };
  };

  const traces = chart => {
    const data = [], refs = [], quiet = { x: [], y: [] };
    const push = (trace, ref) => { data.push({ hoverinfo: "skip", showlegend: false, ...trace }); refs.push(ref); };
    for (const m of chart.marks) {
      if (m.t === "line" && !m.name) { for (const p of m.points) { quiet.x.push(p[0]); quiet.y.push(p[1]); } quiet.x.push(null); quiet.y.push(null); }
    }
    if (quiet.x.length) push({ type: "scatter", mode: "lines", ...quiet, line: { color: colours.rule, width: 1 } }, []);
    const look = m => ({ mode: m.markers ? "lines+markers" : "lines", connectgaps: false, cliponaxis: !m.markers,
      line: { color: colours[m.colour], width: m.width, dash: m.dash === "dash" ? "6px,4px" : m.dash, shape: "linear" }, marker: { size: m.markers ? 6 : 0, color: colours[m.colour] } });
    // plotly takes its time over each trace, whatever is in it: many lines that look alike are one trace with gaps
    const lines = chart.marks.filter(m => m.t === "line" && m.name), alike = new Map();
    if (lines.length > MANY) for (const m of lines) {
      const key = [m.colour, m.width, m.dash, m.markers].join();
      if (!alike.has(key)) alike.set(key, { ...m, points: [] });
      alike.get(key).points.push(...m.points, [null, null, "", null]);
    }
    for (const m of alike.size ? [...alike.values(), ...chart.marks.filter(m => m.t !== "line")] : chart.marks) {
      if (m.t === "line" && m.name) push({ type: "scatter", name: m.name, x: m.points.map(p => p[0]), y: m.points.map(p => p[1]), ...look(m) }, m.points.map(p => p[3]));
      else if (m.t === "dots") push({
        type: "scatter", mode: "markers", name: m.name, x: m.points.map(p => p[0]), y: m.points.map(p => p[1]), cliponaxis: false,
        marker: { size: m.size, color: colours[m.colour], symbol: SYMBOL[m.symbol || "circle"], opacity: 0.92, line: { width: m.symbol === "ring" ? 1.5 : 1, color: m.symbol === "ring" ? colours[m.colour] : colours.paper } },
      }, m.points.map(p => p[3]));
      else if (m.t === "bars") push({
        type: "bar", orientation: "h", y: m.items.map(b => b.position), x: m.items.map(b => b.value - b.base), base: m.items.map(b => b.base), width: m.thickness,
        marker: { color: m.items.map(b => colours[b.colour]) },
      }, m.items.map(b => b.ref));
      else if (m.t === "cells") push({
        type: "bar", x: m.items.map(c => c.column), base: m.items.map(c => c.row - 0.46), y: m.items.map(() => 0.92), width: 0.95,
        marker: { color: m.items.map(c => cellColour(c.shade)), line: { width: m.items.map(c => c.shade === null ? 1 : 0), color: colours.rule } },
      }, m.items.map(c => c.ref));
    }
    return [data, refs];
  };
  const axis = a => ({
    type: a.scale === "log" ? "log" : "linear", range: (r => a.reverse ? [r[1], r[0]] : r)(a.domain.map(v => a.scale === "log" ? Math.log10(v) : v)), autorange: false, fixedrange: true,
    visible: false,
  });

  const el = (parent, tag, attributes, text) => {
    const node = document.createElementNS(NS, tag);
    for (const k in attributes) node.setAttribute(k, attributes[k]);
    if (text !== undefined) node.textContent = text;
    parent.appendChild(node);
    return node;
  };
  // labels at the ends of lines: in order of height, pushed apart, kept inside
  const spread = (wanted, gap, low, high) => {
    const order = wanted.map((y, n) => [y, n]).sort((a, b) => a[0] - b[0]), out = [];
    let last = -Infinity;
    for (const [y, n] of order) { last = Math.max(y, last + gap, low); out.push([last, n]); }
    let limit = high;
    for (let k = out.length - 1; k >= 0; k--) { if (out[k][0] > limit) out[k][0] = limit; limit = out[k][0] - gap; }
    const at = [];
    for (const [y, n] of out) at[n] = y;
    return at;
  };
  const size = (svg, p, content) => {
    svg.replaceChildren(content);
    svg.setAttribute("width", p.width);
    svg.setAttribute("height", p.height);
  };
  const drawUnder = (svg, chart, p) => {  // grid and rules, below the marks
    const g = document.createDocumentFragment(), { box } = p;
    const line = (x1, y1, x2, y2, colour, more) => el(g, "line", { x1, y1, x2, y2, stroke: `var(--${colour})`, ...more });
    if (chart.y.grid) for (const t of chart.y.ticks) { const y = Math.round(p.py(t[0])) + 0.5; line(box.x, y, box.x + box.w, y, "rule"); }
    if (chart.x.grid) for (const t of chart.x.ticks) { const x = Math.round(p.px(t[0])) + 0.5; line(x, box.y, x, box.y + box.h, "rule"); }
    for (const m of chart.marks) if (m.t === "rule") {
      const x0 = m.x0 === null ? box.x : p.px(m.x0), x1 = m.x1 === null ? box.x + box.w : p.px(m.x1), y0 = m.y0 === null ? box.y : p.py(m.y0), y1 = m.y1 === null ? box.y + box.h : p.py(m.y1);
      if (y0 >= box.y - 1 && y0 <= box.y + box.h + 1) line(x0, y0, x1, y1, m.colour, { "stroke-width": m.width, "stroke-dasharray": { dot: "2 3", dash: "6 4", solid: "none" }[m.dash] });
    }
    size(svg, p, g);
  };
  const drawWords = (svg, chart, p) => {
    const g = document.createDocumentFragment(), { box } = p;
    const say = (x, y, text, { colour = "ink", anchor = "start", size = 12, strong = false, halo = false } = {}) =>
      el(g, "text", { x: x.toFixed(1), y: y.toFixed(1), fill: `var(--${colour})`, "text-anchor": anchor, "font-size": size, ...(strong ? { "font-weight": 700 } : {}), ...(halo ? { class: "halo" } : {}) }, text);
    chart.y.ticks.forEach(t => say(box.x - 10, p.py(t[0]) + 4, chart.y.category ? fit(t[1], box.x - 14, 12) : t[1], { colour: chart.y.category ? "ink" : "muted", anchor: "end" }));
    if (chart.x.category) chart.x.ticks.forEach((t, n) => chart.x.lines[n].forEach((l, k) => say(p.px(t[0]), box.y + box.h + 18 + 14 * k, l, { colour: "muted", anchor: "middle", size: 11.5 })));
    else {
      let until = -Infinity;
      chart.x.ticks.forEach((t, n) => {
        const w = measure(t[1]) / 2, x = Math.max(p.px(t[0]), Math.min(w, box.x));
        if (x - w < until + 6) return;
        until = x + w;
        say(x, box.y + box.h + 21, t[1], { colour: "muted", anchor: "middle" });
      });
    }
    if (chart.y.title) say(Math.max(2, box.x - 10), 14, chart.y.title, { colour: "muted" });
    if (chart.x.title) say(box.x + box.w, box.y + box.h + 42, chart.x.title + " →", { colour: "muted", anchor: "end" });
    for (const m of chart.marks) {
      if (m.t === "bars") {
        if (m.items.some(b => b.hatched)) {  // not final: paper-coloured lines across the bar
          const pattern = el(el(g, "defs", {}), "pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
          el(pattern, "line", { x1: 0, x2: 0, y1: 0, y2: 6, stroke: "var(--paper)", "stroke-width": 2.4 });
          const thick = Math.abs(p.py(m.thickness) - p.py(0));
          for (const b of m.items) if (b.hatched) { const [x0, x1] = [p.px(b.base), p.px(b.value)].sort((u, v) => u - v); el(g, "rect", { x: x0, y: p.py(b.position) - thick / 2, width: x1 - x0, height: thick, fill: "url(#hatch)" }); }
        }
        m.items.forEach(b => say(p.px(Math.max(b.value, b.base)) + 6, p.py(b.position) + 4, b.label, { strong: b.ref && ["shenzhen", "hangzhou"].includes(b.ref[0].entity) }));
      }
      else if (m.t === "cells") m.items.forEach(c => { if (c.label) say(p.px(c.column), p.py(c.row) + 4, c.label, { colour: readable(cellColour(c.shade)), anchor: "middle", strong: c.label === "1" || c.label === "1*" }); });
    }
    const ends = chart.marks.filter(m => m.t === "line" && m.label), room = p.right - 12;
    const wanted = ends.map(m => p.py(m.points[m.points.length - 1][1]));
    spread(wanted, 17, box.y + 4, box.y + box.h).forEach((y, n) => {
      const m = ends[n], last = m.points[m.points.length - 1], x = p.px(last[0]);
      if (x < box.x + box.w - 14 || Math.abs(y - wanted[n]) > 9) el(g, "path", { d: `M${x + 3} ${wanted[n]}L${box.x + box.w + 6} ${y}`, stroke: `var(--${m.colour})`, "stroke-width": 0.8, fill: "none", opacity: 0.45 });
      const told = m.short && measure(m.label, 12.5, m.strong) > room ? m.short : m.label;  // a cut number would be another number
      say(box.x + box.w + 9, y + 4, fit(told, room, 12.5, m.strong), { colour: m.colour, size: 12.5, strong: m.strong });
    });
    const taken = [];
    const free = r => r[0] >= 0 && r[2] <= p.width && r[1] >= 0 && taken.every(t => r[2] < t[0] || r[0] > t[2] || r[3] < t[1] || r[1] > t[3]);
    for (const m of chart.marks) if (m.t === "text") {
      const right = box.x + box.w, text = m.room ? fit(m.text, p.px(m.room) - p.px(0), m.size, m.strong) : m.text, w = measure(text, m.size, m.strong);
      let x = p.px(m.x) + m.dx, y = p.py(m.y) + m.dy, a = m.anchor;
      const span = () => { const l = a === "start" ? x : a === "end" ? x - w : x - w / 2; return [l, y - m.size, l + w, y + 3]; };
      // inside the axes, as near to its middle as may be: beside them stand the names at the ends of lines
      if (a === "middle") x = Math.max(box.x + w / 2, Math.min(right - w / 2, x));
      if (chart.state.view === "pursuit" && a === "middle") {
        const here = x, there = p.px(m.x);
        search: for (const dy of [0, 26, -15, 40, 54]) for (const [at, side] of [[here, "middle"], [there, "end"], [there, "start"]]) {
          [x, y, a] = [at, p.py(m.y) + m.dy + dy, side];
          if (free(span()) && span()[2] <= right) break search;
        }
      }
      taken.push(span());
      say(x, y, text, { colour: m.colour, anchor: a, size: m.size, strong: m.strong, halo: true });
    }
    if (chart.y.title) { const x = Math.max(2, box.x - 10); taken.push([x, 2, x + measure(chart.y.title), 18]); }
    const dots = chart.marks.filter(m => m.t === "dots" && m.labels);
    for (const m of dots) { const x = p.px(m.points[0][0]), y = p.py(m.points[0][1]), r = m.size / 2; taken.push([x - r, y - r, x + r, y + r]); }
    for (const m of dots) {
      const x = p.px(m.points[0][0]), y = p.py(m.points[0][1]), r = m.size / 2 + 4, w = measure(m.labels[0], 12, m.strong);
      const places = [[x + r, y + 4, "start", x + r], [x - r, y + 4, "end", x - r - w], [x, y - r - 2, "middle", x - w / 2], [x, y + r + 11, "middle", x - w / 2]];
      const spot = places.find(s => free([s[3], s[1] - 11, s[3] + w, s[1] + 3])) || places[0];
      taken.push([spot[3], spot[1] - 11, spot[3] + w, spot[1] + 3]);
      say(spot[0], spot[1], m.labels[0], { colour: m.colour, anchor: spot[2], strong: m.strong, halo: true });
    }
    size(svg, p, g);
  };

  // a figure's place on the page, for the pointer: [x, y, ref]; bars and fields answer over their whole length
  const spot = (p, t, k, ref) => {
    if (t.type !== "bar") return [p.px(t.x[k]), p.py(t.y[k]), ref];
    if (!t.orientation) return [p.px(t.x[k]), p.py(t.base[k] + 0.46), ref, "cell"];
    return [p.px(t.base[k] + t.x[k]), p.py(t.y[k]), ref, "bar"];
  };
  // the figure nearest to a place on the page, within reach
  X.nearest = (p, x, y) => {
    let best = null, least = 40 ** 2;
    for (const s of p.refs) {
      const d = s[3] === "bar" ? (x <= s[0] + 60 ? (y - s[1]) ** 2 : Infinity) : s[3] === "cell" ? Math.max(Math.abs(x - s[0]), Math.abs(y - s[1])) ** 2 : (x - s[0]) ** 2 + (y - s[1]) ** 2;
      if (d < least) [best, least] = [s, d];
    }
    return best;
  };
  // the same proportions as the picture the server drew, so that nothing jumps
  X.heightFor = (chart, width) => Math.max(chart.height || 0, Math.round(width * (width >= 600 ? 534 / 920 : 400 / 358)));
  X.draw = (gd, under, over, chart, width, height) => {
    const p = place(chart, width, height), [data, refs] = traces(chart);
    const layout = {
      width, height, autosize: false, margin: { l: p.box.x, t: p.box.y, r: p.right, b: height - p.box.y - p.box.h, pad: 0, autoexpand: false },
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", showlegend: false, hovermode: false, dragmode: false, barmode: "overlay",
      xaxis: axis(chart.x), yaxis: axis(chart.y),
    };
    const done = window.Plotly.react(gd, data, layout, CONFIG);
    drawUnder(under, chart, p);
    drawWords(over, chart, p);
    return Object.assign(p, { data, layout, done, refs: data.flatMap((t, n) => refs[n].flatMap((r, k) => r ? [spot(p, t, k, r)] : [])) });
  };
  X.CONFIG = CONFIG;


  // the series one walks by keyboard: [{name, points: [[x, y, ref], …]}, …]
  X.walk = chart => {
    const by = new Map();
    const add = (name, x, y, ref) => { if (!by.has(name)) by.set(name, []); by.get(name).push([x, y, ref]); };
    for (const m of chart.marks) {
      if (m.t === "line" && m.name && !m.name.endsWith(":trail")) for (const p of m.points) { if (p[3] && !(by.get(m.name) || []).some(q => q[2][1] === p[3][1] && q[2][2] === p[3][2])) add(m.name, p[0], p[1], p[3]); }
      else if (m.t === "dots" && m.name.endsWith(":other")) m.points.forEach(p => add(m.name, p[0], p[1], p[3]));
      else if (m.t === "dots" && m.labels) add("dots", m.points[0][0], m.points[0][1], m.points[0][3]);
      else if (m.t === "bars") m.items.forEach(b => add("bars", b.value, b.position, b.ref));
      else if (m.t === "cells") m.items.forEach(c => { if (c.ref) add("row" + c.row, c.column, c.row, c.ref); });
    }
    const out = [...by].map(([name, points]) => ({ name, points }));
    for (const s of out) if (s.name === "dots") s.points.sort((a, b) => a[0] - b[0]);
    return out;
  };
})(window.Explore);
