// What script adds to pages that are complete without it: language and theme in place, the rail, keys,
// copying, numbers that lead to their documents. Nothing here draws or fetches data.
const root = document.documentElement;
const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const stored = {
  get: (name) => {
    try {
      return localStorage.getItem(name) ?? "";
    } catch {
      return ""; // storage is closed to a sandboxed frame
    }
  },
  set: (name, value) => {
    try {
      localStorage.setItem(name, value);
    } catch {
      // chosen for this page alone
    }
  },
};

function say(words) {
  const place = $("#say");
  if (place) place.textContent = words;
}

// ---- Chinese type: a system that has none draws the same empty box for any two characters --------------------
function shipsHan() {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const drawn = ["\u4e00", "\u9f8d"].map((sign) => {
    pen.clearRect(0, 0, 32, 32);
    pen.font = "24px sans-serif";
    pen.fillText(sign, 2, 26);
    return pen.getImageData(0, 0, 32, 32).data.join();
  });
  if (drawn[0] === drawn[1]) root.dataset.han = "shipped";
}

// ---- theme ------------------------------------------------------------------------------------------
const FOLLOWING = { "": "dark", dark: "light", light: "" };

function labelTheme(button) {
  const theme = root.dataset.theme || "";
  const label = button.dataset[{ "": "labelSystem", light: "labelLight", dark: "labelDark" }[theme]];
  button.title = label;
  button.setAttribute("aria-label", label);
  return label;
}

function toggleTheme(button) {
  const theme = FOLLOWING[root.dataset.theme || ""];
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  stored.set("theme", theme);
  const address = new URL(location.href);
  if (address.searchParams.has("theme")) {
    address.searchParams.delete("theme"); // else it would undo the choice at the next reload
    history.replaceState(history.state, "", address);
  }
  say(labelTheme(button));
  document.dispatchEvent(new CustomEvent("pursuit:theme"));
}

// ---- language: the same place in the other language -----------------------------------------------------
const head = () => $("header.top").offsetHeight;

// The innermost part of the page that the line one reads on crosses, else the first one below it. A chart that
// stands still beside the words says nothing of the place in them.
function place() {
  const line = Math.max(head(), parseFloat(getComputedStyle(root).scrollPaddingTop) || 0) + 20;
  const seen = $$("main [id]")
    .filter((e) => e.matches(".claim, section, tr, h2, .sentence, summary, figure"))
    .filter((e) => getComputedStyle(e.parentElement).position !== "sticky")
    .map((e) => [e, e.getBoundingClientRect()])
    .filter(([, box]) => box.bottom > line && box.height > 0);
  const crossed = seen.filter(([, box]) => box.top <= line).sort(([, a], [, b]) => a.top - b.top);
  const [part, box] = crossed.at(-1) ?? seen[0] ?? [];
  return part ? { id: part.id, top: box.top } : null;
}

// Faces that only the next language needs are asked for before its words stand on the page: a face that comes
// later wraps them anew, and what one reads moves. The browser itself finds out which by laying out a few words.
async function faces(next) {
  const probe = Object.assign(document.createElement("div"), { className: "vh", lang: next.documentElement.lang });
  probe.setAttribute("aria-hidden", "true");
  const words = $("main", next).textContent.replace(/\s+/g, " ").slice(0, 600);
  for (const font of ["400 1rem var(--text)", "700 1rem var(--text)", "500 1rem var(--head)", "700 1rem var(--head)"]) {
    const line = Object.assign(document.createElement("p"), { textContent: words });
    line.style.font = font;
    probe.append(line);
  }
  document.body.append(probe);
  probe.getBoundingClientRect(); // lays it out
  await Promise.race([
    document.fonts.ready,
    new Promise((done) => {
      setTimeout(done, 1500);
    }),
  ]);
  probe.remove();
}

function kept() {
  return new Map($$("[data-keep]").map((e) => [e.dataset.keep, e.open ?? e.checked]));
}

// The page in another language, asked for as soon as a reader nears the choice.
const translated = new Map();

function inLanguage(href) {
  if (!translated.has(href)) {
    translated.clear();
    const page = fetch(href).then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.text();
    });
    page.catch(() => translated.delete(href));
    translated.set(href, page);
  }
  return translated.get(href);
}

for (const kind of ["pointerover", "focusin"])
  document.addEventListener(kind, (event) => {
    const link = event.target.closest?.("a[data-lang]:not([aria-current])");
    if (link) inLanguage(link.href);
  });

async function switchLanguage(link) {
  const { lang } = link.dataset;
  const address = new URL(link.href);
  address.search = location.search; // a filter may have been set since the page was made
  const next = new DOMParser().parseFromString(await inLanguage(link.href), "text/html");
  await faces(next);
  const here = place();
  const states = kept();
  const focused = document.activeElement?.dataset?.lang;
  $(".panel")?.remove(); // it speaks the language before
  document.title = next.title;
  root.lang = next.documentElement.lang;
  const live = $$("[data-live]"); // what draws itself anew in the language that now holds
  for (const part of ["header.top", "main", "footer.bottom", "a.skip"]) $(part).replaceWith($(part, next));
  for (const e of live) document.getElementById(e.id)?.replaceWith(e);
  for (const e of $$("[data-keep]")) {
    const state = states.get(e.dataset.keep);
    if (state !== undefined) {
      if ("open" in e) e.open = state;
      else e.checked = state;
    }
  }
  const there = here && document.getElementById(here.id);
  if (there) window.scrollBy({ top: there.getBoundingClientRect().top - here.top, behavior: "instant" });
  if (focused) $(`[data-lang="${lang}"]`)?.focus({ preventScroll: true });
  address.hash = location.hash;
  history.replaceState(history.state, "", address);
  for (const part of $$("link[rel=canonical]")) part.replaceWith($("link[rel=canonical]", next));
  start();
  say(document.title);
  document.dispatchEvent(new CustomEvent("pursuit:language"));
}

// ---- the quotes' script: converted, or the original where the reader asked for it -------------------------
document.addEventListener("change", (event) => {
  if (event.target.id === "original-script") stored.set("quotes", event.target.checked ? "original" : "");
});

function restoreScript() {
  const choice = $("#original-script");
  if (choice) choice.checked = stored.get("quotes") === "original";
}

// ---- the rail and the keys ------------------------------------------------------------------------------
let observer = null;

function watchClaims() {
  observer?.disconnect();
  const claims = $$("main.story .claim");
  if (!claims.length || !("IntersectionObserver" in window)) return;
  observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        for (const dot of $$("[data-rail]")) {
          if (dot.dataset.rail === entry.target.id) dot.setAttribute("aria-current", "true");
          else dot.removeAttribute("aria-current");
        }
      }
    },
    { rootMargin: "-45% 0px -50% 0px" },
  );
  for (const claim of claims) observer.observe(claim);
}

// Where the keys brought the reader: until he scrolls himself that is where he is, whatever a face or a picture
// that arrives late does to the places of things.
let walked = null;
for (const moved of ["wheel", "touchmove", "pointerdown"]) {
  document.addEventListener(
    moved,
    () => {
      walked = null;
    },
    { passive: true },
  );
}

function step(by) {
  const claims = $$("main.story .claim");
  if (!claims.length) return false;
  const tops = claims.map((c) => c.getBoundingClientRect().top);
  const stood = walked ? claims.findIndex((c) => c.id === walked) : -1;
  const kept = stood >= 0 && Math.abs(tops[stood] - head()) < innerHeight; // dragged away by the scroll bar: not
  const now = kept ? stood : tops.findLastIndex((top) => top < head() + 60);
  const still = !kept && now >= 0 && tops[now] < head() - 60 && by < 0 ? 1 : 0; // back first returns to this head
  const target = claims[Math.max(0, Math.min(claims.length - 1, now + by + still))];
  target.scrollIntoView({ block: "start" });
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
  history.replaceState(history.state, "", `#${target.id}`);
  walked = target.id;
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input, select, textarea, [contenteditable], .awake, [role=region]")) return;
  const inRail = event.target.closest(".rail, .claim") !== null;
  const by =
    event.key === "j" || (inRail && event.key === "ArrowRight")
      ? 1
      : event.key === "k" || (inRail && event.key === "ArrowLeft")
        ? -1
        : 0;
  if (!by) walked = null;
  else if (step(by)) event.preventDefault();
});

// ---- copying --------------------------------------------------------------------------------------------
function told(button, words) {
  button.dataset.label ??= button.textContent;
  const { label } = button.dataset;
  button.textContent = words;
  say(words);
  setTimeout(() => {
    button.textContent = label;
  }, 1600);
}

async function copyFrom(button) {
  const { copyText, copyPicture, copied, failed } = button.dataset;
  const body = fetch(copyText || copyPicture).then((answer) => {
    if (!answer.ok) throw new Error(String(answer.status));
    return copyText ? answer.text() : answer.blob();
  });
  try {
    // a promise inside the item: the click still counts while the body is on its way
    if (copyPicture) await navigator.clipboard.write([new ClipboardItem({ "image/png": body })]);
    else await navigator.clipboard.writeText(whole((await body).replace(/^\ufeff/, "").trim()));
    told(button, copied);
  } catch {
    body.catch(() => {});
    told(button, failed);
  }
}

// ---- clicks ---------------------------------------------------------------------------------------------
function openSources(link) {
  const details = document.getElementById(link.hash.slice(1))?.closest("details");
  if (!details) return;
  details.open = true;
  const wanted = new Set((link.dataset.docs || "").split(" "));
  const rows = $$("[data-doc]", details);
  for (const row of rows) row.classList.toggle("lit", wanted.has(row.dataset.doc) && wanted.size < rows.length);
  (rows.find((row) => wanted.has(row.dataset.doc)) || details).scrollIntoView({ block: "nearest" });
  $("summary", details).focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const lang = event.target.closest("a[data-lang]");
  if (lang && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    switchLanguage(lang).catch(() => {
      location.href = lang.href;
    });
    return;
  }
  const theme = event.target.closest("[data-theme-toggle]");
  if (theme) {
    event.preventDefault();
    toggleTheme(theme);
    return;
  }
  const number = event.target.closest("a[data-docs]");
  if (number) {
    event.preventDefault();
    openSources(number);
    return;
  }
  const copy = event.target.closest("[data-copy]");
  if (copy && navigator.clipboard) {
    event.preventDefault();
    navigator.clipboard.writeText(new URL(copy.dataset.copy, location.href).href).then(() => {
      const words = copy.textContent;
      copy.textContent = copy.dataset.copied;
      say(copy.dataset.copied);
      setTimeout(() => {
        copy.textContent = words;
      }, 1600);
    });
    return;
  }
  const button = event.target.closest("[data-copy-text], [data-copy-picture]");
  if (button) {
    copyFrom(button);
    return;
  }
  const area = event.target.closest("[data-copy-area]");
  if (area && navigator.clipboard) {
    navigator.clipboard.writeText($("[data-embed-code]", area.closest(".share")).value).then(
      () => told(area, area.dataset.copied),
      () => told(area, area.dataset.failed),
    );
  }
  if (event.target.matches(".share textarea")) event.target.select();
});

// A site that was not told its public name writes addresses without a host: here it is known.
// A frozen site knows where its root is from here, a served one the path that it is served below.
const frozen = "frozen" in root.dataset;
const home = new URL(frozen ? `${root.dataset.root}/` : "/", location.href).href.slice(0, -1);
const own = new RegExp(`(^|[\\s"。])(${frozen ? "" : root.dataset.root}/(?:en|zh-hans|zh-hant|assets)/)`, "g");
const whole = (words) => words.replace(own, `$1${home}$2`);

function start() {
  for (const button of $$("[data-theme-toggle]")) labelTheme(button);
  restoreScript();
  watchClaims();
  for (const area of $$(".share textarea")) area.value = whole(area.value);
  for (const words of $$("[data-citation]")) words.textContent = whole(words.textContent);
}

shipsHan();
start();
