// Controls ↔ parameters: what is set and offered for an answer, and which parameters a touch asks for.
// A new control is a form field named after its parameter in explore.html; nothing has to be added here.
import { $, $$, element } from "../common.js";
import { config, interpolate, lists, prefetch, shown } from "./answers.js";
import { changed, listed, toggled, toQuery } from "./params.js";

// What depends on the first indicator alone; the page comes with it set.
let own = {
  indicator: listed(config.form.parameters.i)[0],
  periods: [...$("select[name=from]").options].slice(1).map((o) => [o.value, o.textContent]),
  have: $$("#entities li:not(.none)").map((li) => li.dataset.id),
};
export const periods = () => own.periods.map(([period]) => period);

function refill(select, options) {
  const first = select.name === "r" ? [] : [select.options[0]];
  select.replaceChildren(...first, ...options.map(([value, words]) => element("option", { value }, words)));
}

/** Set every control to what an answer shows. */
export async function set(answer) {
  const { form } = answer;
  const { parameters } = form;
  const indicators = listed(parameters.i);
  if (indicators[0] !== own.indicator) {
    const found = await lists(indicators[0]);
    if (answer !== shown()) return;
    own = { ...found, indicator: indicators[0] };
    for (const name of ["from", "to"]) refill($(`select[name=${name}]`), own.periods);
    refill($("#reference"), own.references);
    $("#essay ul").innerHTML = own.claims; // the server's markup: links to the claims that read the indicator
    $("#essay summary span").textContent = $("#essay ul").childElementCount;
    $("#essay").hidden = !own.claims;
  }
  base(form);
  offered(form);
  fields(form, indicators);
  const chosen = new Set(listed(parameters.e));
  const have = new Set(own.have);
  for (const box of $$("#entities input")) {
    box.checked = chosen.has(box.value);
    box.closest("li").classList.toggle("none", !have.has(box.value));
    const colour = form.colours[box.value];
    if (box.checked) box.nextElementSibling.style.setProperty("--chart", colour ? `var(--${colour})` : "");
  }
  const count = $("#entity-count");
  count.textContent = interpolate(count.dataset.text, { n: chosen.size });
  span(form);
}

function base(form) {
  const select = $("#base");
  const { of } = select.dataset;
  const marked = own.periods.map(([p, label], k) => [
    p,
    form.counts.length ? interpolate(of, { period: label, n: form.counts[k], m: form.all }) : label,
  ]);
  $("#pick-base").hidden = form.parameters.m !== "index";
  if ($("#pick-base").hidden) return;
  refill(select, marked);
  select.value = form.parameters.b ?? "";
  const all = $("#base-all");
  all.hidden = !form.base;
  all.value = form.base?.period ?? "";
  all.textContent = form.base?.label ?? "";
}

function offered(form) {
  const { parameters, available } = form;
  for (const radio of $$("#explore input[type=radio]")) {
    const now = radio.name === "y" ? form.scale : (parameters[radio.name] ?? "");
    radio.checked = radio.value === now;
  }
  for (const box of $$("#explore input[type=checkbox]:not([name=e])")) box.checked = Boolean(parameters[box.name]);
  for (const part of $$("[data-requires]")) {
    part.hidden = !part.dataset.requires.split(" ").some((o) => available.includes(o));
    for (const input of $$("input", part)) input.disabled = part.hidden;
  }
  const measures = $$("#pick-measure [data-requires]").some((part) => !part.hidden);
  $("#pick-measure").hidden = form.fixed || !measures;
  $("#pick-reference").hidden = parameters.m !== "ratio" && !form.fixed;
  $("#reference").value = form.reference;
  $("#pick-trail").hidden = !form.pair;
  $("#pick-alt").hidden = !form.alternatives;
  $("#pick-events").hidden = !form.events;
}

const MOST = 6;

function fields(form, indicators) {
  const words = $("#pick-indicators").dataset;
  let rows = $$("#pick-indicators [data-row]");
  for (; rows.length < Math.min(MOST, indicators.length + 1); rows = $$("#pick-indicators [data-row]")) {
    const row = rows.at(-1).cloneNode(true);
    const n = rows.length;
    row.innerHTML = row.innerHTML.replaceAll(`i${n - 1}`, `i${n}`);
    $("[data-find]", row).dataset.find = n;
    $("#pick-indicators").append(row);
  }
  rows.forEach((row, n) => {
    row.hidden = n > indicators.length;
    const field = $("[data-find]", row);
    const chosen = $(`#i0 option[value="${indicators[n]}"]`);
    field.value = chosen?.textContent ?? "";
    field.dataset.name = field.value;
    field.dataset.value = indicators[n] ?? "";
    const names = (form.pair ? words.pair : words.names).split("|");
    $("label.js", row).textContent = names[n] ?? words.names.split("|")[1];
  });
}

function span(form) {
  const every = periods();
  const most = Math.max(0, every.length - 1);
  const [low, high] = [$("#low"), $("#high")];
  const [from, to] = (form.parameters.t ?? "..").split("..");
  const at = form.parameters.at ? every.indexOf(form.parameters.at) : -1;
  for (const [input, value] of [
    [low, form.low],
    [high, at < 0 ? form.high : at],
  ]) {
    input.max = most;
    input.value = value;
    input.setAttribute("aria-valuetext", $("select[name=to]").options[value + 1]?.textContent ?? "");
  }
  low.hidden = form.single;
  $("select[name=from]").value = from ? every[form.low] : "";
  $("select[name=to]").value = to || (from && to === undefined) ? every[form.high] : "";
  $("#whole").hidden = !form.parameters.t;
  track();
}

/** Return the transform that a view needs of its first indicator. */
export const needs = (view) => $(`.tabs input[value=${view}]`)?.closest("label").dataset.requires ?? "";

/** Draw the stretch between the two thumbs. */
export function track() {
  const [low, high] = [$("#low"), $("#high")];
  const most = Math.max(1, Number(high.max));
  $("#range").style.setProperty("--low", low.hidden ? 0 : low.value / most);
  $("#range").style.setProperty("--high", high.value / most);
}

/** Return the parameters that a control asks for, or nothing for what is no control of the state. */
export function paramsFor(control, params, { checked } = control) {
  const { name, value, type } = control;
  if (name === "e") return toggled(params, [value]);
  if (name === "from" || name === "to") {
    const [from, to = from] = (params.t ?? "").split("..");
    const ends = name === "from" ? [value, to] : [from, value];
    return { ...params, at: "", t: ends.some(Boolean) ? ends.join("..") : "" };
  }
  if (["v", "m", "b", "r", "per", "p", "c", "y", "trail", "alt", "ev"].includes(name)) {
    return changed(params, name, type === "checkbox" && !checked ? "" : value);
  }
  return null;
}

/** Wire the controls: ``show(candidates)`` draws the first that has figures, ``params()`` is what is wanted now. */
export function wire(show, params) {
  document.addEventListener("change", (event) => {
    if (event.target.id === "group" && event.target.value) {
      show([toggled(params(), listed(event.target.value))]);
      event.target.value = "";
    }
    const next = event.target.closest("#explore") && paramsFor(event.target, params());
    if (next) show([next]);
  });
  document.addEventListener("click", (event) => {
    if (event.target.id === "base-all") show([paramsFor(event.target, params())]);
    if (event.target.id === "whole") show([{ ...params(), t: "", at: "" }]);
    if (event.target.id === "sheet") sheet(event.target);
  });
  // a control that is pointed at or focused is asked for before it is pressed
  const near = (event) => {
    const label = event.target.closest?.("#explore label, #base-all");
    const control = label?.control ?? label;
    if (control?.matches("[type=radio]:enabled:not(:checked), [type=checkbox], #base-all"))
      prefetch(toQuery(paramsFor(control, params(), { checked: !control.checked })));
  };
  for (const kind of ["pointerover", "focusin", "touchstart"]) document.addEventListener(kind, near, { passive: true });
}

function sheet(button, open = button.getAttribute("aria-expanded") !== "true") {
  button.setAttribute("aria-expanded", open);
  button.textContent = open ? button.dataset.close : button.dataset.open;
  $("#controls").classList.toggle("open", open);
  if (!open) return;
  $("#stage").scrollIntoView({ block: "start" });
  $("#controls").focus({ preventScroll: true });
}
