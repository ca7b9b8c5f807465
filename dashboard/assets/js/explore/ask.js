// Asking the server: each address once, kept while it is likely to be asked again, and before it is needed.
import { memoised, root, theme } from "../common.js";

const MAX_ANSWERS = 60; // answers kept; the browser's own cache has the others
const narrow = matchMedia("(max-width: 36em)");
const wide = matchMedia("(min-width: 72em)");
const dark = matchMedia("(prefers-color-scheme: dark)");
export const config = JSON.parse(document.querySelector("#explore-config").textContent);

export const width = () => (narrow.matches ? 358 : wide.matches ? 920 : 680);

/** Call a function when the layout or the colours that charts are asked for have changed. */
export function onLook(call) {
  for (const media of [narrow, wide, dark]) media.addEventListener("change", call);
  document.addEventListener("pursuit:theme", call);
}

export function address(name, query, { look = false, kind = "json" } = {}) {
  const parts = [query, `lang=${root.lang}`, look && `w=${width()}`, look === "theme" && `theme=${theme()}`];
  return `${root.dataset.root}/explore/${name}/${config.version}.${kind}?${parts.filter(Boolean).join("&")}`;
}

async function checked(url) {
  const answer = await fetch(url);
  // an address of another version leads to today's: figures of two versions do not meet on one page
  if (answer.redirected) location.reload();
  if (!answer.ok && answer.status !== 400) throw new Error(`${answer.status} ${url}`);
  return answer;
}

const json = memoised(MAX_ANSWERS, async (url) => (await checked(url)).json());
const html = memoised(MAX_ANSWERS, async (url) => (await checked(url)).text());

/** Return the answer to a query; for one that cannot be, that of the nearest that can. */
export async function chart(query) {
  const answer = await json(address("chart", query, { look: "theme" }));
  return answer.dropped ? chart(answer.query) : answer;
}

export const lists = (indicator) => json(address("indicator", `i=${indicator}`));
export const spellings = () => json(address("find", ""));
export const points = (query) => address("points", query);
export const parts = (query) => html(address("data", query, { kind: "html" }));

/** Ask now for what will probably be wanted in a moment; nobody waits for it. */
export function prefetch(query) {
  if (!navigator.connection?.saveData) chart(query).catch(() => {});
}
