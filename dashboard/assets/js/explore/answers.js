// The server's answers: each address asked for once, kept while it is likely to be asked for again, before it is
// needed; and on the page: title, notes, sources, links, and the words above the figure that Dash draws.
import { $, $$, element, memoised, parsed, root, say, theme } from "../common.js";

const MAX_ANSWERS = 60; // answers kept; the browser's own cache has the others
const narrow = matchMedia("(max-width: 36em)");
const wide = matchMedia("(min-width: 72em)");
const dark = matchMedia("(prefers-color-scheme: dark)");
export const config = JSON.parse($("#explore-config").textContent);

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

// ---- on the page ----------------------------------------------------------------------------------------
export const here = (query) => `${root.dataset.root}/${root.lang.toLowerCase()}/explore${query ? `?${query}` : ""}`;
export const interpolate = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

const NOTES = 3; // that stand under the chart; the others are folded

function notes(found) {
  const items = found.map((words) => element("li", {}, words));
  const [more, summary] = [$("#more-notes"), $("#more-notes summary")];
  more.hidden = items.length <= NOTES;
  summary.textContent = interpolate(summary.dataset.text, { n: items.length - NOTES });
  $("ul", more).replaceChildren(...items.splice(NOTES));
  $("#notes").replaceChildren(...items);
}

// Table and documents are the server's own markup, asked for when somebody opens them.
let shownParts = "";
export async function fold(answer) {
  const table = answer.form.parameters.v === "table";
  if (!table && !$("#sources").open && !$("#data").open) {
    $("#big-table").replaceChildren();
    return;
  }
  const url = address("data", answer.query);
  if (shownParts === url && !table) return;
  const page = parsed(await parts(answer.query));
  if (current?.query !== answer.query) return;
  shownParts = url;
  const [rows, sources] = ["table", "sources"].map((name) => $(`[data-part=${name}]`, page));
  $("#source-list").replaceChildren(...sources.childNodes);
  $("#big-table").replaceChildren(...(table ? [...rows.cloneNode(true).childNodes] : []));
  $("#data-shown").replaceChildren(...(table ? [] : rows.childNodes));
}

let current = null;
export const shown = () => current;

/** Put an answer on the page; the figure itself is what Dash's callback returns. */
export function present(answer) {
  current = answer;
  const stage = $("#stage");
  $("#finding").innerHTML = answer.finding; // the server's markup around names and numbers
  $("#subtitle").textContent = answer.subtitle;
  $("#empty").textContent = answer.empty;
  $("#empty").hidden = !answer.empty;
  stage.hidden = !answer.figure;
  $("#words").innerHTML = answer.labels;
  $("#words").setAttribute("viewBox", `0 0 ${answer.size[0]} ${answer.size[1]}`);
  stage.style.setProperty({ 358: "--slim", 680: "--middle", 920: "--wide" }[width()], answer.size.join("/"));
  stage.dataset.points = points(answer.query);
  $(".live", stage).dataset.width = width();
  stage.ariaLabel = `${answer.alt} ${$("#explore-config").dataset.keys}`;
  stage.ariaRoleDescription = $(`.tabs input[value=${answer.form.parameters.v}] + span`).textContent;
  stage.dispatchEvent(new CustomEvent("pursuit:redrawn", { bubbles: true }));
}

/** Set what stands around the chart: notes, sources, links. */
export function surround(answer, quiet) {
  document.title = `${answer.title} · ${config.brand}`;
  notes(answer.notes);
  $("#source-line").textContent = answer.sources;
  $("#share-box").hidden = true;
  fold(answer).catch(() => {});
  links(answer.query);
  if (!quiet) say(answer.announcement);
}

function links(query) {
  for (const a of $$("[data-export]")) a.href = here(query).replace(/\/explore(?=\?|$)/, a.dataset.export);
  for (const a of $$("a[data-lang]")) {
    const path = `${root.dataset.root}/${a.dataset.lang.toLowerCase()}/explore`;
    a.href = query ? `${path}?${query}` : path;
  }
  for (const a of $$("#presets a")) a.ariaCurrent = a.dataset.query === query ? "true" : null;
}

/** Fit the drawing, made for one of three widths, into the room there is. */
export function fit() {
  const stage = $("#stage");
  const scale = String(stage.offsetWidth / width());
  if (stage.offsetWidth && stage.style.getPropertyValue("--scale") !== scale) stage.style.setProperty("--scale", scale);
}
