import { $ } from "./common.js";

// Keys of a presenter: the links on the screen do the same.
const to = (link) => {
  if (link) location.assign(link.href ?? link);
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const pressed = event.target.closest("a, button, summary");
  if (event.key === " " && pressed && pressed.tagName !== "A") return;
  const steps = $(".steps").dataset;
  const back = event.key === " " && event.shiftKey;
  if (back || ["ArrowLeft", "ArrowUp", "PageUp"].includes(event.key)) to($("a[rel=prev]"));
  else if (["ArrowRight", "ArrowDown", "PageDown", " "].includes(event.key)) to($("a[rel=next]"));
  else if (event.key === "Home") to(steps.first);
  else if (event.key === "End") to(steps.last);
  else if (event.key === "Escape") to($("a[data-leave]"));
  else return;
  event.preventDefault();
});

// A finger drawn sideways turns the page; up and down it scrolls, and two fingers zoom.
let touch = null;
addEventListener(
  "touchstart",
  (event) => {
    const { clientX, clientY } = event.touches[0];
    touch = event.touches.length === 1 && !event.target.closest(".steps, .scroll") ? [clientX, clientY] : null;
  },
  { passive: true },
);
addEventListener("touchend", (event) => {
  if (!touch || event.touches.length || (window.visualViewport?.scale ?? 1) > 1.05) return;
  const { clientX, clientY } = event.changedTouches[0];
  const [across, down] = [clientX - touch[0], clientY - touch[1]];
  touch = null;
  if (Math.abs(across) > 60 && Math.abs(across) > 2 * Math.abs(down)) to($(across < 0 ? "a[rel=next]" : "a[rel=prev]"));
});

// The next screen is in the browser's memory before it is asked for (a prefetch link would need a wider policy).
const following = $("a[rel=next]");
if (following) (window.requestIdleCallback ?? setTimeout)(() => fetch(following.href).catch(() => {}));
