// The explorer alive: controls ↔ state ↔ URL, drawing, hovering, walking by keyboard, playing, sharing.
"use strict";
(X => {
  const $ = (s, within = document) => within.querySelector(s), $$ = (s, within = document) => [...within.querySelectorAll(s)];
  const config = JSON.parse($("#explore-config").textContent);
  const form = $("#explore"), stage = $("#stage"), canvas = $("#canvas"), under = $("#under"), words = $("#words"), tip = $("#tip"), live = $("#say") || $("#explore-say");
  let state, chart, placed, gd = canvas, walk = [], cursor = null, playing = 0, generation = 0, versionAsked = "";
  X.sent = new Set();  // what Dash's store was told, so that its echo is not taken for a wish

  // ---- data: one GET for an indicator not seen yet --------------------------------------------------
  const pending = {};
  // the server leads an old version's address to today's: figures of two versions do not meet in one chart,
  // so the page is opened anew, with the choice just made
  const REPLACED = new Error("the dataset was replaced");
  const fetchJSON = url => fetch(url, { credentials: "same-origin" }).then(r => { if (r.redirected) throw REPLACED; if (!r.ok) throw new Error(r.status + " " + url); return r.json(); });
  const load = id => X.data[id] ? null : pending[id] ||= fetchJSON(`/explore/data/${id}.${config.version}.json`).then(d => { X.data[id] = d; delete pending[id]; }, e => { delete pending[id]; throw e; });

  // ---- state → page -----------------------------------------------------------------------------------
  // ``input``: the reader's own hand on a control, which shows the new state already; whatever else leads here
  // (back, a preset, Dash) sets the controls in the same breath, so that the next touch reads what is shown
  // ``loosen``: another indicator may have no figures in the span chosen for the one before
  const show = async (next, { history: how = "push", quiet = false, input = false, loosen = false } = {}) => {
    const mine = ++generation;
    const waits = X.needs(next).map(load).filter(Boolean);
    if (waits.length) {
      const slow = setTimeout(() => stage.setAttribute("aria-busy", "true"), 250);  // the old chart stays meanwhile
      try { await Promise.all(waits); } catch (error) {
        if (error === REPLACED) { const query = X.toQuery(next); location.assign("/explore" + (query ? "?" + query : "")); return; }
        if (mine === generation) controls();
        say(X.text("failed")); clearTimeout(slow); stage.removeAttribute("aria-busy"); return; }
      clearTimeout(slow);
      stage.removeAttribute("aria-busy");
      if (mine !== generation) return;  // a later choice has overtaken this one
    }
    if (loosen && (next.start || next.end) && !X.select(next).series.length) next = { ...next, start: "", end: "" };
    if (unsaved) record(unsaved);  // two quick changes are two entries of the history
    state = next;
    draw();
    if (!input) controls();
    unsaved = how === "push" ? how : "";
    later(() => { unsaved = ""; if (input && mine === generation) controls(); follow(how, quiet); });  // the chart first, the rest a moment after; a choice that still waits for its data keeps its control
  };
  let room = 0;  // measured once and when it changes, since asking makes the browser lay out the page
  const width = () => room ||= Math.max(280, Math.floor($(".shown").getBoundingClientRect().width));
  const draw = () => {
    const w = width();
    chart = X.chart(state, w >= 600);
    const isTable = state.view === "table", height = X.heightFor(chart, w);
    hide();
    cursor = null;
    if (stage.hidden !== isTable) stage.hidden = isTable;
    if (isTable) { $("#big-table").replaceChildren(X.table(chart)); } else {
      if ($("#big-table").firstChild) $("#big-table").replaceChildren();
      if (stage.style.height !== height + "px") stage.style.height = height + "px";
      placed = X.draw(gd, under, words, chart, w, height);
      stage.classList.add("awake");
      walk = null;
    }
    $("#empty").hidden = !chart.empty;
    $("#empty").textContent = chart.empty;
    $("#finding").replaceChildren(...X.phrase(chart));
    $("#subtitle").textContent = chart.subtitle;
    X.current = { state, chart, placed };
  };
  // the same chart once more (another width, theme or graph): who walks or points along it stays where he stood
  const redraw = () => {
    const at = cursor;
    draw();
    if (stage.hidden) return;
    if (!at) { if (over) hovering(over); return; }
    walk = X.walk(chart);
    const spot = walk[at[0]] && walk[at[0]].points[at[1]];
    if (!spot) return;  // another form of the chart may have fewer marks
    cursor = at;
    const [x, y, ref] = spot;
    pointTo(placed.px(x), placed.py(y), ref, false);
  };
  let telling = 0;
  const say = text => { live.textContent = ""; live.textContent = text; };
  let queue = null;
  const later = job => {
    if (!queue) (window.requestIdleCallback || (f => setTimeout(f, 1)))(() => { const run = queue; queue = null; run(); }, { timeout: 200 });
    queue = job;
  };
  let unsaved = "";
  const record = how => {
    const query = X.toQuery(state), address = "/explore" + (query ? "?" + query : "");
    if (how === "push" && address !== location.pathname + location.search) history.pushState(null, "", address);
    else if (how === "replace") history.replaceState(null, "", address);
    return query;
  };
  // what may follow a moment after the chart: address, table, notes, sources, links, announcement, Dash
  const follow = (how, quiet) => {
    const query = record(how);
    document.title = chart.title + " · " + config.brand;
    stage.setAttribute("aria-roledescription", X.text("view." + state.view));
    stage.setAttribute("aria-label", chart.alt + " " + X.text("chart.keys"));
    const body = $("#data-shown"), details = body.closest("details");
    body.replaceChildren();
    if (details.open) body.replaceChildren(X.table(chart));
    const notes = [...chart.notes, ...(state.indicators.length > 1 && state.view === "pursuit" ? [X.text("note.first_only")] : [])].map(n => X.h("li", {}, n));
    $("#notes").replaceChildren(...notes.slice(0, NOTES));
    $("#more-notes").hidden = notes.length <= NOTES;
    $("#more-notes ul").replaceChildren(...notes.slice(NOTES));
    $("#more-notes summary").textContent = X.text("notes.more", { n: Math.max(0, notes.length - NOTES) });
    const sources = X.sourcesOf(chart);
    const names = [...new Set(sources.map(X.words.publisher))];
    $("#source-line").textContent = names.slice(0, 3).join(X.text("sub.list")) + (names.length > 3 ? " …" : "");
    $("#source-count").textContent = X.text("sources.count", { n: sources.length });
    const list = $("#source-list");
    list.replaceChildren();
    if (list.closest("details").open) list.replaceChildren(X.sourceList(sources));
    for (const a of $$("[data-export]")) a.href = a.dataset.export + (query ? "?" + query + "&" : "?") + "lang=" + config.lang;
    for (const a of $$("a[data-lang]")) a.href = "/explore?" + (query ? query + "&" : "") + "lang=" + a.dataset.lang;
    if (room < 600) { const tabs = $(".tabs"), on = $("input:checked + span", tabs); tabs.scrollLeft += on.getBoundingClientRect().right - tabs.getBoundingClientRect().right + 24; }
    panel();
    if (!quiet) say(X.text("changed", { title: chart.title, n: chart.sels.reduce((n, sel) => n + sel.series.reduce((m, s) => m + X.words.points(s).length, 0), 0) }));
    clearTimeout(telling);  // Dash re-renders at each telling: let the reader finish first
    telling = setTimeout(() => { if (X.adopted) { X.sent.add(query); window.dash_clientside.set_props("state", { data: query }); } }, 700);
  };
  const NOTES = 3;

  // ---- state ↔ controls ---------------------------------------------------------------------------------
  const radio = (name, value) => { for (const r of $$(`input[name="${name}"][type=radio]`, form)) r.checked = r.value === value; };
  let drawnFor = "";
  const controls = () => {
    const m = X.catalogue.indicators[state.indicators[0]], d = X.data[state.indicators[0]], offered = new Set(m.o);
    radio("v", state.view); radio("m", state.measure); radio("per", state.head ? "head" : ""); radio("p", state.real ? "real" : "");
    radio("c", state.money); radio("y", state.scale || X.ownScale(m.s, state.measure, state.view));
    form.elements.trail.checked = state.trail;
    form.elements.alt.checked = state.alternatives;
    for (const box of $$("[data-offer]", form)) { const off = !box.dataset.offer.split(" ").some(o => offered.has(o)); box.hidden = off; for (const i of $$("input", box)) i.disabled = off; if (box.matches("input")) box.disabled = off; }
    $("#pick-measure").hidden = state.view === "pursuit" || !X.MEASURES.some(o => offered.has(o));
    $("#pick-base").hidden = state.measure !== "index";
    $("#pick-reference").hidden = !(state.measure === "ratio" || state.view === "pursuit");
    $("#pick-trail").hidden = state.view !== "scatter";
    $("#pick-alt").hidden = !X.words.showsAlternatives({ ...state, alternatives: true }, { measure: state.measure });
    // selects of indicators: one for each chosen and one more
    const selects = $$("select[name=i]", form), want = Math.min(6, state.indicators.length + 1);
    while (selects.length < want) { const row = $("[data-row]:last-of-type", form).cloneNode(true), s = $("select", row); s.id = "i" + selects.length; $("label", row).htmlFor = s.id; $("#pick-indicators").append(row); selects.push(s); }
    selects.forEach((s, n) => {
      if (n && s.options.length < 2) s.append(...[...selects[0].children].filter(c => c.localName === "optgroup").map(c => c.cloneNode(true)));
      s.value = state.indicators[n] || "";
      s.closest("[data-row]").hidden = n >= want;
      const scatter = state.view === "scatter";
      $("label", s.closest("[data-row]")).textContent = X.text(scatter && n < 3 ? ["indicator.y", "indicator.x", "indicator.size"][n] : n ? "indicator.more" : "indicator");
    });
    // entities: those with figures first class, the rest dimmed
    const have = new Set(m.e), names = Object.keys(X.catalogue.entities), chosen = new Set(state.entities);
    for (const li of $$("#entities li[data-id]")) {
      const id = li.dataset.id, box = $("input", li);
      box.checked = chosen.has(id);
      li.classList.toggle("none", !have.has(names.indexOf(id)));
    }
    $("#entity-count").textContent = X.text("entities.count", { n: state.entities.length });
    const key = [state.indicators[0], state.reference, state.base].join();
    if (key !== drawnFor) {
      drawnFor = key;
      const option = (v, t) => X.h("option", { value: v }, t);
      const base = form.elements.b, ref = form.elements.r;
      base.replaceChildren(option("", X.text("base.auto")), ...d.x.map(p => option(p, X.period(p))));
      base.value = state.base;
      ref.replaceChildren(...[...new Set([state.reference, ...m.e.map(n => names[n])])].map(e => option(e, X.words.name(e))));
      ref.value = state.reference;
      for (const [select, word] of [[form.elements.from, "span.first"], [form.elements.to, "span.last"]]) select.replaceChildren(option("", X.text(word)), ...d.x.map(p => option(p, X.period(p))));
      for (const r of [$("#low"), $("#high")]) { r.min = 0; r.max = Math.max(0, d.x.length - 1); }
    }
    const inside = [...d.x.keys()].filter(k => (!state.start || d.x[k] >= state.start) && (!state.end || d.x[k] <= state.end + "~"));
    const low = inside.length ? inside[0] : 0, high = inside.length ? inside[inside.length - 1] : d.x.length - 1;
    form.elements.from.value = state.start && inside.length ? d.x[low] : "";  // a year may stand for its months
    form.elements.to.value = state.end && inside.length ? d.x[high] : "";
    const single = ["bar", "scatter", "heat"].includes(state.view);
    slider($("#low"), low, d); slider($("#high"), high, d);
    $("#low").hidden = single && !(state.view === "scatter" && state.trail) && state.view !== "heat";
    const span = Math.max(1, d.x.length - 1);
    $("#range").style.setProperty("--low", $("#low").hidden ? 0 : low / span); $("#range").style.setProperty("--high", high / span);
    const query = X.toQuery({ ...state, opened: "", version: "" });
    for (const a of $$("#presets a")) { if (a.dataset.query === query) a.setAttribute("aria-current", "true"); else a.removeAttribute("aria-current"); }
  };
  const slider = (input, value, d) => { input.value = value; input.setAttribute("aria-valuetext", d.x[value] ? X.period(d.x[value]) : ""); };

  const read = touched => {
    const q = new URLSearchParams();
    for (const s of $$("select[name=i]", form)) if (s.value) q.append("i", s.value);
    const checked = new Set($$("input[name=e]:checked", form).map(b => b.value));
    const kept = state.entities.filter(e => checked.has(e)), added = [...checked].filter(e => !kept.includes(e));
    for (const e of [...kept, ...added]) q.append("e", e);
    for (const name of ["v", "m", "per", "p", "c", "y"]) { const r = $(`input[name="${name}"]:checked`, form); if (r && !r.disabled) q.set(name, r.value); }
    for (const name of ["b", "r"]) if (form.elements[name].value) q.set(name, form.elements[name].value);
    // the lists name the periods of one indicator, the span chosen may be another's: only a touch changes it
    for (const [name, kept] of [["from", state.start], ["to", state.end]]) { const v = touched === name ? form.elements[name].value : kept; if (v) q.set(name, v); }
    for (const name of ["trail", "alt"]) if (form.elements[name].checked) q.set(name, "1");
    return q;
  };
  const changed = event => {
    const t = event.target;
    if (t.type === "search" || t.id === "low" || t.id === "high" || t.id === "share-link") return;
    stop();
    const q = read(t.name), before = state;
    let loosen = false;
    if (t.name === "i" && t === $("select[name=i]", form)) {  // another indicator: who has no figure for it makes room
      const m = X.catalogue.indicators[t.value], names = Object.keys(X.catalogue.entities), have = new Set(m.e.map(n => names[n]));
      if (!before.entities.some(e => have.has(e))) { q.delete("e"); for (const e of X.bestEntities(t.value)) q.append("e", e); }
      q.delete("y");
      if (m.f === X.catalogue.indicators[before.indicators[0]].f) loosen = true;
      else for (const name of ["from", "to", "b"]) q.delete(name);
    }
    if (t.name === "m" || t.name === "v") q.delete("y");
    if (t.name === "v" && before.view === "pursuit" && t.value !== "pursuit" && !before.entities.includes(before.reference)) {
      const es = q.getAll("e"); q.delete("e");
      for (const e of [before.reference, ...es]) q.append("e", e);
    }
    if (t.name === "v" && t.value === "scatter" && q.getAll("i").length < 2) {
      const other = X.catalogue.populations.find(p => X.catalogue.indicators[p] && p !== q.get("i")) || Object.keys(X.catalogue.indicators).find(i => i !== q.get("i"));
      if (X.catalogue.indicators[q.get("i")].k !== undefined && other) q.append("i", other);
    }
    if (!q.getAll("e").length) { for (const e of before.entities.slice(0, 1)) q.append("e", e); }
    const [next] = X.parse(q.toString());
    next.opened = "";
    if (!X.sameState(next, state)) show(next, { input: true, loosen }); else controls();
  };

  // ---- periods: two thumbs, play --------------------------------------------------------------------------
  const slid = (event, how = "replace") => {
    const d = X.data[state.indicators[0]], low = $("#low"), high = $("#high"), single = low.hidden;
    let a = +low.value, b = +high.value;
    if (!single && a > b) { if (event.target === low) b = a; else a = b; }
    const next = { ...state, end: b >= d.x.length - 1 ? "" : d.x[b] };
    if (!single) next.start = a <= 0 ? "" : d.x[a];
    else if (next.start && next.end && next.start > next.end) next.start = "";
    if (next.start && !next.end && next.start > d.x[d.x.length - 1]) next.start = "";
    if (!X.sameState(next, state)) show(next, { history: how, quiet: how === "replace", input: true });
  };
  const stop = () => {
    if (playing) clearInterval(playing);
    playing = 0;
    const b = $("#play");
    b.setAttribute("aria-pressed", "false");
    b.lastElementChild.textContent = X.text("play");
  };
  const play = () => {
    if (playing) { stop(); follow("push", false); return; }
    const d = X.data[state.indicators[0]], high = $("#high");
    if (+high.value >= d.x.length - 1) high.value = Math.max(0, +($("#low").hidden ? 0 : $("#low").value));
    $("#play").setAttribute("aria-pressed", "true");
    $("#play").lastElementChild.textContent = X.text("pause");
    playing = setInterval(() => {
      const k = +high.value + Math.max(1, Math.round(d.x.length / 60));
      if (k > d.x.length - 1) { stop(); follow("push", false); return; }
      high.value = k;
      slid({ target: high }, "none");
    }, 420);
  };

  // ---- hover, keyboard, documents -------------------------------------------------------------------------
  const pointTo = (x, y, ref, speak) => {
    const [s, k, other, alternative] = ref, sel = other || chart.sel, p = alternative ? X.words.otherParts(sel, s, alternative) : X.words.pointParts(sel, s, k, state);
    const px = x, py = y;
    tip.replaceChildren(
      X.h("b", {}, p.entity + " · " + p.period), X.h("span", {}, p.said + (p.raw ? (config.lang === "en" ? " (" + p.raw + ")" : "（" + p.raw + "）") : "")),
      X.h("small", {}, [p.status, p.publisher].filter(Boolean).join(" · ")));
    tip.hidden = false;
    const w = tip.offsetWidth, hgt = tip.offsetHeight;
    tip.style.transform = `translate(${Math.round(Math.max(4, Math.min(placed.width - w - 4, px + 14 + w > placed.width - 4 ? px - 14 - w : px + 14)))}px,${Math.round(Math.max(4, Math.min(placed.height - hgt - 4, py - hgt - 12)))}px)`;
    const mark = $("#mark"), bars = state.view === "bar" || state.view === "heat";
    mark.innerHTML = "";
    const ns = "http://www.w3.org/2000/svg", add = (tag, a) => { const n = document.createElementNS(ns, tag); for (const q in a) n.setAttribute(q, a[q]); mark.append(n); };
    if (["line", "pursuit"].includes(state.view)) add("line", { x1: px, x2: px, y1: placed.box.y, y2: placed.box.y + placed.box.h, stroke: "var(--ink)", "stroke-opacity": 0.4 });
    add("circle", { cx: px, cy: py, r: bars ? 4 : 5.5, fill: `var(--${X.catalogue.entities[s.entity].r})`, stroke: "var(--paper)", "stroke-width": 2 });
    if (speak) say([p.entity, p.period, p.said, p.raw, p.status, p.publisher].filter(Boolean).join(config.lang === "en" ? ", " : "，"));
    X.pointed = ref;
  };
  const hide = () => { tip.hidden = true; $("#mark").replaceChildren(); X.pointed = null; };
  const pointed = event => {
    if (!placed || stage.hidden || event.target.closest("#tip")) return null;
    const box = stage.getBoundingClientRect();
    return X.nearest(placed, event.clientX - box.left, event.clientY - box.top);
  };
  let moved = null, over = null;  // where the mouse moved last, and where it rests while it is over the chart
  const hovering = event => {
    over = event;
    if (!moved) requestAnimationFrame(() => {
      const found = pointed(moved);
      moved = null;
      if (found) { if (found[2] !== X.pointed) pointTo(found[0], found[1], found[2], false); } else if (document.activeElement !== stage || !cursor) hide();
      stage.style.cursor = found ? "pointer" : "";
    });
    moved = event;
  };
  const keyed = event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const go = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], Home: [-1e9, 0], End: [1e9, 0] }[event.key];
    if (event.key === "Escape") { if (!$("#documents").hidden) close(); else hide(); return; }
    if (event.key === "Enter" && cursor) { event.preventDefault(); open(walk[cursor[0]].points[cursor[1]][2]); return; }
    if (!go) return;
    event.preventDefault();
    walk ||= X.walk(chart);
    if (!walk.length) { say(X.text("point.none")); return; }
    if (!cursor) cursor = [0, go[0] === 1 || go[0] < -1 ? 0 : walk[0].points.length - 1];
    else if (go[1] && walk.length > 1) {
      const here = walk[cursor[0]].points[cursor[1]], vertical = walk.map((s, n) => [n, s.points.reduce((b, p, k) => Math.abs(p[0] - here[0]) < Math.abs(s.points[b][0] - here[0]) ? k : b, 0)]);
      const at = (cursor[0] + go[1] + walk.length) % walk.length;
      cursor = vertical[at];
    } else cursor = [cursor[0], Math.max(0, Math.min(walk[cursor[0]].points.length - 1, cursor[1] + (go[0] || go[1])))];
    const [x, y, ref] = walk[cursor[0]].points[cursor[1]];
    pointTo(placed.px(x), placed.py(y), ref, true);
  };
  let opener = null;
  const open = ref => { const [s, k, other] = ref; state = { ...state, opened: s.entity + "." + (other || chart.sel).periods[k] }; X.current.state = state; opener = document.activeElement; follow("replace", true); $("#documents-title").focus({ preventScroll: true }); };
  const close = () => { state = { ...state, opened: "" }; X.current.state = state; follow("replace", true); (opener && opener.isConnected ? opener : stage).focus({ preventScroll: true }); };
  const panel = () => {
    const box = $("#documents");
    if (!state.opened) { box.hidden = true; return; }
    const dot = state.opened.indexOf(".");
    $("#documents-body").replaceChildren(...X.documents(state, state.opened.slice(0, dot), state.opened.slice(dot + 1)));
    box.hidden = false;
  };

  // ---- entities: search in three scripts and pinyin, groups --------------------------------------------------
  const search = () => {
    const q = $("#entity-search").value.normalize("NFKC").toLowerCase().replaceAll(/[\s_'’-]+/g, ""), list = $("#entities");
    const short = /^[a-z]{1,2}$/.test(q);  // initials begin a name; longer pieces may stand within it
    let hits = 0;
    for (const li of $$("li[data-id]", list)) { const hit = q !== "" && (short ? ("|" + li.dataset.q).includes("|" + q) : li.dataset.q.includes(q)); li.classList.toggle("hit", hit); hits += hit; }
    list.classList.toggle("searching", q !== "");
    $("#entity-none").hidden = !(q && !hits);
  };

  // ---- sharing -------------------------------------------------------------------------------------------------
  const share = async () => {
    const query = X.toQuery({ ...state, version: config.version.slice(0, 8) }, true), url = location.origin + "/explore?" + query, field = $("#share-link");
    field.value = url;
    $("#share-box").hidden = false;
    $("#cite-text").textContent = X.text("cite.text", { title: chart.title, subtitle: chart.subtitle, version: config.version, url });
    try { await navigator.clipboard.writeText(url); say(X.text("share.done")); } catch { field.select(); }
  };
  let lost = [];
  const warn = dropped => {
    lost = dropped;
    const lines = [], list = X.text("sub.list");
    const seen = s => s.replace(/[\p{C}]/gu, "\ufffd");
    if (dropped.length) lines.push(X.text("dropped", { items: [...dropped.slice(0, 12).map(d => X.text("dropped.item", { name: seen(d[0]), value: seen(d[1]) })), ...(dropped.length > 12 ? ["…"] : [])].join(list) }));
    if (versionAsked && !config.version.startsWith(versionAsked)) lines.push(X.text("version", { old: versionAsked, new: config.version.slice(0, 8) }));
    const box = $("#warning");
    box.replaceChildren(...lines.map(l => X.h("p", {}, l)));
    box.hidden = !lines.length;
  };
  const fromAddress = (query, options) => {
    const [next, dropped] = X.parse(query);
    versionAsked = next.version;
    next.version = "";
    warn(dropped);
    return show(next, options);
  };
  X.go = query => fromAddress(query, {});  // Dash's store leads here
  X.query = () => X.toQuery(state);
  // the same state in another language: X.catalogue and the page's fixed words are already there
  X.resay = lang => {
    stop();
    config.lang = lang;
    config.brand = X.catalogue.brand;
    drawnFor = "";
    X.restyle();
    redraw();
    later(() => { controls(); warn(lost); $("#share-box").hidden = true; follow("replace", false); });
  };

  // ---- start ----------------------------------------------------------------------------------------------------
  const start = async () => {
    const [catalogue] = await Promise.all([fetchJSON(config.catalogue), ...config.first.map(load)]);
    X.catalogue = catalogue;
    X.restyle();
    document.documentElement.classList.add("explore-js");
    await fromAddress(location.search, { history: "none", quiet: true, input: true });  // the server set the controls
    form.addEventListener("change", changed);
    form.addEventListener("submit", e => { e.preventDefault(); });
    for (const r of [$("#low"), $("#high")]) { r.addEventListener("input", e => { stop(); slid(e); }); r.addEventListener("change", () => follow("replace", false)); }
    $("#play").addEventListener("click", play);
    $("#entity-search").addEventListener("input", search);
    $("#more").addEventListener("click", () => { const on = $("#entities").classList.toggle("all"); $("#more").setAttribute("aria-expanded", on); });
    for (const b of $$("[data-group]")) b.addEventListener("click", () => { const members = X.membersOf(b.dataset.group, state.indicators[0]), have = members.every(m => state.entities.includes(m)); const entities = have ? state.entities.filter(e => !members.includes(e)) : [...new Set([...state.entities, ...members])].slice(0, X.MOST.e); stop(); if (entities.length) show({ ...state, entities, opened: "" }); });
    $("#presets").addEventListener("click", e => { const a = e.target.closest("a"); if (!a || e.ctrlKey || e.metaKey || e.shiftKey) return; e.preventDefault(); stop(); fromAddress(a.dataset.query, {}); });
    stage.addEventListener("pointermove", hovering);
    stage.addEventListener("pointerleave", () => { over = null; if (document.activeElement !== stage || !cursor) hide(); });
    stage.addEventListener("click", e => { const found = pointed(e); if (found) { pointTo(found[0], found[1], found[2], false); open(found[2]); } });
    stage.addEventListener("keydown", keyed);
    stage.addEventListener("blur", hide);
    $("#documents-close").addEventListener("click", close);
    $("#documents").addEventListener("keydown", e => { if (e.key === "Escape") close(); });
    $("#share").addEventListener("click", share);
    for (const d of $$("details[data-lazy]")) d.addEventListener("toggle", () => { if (d.open) { $("#data-shown").closest("details").open && $("#data-shown").replaceChildren(X.table(chart)); $("#source-list").replaceChildren(X.sourceList(X.sourcesOf(chart))); } });
    addEventListener("popstate", () => { unsaved = ""; stop(); fromAddress(location.search, { history: "none" }); });
    document.addEventListener("pursuit:theme", () => { X.restyle(); redraw(); });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { X.restyle(); redraw(); });
    new ResizeObserver(entries => { const w = Math.max(280, Math.floor(entries[0].contentRect.width)); if (w !== room) { room = w; requestAnimationFrame(redraw); } }).observe($(".shown"));
    later(() => {
      controls();
      follow("none", true);
      X.ready = true;
      document.documentElement.classList.add("drawn");
      stage.dataset.ready = "1";
      (window.requestIdleCallback || setTimeout)(dash, { timeout: 4000 });
    });
  };

  // ---- Dash: mounts last, mirrors the state in its store, lends its graph -----------------------------------------
  const dash = async () => {
    // not async: Dash finds its further parts beside the last script that is not
    await new Promise((ok, fail) => { const s = document.createElement("script"); s.src = config.dash; s.async = false; s.onload = ok; s.onerror = fail; document.body.append(s); });
    if (window.DashRenderer) window.renderer = new window.DashRenderer();
    X.prepareLanguages();
  };
  // Dash's graph stands: draw there from now on, over the same spot
  X.adopt = id => {
    const found = document.querySelector(`#${id} .js-plotly-plot`);
    if (!found || found === gd || stage.hidden) return;
    gd = found;
    redraw();
    placed.done.then(() => { canvas.hidden = true; });
  };
  start().catch(error => { if (error === REPLACED) { location.reload(); return; } stage.removeAttribute("aria-busy"); console.error(error); });
})(window.Explore);
