// Asking the server: each address once, kept while it is likely to be asked again, and before it is needed.
const root = document.documentElement;
const MOST = 60; // answers kept; the browser's own cache has the others
const kept = new Map();
const narrow = matchMedia("(max-width: 36em)");
const wide = matchMedia("(min-width: 72em)");
const dark = matchMedia("(prefers-color-scheme: dark)");
export const config = JSON.parse(document.querySelector("#explore-config").textContent);

export const width = () => (narrow.matches ? 358 : wide.matches ? 920 : 680);
const theme = () => root.dataset.theme || (dark.matches ? "dark" : "light");

/** Call a function when the layout or the colours that charts are asked for have changed. */
export function onLook(call) {
  for (const media of [narrow, wide, dark]) media.addEventListener("change", call);
  document.addEventListener("pursuit:theme", call);
}

export function address(name, query, { look = false, kind = "json" } = {}) {
  const parts = [query, `lang=${root.lang}`, look && `w=${width()}`, look === "theme" && `theme=${theme()}`];
  return `${root.dataset.root}/explore/${name}/${config.version}.${kind}?${parts.filter(Boolean).join("&")}`;
}

function remember(url, ask) {
  const known = kept.get(url);
  if (known) return known;
  const answer = ask(url).catch((error) => {
    kept.delete(url);
    throw error;
  });
  kept.set(url, answer);
  if (kept.size > MOST) kept.delete(kept.keys().next().value);
  return answer;
}

async function checked(url) {
  const answer = await fetch(url);
  // an address of another version leads to today's: figures of two versions do not meet on one page
  if (answer.redirected) location.reload();
  if (!answer.ok && answer.status !== 400) throw new Error(`${answer.status} ${url}`);
  return answer;
}

const asJSON = async (url) => (await checked(url)).json();

/** Return the answer to a query; for one that cannot be, that of the nearest that can. */
export async function chart(query) {
  const answer = await remember(address("chart", query, { look: "theme" }), asJSON);
  return answer.dropped ? chart(answer.query) : answer;
}

export const lists = (indicator) => remember(address("indicator", `i=${indicator}`), asJSON);
export const spellings = () => remember(address("find", ""), asJSON);
export const points = (query) => address("points", query);
export const parts = (query) =>
  remember(address("data", query, { kind: "html" }), async (url) => (await checked(url)).text());

/** Ask now for what will probably be wanted in a moment; nobody waits for it. */
export function early(query) {
  if (!navigator.connection?.saveData) chart(query).catch(() => {});
}
