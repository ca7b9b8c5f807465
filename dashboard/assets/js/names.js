// Names as they are typed: any script, any spacing, pinyin in full or by initials.
/** Return text without case, width, spaces and signs between words. */
export const normalise = (text) =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\s_'’-]+/g, "");

/** Return whether names, joined by bars, answer to what was typed: Latin letters begin a word or a syllable. */
export function matches(names, typed) {
  if (!/^[\x21-\x7e]*$/.test(typed)) return normalise(names).includes(typed);
  return names.split("|").some((name) => {
    const words = name.toLowerCase().split(/[^\p{L}\p{N}&.]+/u);
    const from = typed.length > 2 ? words : words.slice(0, 1); // initials begin a name
    return from.some((_, n) => words.slice(n).join("").startsWith(typed));
  });
}
