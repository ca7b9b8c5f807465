// Round ticks and places in time: the same as dashboard/figures/scales.py and record.time_value.
"use strict";
((X) => {
  const STEPS = [1, 2, 2.5, 5, 10],
    YEARS = [1, 2, 5, 10, 20, 25, 50, 100];
  const timeValue = (p) => {
    const y = +p.slice(0, 4),
      rest = p.slice(5);
    if (!rest) return y;
    if (rest[0] === "Q") return y + (rest[1] - 1) / 4;
    const [m, d] = rest.split("-");
    return y + (m - 1) / 12 + (d ? (d - 1) / 372 : 0);
  };
  const niceStep = (span, count) => {
    if (!(span > 0 && Number.isFinite(span))) return 1;
    const rough = span / Math.max(1, count),
      power = 10 ** Math.floor(Math.log10(rough));
    const s = STEPS.find((s) => s * power >= rough * (1 - 1e-9));
    return s === undefined ? 10 * power : s * power;
  };
  const round = (v, n) => {
    const p = 10 ** n;
    return n > 15 ? v : Math.round(v * p) / p + 0;
  };
  const niceTicks = (low, high, count = 5) => {
    if (!(Number.isFinite(low) && Number.isFinite(high))) return [];
    if (high <= low) return [low];
    const step = niceStep(high - low, count),
      out = [];
    const first = Math.ceil(low / step - 1e-9),
      last = Math.floor(high / step + 1e-9);
    const n = Math.max(0, 2 - Math.floor(Math.log10(step)));
    for (let k = first; k <= last; k++) out.push(round(k * step, n));
    return out;
  };
  const logTicks = (low, high, count = 6) => {
    if (!(low > 0 && low <= high)) return [];
    const powers = [];
    for (let n = Math.floor(Math.log10(low) + 1e-12); n <= Math.ceil(Math.log10(high) - 1e-12); n++)
      powers.push(+`1e${n}`);
    const ok = (v) => low <= v * (1 + 1e-12) && v <= high * (1 + 1e-12);
    const inside = powers.filter(ok);
    if (inside.length > count) {
      const k = Math.ceil(inside.length / count);
      return inside.filter((_, n) => n % k === 0);
    }
    if (inside.length >= 3) return inside;
    const fine = powers.flatMap((p) => [p, 2 * p, 5 * p]).filter(ok);
    return fine.length ? fine : inside;
  };
  const linear = (values, unit, { count = 5, zero = false, title = "", reverse = false } = {}) => {
    const finite = values.filter(Number.isFinite);
    const least = Math.min(...finite);
    if (zero) finite.push(0);
    let low = finite.length ? Math.min(...finite) : 0,
      high = finite.length ? Math.max(...finite) : 1;
    if (low === high) {
      [low, high] = low === 0 ? [-1, 1] : [low - Math.abs(low) * 0.1, high + Math.abs(high) * 0.1];
      if (zero && low < 0 && least >= 0) low = 0;
    }
    const step = niceStep(high - low, count);
    const start = Math.floor(low / step + 1e-9) * step,
      end = Math.ceil(high / step - 1e-9) * step;
    return {
      domain: [Math.min(start, low), Math.max(end, high)],
      scale: "linear",
      title,
      reverse,
      grid: true,
      ticks: niceTicks(start, end, count).map((v) => [v, X.tick(v, unit)]),
    };
  };
  const log = (values, unit, { count = 6, pad = 0.06, title = "" } = {}) => {
    const finite = values.filter((v) => Number.isFinite(v) && v > 0);
    let low = finite.length ? Math.min(...finite) : 1,
      high = finite.length ? Math.max(...finite) : 10;
    if (high / low < 1.5) {
      low /= 1.5;
      high *= 1.5;
    }
    const room = (high / low) ** pad,
      domain = [low / room, high * room];
    return {
      domain,
      scale: "log",
      title,
      reverse: false,
      grid: true,
      ticks: logTicks(...domain, count).map((v) => [v, X.tick(v, unit)]),
    };
  };
  const years = (first, last, count = 6) => {
    const start = Math.floor(first + 1e-9),
      end = Math.floor(last + 1e-9),
      span = Math.max(1, end - start);
    const step = YEARS.find((s) => span / s <= count) || 100;
    let inner = [];
    for (let y = Math.ceil(start / step) * step; y <= end; y += step) inner.push(y);
    const near = Math.max(0.45 * step, Math.min(1, step / 2), span / (2.2 * count));
    inner = inner.filter((y) => y - start > near && end - y > near);
    const all = [...new Set([start, ...inner, end])].sort((a, b) => a - b);
    return {
      domain: [first, last > first ? last : first + 1],
      scale: "linear",
      grid: false,
      ticks: all.map((y) => [y, String(y)]),
    };
  };
  const categories = (names, reverse = true) => ({
    domain: [-0.5, Math.max(0, names.length - 1) + 0.5],
    scale: "linear",
    grid: false,
    reverse,
    category: true,
    ticks: names.map((s, n) => [n, s]),
  });
  Object.assign(X, { timeValue, scales: { linear, log, years, categories, niceTicks, logTicks } });
})(window.Explore);
