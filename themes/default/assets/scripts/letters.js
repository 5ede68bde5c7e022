// Letters that readers type as others, such as ß as ss. In the index they are as they are typed, with signs after the word
// that say which they are: one for each letter from the first such to the end of the word.

const typed = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", þ: "th", ı: "i", ð: "d", ħ: "h", ŧ: "t" };
const signs = { "\u2062": ["ß", "æ", "œ", "þ", "ø", "ł", "đ", "ı"], "\u2064": ["ð", "ħ", "ŧ"] }; // by sign, longer ones first

/** A text as it is typed, and as the index has it: accents are part of their letters. */
export const asTyped = (text) => text.normalize("NFC").replace(/[ßæœøłđþıðħŧ]/giu, (letter) => typed[letter.toLowerCase()] ?? letter);

/** A text without signs. */
export const withoutSigns = (text) => text.replace(/[\u2062-\u2064]/g, "");

/** A text of the index as it was written. */
export const asWritten = (text) => text.replace(/([\p{L}\p{N}_]+)([\u2062-\u2064]+)/gu, (_, word, marks) => {
  let [rest, written] = [word, ""];
  for (const mark of [...marks].reverse()) {
    const letter = signs[mark]?.find((letter) => rest.toLowerCase().endsWith(typed[letter]));
    const end = letter ? rest.slice(-typed[letter].length) : ([...rest].at(-1) ?? "");
    written = (letter ? inCaseOf(end, letter) : end) + written;
    rest = rest.slice(0, rest.length - end.length);
  }
  return rest + written;
});

function inCaseOf([first], letter) {
  if (first === first.toLowerCase()) return letter;
  return letter === "ß" ? "ẞ" : letter.toUpperCase();
}
