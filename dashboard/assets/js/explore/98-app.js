// The explorer alive: from a state to the page, from an address to a state, and what starts it all.
"use strict";
((X) => {
  const A = X.app,
    { $, config, stage, REPLACED } = A;
  const canvas = $("#canvas"),
    under = $("#under"),
    words = $("#words");
  let gd = canvas, // where plotly draws: our own place, then Dash's graph over it
    generation = 0,
    unsaved = "";

  // ---- state → page -----------------------------------------------------------------------------------
  // ``input``: the reader's own hand on a control, which shows the new state already; whatever else leads here
  // (back, a preset, Dash) sets the controls in the same breath, so that the next touch reads what is shown
  // ``loosen``: another indicator may have no figures in the span chosen for the one before
  const show = async (next, { history: how = "push", quiet = false, input = false, loosen = false } = {}) => {
    const mine = ++generation;
    const waits = X.needs(next).map(A.load).filter(Boolean);
    if (waits.length) {
      const slow = setTimeout(() => stage.setAttribute("aria-busy", "true"), 250); // the old chart stays meanwhile
      try {
        await Promise.all(waits);
      } catch (error) {
        if (error === REPLACED) {
          const query = X.toQuery(next);
          location.assign(A.page() + (query ? "?" + query : ""));
          return;
        }
        if (mine === generation) A.controls();
        A.say(X.text("failed"));
        clearTimeout(slow);
        stage.removeAttribute("aria-busy");
        return;
      }
      clearTimeout(slow);
      stage.removeAttribute("aria-busy");
      if (mine !== generation) return; // a later choice has overtaken this one
    }
    if (loosen && (next.start || next.end) && !X.select(next).series.length) next = { ...next, start: "", end: "" };
    if (unsaved) A.record(unsaved); // two quick changes are two entries of the history
    A.state = next;
    draw();
    if (!input) A.controls();
    unsaved = how === "push" ? how : "";
    // the chart first, the rest a moment after; a choice that still waits for its data keeps its control
    A.later(() => {
      unsaved = "";
      if (input && mine === generation) A.controls();
      A.follow(how, quiet);
    });
  };
  // measured once and when it changes, since asking makes the browser lay out the page
  const width = () => (A.room ||= Math.max(280, Math.floor($(".shown").getBoundingClientRect().width)));
  const draw = () => {
    const w = width();
    A.chart = X.chart(A.state, w >= 600);
    const isTable = A.state.view === "table",
      height = X.heightFor(A.chart, w),
      at = A.leave();
    if (stage.hidden !== isTable) stage.hidden = isTable;
    if (isTable) {
      $("#big-table").replaceChildren(X.table(A.chart));
    } else {
      if ($("#big-table").firstChild) $("#big-table").replaceChildren();
      if (stage.style.height !== height + "px") stage.style.height = height + "px";
      A.placed = X.draw(gd, under, words, A.chart, w, height);
      stage.classList.add("awake");
    }
    $("#empty").hidden = !A.chart.empty;
    $("#empty").textContent = A.chart.empty;
    $("#finding").replaceChildren(...X.phrase(A.chart));
    $("#subtitle").textContent = A.chart.subtitle;
    X.current = { state: A.state, chart: A.chart, placed: A.placed };
    return at;
  };
  // the same chart once more: another width, theme, language or graph
  const redraw = () => A.resume(draw());
  const restyle = () => {
    X.restyle();
    redraw();
  };

  // ---- address → state ----------------------------------------------------------------------------------
  const fromAddress = (query, options) => {
    const [next, dropped] = X.parse(query);
    A.asked(next.version);
    next.version = "";
    A.warn(dropped);
    return show(next, options);
  };
  X.go = (query) => fromAddress(query, {}); // Dash's store leads here
  X.query = () => X.toQuery(A.state);
  // the same state in another language: X.catalogue and the page's fixed words are already there
  X.resay = (lang) => {
    A.stop();
    config.lang = lang;
    config.brand = X.catalogue.brand;
    A.forget();
    restyle();
    A.later(() => {
      A.controls();
      A.warnAgain();
      A.follow("replace", false);
    });
  };
  Object.assign(A, { show });

  // ---- start ----------------------------------------------------------------------------------------------
  const start = async () => {
    const [catalogue] = await Promise.all([A.fetchJSON(config.catalogue), ...config.first.map(A.load)]);
    X.catalogue = catalogue;
    X.restyle();
    document.documentElement.classList.add("explore-js");
    await fromAddress(location.search, { history: "none", quiet: true, input: true }); // the server set the controls
    for (const begin of A.begin) begin();
    $("#presets").addEventListener("click", (e) => {
      const a = e.target.closest("a");
      if (!a || e.ctrlKey || e.metaKey || e.shiftKey) return;
      e.preventDefault();
      A.stop();
      fromAddress(a.dataset.query, {});
    });
    addEventListener("popstate", () => {
      unsaved = "";
      A.stop();
      fromAddress(location.search, { history: "none" });
    });
    document.addEventListener("pursuit:theme", restyle);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", restyle);
    new ResizeObserver((entries) => {
      const w = Math.max(280, Math.floor(entries[0].contentRect.width));
      if (w !== A.room) {
        A.room = w;
        requestAnimationFrame(redraw);
      }
    }).observe($(".shown"));
    A.later(() => {
      A.controls();
      A.follow("none", true);
      X.ready = true;
      document.documentElement.classList.add("drawn");
      stage.dataset.ready = "1";
      (window.requestIdleCallback || setTimeout)(dash, { timeout: 4000 });
    });
  };

  // ---- Dash: mounts last, mirrors the state in its store, lends its graph ---------------------------------
  const dash = async () => {
    // not async: Dash finds its further parts beside the last script that is not
    await new Promise((ok, fail) => {
      const s = document.createElement("script");
      s.src = config.dash;
      s.async = false;
      s.onload = ok;
      s.onerror = fail;
      document.body.append(s);
    });
    if (window.DashRenderer) window.renderer = new window.DashRenderer();
    X.prepareLanguages();
  };
  // Dash's graph stands: draw there from now on, over the same spot
  X.adopt = (id) => {
    const found = document.querySelector(`#${id} .js-plotly-plot`);
    if (!found || found === gd || stage.hidden) return;
    gd = found;
    redraw();
    A.placed.done.then(() => {
      canvas.hidden = true;
    });
  };
  start().catch((error) => {
    if (error === REPLACED) {
      location.reload();
      return;
    }
    stage.removeAttribute("aria-busy");
    console.error(error);
  });
})(window.Explore);
