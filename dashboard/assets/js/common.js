// What several scripts need: finding and making elements, saying words aloud, the theme in force, what is stored
// here, answers of the server.
export const root = document.documentElement;
export const $ = (selector, within = document) => within.querySelector(selector);
export const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const dark = matchMedia("(prefers-color-scheme: dark)");

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export function say(words) {
  $("#say").textContent = words;
}

export const theme = () => root.dataset.theme || (dark.matches ? "dark" : "light");

/** A value in the browser's storage; where that is closed (a sandboxed frame) nothing is kept. */
export const stored = {
  get: (name, kind = "localStorage") => {
    try {
      return window[kind].getItem(name) ?? "";
    } catch {
      return "";
    }
  },
  /** The value as JSON; what is not, a reader or another program has changed: it counts as none. */
  parsed: (name, kind) => {
    try {
      return JSON.parse(stored.get(name, kind));
    } catch {
      return null;
    }
  },
  set: (name, value, kind = "localStorage") => {
    try {
      window[kind].setItem(name, value);
    } catch {}
  },
};

/** Return ``ask`` with the answers to the last ``most`` addresses kept; a failed one is asked for again. */
export function memoised(most, ask) {
  const kept = new Map();
  return (url) => {
    if (!kept.has(url)) {
      const answer = ask(url);
      answer.catch(() => kept.delete(url));
      kept.set(url, answer);
      if (kept.size > most) kept.delete(kept.keys().next().value);
    }
    return kept.get(url);
  };
}

/** Return the server's answer; anything but success is an error. */
export async function get(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status} ${url}`);
  return answer;
}

export const parsed = (html) => new DOMParser().parseFromString(html, "text/html");
