// State → the numbers it asks for: dashboard/explore/select.py. Reads payloads already fetched (X.data).
"use strict";
((X) => {
  const T = X.transforms,
    num = (v) => v !== null && v !== undefined;
  const meta = (id) => X.catalogue.indicators[id];
  const row = (id, entity) => {
    const d = X.data[id],
      n = d ? d.e.indexOf(entity) : -1;
    return n >= 0 && n < d.y.length ? d.y[n] : null;
  };
  const byYear = (id, entity) => {
    const y = id && row(id, entity),
      out = {};
    if (y)
      X.data[id].x.forEach((p, k) => {
        if (num(y[k]) && p.length === 4) out[p] = y[k];
      });
    return out;
  };
  const residents = (entity) => {
    for (const id of X.catalogue.populations) {
      const found = byYear(id, entity);
      if (Object.keys(found).length) return found;
    }
    return {};
  };
  // the indicators whose payloads a state needs
  const needs = (state) => {
    const shown = state.view === "pursuit" ? state.indicators.slice(0, 1) : state.indicators,
      out = new Set(shown);
    for (const id of shown) {
      const o = meta(id).o;
      if (state.head && o.includes("head")) X.catalogue.populations.forEach((p) => out.add(p));
      if (state.money && o.includes(state.money)) out.add(X.catalogue.rates[state.money === "ppp" ? "ppp" : "usd"]);
      if (state.real && o.includes("real")) out.add(meta(id).d);
    }
    return [...out].filter((id) => meta(id));
  };
  const amounts = (id, state) => {
    const m = meta(id),
      x = X.data[id].x;
    const money = m.o.includes(state.money) ? state.money : "",
      real = state.real && m.o.includes("real"),
      head = state.head && m.o.includes("head");
    let unit = m.u,
      rates = {},
      power = -1,
      prices = {},
      pricesOf = "";
    if (real) {
      prices = T.priceLevels(byYear(m.d, "china"));
      pricesOf = Object.keys(prices).sort().pop() || "";
    }
    if (money) {
      rates = byYear(X.catalogue.rates[money === "ppp" ? "ppp" : "usd"], "china");
      power = money === "cny" ? 1 : -1;
      if (real) {
        const last = Object.keys(rates).sort().pop(),
          fixed = rates[pricesOf] ?? (last ? rates[last] : 0);
        rates = Object.fromEntries(x.map((p) => [p.slice(0, 4), fixed]));
      }
      unit = unit.replace(money === "cny" ? "USD" : "CNY", { usd: "USD", ppp: "int$", cny: "CNY" }[money]);
    }
    const run = (entity, values) => {
      let out = values;
      if (real) out = T.scale(x, out, prices, -1);
      if (money) out = T.scale(x, out, rates, power);
      if (head) out = T.scale(x, out, residents(entity), -1);
      return out;
    };
    return { run, unit, pricesOf };
  };
  const within = (p, s) => (!s.start || p >= s.start) && (!s.end || p <= s.end + "~");
  const commonBase = (periods, inside, rows) => {
    let best = "",
      most = 0;
    for (const k of inside) {
      const n = rows.filter((r) => num(r[k]) && r[k] > 0).length;
      if (n > most) [best, most] = [periods[k], n];
    }
    return best;
  };
  // links without those before the last break in range: levels on its two sides do not compare
  const afterBreak = (d, entity, values, inside) => {
    const last = inside.length ? d.x[inside[inside.length - 1]] : "";
    const start =
      d.notes
        .filter((n) => n[0] === "break" && (!n[1] || n[1] === entity) && n[2] <= last)
        .map((n) => n[2])
        .sort()
        .pop() || "";
    return values.map((v, k) => (d.x[k] >= start ? v : null));
  };
  const select = (state, which = 0, forced = "") => {
    const id = state.indicators[which],
      m = meta(id),
      d = X.data[id];
    let measure = forced || (state.view === "pursuit" ? "ratio" : state.measure);
    if (measure !== "value" && !m.o.includes(measure)) measure = "value";
    const { run, unit, pricesOf } = amounts(id, state);
    const inside = [],
      levels = {};
    d.x.forEach((p, k) => {
      if (within(p, state)) inside.push(k);
    });
    for (const e of new Set([...state.entities, state.reference])) {
      const y = row(id, e);
      if (y) levels[e] = run(e, y);
    }
    let base = "";
    if (measure === "index") {
      if (m.l) for (const e in levels) levels[e] = T.chain(afterBreak(d, e, levels[e], inside));
      const periods = inside.map((k) => d.x[k]);
      base = periods.includes(state.base)
        ? state.base
        : commonBase(
            d.x,
            inside,
            state.entities.filter((e) => levels[e]).map((e) => levels[e]),
          );
    }
    let series = [];
    for (const e of state.entities) {
      if (!levels[e]) continue;
      let v = levels[e];
      if (measure === "index") v = T.index(d.x, v, base);
      else if (measure === "ratio") v = T.ratio(v, levels[state.reference] || []);
      else if (measure === "change") v = T.change(d.x, v);
      v = inside.map((k) => v[k]);
      if (measure === "cumulative") v = T.cumulate(v);
      if (v.some(num)) series.push({ entity: e, indicator: id, values: v });
    }
    const has = inside.map((_, k) => series.some((s) => num(s.values[k])));
    const first = Math.max(0, has.indexOf(true)),
      last = has.lastIndexOf(true) + 1;
    series = series.map((s) => ({ ...s, values: s.values.slice(first, last) }));
    return {
      id,
      meta: m,
      periods: inside.slice(first, last).map((k) => d.x[k]),
      at: inside.slice(first, last),
      series,
      base,
      unit: { index: "index", ratio: "%", change: "%" }[measure] || unit,
      pricesOf: ["CNY", "USD"].includes(m.u.split("/")[0]) ? pricesOf : "",
      missing: state.entities.filter((e) => !series.some((s) => s.entity === e)),
      measure,
      head: state.head && m.o.includes("head"),
      money: m.o.includes(state.money) ? state.money : "",
      several: state.indicators.length > 1 && state.view !== "pursuit",
    };
  };
  // the figure behind a value: number as published, status, source, locator
  const cell = (sel, series, k) => {
    const d = X.data[series.indicator],
      n = d.e.indexOf(series.entity),
      p = sel.at[k];
    if (n < 0 || n >= d.y.length || !num(d.y[n][p])) return null;
    return {
      value: d.y[n][p],
      status: X.STATUS[+d.s[n][p]],
      source: d.sources[d.d[n][p]],
      locator: d.locators[d.l[n][p]],
      period: d.x[p],
    };
  };
  const bestPeriod = (sel) => {
    let best = -1,
      most = 0;
    sel.periods.forEach((_, k) => {
      const n = sel.series.filter((s) => num(s.values[k])).length;
      if (n && n >= most) [best, most] = [k, n];
    });
    return best;
  };
  X.STATUS = ["final", "revised", "preliminary", "estimate", "doubtful"];
  Object.assign(X, { data: X.data || {}, select, cell, needs, bestPeriod, num });
})(window.Explore);
