// Finding among hundreds: indicators in a list under their field, cities and companies in their own list.
// Names in three scripts, pinyin in full and by initials; what they are found by is asked for when needed.
import { $, $$, element, say } from "../common.js";
import { interpolate, spellings } from "./answers.js";
import { matches, normalise } from "../names.js";

let known = null;
export async function loadNames() {
  known ??= await spellings().catch(() => null);
}

// ---- indicators -------------------------------------------------------------------------------------------
const listOf = (field) => document.getElementById(field.getAttribute("aria-controls"));
const choices = (field) => $$("[role=option]", listOf(field)).filter((o) => !o.hidden);

function fill(field) {
  const list = listOf(field);
  list.replaceChildren();
  const option = (value, words) => {
    const o = element("li", { id: `${list.id}-${value}`, role: "option" }, words);
    o.dataset.value = value;
    list.append(o);
  };
  if (field.dataset.find !== "0") option("", $("#pick-indicators").dataset.none);
  for (const group of $$("#i0 optgroup")) {
    list.append(element("li", { className: "head", role: "presentation" }, group.label));
    for (const o of group.children) option(o.value, o.textContent);
  }
}

function narrow(field, typed) {
  let head = null;
  let hits = 0;
  for (const o of listOf(field).children) {
    const names = known?.indicators[o.dataset.value] ?? normalise(o.textContent);
    o.hidden = o.matches(".head") || (typed !== "" && !matches(names, typed));
    if (o.matches(".head")) head = o;
    if (o.hidden) continue;
    hits += 1;
    if (head) head.hidden = false;
  }
  say(interpolate($("#pick-indicators").dataset.hits, { n: hits }));
}

function point(field, option) {
  for (const o of $$("[aria-selected]", listOf(field))) o.removeAttribute("aria-selected");
  field.setAttribute("aria-activedescendant", option?.id ?? "");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
}

function open(field, is = true) {
  if (is && listOf(field).hidden) fill(field);
  listOf(field).hidden = !is;
  field.setAttribute("aria-expanded", is);
  if (!is) {
    point(field, null);
    field.value = field.dataset.name ?? field.defaultValue;
  }
}

/** Wire the fields: ``choose(place, indicator)`` is called for a choice, ``near`` for one pointed at. */
export function indicators(choose, near) {
  const field = (event) => event.target.closest?.("[data-find]");
  const taken = (input, option) => {
    open(input, false);
    choose(Number(input.dataset.find), option.dataset.value);
  };
  const begin = (input) => {
    loadNames();
    open(input);
    input.select();
    $(`[data-value="${input.dataset.value}"]`, listOf(input))?.scrollIntoView({ block: "center" });
  };
  document.addEventListener("focusin", (event) => field(event) && begin(field(event)));
  document.addEventListener("focusout", (event) => field(event) && open(field(event), false));
  document.addEventListener("input", async (event) => {
    const input = field(event);
    if (!input) return;
    await loadNames();
    open(input);
    narrow(input, normalise(input.value));
    point(input, input.value ? choices(input)[0] : null);
  });
  document.addEventListener("keydown", (event) => {
    const input = field(event);
    if (!input) return;
    const all = choices(input);
    const at = all.findIndex((o) => o.hasAttribute("aria-selected"));
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      event.preventDefault();
      open(input);
      point(input, all[Math.max(0, Math.min(all.length - 1, at + by))]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (at >= 0) taken(input, all[at]);
    } else if (event.key === "Escape") open(input, false);
  });
  const option = (event) => event.target.closest?.(".found [role=option]");
  const fieldOf = (o) => $(`[aria-controls="${o.parentElement.id}"]`);
  document.addEventListener("pointerdown", (event) => {
    if (event.target.closest?.(".found")) event.preventDefault(); // the field keeps the focus
  });
  document.addEventListener("click", (event) => {
    if (option(event)) taken(fieldOf(option(event)), option(event));
    else if (field(event) && listOf(field(event)).hidden) begin(field(event)); // it kept the focus after a choice
  });
  document.addEventListener("pointerover", (event) => {
    const o = option(event);
    if (o) near(Number(fieldOf(o).dataset.find), o.dataset.value);
  });
}

// ---- cities and companies -----------------------------------------------------------------------------------
async function search() {
  const typed = normalise($("#entity-search").value);
  if (typed) await loadNames();
  let hits = 0;
  for (const li of $$("#entities li")) {
    const hit = typed !== "" && matches(known?.entities[li.dataset.id] ?? normalise(li.textContent), typed);
    li.classList.toggle("hit", hit);
    hits += hit;
  }
  $("#entities").classList.toggle("searching", typed !== "");
  $("#entity-none").hidden = !typed || hits > 0;
}

const boxes = () => $$("#entities input").filter((box) => box.offsetParent);

/** Wire search and list: Enter takes the first hit with figures, arrows walk from the field into the list and in it. */
export function entities() {
  document.addEventListener("input", (event) => event.target.id === "entity-search" && search());
  document.addEventListener("focusin", (event) => event.target.id === "entity-search" && loadNames());
  document.addEventListener("keydown", (event) => {
    const field = event.target.id === "entity-search";
    if (!field && !event.target.matches?.("#entities input")) return;
    if (field && event.key === "Enter") {
      event.preventDefault();
      const hits = boxes();
      const box = hits.find((b) => !b.closest(".none")) ?? hits[0];
      if (!$("#entities").matches(".searching") || !box) return;
      box.click();
      event.target.value = "";
      search();
      return;
    }
    const all = boxes();
    const at = all.indexOf(event.target);
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: field ? undefined : 0,
      End: field ? undefined : all.length - 1,
    }[event.key];
    if (to === undefined || (field && event.key !== "ArrowDown")) return;
    event.preventDefault();
    if (to < 0) $("#entity-search").focus();
    else all[Math.min(all.length - 1, to)]?.focus();
  });
  document.addEventListener("click", (event) => {
    if (event.target.id !== "more") return;
    const on = $("#entities").classList.toggle("all");
    event.target.setAttribute("aria-expanded", on);
  });
}
