// A long list of entities is one stop of the tab key: arrows, Home and End move within it.
"use strict";
(() => {
  const LONG = 80; // with fewer boxes each stays a stop of its own, as everywhere
  const list = document.querySelector("#entities"),
    boxes = [...list.querySelectorAll("input")];
  if (boxes.length <= LONG) return;
  const seen = () => boxes.filter((b) => b.offsetParent !== null);
  let stop = null;
  const rove = (box) => {
    if (stop === box) return;
    if (stop) stop.tabIndex = -1;
    else for (const b of boxes) b.tabIndex = -1;
    if (box) box.tabIndex = 0;
    stop = box;
  };
  // few boxes in sight (those chosen, a search's hits): all are stops; many: one of them is
  const settle = () => {
    const shown = seen();
    if (shown.length > LONG) {
      rove(shown.includes(stop) ? stop : shown.find((b) => b.checked) || shown[0]);
      return;
    }
    if (stop) {
      for (const b of boxes) b.tabIndex = 0;
      stop = null;
    }
  };
  let asked = false;
  const later = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      settle();
    });
  };
  new MutationObserver(later).observe(list, { attributes: true, attributeFilter: ["class"], subtree: true });
  list.addEventListener("change", later);
  list.addEventListener("focusin", (e) => {
    if (stop && e.target.matches("input")) rove(e.target);
  });
  list.addEventListener("keydown", (e) => {
    if (!stop || !["ArrowDown", "ArrowUp", "Home", "End"].includes(e.key) || e.ctrlKey || e.metaKey || e.altKey)
      return;
    const shown = seen(),
      at = shown.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1 }[e.key];
    e.preventDefault();
    const next = shown[Math.max(0, Math.min(shown.length - 1, to))];
    rove(next);
    next.focus();
  });
  later();
})();
