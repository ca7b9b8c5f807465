// What the explorer's parts share: the page's elements, the state shown and its chart, data, the announcer.
"use strict";
((X) => {
  const $ = (s, within = document) => within.querySelector(s),
    $$ = (s, within = document) => [...within.querySelectorAll(s)];
  const config = JSON.parse($("#explore-config").textContent),
    live = $("#say") || $("#explore-say");
  const { root } = document.documentElement.dataset; // the path that the whole site is served below
  const page = () => `${root}/${config.lang.toLowerCase()}/explore`;
  const pending = {};
  // the server leads an old version's address to today's: figures of two versions do not meet in one chart,
  // so the page is opened anew, with the choice just made
  const REPLACED = new Error("the dataset was replaced");
  const fetchJSON = (url) =>
    fetch(url, { credentials: "same-origin" }).then((r) => {
      if (r.redirected) throw REPLACED;
      if (!r.ok) throw new Error(r.status + " " + url);
      return r.json();
    });
  const load = (id) =>
    X.data[id]
      ? null
      : (pending[id] ||= fetchJSON(`${root}/explore/data/${id}.${config.version}.json`).then(
          (d) => {
            X.data[id] = d;
            delete pending[id];
          },
          (e) => {
            delete pending[id];
            throw e;
          },
        ));
  const say = (text) => {
    live.textContent = "";
    live.textContent = text;
  };
  // a job for an idle moment; a later one takes its place
  let queue = null;
  const later = (job) => {
    if (!queue)
      (window.requestIdleCallback || ((f) => setTimeout(f, 1)))(
        () => {
          const run = queue;
          queue = null;
          run();
        },
        { timeout: 200 },
      );
    queue = job;
  };
  X.app = {
    $,
    $$,
    config,
    page,
    form: $("#explore"),
    stage: $("#stage"),
    tip: $("#tip"),
    state: null,
    chart: null,
    placed: null,
    room: 0, // CSS pixels the chart may be wide
    begin: [], // what each part does once the first chart stands
    REPLACED,
    fetchJSON,
    load,
    say,
    later,
  };
})(window.Explore);
