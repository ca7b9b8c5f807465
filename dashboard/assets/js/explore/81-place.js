// Where everything of a chart stands: its margins and scales.
"use strict";
((X) => {
  const { measure, wrap } = X.drawing;
  // where everything stands, in CSS pixels
  const place = (chart, width, height) => {
    const label = 12.5,
      tick = 12,
      narrow = !chart.wide;
    const ends = chart.marks.filter((m) => m.t === "line" && m.label);
    const bars = chart.marks.find((m) => m.t === "bars");
    let left = 10,
      right = 14,
      top = chart.y.title ? 30 : 20,
      bottom = chart.x.ticks && chart.x.ticks.length ? 32 : 10;
    if (chart.y.ticks.length)
      left =
        Math.min(chart.y.category ? width * 0.36 : 110, Math.max(...chart.y.ticks.map((t) => measure(t[1], tick)))) +
        14;
    const most = width * (narrow ? 0.34 : 0.3);
    if (ends.length)
      right =
        Math.min(
          most,
          Math.max(
            ...ends.map((m) => {
              const w = measure(m.label, label, m.strong);
              return m.short && w > most ? measure(m.short, label, m.strong) : w;
            }),
          ),
        ) + 16;
    if (bars) right = Math.max(14, ...bars.items.map((b) => measure(b.label, tick) + 10));
    if (chart.x.category && chart.x.ticks.length) {
      const room = (width - left - right) / chart.x.ticks.length - 6;
      chart.x.lines = chart.x.ticks.map((t) => wrap(t[1], room, 11.5, 3));
      bottom = 16 + 14 * Math.max(...chart.x.lines.map((l) => l.length));
    } else if (chart.x.ticks.length) {
      const last = chart.x.ticks[chart.x.ticks.length - 1];
      right = Math.max(right, measure(last[1], tick) / 2 + 4);
    }
    if (chart.x.title) bottom += 20;
    const box = { x: left, y: top, w: Math.max(40, width - left - right), h: Math.max(40, height - top - bottom) };
    const scaler = (axis, a, b) => {
      const f = axis.scale === "log" ? Math.log10 : (v) => v;
      const [lo, hi] = axis.domain.map(f);
      return (v) => {
        const t = (f(v) - lo) / (hi - lo || 1);
        return a + (b - a) * (axis.reverse ? 1 - t : t);
      };
    };
    return {
      box,
      width,
      height,
      bottom,
      right: width - box.x - box.w,
      px: scaler(chart.x, box.x, box.x + box.w),
      py: scaler(chart.y, box.y + box.h, box.y),
    };
  };
  X.drawing = { ...X.drawing, place };
})(window.Explore);
