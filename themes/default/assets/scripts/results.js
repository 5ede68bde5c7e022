// Searches the book while the reader types, and lists the chapters and sections that match. Pagefind does the search; it
// is loaded with its indexes when search is opened.
import { PARAMETER } from "./found.js";
import { say, words } from "./words.js";

const pause = 100; // ms after the last key before a search starts
const late = 400; // ms before the message that something is still loading
const page = 5; // chapters that are shown at a time
const sections = 3; // shown of each chapter
const length = 24; // of an excerpt, in words
const most = 6; // words that are marked on the page

let engine; // a promise of Pagefind
let shown; // what was searched for last

export function follow(box, slash) {
  const input = box.querySelector("input");
  input.select();
  engine ??= load(box);
  engine.catch(() => fail(box));
  show(box, input.value.trim());
  const isOn = box.querySelector(".keys input");
  isOn.checked = slash.isOn();
  if (box.dataset.followed) return;
  box.dataset.followed = "";
  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => show(box, input.value.trim()), pause);
  });
  input.addEventListener("keydown", async (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    await show(box, input.value.trim());
    (box.querySelector("ol > :first-child .section") ?? box.querySelector("ol a"))?.click();
  });
  isOn.addEventListener("change", () => slash.set(isOn.checked));
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.isComposing) return;
    event.preventDefault();
    const stops = [input, ...box.querySelectorAll("ol a, ol button")];
    stops[stops.indexOf(document.activeElement) + step]?.focus();
  });
  // The preview has changed the text of the page, so the indexes have changed too.
  document.addEventListener("bindery:patched", () => (engine = shown = undefined));
}

/** Loads Pagefind from the first index; it searches the other indexes too. */
async function load(box) {
  const list = new URL(box.dataset.indexes, location.href);
  const { indexes } = await (await fetch(list, { cache: "no-cache" })).json();
  const [first, ...others] = indexes.map((folder) => new URL(folder, list).pathname);
  const { createInstance } = await import(`${first}pagefind.js`);
  const root = new URL(document.documentElement.dataset.root, location.href).pathname;
  // The folders' names are digests of their contents, so a cached copy is never outdated.
  const options = { baseUrl: root, excerptLength: length, excerptEllipsis: "…", metaCacheTag: "" };
  const instance = createInstance({ ...options, basePath: first, noWorker: true });
  await instance.init();
  await Promise.all(others.map((index) => instance.mergeIndex(index, options)));
  return instance;
}

async function show(box, query) {
  if (query === shown?.query) return shown.done;
  const search = { query };
  shown = search;
  const timer = setTimeout(() => shown === search && tell(box, words.search.loading), late);
  search.done = (async () => {
    const found = query ? await find(query) : [];
    const entries = await entriesOf(found.slice(0, page));
    if (shown !== search) return;
    const { hint, none, some } = words.search;
    tell(box, query ? say(found.length ? some : none, { count: found.length, query }) : hint);
    box.querySelector("ol").replaceChildren(...entries);
    offerMore(box, search, found.slice(page));
    box.scrollTop = 0;
  })();
  return search.done.catch(() => shown === search && fail(box)).finally(() => clearTimeout(timer));
}

/**
 * The chapters, best first. A name with punctuation (`/etc/ssh`, `std::fs::read`) is a phrase of the words into which
 * bindery splits it; if a phrase or name is not found as a whole, its parts are searched for.
 */
async function find(query) {
  const pagefind = await engine;
  const parts = (pattern) => query.split(pattern).filter(Boolean).join(" ");
  const words = parts(/[^\p{L}\p{M}\p{N}_'’-]+/u);
  const isPhrase = /\S[^\s\p{L}\p{M}\p{N}_'’-]+\S/u.test(query);
  const forms = [isPhrase ? `"${words}"` : words, words, parts(/[^\p{L}\p{M}\p{N}]+/u)];
  let nearest = [];
  for (const form of new Set(forms.filter(Boolean))) {
    const { results } = await pagefind.search(form);
    if (results.length && (await isMeant(form, results[0]))) return results;
    if (!nearest.length) nearest = results;
  }
  return nearest;
}

/** Whether the word itself was found: for a word that is not in the index, Pagefind tries ever shorter prefixes. */
async function isMeant(form, result) {
  const letters = (text) => text.normalize("NFD").replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
  const found = pieces((await result.data()).excerpt).filter((piece) => piece.localName === "mark");
  return !found.length || found.some((mark) => letters(mark.textContent).includes(letters(form.split(" ")[0]).slice(0, 3)));
}

const entriesOf = (found) => Promise.all(found.map(async (result) => entry(await result.data())));

function offerMore(box, search, rest) {
  if (!rest.length) return;
  const button = element("button", "more", words.search.more);
  button.type = "button";
  const item = element("li", "", button);
  button.addEventListener("click", async () => {
    const entries = await entriesOf(rest.slice(0, page));
    if (shown !== search) return;
    item.replaceWith(...entries);
    offerMore(box, search, rest.slice(page));
    entries[0].querySelector("a").focus();
  });
  box.querySelector("ol").append(item);
}

/** A chapter that was found, with its best sections in the order of the page. */
function entry({ url, meta, sub_results: found }) {
  const score = ({ weighted_locations: places }) => places.reduce((sum, place) => sum + place.balanced_score, 0);
  const best = new Set([...found].sort((a, b) => score(b) - score(a)).slice(0, sections));
  const title = element("a", "chapter-title", meta.title);
  title.href = url;
  const item = element("li", "", title);
  if (meta.part) item.append(" ", element("small", "", meta.part));
  for (const section of found.filter((section) => best.has(section))) {
    const excerpt = pieces(section.excerpt);
    const link = element("a", "section", element("span", "", ...excerpt));
    if (section.anchor) link.prepend(element("b", "", joined(section.title)), " ");
    const target = new URL(section.url, location.href);
    const marks = excerpt.filter(({ localName }) => localName === "mark").map(({ textContent }) => textContent.toLowerCase());
    for (const word of [...new Set(marks)].slice(0, most)) target.searchParams.append(PARAMETER, word);
    link.href = target;
    item.append(link);
  }
  return item;
}

/** An excerpt's text, with what was found marked. */
function pieces(excerpt) {
  const texts = joined(excerpt).split(/<\/?mark>/).map((text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">"));
  const marked = (text) => {
    const [, before, word, behind] = text.match(/^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/su);
    return [before, element("mark", "", word), behind];
  };
  return texts.flatMap((text, number) => (number % 2 ? marked(text) : text)).filter((piece) => piece !== "");
}

/** Removes the spaces that bindery inserted to split names at their punctuation. */
const joined = (text) => text.replaceAll("\u2060</mark> <mark>", "").replace(/\u2060(<\/mark>)? ?/g, "$1");

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function tell(box, text) {
  box.querySelector("[role=status]").textContent = text;
}

function fail(box) {
  engine = shown = undefined; // the next attempt may succeed
  tell(box, words.search.failed);
}
