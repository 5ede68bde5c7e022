// Marks what has changed in a chapter since its reader read it to the end. Digests of the blocks that were read are
// kept in the browser; nothing is fetched. The preview, which marks changes itself, is left alone.
import { keep, pathOf, recall } from "./store.js";
import { words } from "./words.js";

const most = 200; // chapters; the one that was read the longest time ago is forgotten first

const isPreview = () => document.querySelector('script[src^="/.bindery/"]') !== null;
let blocks = []; // elements and their digests

/** Digests the blocks of the text; before other scripts change them. */
export function digestBlocks() {
  const prose = document.querySelector(".chapter .prose");
  blocks = prose && !isPreview() ? [...prose.children].map((element) => [element, digest(contentOf(element))]) : [];
}

/** What a reader reads of a block: its text, of blocks of code the code alone, and which pictures are in it. */
function contentOf(element) {
  const code = element.matches("figure, .code, .session, .tabs") ? [...element.querySelectorAll("pre")] : [];
  const texts = (code.length ? code : [element]).map(({ textContent }) => textContent.trim().replace(/\s+/g, " "));
  const names = [...element.querySelectorAll("img")].map((image) => image.getAttribute("src")?.split("/").at(-1));
  return [...texts, ...names].join("\n");
}

/** 32 bits of a text (FNV-1a), as digits and letters. */
function digest(text) {
  let bits = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) bits = Math.imul(bits ^ text.charCodeAt(at), 0x01000193);
  return (bits >>> 0).toString(36);
}

/** Keeps the chapter as it is now, as the last of those that were read. */
export function keepBlocks() {
  if (!blocks.length) return;
  const { [pathOf(location)]: _, ...others } = recall("blocks");
  const latest = Object.entries(others).slice(1 - most);
  keep("blocks", { ...Object.fromEntries(latest), [pathOf(location)]: blocks.map(([, digest]) => digest) });
}

/** Marks the blocks that are not among those that were read. */
export function markChanges() {
  const known = recall("blocks")[pathOf(location)];
  const changed = known ? blocks.filter(([, digest]) => !known.includes(digest)).map(([element]) => element) : [];
  if (!changed.length) return;
  for (const element of changed) {
    element.classList.add("changed");
    if (!element.previousElementSibling?.matches(".changed")) element.before(make("p", "visually-hidden changed-here", words.scripts.changed_here));
  }
  const note = make("p", "changes", `${words.scripts.changed} `);
  const seen = note.appendChild(make("button", "", words.scripts.changed_seen));
  seen.type = "button";
  seen.addEventListener("click", () => {
    keepBlocks();
    note.remove();
    for (const here of document.querySelectorAll(".changed-here")) here.remove();
    for (const element of changed) element.classList.remove("changed");
  });
  document.querySelector(".heading").append(note);
}

function make(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.textContent = text;
  return element;
}
