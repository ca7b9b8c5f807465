// Vector transforms of series by period: dashboard/figures/transforms.py, word for word.
// The golden cases in tests/explore/golden hold for both.
"use strict";
((X) => {
  const num = (v) => v !== null && v !== undefined;
  const index = (periods, values, base) => {
    const k = periods.indexOf(base),
      at = k < 0 ? null : values[k];
    return values.map((v) => (num(at) && at > 0 && num(v) ? (v / at) * 100 : null));
  };
  const chain = (values) => {
    let level = 100,
      begun = false;
    return values.map((v) => {
      if (!num(v)) {
        if (begun) level = null;
        return null;
      }
      if (level !== null) level *= v / 100;
      begun = true;
      return level;
    });
  };
  const ratio = (values, reference) =>
    values.map((v, k) => (num(v) && num(reference[k]) && reference[k] > 0 ? (v / reference[k]) * 100 : null));
  const yearBefore = (p) => String(+p.slice(0, 4) - 1).padStart(4, "0") + p.slice(4);
  const change = (periods, values) => {
    const at = new Map(periods.map((p, k) => [p, values[k]]));
    return values.map((v, k) => {
      const before = at.get(yearBefore(periods[k]));
      return num(v) && num(before) && before > 0 ? (v / before - 1) * 100 : null;
    });
  };
  const cumulate = (values) => {
    let total = 0,
      begun = false,
      ended = false;
    return values.map((v) => {
      if (!num(v)) {
        ended = begun;
        return null;
      }
      begun = true;
      total += v;
      return ended ? null : total;
    });
  };
  const scale = (periods, values, byYear, power) =>
    values.map((v, k) => {
      const f = byYear[periods[k].slice(0, 4)];
      return num(v) && num(f) && f > 0 ? (power > 0 ? v * f : v / f) : null;
    });
  const priceLevels = (growth) => {
    const years = Object.keys(growth).sort();
    if (!years.length) return {};
    let level = 1,
      year = years[years.length - 1];
    const out = { [year]: level };
    while (year in growth && growth[year] > -100) {
      level /= 1 + growth[year] / 100;
      year = String(+year - 1).padStart(4, "0");
      out[year] = level;
    }
    return out;
  };
  X.transforms = { index, chain, ratio, yearBefore, change, cumulate, scale, priceLevels };
})(window.Explore);
