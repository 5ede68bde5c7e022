// Marks the words that the reader searched for. They are in the page's address, from which they are removed.

import { PARAMETER } from "./search.js";

const block = "h2, h3, h4, h5, h6, p, li, dt, dd, th, td, pre, figcaption";

export function markFound() {
  const url = new URL(location.href);
  const words = url.searchParams.getAll(PARAMETER);
  if (!words.length) return;
  url.searchParams.delete(PARAMETER);
  history.replaceState(history.state, "", url);
  // Search writes accents as part of their letters; a page may have them as signs of their own.
  const forms = words.filter(Boolean).flatMap((word) => [word, word.normalize("NFD")]);
  const found = [...new Set(forms)].map(asWord);
  if (!found.length || !CSS.highlights) return;
  const pattern = new RegExp(found.join("|"), "giu");
  const blocks = [...document.querySelectorAll(`.main :is(h1, .prose :is(${block}))`)];
  CSS.highlights.set("found", new Highlight(...blocks.flatMap((block) => rangesOf(block, pattern))));
}

/** A pattern of a word that is no part of another, in scripts that part words. A note's number may follow it. */
function asWord(word) {
  const letters = "\\p{scx=Latin}\\p{scx=Greek}\\p{scx=Cyrillic}_";
  const isLetter = new RegExp(`[${letters}\\p{Nd}]`, "u");
  const before = isLetter.test(word[0]) ? `(?<![${letters}\\p{Nd}])` : word[0] === "-" ? `(?<![${letters}\\p{Nd}-])` : "";
  const after = isLetter.test(word.at(-1)) ? `(?![${letters}])` : "";
  return before + word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&") + after;
}

/** The ranges in which a pattern matches the text of an element; a match can cross the borders of inner elements. */
function rangesOf(element, pattern) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes = [];
  let text = "";
  while (walker.nextNode()) {
    nodes.push({ node: walker.currentNode, start: text.length });
    text += walker.currentNode.data;
  }
  return [...text.matchAll(pattern)].map(({ index, 0: { length } }) => {
    const range = new Range();
    const from = nodes.findLast(({ start }) => start <= index);
    const to = nodes.findLast(({ start }) => start < index + length);
    range.setStart(from.node, index - from.start);
    range.setEnd(to.node, index + length - to.start);
    return range;
  });
}
