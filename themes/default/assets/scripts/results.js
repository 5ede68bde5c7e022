// The box in which readers search: lists chapters and sections while they type. Loaded when they are about to search;
// whatever arrives late leaves what they have typed, selected and focused as it is.
import { find, findTitles, load } from "./find.js";
import { asWritten } from "./letters.js";
import { fold, isUnspaced } from "./titles.js";
import { say, words } from "./words.js";

const pause = 100; // ms after the last key before a search starts
const late = 400; // ms before the message that something is still loading
const page = 5; // chapters that are shown at a time
const literal = 0.5; // what it is worth that a word is on a page as it was typed
const sections = 3; // shown of each chapter
const most = 6; // words that are marked on the page
const longest = 200; // characters of a name that an excerpt begins in

let engine; // titles and Pagefind, as promises
let isReady; // whether Pagefind is loaded
let shown; // what was searched for last
let parameter; // of an address, whose values are marked on its page

/** Loads what a search needs. */
export function prepare(box) {
  if (engine) return;
  const mine = load(new URL(box.dataset.index, location.href));
  engine = mine;
  mine.titles.catch(() => {}); // then the search fails too, and says so
  mine.pagefind.then(() => (isReady ||= engine === mine), () => engine === mine && fail(box));
}

/** Searches for what is in the field, and for all that will be typed there. */
export function follow(box, name) {
  parameter = name;
  const input = box.querySelector("input");
  prepare(box);
  show(box, input.value.trim());
  if (box.dataset.followed) return;
  box.dataset.followed = "";
  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => show(box, input.value.trim()), pause);
  });
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.isComposing) return;
    event.preventDefault();
    const stops = [input, ...box.querySelectorAll("ol a, ol button")];
    stops[stops.indexOf(document.activeElement) + step]?.focus();
  });
  // The preview has another edition, so there is another index.
  document.addEventListener("bindery:edition", () => {
    reset();
    if (box.matches(":popover-open")) show(box, input.value.trim());
  });
}

/** Opens the best of what is found for the words in the field. */
export async function openBest(box) {
  const query = box.querySelector("input").value.trim();
  await show(box, query);
  if (shown?.query === query) box.querySelector("ol .best")?.click();
}

function reset() {
  engine = shown = undefined;
  isReady = false;
}

async function show(box, query) {
  if (query === shown?.query) return shown.done;
  const search = { query };
  shown = search;
  prepare(box);
  const timer = setTimeout(() => shown === search && tell(box, words.search.loading), late);
  search.done = (async () => {
    if (query && !isReady) await showTitles(box, search);
    const { found, meant } = query ? await find(engine, query) : { found: [] };
    const first = await loaded(found.slice(0, page));
    const entries = first.map((found) => [found.score + (isLiteral(found.data, meant ?? query) ? literal : 0), entry(found, found.data)]);
    entries.sort(([a], [b]) => b - a);
    await fill(box, search, entries.map(([, entry]) => entry));
    if (shown !== search) return;
    report(box, query, meant, found.length);
    offerMore(box, search, found.slice(page));
  })();
  return search.done.catch(() => shown === search && fail(box)).finally(() => clearTimeout(timer));
}

/** Shows what titles tell, while Pagefind is still being loaded. */
async function showTitles(box, search) {
  const found = await findTitles(engine, search.query);
  if (found.length && !isReady) await fill(box, search, found.slice(0, page).map((chapter) => entry(chapter)));
}

/** Puts entries on the list, but not under the reader's hands: a result that has the focus stays until it loses it. */
async function fill(box, search, entries) {
  const list = box.querySelector("ol");
  while (shown === search && list.contains(document.activeElement)) await new Promise((resolve) => list.addEventListener("focusout", () => setTimeout(resolve), { once: true }));
  if (shown !== search) return;
  list.replaceChildren(...entries);
  box.scrollTop = 0;
}

function report(box, query, meant, count) {
  const { corrected, hint, none, some } = words.search;
  if (!query) return tell(box, hint);
  if (!count) return tell(box, say(none, { query }));
  const [before, after] = corrected.split("{query}");
  const instead = element("strong", "", meant ?? "");
  instead.dir = "auto"; // it may be in another script than the sentence
  tell(box, ...(meant ? [before, instead, after, " "] : []), say(some, { count }));
}

const loaded = (found) => Promise.all(found.map(async (found) => ({ ...found, data: await found.result?.data() })));

/** Whether a word is on a page as it was typed, and not only in other forms of it. */
function isLiteral(data, query) {
  const word = fold(query);
  if (!/^[\p{L}\p{N}_]+$/u.test(word) || isUnspaced(word)) return false;
  const marks = (data?.sub_results ?? []).flatMap(({ excerpt }) => pieces(excerpt)).filter(({ localName }) => localName === "mark");
  return marks.some(({ textContent }) => fold(textContent).split(/[^\p{L}\p{N}_]+/u).includes(word));
}

function offerMore(box, search, rest) {
  if (!rest.length) return;
  const button = element("button", "more", words.search.more);
  button.type = "button";
  const item = element("li", "", button);
  button.addEventListener("click", async () => {
    const entries = (await loaded(rest.slice(0, page))).map((found) => entry(found, found.data));
    if (shown !== search) return;
    const hasFocus = item.contains(document.activeElement);
    item.replaceWith(...entries);
    offerMore(box, search, rest.slice(page));
    if (hasFocus) entries[0].querySelector("a").focus();
  });
  box.querySelector("ol").append(item);
}

/** A chapter that was found, with its best sections; the best of all is what Enter opens. */
function entry({ chapter, own, sections: fits = new Map() }, data) {
  const url = data?.url ?? engine.root + chapter.address;
  const title = element("a", "chapter-title", chapter?.title ?? joined(data.meta.title));
  title.href = url;
  const item = element("li", "", title);
  const part = chapter?.part ?? data?.meta.part;
  if (part) item.append(" ", element("small", "", part));

  const weight = ({ weighted_locations: places }) => places.reduce((sum, place) => sum + place.balanced_score, 0);
  const inText = (data?.sub_results ?? []).map((section) => ({ ...section, id: section.anchor?.id ?? "" }));
  const heaviest = Math.max(...inText.map(weight));
  const scored = inText.map((section) => ({ section, score: weight(section) / heaviest + 2 * (section.id ? (fits.get(section.id) ?? 0) : own) }));
  // Without an excerpt: the title fits, but nothing was found in the text.
  const has = new Set(inText.map(({ id }) => id));
  const others = (chapter?.sections ?? []).filter(({ anchor }) => fits.get(anchor) >= 0.5 && !has.has(anchor));
  scored.push(...others.map(({ anchor, title }) => ({ section: { id: anchor, title, url: `${url}#${anchor}`, excerpt: "" }, score: 2 * fits.get(anchor) })));
  scored.sort((a, b) => b.score - a.score);

  for (const { section } of scored.slice(0, sections)) item.append(sectionLink(section, data?.raw_content ?? ""));
  const isTitle = !scored.length || scored[0].score < 2 * own;
  item.querySelector(isTitle ? ".chapter-title" : ".section").classList.add("best");
  return item;
}

function sectionLink({ id, title, url, excerpt: marked }, content) {
  const excerpt = pieces(whole(marked, content));
  const link = element("a", "section", element("span", "", ...excerpt));
  if (id) link.prepend(element("b", "", joined(title)), " ");
  const target = new URL(url, location.href);
  const marks = excerpt.filter(({ localName }) => localName === "mark").map(({ textContent }) => textContent.toLowerCase());
  for (const word of [...new Set(marks)].slice(0, most)) target.searchParams.append(parameter, word);
  link.href = target;
  return link;
}

/** An excerpt with the whole of its first and last name: Pagefind cuts at spaces, also at those that bindery inserted. */
function whole(excerpt, content) {
  const [, before, inner, after] = excerpt.match(/^(… ?)?(.*?)( ?…)?$/s);
  const text = inner.replace(/<\/?mark>/g, "");
  const start = text ? content.indexOf(text) : -1;
  if (start < 0) return excerpt;
  const [begin] = content.slice(Math.max(0, start - longest), start).match(/(\S*\u2060 )*$/);
  const [end] = text.endsWith("\u2060") ? content.slice(start + text.length).match(/^( \S*\u2060)* ?\S*/) : [""];
  return (before ?? "") + begin + inner + end + (after ?? "");
}

/** An excerpt's text, with what was found marked. */
function pieces(excerpt) {
  const texts = joined(excerpt).split(/<\/?mark>/).map((text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">"));
  const marked = (text) => {
    const [, before, word, behind] = text.match(/^([^\p{L}\p{N}]*?)((?:(?<![^\s([{<"'`,;=|])-{1,2})?(?=[\p{L}\p{N}]).*?|)([^\p{L}\p{N}]*)$/su);
    return [before, element("mark", "", word), behind];
  };
  return texts.flatMap((text, number) => (number % 2 ? marked(text) : text)).filter((piece) => piece !== "");
}

/** Removes the spaces that bindery inserted to split names at their punctuation, and the signs of letters. */
const joined = (text) => asWritten(text.replaceAll("\u2060</mark> <mark>", "").replace(/\u2060(<\/mark>)? ?/g, "$1"));

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function tell(box, ...text) {
  box.querySelector("[role=status]").replaceChildren(...text);
}

function fail(box) {
  reset(); // the next attempt may succeed
  tell(box, words.search.failed);
}
