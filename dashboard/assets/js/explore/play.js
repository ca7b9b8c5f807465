// Periods: two thumbs, a player, and a span dragged out on the chart itself.
import { $ } from "../common.js";
import { prefetch, shown, width } from "./answers.js";
import { periods, track } from "./controls.js";
import { spanned, toQuery } from "./params.js";

const PACE = 450; // ms a period stands
let timer = 0;
let frames = [];

function button(playing) {
  const play = $("#play");
  play.setAttribute("aria-pressed", playing);
  $(".vh", play).textContent = playing ? play.dataset.pause : play.dataset.play;
}

/** Wire thumbs, player and dragging; ``show(candidates, how)`` draws, ``params()`` is what is wanted now. */
export function wire(show, params) {
  const slid = (thumb, how) => {
    const [low, high] = [$("#low"), $("#high")];
    if (!low.hidden && Number(low.value) > Number(high.value)) {
      if (thumb === low) high.value = low.value;
      else low.value = high.value;
    }
    track();
    const [a, b] = [low.hidden ? 0 : Number(low.value), Number(high.value)];
    show([spanned(params(), periods(), a, b)], how);
    for (const by of [-1, 1]) {
      const [c, d] = thumb === low ? [a + by, b] : [a, b + by];
      if (c >= 0 && d < periods().length && c <= d) prefetch(toQuery(spanned(params(), periods(), c, d)));
    }
  };
  const stop = () => {
    if (!timer) return;
    clearInterval(timer);
    timer = 0;
    button(false);
  };
  const step = (k) => {
    if (k >= frames.length) {
      stop();
      show([{ ...params(), at: "" }], { history: "replace" });
      return;
    }
    show([{ ...params(), at: frames[k] }], { history: "replace", quiet: true });
    for (const ahead of frames.slice(k + 1, k + 3)) prefetch(toQuery({ ...params(), at: ahead }));
  };
  const play = () => {
    if (timer) {
      stop();
      return;
    }
    const { at } = params();
    if (!at || !frames.length) ({ frames } = shown().form);
    let k = Math.max(0, frames.indexOf(at));
    button(true);
    step(k);
    timer = setInterval(() => {
      k += 1;
      step(k);
    }, PACE);
  };
  document.addEventListener("input", (event) => {
    if (!event.target.matches("#low, #high")) return;
    stop();
    slid(event.target, { history: "replace", quiet: true });
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("#play")) play();
  });
  document.addEventListener("pointerover", (event) => {
    const ahead = event.target.closest?.("#play") && !timer && shown()?.form.frames.slice(0, 2);
    for (const at of ahead || []) prefetch(toQuery({ ...params(), at }));
  });
  drag(show, params);
  return stop;
}

// ---- a span dragged out --------------------------------------------------------------------------------------
const LEAST = 12; // pixels of the screen that are a drag, not a click

function drag(show, params) {
  let start = null;
  const stage = () => $("#stage");
  const place = (event) => event.clientX - stage().getBoundingClientRect().left;
  const over = () => {
    $("#brush").hidden = true;
    start = null;
  };
  document.addEventListener("pointerdown", (event) => {
    const ours = event.target.closest?.("#stage") && event.button === 0 && event.pointerType !== "touch";
    start = ours && shown()?.form.brush ? place(event) : null;
  });
  document.addEventListener("pointermove", (event) => {
    if (start === null) return;
    const [a, b] = [start, place(event)].sort((x, y) => x - y);
    $("#brush").hidden = b - a < LEAST;
    $("#brush").style.left = `${a}px`;
    $("#brush").style.width = `${b - a}px`;
  });
  document.addEventListener("pointercancel", over);
  document.addEventListener("pointerup", async (event) => {
    if (start === null) return;
    const ends = [start, place(event)].sort((x, y) => x - y);
    over();
    if (ends[1] - ends[0] < LEAST) return;
    const swallow = (click) => click.stopPropagation(); // the click that ends a drag opens no document
    addEventListener("click", swallow, true);
    setTimeout(() => removeEventListener("click", swallow, true));
    const found = await (await fetch(`${stage().dataset.points}&w=${width()}`)).json();
    const by = stage().offsetWidth / found.width;
    const inside = Object.entries(found.periods).filter(([x]) => x * by >= ends[0] && x * by <= ends[1]);
    const within = inside.map(([, [period]]) => period).sort();
    if (within.length > 1) show([{ ...params(), at: "", t: `${within[0]}..${within.at(-1)}` }]);
  });
}
