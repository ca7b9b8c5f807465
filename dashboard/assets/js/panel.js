// From a point to its documents: whoever has the keys of observations sends `pursuit:documents`, and a panel
// says which document each figure stands in, where in it, and what else is published for the same period.
function element(name, attributes = {}, ...children) {
  const e = Object.assign(document.createElement(name), attributes);
  e.append(...children);
  return e;
}

// A document's own words may be in another language than the page.
function spoken(e) {
  const own = /[\u4e00-\u9fff]/.test(e.textContent) ? "zh" : "en";
  if (!document.documentElement.lang.startsWith(own)) e.lang = own;
  return e;
}

function documentOf(o) {
  const title = o.source.url
    ? element(
        "a",
        { className: "title", href: o.source.url, rel: "noopener noreferrer nofollow external" },
        o.source.title,
      )
    : element("span", { className: "title" }, o.source.title);
  spoken(title);
  const item = element(
    "li",
    {},
    element("p", { className: "meta" }, o.text),
    title,
    ...o.about.map((words) => element("p", { className: "meta" }, words)),
  );
  if (o.note) item.append(spoken(element("p", { className: "meta" }, o.note)));
  if (o.alternatives?.length) item.append(element("ul", { className: "documents" }, ...o.alternatives.map(documentOf)));
  return item;
}

function show(observations) {
  const old = document.querySelector(".panel");
  const before = old?.contains(document.activeElement) ? old.opener : document.activeElement;
  old?.remove();
  const words = document.querySelector("main").dataset;
  const close = element("button", { className: "close", type: "button", ariaLabel: words.close || "×" }, "×");
  const panel = element(
    "section",
    { className: "panel", role: "dialog", tabIndex: -1, ariaLabel: words.documents || "" },
    element("div", { className: "bar" }, element("h2", {}, words.documents || ""), close),
    element("ul", { className: "documents" }, ...observations.map(documentOf)),
  );
  panel.opener = before;
  const leave = () => {
    panel.remove();
    before?.focus?.({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("pursuit:closed"));
  };
  close.addEventListener("click", leave);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      leave();
    }
  });
  document.body.append(panel);
  panel.focus({ preventScroll: true });
}

document.addEventListener("pursuit:documents", async ({ detail: keys }) => {
  const wanted = [...new Set(keys)].slice(0, 40);
  if (!wanted.length) return;
  const { lang, dataset } = document.documentElement;
  const query = new URLSearchParams({ lang });
  for (const key of wanted) query.append("key", key);
  const answer = await fetch(`${dataset.root}/api/v1/observations?${query}`).catch(() => null);
  if (answer?.ok) show((await answer.json()).observations);
});
