// Guess before you see: every verdict waits for the reader's own. Nothing leaves the browser.
import { $, $$, root, stored } from "./common.js";

const KEY = "pursuit-guesses";
const TESTED = ["supported", "mixed", "contradicted"];
const start = $("[data-guess-start]");
const template = $("#guess").content;
const claims = $$(".claim[data-outcome]").filter((c) => TESTED.includes(c.dataset.outcome));

const read = () => stored.parsed(KEY, "sessionStorage");
const keep = (guesses) => stored.set(KEY, JSON.stringify(guesses), "sessionStorage");

function show(guesses) {
  root.toggleAttribute("data-guessing", guesses !== null);
  start.setAttribute("aria-pressed", String(guesses !== null));
  for (const claim of claims) {
    $(".guess", claim)?.remove();
    claim.toggleAttribute("data-waiting", guesses !== null && !guesses[claim.id]);
    if (guesses) $(".weighed", claim).after(question(claim, guesses[claim.id]));
  }
  tally(guesses);
}

function question(claim, guess) {
  const box = template.firstElementChild.cloneNode(true);
  const told = $("[data-told]", box);
  $("[data-asking]", box).hidden = Boolean(guess);
  told.hidden = !guess;
  if (guess) {
    const words = guess === claim.dataset.outcome ? told.dataset.right : told.dataset.wrong;
    told.textContent = words.replace("{guess}", $(`[data-choose="${guess}"]`, template).textContent.trim());
  }
  return box;
}

function tally(guesses) {
  const line = $("[data-tally]");
  const made = claims.filter((c) => guesses?.[c.id]);
  const right = made.filter((c) => guesses[c.id] === c.dataset.outcome);
  line.hidden = !guesses;
  line.textContent = line.dataset.words
    .replace("{right}", right.length)
    .replace("{made}", made.length)
    .replace("{total}", claims.length);
}

start.hidden = false; // a button that needs this script
start.addEventListener("click", () => {
  const guesses = read() ? null : {};
  keep(guesses);
  show(guesses);
  if (guesses) claims[0]?.scrollIntoView();
});
document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-choose]");
  const claim = chosen?.closest(".claim");
  if (!claim) return;
  const guesses = { ...read(), [claim.id]: chosen.dataset.choose };
  keep(guesses);
  show(guesses);
  const told = $("[data-told]", claim);
  told.tabIndex = -1;
  told.focus({ preventScroll: true });
});
show(read());
