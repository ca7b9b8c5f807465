// What a view says: dashboard/explore/words.py.
"use strict";
((X) => {
  const num = X.num;
  const name = (e) => (X.catalogue.entities[e] ? X.catalogue.entities[e].n : e);
  const amount = (v, sel) => {
    if (sel.unit === "index") return X.number(v);
    if (sel.measure === "change") return X.change(v);
    return X.quantity(v, sel.unit);
  };
  // a series' name; beside other indicators its indicator's, too; and the stable name of its mark
  const whose = (s, sel) => (sel.several ? name(s.entity) + " · " + sel.meta.n : name(s.entity));
  const keyOf = (s, sel) => (sel.several ? s.entity + ":" + s.indicator : s.entity);
  const publisher = (source) =>
    source ? source[2][["zh-Hans", "zh-Hant", "en"].indexOf(X.catalogue.lang)] || source[1] : "";
  const pointParts = (sel, s, k) => {
    const c = X.cell(sel, s, k),
      said = amount(s.values[k], sel);
    const raw = c ? X.quantity(c.value, X.catalogue.indicators[s.indicator].u) : said;
    return {
      entity: whose(s, sel),
      period: X.period(sel.periods[k]),
      said,
      raw: raw === said ? "" : raw,
      status: c && c.status !== "final" ? X.text("status." + c.status) : "",
      publisher: c ? publisher(c.source) : "",
    };
  };
  // the same for what another document says: [entity, period, value, status, source, locator, note]
  const otherParts = (sel, s, a) => ({
    entity: whose(s, sel),
    period: X.period(a[1]),
    said: X.quantity(a[2], sel.meta.u),
    raw: "",
    status: [X.text("other_source"), a[3] ? X.text("status." + X.STATUS[a[3]]) : ""].filter(Boolean).join(" · "),
    publisher: publisher(X.data[sel.id].sources[a[4]]),
  });
  const pointText = (sel, s, k) => {
    if (!num(s.values[k])) return "";
    const p = pointParts(sel, s, k);
    return [p.entity, p.period, p.said, p.raw, p.status, p.publisher].filter(Boolean).join(" · ");
  };
  const commonEnds = (sel) => {
    const counts = sel.periods.map((_, k) => sel.series.filter((s) => num(s.values[k])).length),
      most = Math.max(...counts);
    return [counts.indexOf(most), counts.lastIndexOf(most)];
  };
  const points = (s) => s.values.flatMap((v, k) => (num(v) ? [k] : []));
  const finding = (sel, state, at) => {
    const { series, periods } = sel;
    if (!series.length) return ["", {}];
    if (state.view === "pursuit") {
      const lines = series
        .filter((s) => s.entity !== state.reference)
        .map((s) => [Math.max(...s.values.filter(num)), s.values[points(s).pop()], s]);
      if (!lines.length) return ["", {}];
      const passed = lines.filter((p) => p[0] >= 100 && p[1] < 100),
        ahead = lines.filter((p) => p[1] >= 100),
        behind = lines.filter((p) => p[0] < 100);
      const most = (all, n) => all.reduce((p, q) => (q[n] > p[n] ? q : p));
      const [peak, now, best] = most(
          [passed, behind, ahead].find((all) => all.length),
          0,
        ),
        k = best.values.indexOf(peak);
      const found = { a: best.entity, ref: state.reference, peak_share: peak, period: periods[k], now_share: now };
      if (passed.length) return ["passed", found];
      if (ahead.length && behind.length) {
        const [, first, leader] = most(ahead, 1);
        return ["ahead_closest", { ...found, a: leader.entity, b: best.entity, now_share: first }];
      }
      return [(ahead.length ? "ahead" : "closest") + (k === points(best).pop() ? "_still" : ""), found];
    }
    if (["line", "slope", "multiples", "table"].includes(state.view) && ["value", "index"].includes(state.measure)) {
      const [a, b] = commonEnds(sel);
      const grown = series
        .filter((s) => num(s.values[a]) && s.values[a] > 0 && num(s.values[b]))
        .map((s) => [s.values[b] / s.values[a], s])
        .sort((p, q) => q[0] - p[0]);
      if (grown.length >= 2 && a < b && !["%", "rank", "degrees", "year"].includes(sel.unit))
        return [
          grown[0][0] >= 1 ? "grew" : "fell",
          {
            a: grown[0][1].entity,
            a_times: grown[0][0],
            b: grown[1][1].entity,
            b_times: grown[1][0],
            period: periods[a],
          },
        ];
    }
    if (state.view === "line" && state.measure === "value" && sel.meta.f === "daily") {
      // attention comes in bursts
      const tops = series.map((s) => [Math.max(...s.values.filter(num)), s]).sort((p, q) => q[0] - p[0]),
        [[first, one], [second, other]] = [tops[0], tops[Math.min(1, tops.length - 1)]];
      return [
        tops.length > 1 ? "peaks" : "peak",
        {
          a: one.entity,
          a_value: first,
          period: periods[one.values.indexOf(first)],
          b: other.entity,
          b_value: second,
          until: periods[other.values.indexOf(second)],
        },
      ];
    }
    const here = at >= 0 ? series.filter((s) => num(s.values[at])) : [];
    if (!here.length) return ["", {}];
    const low = sel.meta.b === "lower" && sel.unit === "rank";
    const ranked = [...here].sort((p, q) => (low ? p.values[at] - q.values[at] : q.values[at] - p.values[at]));
    const values = { a: ranked[0].entity, a_value: ranked[0].values[at], period: periods[at] };
    if (ranked.length === 1) return ["alone", values];
    const end = ranked[ranked.length - 1],
      first = ranked[0].values[at],
      last = end.values[at];
    if (state.view === "bar" && ranked.length > 2 && !low && first >= FAR * last && last > 0)
      return ["far_apart", { ...values, b: end.entity, b_value: last, b_times: first / last }];
    return ["leads", { ...values, b: ranked[1].entity, b_value: ranked[1].values[at] }];
  };
  const title = (sel, state, at, found) => {
    const [key, values] = found || finding(sel, state, at);
    if (!key) return sel.meta.n;
    const said = {};
    for (const [k, v] of Object.entries(values)) {
      if (["a", "b", "ref"].includes(k)) said[k] = name(v);
      else if (k === "names") said[k] = v.split("~").map(name).join(X.text("sub.list"));
      else if (k === "period" || k === "until") said[k] = X.period(v);
      else if (k === "indicator" || k === "other") said[k] = X.catalogue.indicators[v].n;
      else if (typeof v === "string") said[k] = v;
      else said[k] = k.endsWith("times") ? X.times(v) : k.endsWith("share") ? X.percent(v) : amount(v, sel);
    }
    const words = X.text("finding." + key, said);
    return !found && sel.several ? X.text("finding.of", { indicator: sel.meta.n, said: words }) : words;
  };
  // how an indicator is measured: unit or transform, per head, in which prices and money
  const measured = (sel, state) => {
    const parts = [],
      { measure } = sel;
    if (measure === "index") {
      if (sel.base) parts.push(X.text("sub.index", { period: X.period(sel.base) }));
    } else if (measure === "ratio") parts.push(X.text("sub.ratio", { ref: name(state.reference) }));
    else if (measure === "change") parts.push(X.text("sub.change"));
    else {
      parts.push(X.unitName(sel.unit));
      if (measure === "cumulative") parts.push(X.text("sub.cumulative"));
    }
    if (sel.head) parts.push(X.text("sub.head"));
    if (sel.pricesOf) parts.push(X.text("sub.real", { period: X.period(sel.pricesOf) }));
    if (sel.money && measure !== "value" && measure !== "cumulative") parts.push(X.text("money." + sel.money));
    return parts.filter(Boolean);
  };
  const named = (sel, state) => {
    const parts = measured(sel, state);
    if (state.view === "bar" && sel.periods.length) parts.push(X.period(sel.periods[X.bestPeriod(sel)]));
    const said = parts.join(X.text("sub.comma"));
    return said ? sel.meta.n + (X.catalogue.lang === "en" ? ` (${said})` : `（${said}）`) : sel.meta.n;
  };
  const subtitle = (sels, state, at, log) => {
    const [first] = sels,
      { view } = state,
      en = X.catalogue.lang === "en";
    if (view === "heat" && state.indicators.length > 1) return X.text("sub.ranks_each");
    const parts =
      sels.length > 1 && view !== "scatter"
        ? [sels.map((s) => named(s, state)).join(X.text("sub.list"))]
        : [first.meta.n, ...measured(first, state)];
    const shown =
      view === "slope"
        ? sels.filter((s) => s.series.length).map((s) => commonEnds(s).map((k) => s.periods[k]))
        : sels.map((s) => s.periods); // a slope shows two periods
    const periods = view === "scatter" ? first.periods : [...new Set(shown.flat())].sort();
    if (periods.length) {
      if (view === "heat") parts.push(X.text("sub.ranks"));
      if (view === "scatter" || (view === "bar" && sels.length === 1))
        parts.push(at >= 0 ? X.period(first.periods[at]) : "");
      else if (view !== "bar") {
        const [a, b] = [periods[0], periods[periods.length - 1]].map(X.period);
        parts.push(a === b ? a : en ? `${a}–${b}` : `${a}\u00a0–\u00a0${b}`);
      }
    }
    if (view === "scatter" && sels.length > 2) parts.push(X.text("sub.size", { indicator: sels[2].meta.n }));
    if (log) parts.push(X.text("sub.log"));
    return parts.filter(Boolean).join(X.text("sub.comma"));
  };
  const FAR = 10; // a ranking whose first is so many times its last says how far apart they are
  const SOFT_MARK = { bar: "hatched", scatter: "hollow", heat: "starred", table: "starred" };
  const showsAlternatives = (state, sel) =>
    state.alternatives &&
    state.view === "line" &&
    sel.measure === "value" &&
    !(state.money || state.real || state.head);
  const notes = (sels, state) => {
    const out = [],
      en = X.catalogue.lang === "en",
      which = { en: 3, "zh-Hans": 4, "zh-Hant": 5 }[X.catalogue.lang];
    for (const sel of sels)
      if (sel.missing.length) {
        const said = X.text("note.missing", { names: sel.missing.map(name).join(X.text("sub.list")) });
        out.push(sels.length > 1 ? X.text("finding.of", { indicator: sel.meta.n, said }) : said);
      }
    const soft = (sel) =>
      sel.series.some((s) =>
        sel.periods.some((_, k) => {
          const c = X.cell(sel, s, k);
          return c && (c.status === "preliminary" || c.status === "estimate");
        }),
      );
    if (sels.some(soft)) out.push(X.text("note." + (SOFT_MARK[state.view] || "dashed")));
    if (showsAlternatives(state, sels[0])) out.push(X.text("note.rings"));
    for (const sel of sels) {
      // cities and companies share the country's series of prices and exchange rates
      if (sel.pricesOf) out.push(X.text("note.real", { indicator: X.catalogue.indicators[sel.meta.d].n }));
      if (sel.money)
        out.push(
          sel.pricesOf
            ? X.text("note.rate_fixed", { period: X.period(sel.pricesOf) })
            : X.text(sel.money === "ppp" ? "note.parity" : "note.rate"),
        );
    }
    for (const sel of sels) {
      const shown = new Set(sel.series.map((s) => s.entity)),
        p = sel.periods;
      const every = X.data[sel.id].notes;
      for (const n of [...every.filter((n) => n[0] === "break"), ...every.filter((n) => n[0] !== "break")]) {
        if (n[1] && !shown.has(n[1])) continue;
        if (n[2] && !(p.length && p[0] <= n[2] && n[2] <= p[p.length - 1] + "~")) continue;
        out.push((n[1] ? name(n[1]) + (en ? ": " : "：") : "") + n[which]);
      }
    }
    return [...new Set(out)];
  };
  const altText = (t, sub, sels) => {
    const en = X.catalogue.lang === "en",
      lines = [en ? `${t}. ${sub}.` : `${t}。${sub}。`];
    for (const sel of sels)
      for (const s of sel.series.slice(0, 8)) {
        const at = points(s),
          a = at[0],
          b = at[at.length - 1];
        lines.push(
          X.text("alt.series", {
            name: whose(s, sel),
            first: amount(s.values[a], sel),
            last: amount(s.values[b], sel),
            start: X.period(sel.periods[a]),
            end: X.period(sel.periods[b]),
          }),
        );
      }
    return lines.join(en ? " " : "");
  };
  const isLog = (sel, state) => {
    return (
      (state.scale || X.ownScale(sel.meta.s, state.measure, state.view)) === "log" &&
      sel.series.every((s) => s.values.every((v) => !num(v) || v > 0))
    );
  };
  // a title's names and amounts are not torn apart at the end of a line
  const AMOUNT =
    "(?:[A-Z]{3} )?\\d[\\d.,]*%?(?: ?(?:trillion|billion|million|times|[万亿兆億萬元美倍年月日人个個家项項件辆輛]+))?";
  X.phrase = ({ title, state }) => {
    const names = [...new Set([...state.entities, state.reference])]
      .map(name)
      .filter((n) => n.length > 1 && n.length < 13 && title.includes(n))
      .sort((a, b) => b.length - a.length);
    const held = new RegExp(
      "(" + [...names.map((n) => n.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")), AMOUNT].join("|") + ")",
    );
    return title
      .split(held)
      .map((part, n) => {
        if (n % 2 === 0) return part;
        const s = document.createElement("span");
        s.className = "nw";
        s.textContent = part;
        return s;
      })
      .filter((p) => p !== "");
  };
  X.words = {
    name,
    whose,
    keyOf,
    named,
    amount,
    publisher,
    pointParts,
    otherParts,
    pointText,
    commonEnds,
    points,
    finding,
    title,
    subtitle,
    notes,
    altText,
    isLog,
    showsAlternatives,
  };
})(window.Explore);
