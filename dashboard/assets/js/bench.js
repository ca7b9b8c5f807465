// The reader's own test: every change asks the server for the same page and takes its answer over.
const form = document.querySelector("[data-bench]");
const PAUSE = 120; // ms, so that a slider that is dragged asks a few times a second
let asked = null;
let timer = 0;

async function ask() {
  asked?.abort();
  asked = new AbortController();
  const address = new URL(form.action);
  address.search = new URLSearchParams(new FormData(form));
  try {
    const answer = await fetch(address, { signal: asked.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of ["#answer", "#drawn"]) {
      document.querySelector(part).replaceWith(page.querySelector(part));
    }
    history.replaceState(null, "", answer.url); // the server's own address: only what was changed
  } catch (error) {
    if (error.name !== "AbortError") form.submit();
  }
}

for (const slider of form.querySelectorAll("[data-slider-of]")) {
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
