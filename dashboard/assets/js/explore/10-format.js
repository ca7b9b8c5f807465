// Numbers, units, periods and messages in the reader's language: the same words as dashboard/locale.
"use strict";
window.Explore = window.Explore || {};
((X) => {
  const commas = (s) => s.replace(/^(\d+)/, (d) => d.replace(/\B(?=(\d{3})+$)/g, ","));
  // half to even on exact ties, as Python writes numbers (3.15 is no tie: it is a little less)
  const fixed = (v, n) => {
    const p = 10 ** n,
      m = v * p,
      f = Math.floor(m);
    if (
      Math.abs(m - f - 0.5) < 1e-6 &&
      /^50*$/.test(
        v
          .toFixed(Math.min(100, n + 60))
          .split(".")[1]
          .slice(n),
      )
    )
      return ((f % 2 ? f + 1 : f) / p).toFixed(n);
    return v.toFixed(n);
  };
  const digits = (size, d) => {
    if (size === 0) return "0";
    const places = Math.max(0, d - 1 - Math.floor(Math.log10(size)));
    const shown = commas(fixed(size, size === Math.round(size) ? 0 : places));
    return size < 1e-3 ? shown.replace(/0+$/, "") : shown;
  };
  const plain = (size) => {
    if (size >= 1e6) return commas(fixed(size, 0));
    const short = +size.toPrecision(6);
    return commas(short && short < 1e-6 ? short.toFixed(20).replace(/0+$/, "") : String(short));
  };
  const C = () => X.catalogue;
  const text = (key, values) => {
    const message = C().messages["explorer." + key];
    if (message === undefined) throw new Error("no message explorer." + key);
    return values ? message.replace(/\{(\w+)\}/g, (_, k) => values[k]) : message;
  };
  const number = (v, { d = 3, scaled = true } = {}) => {
    if (!Number.isFinite(v)) return "–";
    const sign = v < 0 ? "−" : "",
      size = Math.abs(v);
    if (scaled)
      for (const [step, word] of C().steps)
        if (size >= step * (1 - 0.5 * 10 ** -d))
          return sign + digits(size / step, d) + (C().lang === "en" ? "" : " ") + word;
    return sign + digits(size, d);
  };
  const percent = (v, d = 1) => {
    const s = commas(fixed(Math.abs(v), d));
    if (+s.replaceAll(",", "") !== 0) return (v < 0 ? "−" : "") + s + "%";
    return Math.abs(v) < 1e-12 ? s + "%" : (v < 0 ? "−" : "") + digits(Math.abs(v), 1) + "%";
  };
  const change = (v) => {
    const s = percent(v);
    return s.startsWith("−") ? s : "+" + s;
  };
  const quantity = (v, unit) => {
    if (unit === "year") return fixed(v, 0);
    if (unit === "rank") {
      const [a, b] = C().units.rank;
      return a + (v < 0 ? "-" : "") + commas(fixed(Math.abs(v), 0)) + b;
    }
    if (unit === "%") return percent(v);
    let [before, after] = C().units[unit] || ["", C().bare.includes(unit) ? "" : " " + unit];
    // an index is read by its distance from 100
    const d = unit === "index" && Math.abs(v) >= 1 ? Math.max(3, Math.floor(Math.log10(Math.abs(v))) + 2) : 3;
    const shown = number(v, { d, scaled: !C().unscaled.includes(unit) });
    if (C().lang !== "en" && after && !/^[ °%]/.test(after) && /\d$/.test(shown)) after = " " + after;
    return v < 0 && before ? "−" + before + shown.replace(/^−+/, "") + after : before + shown + after;
  };
  const times = (v) => (C().lang === "en" ? digits(v, 3) + " times" : digits(v, 3) + " 倍");
  const ordinal = (n) => {
    if (C().lang !== "en") return "第 " + n;
    const teen = [11, 12, 13].includes(n % 100);
    return n + (teen ? "th" : { 1: "st", 2: "nd", 3: "rd" }[n % 10] || "th");
  };
  const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  const period = (p) => {
    const en = C().lang === "en",
      year = p.slice(0, 4),
      rest = p.slice(5);
    if (!rest) return en ? year : year + " 年";
    if (rest[0] === "Q")
      return en ? rest + " " + year : `${year} 年第${"一二三四"[rest[1] - 1]}季${C().lang === "zh-Hans" ? "度" : ""}`;
    const [m, d] = rest.split("-");
    if (en) return d ? `${+d} ${MONTHS[m - 1]} ${year}` : `${MONTHS[m - 1]} ${year}`;
    return `${year} 年 ${+m} 月` + (d ? ` ${+d} 日` : "");
  };
  const tick = (v, unit) => {
    if (unit === "%") return (v < 0 ? "−" : "") + plain(Math.abs(v)) + "%";
    if (unit === "rank" || unit === "year") return fixed(v, 0);
    if (v === 0) return "0";
    const sign = v < 0 ? "−" : "",
      size = Math.abs(v);
    if (!C().unscaled.includes(unit))
      for (const [step, word] of C().steps)
        if (size >= step) return sign + plain(size / step) + (C().lang === "en" ? "" : " ") + word;
    return sign + plain(size);
  };
  const unitName = (unit) => {
    if (C().unitNames[unit]) return C().unitNames[unit];
    const [a, b] = C().units[unit] || ["", unit];
    return (a + b).trim();
  };
  Object.assign(X, { text, number, percent, change, quantity, times, ordinal, period, tick, unitName });
})(window.Explore);
