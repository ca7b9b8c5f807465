// Names as they are typed: any script, any spacing, pinyin in full or by initials.
/** Return text as names are spelt for a search. */
export const spelt = (text) =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\s_'’-]+/g, "");

/** Return whether names, joined by bars, answer to what was typed: initials begin a name, the rest is in it. */
export function answers(names, typed) {
  if (/^[a-z]{1,2}$/.test(typed)) return `|${names}`.includes(`|${typed}`);
  return names.includes(typed);
}
