// Another language in place: the page's fixed words and the catalogue of names and messages come in one file,
// fetched when the page rests or a reader nears the choice, so that the switch asks for nothing. The words of the
// language one leaves are read off the page itself.
"use strict";
((X) => {
  const $ = (s, within = document) => within.querySelector(s),
    $$ = (s, within = document) => [...within.querySelectorAll(s)];
  const config = JSON.parse($("#explore-config").textContent),
    ready = {};
  const SAID = ["aria-label", "placeholder", "title", "data-label-system", "data-label-light", "data-label-dark"];
  // what the explorer writes itself
  const OWN =
    "#finding, #subtitle, #empty, #warning, #stage, #big-table, #source-line, #source-count, #source-list, #share-link, #cite-text, " +
    "#notes, #more-notes, #data-shown, #play, #entities, #entity-count, #documents-body, #explore-say, #pick-indicators, select, svg, table";
  const fetched = (url) =>
    fetch(url, { credentials: "same-origin" }).then((r) => {
      if (!r.ok) throw new Error(r.status + " " + url);
      return r;
    });
  const PARTS = ["a.skip", "header.top", "main", "footer.bottom"];
  const kept = () => {
    const words = document.createDocumentFragment();
    for (const part of PARTS) words.append($(part).cloneNode(true));
    $("#stage", words).replaceChildren();
    return [X.catalogue, words];
  };
  const prepare = (lang) =>
    (ready[lang] ||= fetched(`${document.documentElement.dataset.root}/explore/language-${lang}.${config.version}.json`)
      .then((r) => r.json())
      .then((found) => [found.catalogue, new DOMParser().parseFromString(found.page, "text/html")])
      .catch((error) => {
        delete ready[lang];
        throw error;
      }));
  X.prepareLanguages = () => {
    ready[X.catalogue.lang] ||= Promise.resolve(kept());
    if (navigator.connection && navigator.connection.saveData) return;
    for (const lang of config.langs) if (lang !== X.catalogue.lang) prepare(lang).catch(() => {});
  };

  const key = (e) =>
    e.id ||
    ["data-lang", "data-group", "data-export", "data-offer", "data-query", "value", "href"]
      .map((n) => e.getAttribute(n))
      .find((v) => v) ||
    "";
  const alike = (e, at, others) => {
    const own = key(e);
    return (
      others.find((o) => o.tagName === e.tagName && own && key(o) === own) ||
      (others[at] && others[at].tagName === e.tagName ? others[at] : null)
    );
  };
  const reword = (now, next) => {
    for (const n of SAID) if (now.hasAttribute(n) && next.hasAttribute(n)) now.setAttribute(n, next.getAttribute(n));
    if (now.matches("a[href]:not([data-lang], [data-export])") && next.hasAttribute("href"))
      now.setAttribute("href", next.getAttribute("href"));
    if (now.matches(OWN)) return;
    const words = (e) => [...e.childNodes].filter((c) => c.nodeType === 3 && c.data.trim()),
      [a, b] = [words(now), words(next)];
    if (a.length === b.length)
      a.forEach((t, n) => {
        if (t.data !== b[n].data) t.data = b[n].data;
      });
    const others = [...next.children];
    [...now.children].forEach((e, at) => {
      const other = alike(e, at, others);
      if (other) reword(e, other);
    });
  };

  const names = () => {
    const C = X.catalogue;
    const named = (o) => {
      o.textContent = o.value ? C.indicators[o.value].n : X.text("indicator.none");
    };
    for (const s of $$("#pick-indicators select")) if (s.selectedOptions[0]) named(s.selectedOptions[0]);
    (window.requestIdleCallback || setTimeout)(() => {
      // those inside closed lists a moment later
      if (X.catalogue !== C) return;
      for (const o of $$("#pick-indicators option")) named(o);
      for (const g of $$("#pick-indicators optgroup")) g.label = X.text("domain." + g.dataset.domain);
    });
    for (const li of $$("#entities li[data-id]")) $("label > span", li).textContent = C.entities[li.dataset.id].n;
  };
  const speak = async (lang) => {
    const [catalogue, page] = await prepare(lang);
    if (lang === X.catalogue.lang) return;
    ready[X.catalogue.lang] ||= Promise.resolve(kept());
    document.documentElement.lang = lang;
    X.catalogue = catalogue;
    X.resay(lang);
    requestAnimationFrame(() => {
      // the chart first, what stands around it in the next frame
      if (X.catalogue !== catalogue) return;
      for (const part of PARTS) reword($(part), $(part, page));
      for (const a of $$("a[data-lang]")) {
        if (a.dataset.lang === lang) a.setAttribute("aria-current", "true");
        else a.removeAttribute("aria-current");
      }
      const theme = $("[data-theme-toggle]"),
        label =
          theme.dataset[
            { dark: "labelDark", light: "labelLight" }[document.documentElement.dataset.theme] || "labelSystem"
          ];
      theme.title = label;
      theme.setAttribute("aria-label", label);
      names();
    });
  };
  document.addEventListener("click", (event) => {
    const a = event.target.closest("a[data-lang]");
    if (!a || !X.ready || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (a.dataset.lang !== X.catalogue.lang)
      speak(a.dataset.lang).catch((error) => {
        console.warn(error);
        location.href = a.href;
      });
  });
  for (const kind of ["pointerover", "focusin", "touchstart"])
    $("nav.languages").addEventListener(
      kind,
      (event) => {
        const a = event.target.closest("a[data-lang]");
        if (a && X.ready && a.dataset.lang !== X.catalogue.lang) prepare(a.dataset.lang).catch(() => {});
      },
      { passive: true },
    );
})(window.Explore);
