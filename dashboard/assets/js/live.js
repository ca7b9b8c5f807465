// A form that is answered in place: every change asks the server for the same page and takes over the parts that
// `data-live` names, the first of which is said aloud.
import { $, $$, get, parsed, say } from "./common.js";

const PAUSE = 120; // ms, so that a slider that is dragged asks a few times a second
const form = $("form[data-live]");
let timer = 0;

const query = () => String(new URLSearchParams([...new FormData(form)].filter(([, value]) => value)));

async function ask() {
  const asked = query();
  const address = new URL(form.action);
  address.search = asked;
  try {
    const answer = await get(address);
    const page = parsed(await answer.text());
    if (asked !== query()) return; // another answer is on its way
    for (const part of form.dataset.live.split(" ")) {
      const open = $$("details[open]", $(part)).map((e) => e.dataset.keep);
      for (const e of $$("details[data-keep]", $(part, page))) e.open = open.includes(e.dataset.keep);
      $(part).replaceWith($(part, page));
    }
    say($(form.dataset.live.split(" ")[0]).textContent.trim());
    history.replaceState(null, "", answer.url); // the server's own address: only what was changed
  } catch {
    form.submit();
  }
}

for (const slider of $$("[data-slider-of]", form)) {
  slider.disabled = false; // without this script the number beside it is the control
  const number = form.elements[slider.dataset.sliderOf];
  slider.addEventListener("input", () => {
    number.value = slider.value;
  });
  number.addEventListener("input", () => {
    slider.value = number.value;
  });
}
form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});

// A claim of the ledger that is opened fetches the rest of it once: its chart, how it is measured, its documents.
document.addEventListener(
  "toggle",
  async ({ target }) => {
    const place = target.open && $("[data-ledger-rest]:empty", target);
    const answer = place && (await get(place.dataset.ledgerRest).catch(() => null)); // its link leads to the same
    const claim = answer && $(".claim", parsed(await answer.text()));
    if (claim && !place.childElementCount)
      place.append(...$$(".chartside > .figure, .more > details:not([data-keep^=robust])", claim));
  },
  true,
);
