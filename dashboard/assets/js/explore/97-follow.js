// What may follow a moment after the chart: address, notes, sources, links, announcement, Dash.
"use strict";
((X) => {
  const A = X.app,
    { $, $$, config, stage } = A;
  X.sent = new Set(); // what Dash's store was told, so that its echo is not taken for a wish
  let telling = 0;
  const NOTES = 3;
  const record = (how) => {
    const query = X.toQuery(A.state),
      address = A.page() + (query ? "?" + query : "");
    if (how === "push" && address !== location.pathname + location.search) history.pushState(null, "", address);
    else if (how === "replace") history.replaceState(null, "", address);
    return query;
  };
  const follow = (how, quiet) => {
    const query = record(how);
    document.title = A.chart.title + " · " + config.brand;
    stage.setAttribute("aria-roledescription", X.text("view." + A.state.view));
    stage.setAttribute("aria-label", A.chart.alt + " " + X.text("chart.keys"));
    const body = $("#data-shown"),
      details = body.closest("details");
    body.replaceChildren();
    if (details.open) body.replaceChildren(X.table(A.chart));
    const notes = [
      ...A.chart.notes,
      ...(A.state.indicators.length > 1 && A.state.view === "pursuit" ? [X.text("note.first_only")] : []),
    ].map((n) => X.h("li", {}, n));
    $("#notes").replaceChildren(...notes.slice(0, NOTES));
    $("#more-notes").hidden = notes.length <= NOTES;
    $("#more-notes ul").replaceChildren(...notes.slice(NOTES));
    $("#more-notes summary").textContent = X.text("notes.more", { n: Math.max(0, notes.length - NOTES) });
    const sources = X.sourcesOf(A.chart);
    const names = [...new Set(sources.map(X.words.publisher))];
    $("#source-line").textContent = names.slice(0, 3).join(X.text("sub.list")) + (names.length > 3 ? " …" : "");
    $("#source-count").textContent = X.text("sources.count", { n: sources.length });
    const list = $("#source-list");
    list.replaceChildren();
    if (list.closest("details").open) list.replaceChildren(X.sourceList(sources));
    for (const a of $$("[data-export]"))
      a.href = A.page() + a.dataset.export.split("/explore")[1] + (query ? "?" + query : "");
    for (const a of $$("a[data-lang]")) a.href = a.pathname + (query ? "?" + query : "");
    if (A.room < 600) {
      const tabs = $(".tabs"),
        on = $("input:checked + span", tabs);
      tabs.scrollLeft += on.getBoundingClientRect().right - tabs.getBoundingClientRect().right + 24;
    }
    A.panel();
    if (!quiet)
      A.say(
        X.text("changed", {
          title: A.chart.title,
          n: A.chart.sels.reduce((n, sel) => n + sel.series.reduce((m, s) => m + X.words.points(s).length, 0), 0),
        }),
      );
    clearTimeout(telling); // Dash re-renders at each telling: let the reader finish first
    telling = setTimeout(() => {
      if (X.adopted) {
        X.sent.add(query);
        window.dash_clientside.set_props("state", { data: query });
      }
    }, 700);
  };
  Object.assign(A, { record, follow });
  A.begin.push(() => {
    for (const d of $$("details[data-lazy]"))
      d.addEventListener("toggle", () => {
        if (!d.open) return;
        if ($("#data-shown").closest("details").open) $("#data-shown").replaceChildren(X.table(A.chart));
        $("#source-list").replaceChildren(X.sourceList(X.sourcesOf(A.chart)));
      });
  });
})(window.Explore);
