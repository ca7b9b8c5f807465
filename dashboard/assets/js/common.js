// What several scripts need: finding elements, saying words aloud, the theme in force, answers asked for once.
export const root = document.documentElement;
export const $ = (selector, within = document) => within.querySelector(selector);
export const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const dark = matchMedia("(prefers-color-scheme: dark)");

export function say(words) {
  $("#say").textContent = words;
}

export const theme = () => root.dataset.theme || (dark.matches ? "dark" : "light");

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

/** Return the answer to an address as JSON; anything but success is an error. */
export async function json(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status} ${url}`);
  return answer.json();
}
