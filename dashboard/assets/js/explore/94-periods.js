// Periods: two thumbs, and play.
"use strict";
((X) => {
  const A = X.app,
    { $ } = A;
  let playing = 0;
  const slid = (event, how = "replace") => {
    const d = X.data[A.state.indicators[0]],
      low = $("#low"),
      high = $("#high"),
      single = low.hidden;
    let a = +low.value,
      b = +high.value;
    if (!single && a > b) {
      if (event.target === low) b = a;
      else a = b;
    }
    const next = { ...A.state, end: b >= d.x.length - 1 ? "" : d.x[b] };
    if (!single) next.start = a <= 0 ? "" : d.x[a];
    else if (next.start && next.end && next.start > next.end) next.start = "";
    if (next.start && !next.end && next.start > d.x[d.x.length - 1]) next.start = "";
    if (!X.sameState(next, A.state)) A.show(next, { history: how, quiet: how === "replace", input: true });
  };
  const stop = () => {
    if (playing) clearInterval(playing);
    playing = 0;
    const b = $("#play");
    b.setAttribute("aria-pressed", "false");
    b.lastElementChild.textContent = X.text("play");
  };
  const play = () => {
    if (playing) {
      stop();
      A.follow("push", false);
      return;
    }
    const d = X.data[A.state.indicators[0]],
      high = $("#high");
    if (+high.value >= d.x.length - 1) high.value = Math.max(0, +($("#low").hidden ? 0 : $("#low").value));
    $("#play").setAttribute("aria-pressed", "true");
    $("#play").lastElementChild.textContent = X.text("pause");
    playing = setInterval(() => {
      const k = +high.value + Math.max(1, Math.round(d.x.length / 60));
      if (k > d.x.length - 1) {
        stop();
        A.follow("push", false);
        return;
      }
      high.value = k;
      slid({ target: high }, "none");
    }, 420);
  };
  Object.assign(A, { stop });
  A.begin.push(() => {
    for (const r of [$("#low"), $("#high")]) {
      r.addEventListener("input", (e) => {
        stop();
        slid(e);
      });
      r.addEventListener("change", () => A.follow("replace", false));
    }
    $("#play").addEventListener("click", play);
  });
})(window.Explore);
