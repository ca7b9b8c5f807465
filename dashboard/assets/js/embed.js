// Inside the frame: says how high its page is, at once, whenever that changes, and when it is asked.
const tell = () => parent.postMessage({ pursuitHeight: Math.ceil(document.body.getBoundingClientRect().height) }, "*");
new ResizeObserver(tell).observe(document.body);
addEventListener("message", (event) => {
  if (event.data === "pursuit:height") tell();
});
