// Short options of commands, such as `-f` and `-rf`. The index has their letters alone, so what was found is read again for
// them.

/** Whether a word is a short option. A longer one may be the beginning of another. */
export const isOption = (word) => /^-[\p{L}\p{N}]{1,2}$/u.test(word);

/** The short options in a query. */
export const optionsOf = (query) => query.split(/[\s"]+/).filter(isOption);

/** Whether a text has an option. */
export const has = (text, option) => new RegExp(`(?<![\\p{L}\\p{N}_-])${option}(?![\\p{L}\\p{N}_-])`, "u").test(text);
