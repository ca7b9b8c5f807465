// The explorer's whole state and its URL: dashboard/explore/state.py, pure both ways.
"use strict";
((X) => {
  const VIEWS = ["line", "slope", "bar", "scatter", "heat", "multiples", "pursuit", "table"];
  const MEASURES = ["value", "index", "ratio", "change", "cumulative"];
  const PERIOD = /^\d{4}(-(Q[1-4]|(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?))?$/;
  const VERSION = /^[0-9a-f]{4,12}$/;
  const MOST = { i: 6, e: 400 };
  const KINDS = {
    cities: "city",
    companies: "company",
    universities: "university",
    regions: "region",
    countries: "country",
  };
  const ONCE = ["v", "m", "b", "r", "per", "p", "c", "y", "t", "from", "to", "trail", "alt", "o", "d"];
  const KNOWN = new Set(["i", "e", ...ONCE, "lang", "theme", "card"]);
  // what messengers and advertisers hang on an address is nothing a reader chose
  const OTHERS = /^(utm_\w+|\w*clid|isappinstalled|nsukey|scene|clicktime|enterid|wx\w*)$/,
    RELAYED = ["timeline", "singlemessage", "groupmessage"];
  const cut = (s) => [...s].slice(0, 40).join("");
  const ownScale = (scale, measure, view) =>
    view === "pursuit" || view === "bar" || measure === "ratio" || measure === "change"
      ? "linear"
      : scale || "linear";

  const ids = (given, name, known, dropped) => {
    const out = [];
    for (const part of given.flatMap((v) => v.split("~")).filter(Boolean)) {
      if (!Object.hasOwn(known, part)) dropped.push([name, cut(part), "unknown"]);
      else if (out.includes(part)) continue;
      else if (out.length >= MOST[name]) dropped.push([name, part, "too_many"]);
      else out.push(part);
    }
    return out;
  };

  // whom to show when nobody was named: Shenzhen and its pursuers, else the first that have it
  const bestEntities = (id) => {
    const C = X.catalogue,
      names = Object.keys(C.entities),
      have = C.indicators[id].e.map((n) => names[n]);
    const first = [C.default.reference, ...C.default.entities].filter((e) => have.includes(e));
    return first.length ? first : have.length ? have.slice(0, 6) : C.default.entities;
  };

  // whom a word in e stands for: a group's members, or all of a kind that have figures
  const membersOf = (name, indicator) => {
    const C = X.catalogue;
    if (Object.hasOwn(KINDS, name))
      return C.indicators[indicator].e
        .map((n) => Object.keys(C.entities)[n])
        .filter((e) => C.entities[e].k === KINDS[name]);
    return Object.hasOwn(C.groups, name) ? C.groups[name] : [];
  };

  const parse = (query) => {
    const C = X.catalogue,
      dropped = [],
      base = C.default;
    const params = new URLSearchParams(query.replace(/^\?+/, "").slice(0, 8000));
    const given = new Map();
    for (const [n, v] of params) {
      if (v === "" || (n === "from" && RELAYED.includes(v))) continue;
      if (!given.has(n)) given.set(n, []);
      given.get(n).push(v);
      if (!KNOWN.has(n) && !OTHERS.test(n)) dropped.push([cut(n), cut(v), "unknown"]);
    }
    for (const n of ONCE) {
      const own = given.get(n) || [];
      for (const v of own.slice(0, -1)) if (v !== own[own.length - 1]) dropped.push([n, cut(v), "repeated"]);
    }
    const all = (n) => given.get(n) || [],
      last = (n) => all(n).at(-1) || "";
    const choice = (n, known, otherwise) => {
      const v = last(n);
      if (known.includes(v)) return v;
      if (v && !(n === "m" && v === "value")) dropped.push([n, cut(v), "unknown"]);
      return otherwise;
    };
    const formed = (v, n, form) => {
      if (v && !form.test(v)) {
        dropped.push([n, cut(v), "unknown"]);
        return "";
      }
      return v;
    };
    if (!["i", "e", ...ONCE].some((n) => n !== "d" && all(n).length))
      return [{ ...base, version: formed(last("d"), "d", VERSION) }, dropped];
    if (!(all("i").length || all("e").length || all("v").length)) {
      given.set("i", base.indicators);
      given.set("e", base.entities);
      given.set("v", [base.view]);
    } // the first question, seen otherwise
    let indicators = ids(all("i"), "i", C.indicators, dropped);
    if (!indicators.length) indicators = base.indicators;
    let entities = ids(
      all("e")
        .flatMap((v) => v.split("~"))
        .flatMap((p) => {
          const found = membersOf(p, indicators[0]);
          return found.length ? found : [p];
        }),
      "e",
      C.entities,
      dropped,
    );
    if (!entities.length) entities = bestEntities(indicators[0]);
    const view = choice("v", VIEWS, "line");
    const reference = choice("r", Object.keys(C.entities), base.reference);
    const t = last("t"),
      at = t.indexOf("..");
    let start = formed((at < 0 ? t : t.slice(0, at)) || last("from"), "t", PERIOD);
    let end = formed((at < 0 ? t : t.slice(at + 2)) || last("to"), "t", PERIOD);
    if (start && end && start > end) [start, end] = [end, start];
    const measure = choice("m", MEASURES, "value"),
      b = formed(last("b"), "b", PERIOD);
    const head = choice("per", ["head"], "") === "head",
      real = choice("p", ["real"], "") === "real";
    const money = choice("c", ["usd", "ppp", "cny"], ""),
      scale = choice("y", ["log", "linear"], "");
    const trail = choice("trail", ["1"], "") === "1",
      alternatives = choice("alt", ["1"], "") === "1";
    let opened = last("o");
    const dot = opened.indexOf(".");
    if (opened && !(Object.hasOwn(C.entities, opened.slice(0, dot)) && PERIOD.test(opened.slice(dot + 1)))) {
      dropped.push(["o", cut(opened), "unknown"]);
      opened = "";
    }
    const wanted = {
      indicators,
      entities,
      view,
      measure,
      base: b,
      reference,
      head,
      real,
      money,
      scale,
      start,
      end,
      trail,
      alternatives,
      opened,
      version: formed(last("d"), "d", VERSION),
    };
    return [settle(wanted, dropped), dropped];
  };

  const settle = (state, dropped = []) => {
    const s = { ...state },
      offered = X.catalogue.indicators[s.indicators[0]].o,
      own = X.catalogue.indicators[s.indicators[0]].s;
    const refuse = (field, name, value, empty) => {
      dropped.push([name, value, "not_offered"]);
      s[field] = empty;
    };
    let pursuit = s.view === "pursuit";
    if (pursuit && !offered.includes("ratio")) {
      refuse("view", "v", "pursuit", "line");
      pursuit = false;
    }
    if (pursuit) s.measure = "value";
    else if (s.measure !== "value" && !offered.includes(s.measure)) refuse("measure", "m", s.measure, "value");
    if (s.head && !offered.includes("head")) refuse("head", "per", "head", false);
    if (s.real && !offered.includes("real")) refuse("real", "p", "real", false);
    if (s.money && !offered.includes(s.money)) refuse("money", "c", s.money, "");
    if (s.scale === "log" && !offered.includes("log")) refuse("scale", "y", "log", "");
    if (s.scale && s.scale === ownScale(own, s.measure, s.view)) s.scale = "";
    if (s.measure !== "index") s.base = "";
    if (s.measure !== "ratio" && !pursuit) s.reference = X.catalogue.default.reference;
    if (s.view !== "scatter") s.trail = false;
    return s;
  };

  const quote = (v) =>
    encodeURIComponent(v).replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase());
  // ``whole``: also the first question in full, for a link that is kept: what opens first may change one day
  const toQuery = (s, whole = false) => {
    const canonical = X.catalogue.canonical;
    if (!whole && canonical && JSON.stringify(key({ ...s, version: "" })) === JSON.stringify(key(canonical)))
      return s.version ? "d=" + s.version : "";
    const pairs = [
      ["i", s.indicators.join("~")],
      ["e", s.entities.join("~")],
      ["v", s.view === "line" ? "" : s.view],
      ["m", s.measure === "value" ? "" : s.measure],
      ["b", s.base],
      ["r", s.reference === X.catalogue.reference ? "" : s.reference],
      ["per", s.head ? "head" : ""],
      ["p", s.real ? "real" : ""],
      ["c", s.money],
      ["y", s.scale],
      ["t", s.start === s.end ? s.start : s.start + ".." + s.end],
      ["trail", s.trail ? "1" : ""],
      ["alt", s.alternatives ? "1" : ""],
      ["o", s.opened],
      ["d", s.version],
    ];
    return pairs
      .filter((p) => p[1])
      .map(([n, v]) => n + "=" + quote(v))
      .join("&");
  };
  const key = (s) => [
    s.indicators,
    s.entities,
    s.view,
    s.measure,
    s.base,
    s.reference,
    s.head,
    s.real,
    s.money,
    s.scale,
    s.start,
    s.end,
    s.trail,
    s.alternatives,
    s.opened,
    s.version,
  ];
  Object.assign(X, {
    VIEWS,
    MEASURES,
    parse,
    settle,
    toQuery,
    ownScale,
    bestEntities,
    membersOf,
    MOST,
    sameState: (a, b) => JSON.stringify(key(a)) === JSON.stringify(key(b)),
  });
})(window.Explore);
