// Beside the chart: table of the data shown, notes and sources, the documents of a point.
"use strict";
((X) => {
  const W = X.words,
    num = X.num;
  const h = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const k in attributes) if (attributes[k] !== null) node.setAttribute(k, attributes[k]);
    node.append(...children.filter((c) => c !== null && c !== ""));
    return node;
  };
  const web = (url) => {
    try {
      return /^https?:$/.test(new URL(url).protocol) ? url : "";
    } catch {
      return "";
    }
  };

  const LONGEST = 400; // rows of a table on the page; all are in the files
  X.table = (chart) => {
    const columns = chart.sels.flatMap((sel) =>
      sel.series.map((s) => [sel, s, new Map(sel.periods.map((p, k) => [p, s.values[k]]))]),
    );
    const periods = [...new Set(chart.sels.flatMap((s) => s.periods))].sort().reverse(),
      rows = [];
    let found = 0;
    for (const p of periods) {
      if (!columns.some((c) => num(c[2].get(p)))) continue;
      if (++found > LONGEST) continue;
      rows.push(
        h(
          "tr",
          {},
          h("th", { scope: "row" }, X.period(p)),
          ...columns.map(([sel, s, at]) => {
            const c = num(at.get(p)) && X.cell(sel, s, sel.periods.indexOf(p));
            return h(
              "td",
              { class: "n" },
              num(at.get(p))
                ? W.amount(at.get(p), sel) + (c && (c.status === "preliminary" || c.status === "estimate") ? "*" : "")
                : "–",
            );
          }),
        ),
      );
    }
    const more =
      found > LONGEST
        ? h(
            "tfoot",
            {},
            h(
              "tr",
              {},
              h(
                "td",
                { colspan: columns.length + 1 },
                X.text("table.newest", { n: X.number(LONGEST), m: X.number(found) }),
              ),
            ),
          )
        : "";
    const head = h(
      "tr",
      {},
      h("th", { scope: "col" }, X.text("period")),
      ...columns.map(([sel, s]) => h("th", { scope: "col", class: "n" }, W.whose(s, sel))),
    );
    return h(
      "table",
      { class: "grid" },
      h("caption", {}, chart.subtitle),
      h("thead", {}, head),
      h("tbody", {}, ...rows),
      more,
    );
  };

  X.sourcesOf = (chart) => {
    const used = new Map();
    for (const sel of chart.sels) {
      const d = X.data[sel.id];
      for (const s of sel.series) {
        const n = d.e.indexOf(s.entity);
        for (const k of sel.at) {
          if (d.d[n][k] < 0) continue;
          const source = d.sources[d.d[n][k]],
            known = used.get(source[0]);
          if (known) known.n++;
          else used.set(source[0], { s: source, n: 1 });
        }
      }
    }
    return [...used.values()].sort((a, b) => b.n - a.n || (a.s[0] < b.s[0] ? -1 : 1)).map((u) => u.s);
  };

  const document_ = (s, more = []) =>
    h(
      "li",
      {},
      web(s[3])
        ? h("a", { class: "title", href: s[3], rel: "noopener noreferrer nofollow", target: "_blank" }, s[1])
        : h("span", { class: "title" }, s[1]),
      h(
        "p",
        { class: "meta" },
        [
          W.publisher(s) === s[1] ? "" : W.publisher(s),
          X.catalogue.messages["explorer.tier." + s[4]] || s[4],
          X.catalogue.messages["explorer.custody." + s[7]],
          s[6] && X.text("panel.published", { date: s[6] }),
          s[5] && X.text("panel.retrieved", { date: s[5].slice(0, 10) }),
        ]
          .filter(Boolean)
          .join(" · "),
      ),
      ...more.filter(Boolean).map((t) => h("p", { class: "meta" }, t)),
    );
  X.sourceList = (sources) => h("ol", { class: "documents" }, ...sources.map((s) => document_(s)));

  // every figure that a shown value stands on: its own, and those it was divided by
  const standsOn = (state, id, entity, period) => {
    const out = [[id, entity, period]],
      m = X.catalogue.indicators[id],
      year = period.slice(0, 4);
    if ((state.measure === "ratio" || state.view === "pursuit") && state.reference !== entity)
      out.push([id, state.reference, period]);
    if (state.head && m.o.includes("head"))
      for (const p of X.catalogue.populations)
        if (X.data[p] && X.data[p].e.includes(entity)) {
          out.push([p, entity, year]);
          break;
        }
    if (state.money && m.o.includes(state.money))
      out.push([X.catalogue.rates[state.money === "ppp" ? "ppp" : "usd"], "china", year]);
    if (state.real && m.o.includes("real")) out.push([m.d, "china", year]);
    return out;
  };
  const figure = (id, entity, period) => {
    const d = X.data[id];
    if (!d) return null;
    const n = d.e.indexOf(entity),
      k = d.x.indexOf(period),
      unit = X.catalogue.indicators[id].u,
      has = n >= 0 && n < d.y.length && k >= 0 && num(d.y[n][k]);
    const others = d.alt.filter((a) => d.e[a[0]] === entity && a[1] === period),
      revised = d.rev.filter((r) => r[0] === entity && r[1] === period);
    if (!has && !others.length) return null;
    const box = h(
      "section",
      {},
      h("h3", {}, `${W.name(entity)} · ${X.period(period)} · ${X.catalogue.indicators[id].n}`),
    );
    if (has) {
      const status = X.STATUS[+d.s[n][k]],
        note = d.t.find((t) => t[0] === n && t[1] === k),
        where = d.locators[d.l[n][k]];
      box.append(
        h(
          "p",
          { class: "figure" },
          h("b", {}, X.quantity(d.y[n][k], unit)),
          status === "final" ? "" : " · " + X.text("status." + status),
        ),
      );
      box.append(
        h("h4", {}, X.text("panel.preferred")),
        h(
          "ul",
          { class: "documents" },
          document_(d.sources[d.d[n][k]], [where && X.text("panel.locator") + ": " + where, note && note[2]]),
        ),
      );
    }
    if (others.length)
      box.append(
        h("h4", {}, X.text("panel.others")),
        h(
          "ul",
          { class: "documents" },
          ...others.map((a) => {
            const li = document_(d.sources[a[4]], [
              d.locators[a[5]] && X.text("panel.locator") + ": " + d.locators[a[5]],
              a[6],
            ]);
            li.prepend(
              h(
                "p",
                { class: "figure" },
                h("b", {}, X.quantity(a[2], unit)),
                a[3] ? " · " + X.text("status." + X.STATUS[a[3]]) : "",
              ),
            );
            return li;
          }),
        ),
      );
    if (revised.length)
      box.append(
        h("h4", {}, X.text("panel.revisions")),
        h(
          "ul",
          { class: "documents" },
          ...revised.map((r) =>
            h(
              "li",
              {},
              X.text("panel.revision", { date: r[4].slice(0, 10), old: r[2], new: r[3] }),
              r[5] ? h("p", { class: "meta" }, r[5]) : "",
            ),
          ),
        ),
      );
    return box;
  };
  // the panel's content for a point, with the value as shown on top when it was transformed
  X.documents = (state, entity, period) => {
    const out = [];
    for (const id of state.indicators) {
      if (!X.data[id]) continue;
      for (const [i, e, p] of standsOn(state, id, entity, period)) {
        const box = figure(i, e, p);
        if (box) out.push(box);
      }
    }
    return out.length ? out : [h("p", {}, X.text("panel.none"))];
  };
  X.h = h;
})(window.Explore);
