// State ↔ controls: what is offered and set for a state, and the state that the controls say.
"use strict";
((X) => {
  const A = X.app,
    { $, $$, form } = A;
  const radio = (name, value) => {
    for (const r of $$(`input[name="${name}"][type=radio]`, form)) r.checked = r.value === value;
  };
  let drawnFor = "";
  const controls = () => {
    const m = X.catalogue.indicators[A.state.indicators[0]],
      d = X.data[A.state.indicators[0]],
      offered = new Set(m.o);
    radio("v", A.state.view);
    radio("m", A.state.measure);
    radio("per", A.state.head ? "head" : "");
    radio("p", A.state.real ? "real" : "");
    radio("c", A.state.money);
    radio("y", A.state.scale || X.ownScale(m.s, A.state.measure, A.state.view));
    form.elements.trail.checked = A.state.trail;
    form.elements.alt.checked = A.state.alternatives;
    for (const box of $$("[data-offer]", form)) {
      const off = !box.dataset.offer.split(" ").some((o) => offered.has(o));
      box.hidden = off;
      for (const i of $$("input", box)) i.disabled = off;
      if (box.matches("input")) box.disabled = off;
    }
    $("#pick-measure").hidden = A.state.view === "pursuit" || !X.MEASURES.some((o) => offered.has(o));
    $("#pick-base").hidden = A.state.measure !== "index";
    $("#pick-reference").hidden = !(A.state.measure === "ratio" || A.state.view === "pursuit");
    $("#pick-trail").hidden = A.state.view !== "scatter";
    $("#pick-alt").hidden = !X.words.showsAlternatives(
      { ...A.state, alternatives: true },
      { measure: A.state.measure },
    );
    // selects of indicators: one for each chosen and one more
    const selects = $$("select[name=i]", form),
      want = Math.min(6, A.state.indicators.length + 1);
    while (selects.length < want) {
      const row = $("[data-row]:last-of-type", form).cloneNode(true),
        s = $("select", row);
      s.id = "i" + selects.length;
      $("label", row).htmlFor = s.id;
      $("#pick-indicators").append(row);
      selects.push(s);
    }
    selects.forEach((s, n) => {
      if (n && s.options.length < 2)
        s.append(...[...selects[0].children].filter((c) => c.localName === "optgroup").map((c) => c.cloneNode(true)));
      s.value = A.state.indicators[n] || "";
      s.closest("[data-row]").hidden = n >= want;
      const scatter = A.state.view === "scatter";
      $("label", s.closest("[data-row]")).textContent = X.text(
        scatter && n < 3 ? ["indicator.y", "indicator.x", "indicator.size"][n] : n ? "indicator.more" : "indicator",
      );
    });
    // entities: those with figures first class, the rest dimmed
    const have = new Set(m.e),
      names = Object.keys(X.catalogue.entities),
      chosen = new Set(A.state.entities);
    for (const li of $$("#entities li[data-id]")) {
      const id = li.dataset.id,
        box = $("input", li);
      box.checked = chosen.has(id);
      li.classList.toggle("none", !have.has(names.indexOf(id)));
    }
    $("#entity-count").textContent = X.text("entities.count", { n: A.state.entities.length });
    const key = [A.state.indicators[0], A.state.reference, A.state.base].join();
    if (key !== drawnFor) {
      drawnFor = key;
      const option = (v, t) => X.h("option", { value: v }, t);
      const base = form.elements.b,
        ref = form.elements.r;
      base.replaceChildren(option("", X.text("base.auto")), ...d.x.map((p) => option(p, X.period(p))));
      base.value = A.state.base;
      ref.replaceChildren(
        ...[...new Set([A.state.reference, ...m.e.map((n) => names[n])])].map((e) => option(e, X.words.name(e))),
      );
      ref.value = A.state.reference;
      for (const [select, word] of [
        [form.elements.from, "span.first"],
        [form.elements.to, "span.last"],
      ])
        select.replaceChildren(option("", X.text(word)), ...d.x.map((p) => option(p, X.period(p))));
      for (const r of [$("#low"), $("#high")]) {
        r.min = 0;
        r.max = Math.max(0, d.x.length - 1);
      }
    }
    const inside = [...d.x.keys()].filter(
      (k) => (!A.state.start || d.x[k] >= A.state.start) && (!A.state.end || d.x[k] <= A.state.end + "~"),
    );
    const low = inside.length ? inside[0] : 0,
      high = inside.length ? inside[inside.length - 1] : d.x.length - 1;
    form.elements.from.value = A.state.start && inside.length ? d.x[low] : ""; // a year may stand for its months
    form.elements.to.value = A.state.end && inside.length ? d.x[high] : "";
    const single = ["bar", "scatter", "heat"].includes(A.state.view);
    slider($("#low"), low, d);
    slider($("#high"), high, d);
    $("#low").hidden = single && !(A.state.view === "scatter" && A.state.trail) && A.state.view !== "heat";
    const span = Math.max(1, d.x.length - 1);
    $("#range").style.setProperty("--low", $("#low").hidden ? 0 : low / span);
    $("#range").style.setProperty("--high", high / span);
    const query = X.toQuery({ ...A.state, opened: "", version: "" });
    for (const a of $$("#presets a")) {
      if (a.dataset.query === query) a.setAttribute("aria-current", "true");
      else a.removeAttribute("aria-current");
    }
  };
  const slider = (input, value, d) => {
    input.value = value;
    input.setAttribute("aria-valuetext", d.x[value] ? X.period(d.x[value]) : "");
  };

  const read = (touched) => {
    const q = new URLSearchParams();
    for (const s of $$("select[name=i]", form)) if (s.value) q.append("i", s.value);
    const checked = new Set($$("input[name=e]:checked", form).map((b) => b.value));
    const kept = A.state.entities.filter((e) => checked.has(e)),
      added = [...checked].filter((e) => !kept.includes(e));
    for (const e of [...kept, ...added]) q.append("e", e);
    for (const name of ["v", "m", "per", "p", "c", "y"]) {
      const r = $(`input[name="${name}"]:checked`, form);
      if (r && !r.disabled) q.set(name, r.value);
    }
    for (const name of ["b", "r"]) if (form.elements[name].value) q.set(name, form.elements[name].value);
    // the lists name the periods of one indicator, the span chosen may be another's: only a touch changes it
    for (const [name, kept] of [
      ["from", A.state.start],
      ["to", A.state.end],
    ]) {
      const v = touched === name ? form.elements[name].value : kept;
      if (v) q.set(name, v);
    }
    for (const name of ["trail", "alt"]) if (form.elements[name].checked) q.set(name, "1");
    return q;
  };
  const changed = (event) => {
    const t = event.target;
    if (t.type === "search" || t.id === "low" || t.id === "high" || t.id === "share-link") return;
    A.stop();
    const q = read(t.name),
      before = A.state;
    let loosen = false;
    if (t.name === "i" && t === $("select[name=i]", form)) {
      // another indicator: who has no figure for it makes room
      const m = X.catalogue.indicators[t.value],
        names = Object.keys(X.catalogue.entities),
        have = new Set(m.e.map((n) => names[n]));
      if (!before.entities.some((e) => have.has(e))) {
        q.delete("e");
        for (const e of X.bestEntities(t.value)) q.append("e", e);
      }
      q.delete("y");
      if (m.f === X.catalogue.indicators[before.indicators[0]].f) loosen = true;
      else for (const name of ["from", "to", "b"]) q.delete(name);
    }
    if (t.name === "m" || t.name === "v") q.delete("y");
    if (
      t.name === "v" &&
      before.view === "pursuit" &&
      t.value !== "pursuit" &&
      !before.entities.includes(before.reference)
    ) {
      const es = q.getAll("e");
      q.delete("e");
      for (const e of [before.reference, ...es]) q.append("e", e);
    }
    if (t.name === "v" && t.value === "scatter" && q.getAll("i").length < 2) {
      const other =
        X.catalogue.populations.find((p) => X.catalogue.indicators[p] && p !== q.get("i")) ||
        Object.keys(X.catalogue.indicators).find((i) => i !== q.get("i"));
      if (X.catalogue.indicators[q.get("i")].k !== undefined && other) q.append("i", other);
    }
    if (!q.getAll("e").length) {
      for (const e of before.entities.slice(0, 1)) q.append("e", e);
    }
    const [next] = X.parse(q.toString());
    next.opened = "";
    if (!X.sameState(next, A.state)) A.show(next, { input: true, loosen });
    else controls();
  };
  Object.assign(A, { controls });
  // names in another language: the lists of periods and references are written anew
  A.forget = () => (drawnFor = "");
  A.begin.push(() => {
    form.addEventListener("change", changed);
    form.addEventListener("submit", (e) => {
      e.preventDefault();
    });
  });
})(window.Explore);
