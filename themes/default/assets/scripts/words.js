// The words that scripts put on the page, in the book's language.

export const { language, words } = globalThis.bindery;

/** A word with its values, in the form for its `count`. */
export function say(word, values) {
  const form = () => new Intl.PluralRules(language).select(values.count);
  const text = typeof word === "string" ? word : (word[form()] ?? word.other);
  return text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}
