// Finding among entities: search in three scripts and pinyin, groups.
"use strict";
((X) => {
  const A = X.app,
    { $, $$ } = A;
  const search = () => {
    const q = $("#entity-search")
        .value.normalize("NFKC")
        .toLowerCase()
        .replaceAll(/[\s_'’-]+/g, ""),
      list = $("#entities");
    const short = /^[a-z]{1,2}$/.test(q); // initials begin a name; longer pieces may stand within it
    let hits = 0;
    for (const li of $$("li[data-id]", list)) {
      const hit = q !== "" && (short ? ("|" + li.dataset.q).includes("|" + q) : li.dataset.q.includes(q));
      li.classList.toggle("hit", hit);
      hits += hit;
    }
    list.classList.toggle("searching", q !== "");
    $("#entity-none").hidden = !(q && !hits);
  };
  A.begin.push(() => {
    $("#entity-search").addEventListener("input", search);
    $("#more").addEventListener("click", () => {
      const on = $("#entities").classList.toggle("all");
      $("#more").setAttribute("aria-expanded", on);
    });
    for (const b of $$("[data-group]"))
      b.addEventListener("click", () => {
        const members = X.membersOf(b.dataset.group, A.state.indicators[0]),
          have = members.every((m) => A.state.entities.includes(m));
        const entities = have
          ? A.state.entities.filter((e) => !members.includes(e))
          : [...new Set([...A.state.entities, ...members])].slice(0, X.MOST.e);
        A.stop();
        if (entities.length) A.show({ ...A.state, entities, opened: "" });
      });
  });
})(window.Explore);
