// Dash's side: its store follows the explorer and leads it; its graph draws from the moment it stands.
"use strict";
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.explore = {
  follow: (query) => {
    const X = window.Explore,
      none = window.dash_clientside.no_update;
    if (!X.ready || X.adopted) {
      if (X.ready && typeof query === "string" && !X.sent.has(query)) X.go(query);
      return none;
    }
    X.adopted = true;
    setTimeout(() => {
      X.sent.add(X.query());
      window.dash_clientside.set_props("state", { data: X.query() });
    });
    const { placed } = X.current;
    requestAnimationFrame(function wait() {
      if (document.querySelector("#graph .main-svg")) X.adopt("graph");
      else if ((X.tries = (X.tries || 0) + 1) < 300) requestAnimationFrame(wait);
    });
    return placed ? { data: placed.data, layout: placed.layout } : none;
  },
};
