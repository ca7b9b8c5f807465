// The ledger's filters without a reload; the same query string as the form sends.
const form = () => document.querySelector("[data-ledger-filters]");

function apply(push) {
  const chosen = Object.fromEntries(new FormData(form()));
  const rows = [...document.querySelectorAll(".ledger > tbody > tr[id]")]; // each is followed by its details
  let shown = 0;
  for (const row of rows) {
    const fits = ["verdict", "chapter", "entity", "robust"].every(
      (name) =>
        !chosen[name] ||
        (name === "entity"
          ? row.dataset.entity.split(" ").includes(chosen.entity)
          : row.dataset[name] === chosen[name]),
    );
    row.hidden = row.nextElementSibling.hidden = !fits;
    shown += fits;
  }
  const order = ["supported", "contradicted", "mixed", "no_public_data", "not_testable"];
  const key =
    { verdict: (r) => order.indexOf(r.dataset.verdict), robust: (r) => +r.dataset.share }[chosen.sort] || (() => 0);
  rows.sort((a, b) => key(a) - key(b) || a.dataset.position - b.dataset.position);
  rows[0]?.parentElement.append(...rows.flatMap((row) => [row, row.nextElementSibling]));
  const count = document.querySelector("[data-ledger-count]");
  count.textContent = count.dataset.template.replace("%n", shown).replace("%t", rows.length);
  document.getElementById("say").textContent = count.textContent;
  if (push) {
    const query = new URLSearchParams(Object.entries(chosen).filter(([, v]) => v)).toString();
    history.replaceState(null, "", query ? `?${query}` : location.pathname);
  }
}

// A row that is opened fetches the rest of its claim once: the chart, how it is measured, the documents.
document.addEventListener(
  "toggle",
  async ({ target }) => {
    const place = target.open && target.querySelector?.("[data-ledger-rest]:empty");
    if (!place) return;
    try {
      const answer = await fetch(place.dataset.ledgerRest);
      if (!answer.ok || place.childElementCount) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const claim = page.querySelector(".claim");
      place.append(...claim.querySelectorAll(".chartside > .figure, .more > details:not([data-keep^=robust])"));
    } catch {
      /* the link below leads to the same */
    }
  },
  true,
);

document.addEventListener("change", (event) => {
  if (event.target.closest("[data-ledger-filters]")) apply(true);
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-ledger-filters]")) {
    event.preventDefault();
    apply(true);
  }
});
document.addEventListener("click", (event) => {
  const link = event.target.closest(".key a[href*='/claims?verdict=']");
  if (!link) return;
  event.preventDefault();
  form().elements.verdict.value = new URL(link.href).searchParams.get("verdict");
  apply(true);
});
