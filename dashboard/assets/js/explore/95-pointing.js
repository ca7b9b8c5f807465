// Hover and a walk by keyboard: a figure's value, period and source, shown and said.
"use strict";
((X) => {
  const A = X.app,
    { $, config, stage, tip } = A;
  let walk = null,
    cursor = null; // which series, which of its points
  const pointTo = (px, py, ref, speak) => {
    const [s, k, other, alternative] = ref,
      sel = other || A.chart.sel,
      p = alternative ? X.words.otherParts(sel, s, alternative) : X.words.pointParts(sel, s, k);
    tip.replaceChildren(
      X.h("b", {}, p.entity + " · " + p.period),
      X.h("span", {}, p.said + (p.raw ? (config.lang === "en" ? " (" + p.raw + ")" : "（" + p.raw + "）") : "")),
      X.h("small", {}, [p.status, p.publisher].filter(Boolean).join(" · ")),
    );
    tip.hidden = false;
    const w = tip.offsetWidth,
      hgt = tip.offsetHeight;
    // beside the point, to its left where the right has no room, and inside the chart
    const { width, height } = A.placed,
      inside = (v, most) => Math.round(Math.max(4, Math.min(most - 4, v))),
      left = px + 14 + w > width - 4 ? px - 14 - w : px + 14;
    tip.style.transform = `translate(${inside(left, width - w)}px,${inside(py - hgt - 12, height - hgt)}px)`;
    const mark = $("#mark"),
      bars = A.state.view === "bar" || A.state.view === "heat";
    mark.innerHTML = "";
    const ns = "http://www.w3.org/2000/svg",
      add = (tag, a) => {
        const n = document.createElementNS(ns, tag);
        for (const q in a) n.setAttribute(q, a[q]);
        mark.append(n);
      };
    if (["line", "pursuit"].includes(A.state.view))
      add("line", {
        x1: px,
        x2: px,
        y1: A.placed.box.y,
        y2: A.placed.box.y + A.placed.box.h,
        stroke: "var(--ink)",
        "stroke-opacity": 0.4,
      });
    add("circle", {
      cx: px,
      cy: py,
      r: bars ? 4 : 5.5,
      fill: `var(--${X.catalogue.entities[s.entity].r})`,
      stroke: "var(--paper)",
      "stroke-width": 2,
    });
    if (speak)
      A.say(
        [p.entity, p.period, p.said, p.raw, p.status, p.publisher]
          .filter(Boolean)
          .join(config.lang === "en" ? ", " : "，"),
      );
    X.pointed = ref;
  };
  const hide = () => {
    tip.hidden = true;
    $("#mark").replaceChildren();
    X.pointed = null;
  };
  const pointed = (event) => {
    if (!A.placed || stage.hidden || event.target.closest("#tip")) return null;
    const box = stage.getBoundingClientRect();
    return X.nearest(A.placed, event.clientX - box.left, event.clientY - box.top);
  };
  let moved = null,
    over = null; // where the mouse moved last, and where it rests while it is over the chart
  const hovering = (event) => {
    over = event;
    if (!moved)
      requestAnimationFrame(() => {
        const found = pointed(moved);
        moved = null;
        if (found) {
          if (found[2] !== X.pointed) pointTo(found[0], found[1], found[2], false);
        } else if (document.activeElement !== stage || !cursor) hide();
        stage.style.cursor = found ? "pointer" : "";
      });
    moved = event;
  };
  const keyed = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const go = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
      Home: [-1e9, 0],
      End: [1e9, 0],
    }[event.key];
    if (event.key === "Escape") {
      if (!$("#documents").hidden) A.close();
      else hide();
      return;
    }
    if (event.key === "Enter" && cursor) {
      event.preventDefault();
      A.open(walk[cursor[0]].points[cursor[1]][2]);
      return;
    }
    if (!go) return;
    event.preventDefault();
    walk ||= X.walk(A.chart);
    if (!walk.length) {
      A.say(X.text("point.none"));
      return;
    }
    if (!cursor) cursor = [0, go[0] === 1 || go[0] < -1 ? 0 : walk[0].points.length - 1];
    else if (go[1] && walk.length > 1) {
      const here = walk[cursor[0]].points[cursor[1]],
        vertical = walk.map((s, n) => [
          n,
          s.points.reduce((b, p, k) => (Math.abs(p[0] - here[0]) < Math.abs(s.points[b][0] - here[0]) ? k : b), 0),
        ]);
      const at = (cursor[0] + go[1] + walk.length) % walk.length;
      cursor = vertical[at];
    } else
      cursor = [cursor[0], Math.max(0, Math.min(walk[cursor[0]].points.length - 1, cursor[1] + (go[0] || go[1])))];
    const [x, y, ref] = walk[cursor[0]].points[cursor[1]];
    pointTo(A.placed.px(x), A.placed.py(y), ref, true);
  };
  // before another chart is drawn: nothing is pointed at; returns where the walk stood
  A.leave = () => {
    const at = cursor;
    hide();
    cursor = walk = null;
    return at;
  };
  // the same chart once more: who walks or points along it stays where he stood
  A.resume = (at) => {
    if (stage.hidden) return;
    if (!at) {
      if (over) hovering(over);
      return;
    }
    walk = X.walk(A.chart);
    const spot = walk[at[0]] && walk[at[0]].points[at[1]];
    if (!spot) return; // another form of the chart may have fewer marks
    cursor = at;
    const [x, y, ref] = spot;
    pointTo(A.placed.px(x), A.placed.py(y), ref, false);
  };
  A.begin.push(() => {
    stage.addEventListener("pointermove", hovering);
    stage.addEventListener("pointerleave", () => {
      over = null;
      if (document.activeElement !== stage || !cursor) hide();
    });
    stage.addEventListener("click", (e) => {
      const found = pointed(e);
      if (found) {
        pointTo(found[0], found[1], found[2], false);
        A.open(found[2]);
      }
    });
    stage.addEventListener("keydown", keyed);
    stage.addEventListener("blur", hide);
  });
})(window.Explore);
