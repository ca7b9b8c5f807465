// Guess before you see: every verdict waits for the reader's own. Nothing leaves the browser.
const KEY = "pursuit-guesses";
const TESTED = ["supported", "mixed", "contradicted"];
const start = document.querySelector("[data-guess-start]");
const template = document.querySelector("#guess");
const claims = [...document.querySelectorAll(".claim[data-outcome]")].filter((c) => TESTED.includes(c.dataset.outcome));

const read = () => {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? null;
  } catch {
    return null;
  }
};
const keep = (guesses) =>
  guesses ? sessionStorage.setItem(KEY, JSON.stringify(guesses)) : sessionStorage.removeItem(KEY);

function show(guesses) {
  document.documentElement.toggleAttribute("data-guessing", guesses !== null);
  start.setAttribute("aria-pressed", String(guesses !== null));
  for (const claim of claims) {
    claim.querySelector(".guess")?.remove();
    delete claim.dataset.waiting;
    if (guesses) claim.querySelector(".weighed").after(question(claim, guesses[claim.id]));
  }
  tally(guesses);
}

function question(claim, guess) {
  const box = template.content.firstElementChild.cloneNode(true);
  const asking = box.querySelector("[data-asking]");
  const told = box.querySelector("[data-told]");
  asking.hidden = Boolean(guess);
  told.hidden = !guess;
  if (guess) {
    const right = guess === claim.dataset.outcome;
    told.textContent = (right ? told.dataset.right : told.dataset.wrong).replace("{guess}", named(guess));
  } else {
    claim.dataset.waiting = "";
  }
  return box;
}

const named = (outcome) => template.content.querySelector(`[data-choose="${outcome}"]`).textContent.trim();

function tally(guesses) {
  const line = document.querySelector("[data-tally]");
  const made = claims.filter((c) => guesses?.[c.id]);
  line.hidden = !guesses;
  const right = made.filter((c) => guesses[c.id] === c.dataset.outcome).length;
  line.textContent = line.dataset.words
    .replace("{right}", right)
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
  delete claim.dataset.waiting;
  claim.querySelector(".guess").replaceWith(question(claim, guesses[claim.id]));
  tally(guesses);
  const told = claim.querySelector("[data-told]");
  told.tabIndex = -1;
  told.focus({ preventScroll: true });
});
show(read());
