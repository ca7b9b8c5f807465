// How wide words are, and which colours the page has: what placing and drawing go by.
"use strict";
((X) => {
  const colours = {}; // by role
  let font = "sans-serif";
  const canvas = document.createElement("canvas").getContext("2d"),
    widths = new Map();
  const measure = (s, size = 12, strong = false) => {
    const key = size + (strong ? "b" : "") + s;
    let w = widths.get(key);
    if (w === undefined) {
      canvas.font = `${strong ? 700 : 400} ${size}px ${font}`;
      widths.set(key, (w = canvas.measureText(s).width));
      if (widths.size > 5000) widths.clear();
    }
    return w;
  };
  // colours come from the page's own custom properties, so that light, dark and print are right
  X.restyle = () => {
    const style = getComputedStyle(document.documentElement),
      roles = "paper raised ink muted rule quiet".split(" ");
    for (const e of Object.values(X.catalogue.entities)) roles.push(e.r);
    for (const r of new Set(roles)) colours[r] = style.getPropertyValue("--" + r).trim() || "#888";
    font = getComputedStyle(document.body).fontFamily;
    widths.clear();
  };
  const rgb = (c) => {
    const n = parseInt(c.slice(1), 16);
    return [n >> 16, (n >> 8) & 255, n & 255];
  };
  const mix = (a, b, t) => {
    const [p, q] = [rgb(a), rgb(b)];
    return (
      "#" +
      p
        .map((v, k) =>
          Math.round(v + (q[k] - v) * t)
            .toString(16)
            .padStart(2, "0"),
        )
        .join("")
    );
  };

  const light = (c) =>
    rgb(c)
      .map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
      .reduce((a, v, k) => a + v * [0.2126, 0.7152, 0.0722][k], 0);
  const contrast = (a, b) => {
    const [p, q] = [light(a), light(b)].sort((m, n) => n - m);
    return (p + 0.05) / (q + 0.05);
  };
  const cellColour = (shade) =>
    shade === null ? colours.paper : mix(colours.paper, colours.shenzhen, 0.06 + 0.86 * shade);
  const readable = (under) => (contrast(colours.ink, under) >= contrast(colours.paper, under) ? "ink" : "paper");

  const fit = (s, room, size, strong) => {
    if (measure(s, size, strong) <= room) return s;
    let n = s.length;
    while (n > 1 && measure(s.slice(0, n) + "…", size, strong) > room) n--;
    return s.slice(0, n).trimEnd() + "…";
  };
  const wrap = (s, room, size, most) => {
    const parts = s.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*/g) || [s],
      lines = [""];
    for (const p of parts) {
      if (lines[lines.length - 1] && measure((lines[lines.length - 1] + p).trimEnd(), size) > room) lines.push("");
      lines[lines.length - 1] += p;
    }
    const out = lines.slice(0, most).map((l) => fit(l.trim(), room, size));
    if (lines.length > most) out[most - 1] = fit(out[most - 1] + "…", room, size);
    return out;
  };
  X.drawing = { ...X.drawing, colours, measure, fit, wrap, cellColour, readable };
})(window.Explore);
