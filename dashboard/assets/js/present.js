// Keys of a presenter: the links on the screen do the same.
const to = (link) => {
  if (link) location.assign(link.href ?? link);
};
const find = (selector) => document.querySelector(selector);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const pressed = event.target.closest("a, button, summary");
  if (event.key === " " && pressed && pressed.tagName !== "A") return;
  const steps = find(".steps").dataset;
  const back = event.key === " " && event.shiftKey;
  if (back || ["ArrowLeft", "ArrowUp", "PageUp"].includes(event.key)) to(find("a[rel=prev]"));
  else if (["ArrowRight", "ArrowDown", "PageDown", " "].includes(event.key)) to(find("a[rel=next]"));
  else if (event.key === "Home") to(steps.first);
  else if (event.key === "End") to(steps.last);
  else if (event.key === "Escape") to(find("a[data-leave]"));
  else return;
  event.preventDefault();
});

// The next screen is in the browser's memory before it is asked for (a prefetch link would need a wider policy).
const following = find("a[rel=next]");
if (following)
  (window.requestIdleCallback ?? setTimeout)(() =>
    fetch(following.href).catch(() => {}),
  );
