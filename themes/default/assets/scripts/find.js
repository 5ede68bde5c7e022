// Finds chapters: Pagefind searches their text, and how well titles fit puts them in order.
import { asTyped } from "./letters.js";
import { correct, fetchFolder, fetchList, fitting, fold, isUnspaced, read } from "./titles.js";
import { has, isOption, optionsOf } from "./options.js";

const length = 24; // of an excerpt, in words
const longest = 400; // query, in letters
const few = 5; // chapters with all words; below that, those with most of them are listed too
const near = 0.5; // what it is worth that words stand together, where the best of the text is worth 1
const option = 2; // what it is worth that a chapter has an option as it is written
const mostRead = 40; // chapters that are read for that
const message = { from: 4, most: 24, near: 2 }; // words of a query that is a message: of one, few other words fit

/** Loads the titles, and Pagefind with its index. */
export function load(index) {
  const root = new URL(document.documentElement.dataset.root, location.href).pathname;
  const folder = fetchFolder(index);
  const titles = folder.then(fetchList).then(read);
  return { root, titles, pagefind: folder.then((folder) => start(folder, root)) };
}

async function start(folder, root) {
  const { createInstance } = await import(`${folder}pagefind.js`);
  // The folder's name is a digest of its contents, so a cached copy is never outdated. No language: Pagefind would
  // split Chinese into other words than those in the index, which were found by another dictionary.
  const options = { baseUrl: root, excerptLength: length, excerptEllipsis: "…", metaCacheTag: "", language: "und" };
  const instance = createInstance({ ...options, basePath: folder, noWorker: true });
  await instance.init();
  await instance.filters(); // there are none, but this waits for its program, which `init` does not
  return instance;
}

/** What was found by titles alone, best first; known before Pagefind is loaded. */
export async function findTitles(engine, query) {
  const fits = fitting(await engine.titles, query);
  return ranked([...fits.values()].filter(({ isListed }) => isListed).map((fit) => ({ ...fit, score: fit.fit })));
}

/** What was found, best first, and what was searched for if it is not what was typed. */
export async function find(engine, typed) {
  const query = typed.slice(0, longest).normalize("NFC").replace(/\s+/g, " ");
  const [titles, pagefind] = await Promise.all([engine.titles, engine.pagefind]);
  const search = async (form) => (form ? (await pagefind.search(asTyped(form))).results : []);
  const isQuoted = /^".+"$/.test(query);
  const meant = isQuoted ? query : await correct(titles, query, (word) => isInText(search, word));
  const text = await inText(search, meant, isQuoted);
  const fits = fitting(titles, meant);

  const withOptions = await placesOf(text, optionsOf(meant));
  const found = text.map(({ result, share, together }) => {
    const { chapter = titles.chapters.find(({ id }) => id === result.id), fit = 0, own = 0, sections } = fits.get(result.id) ?? {};
    return { chapter, result, own, sections, score: share + fit + together + (withOptions.has(result.id) ? option : 0) };
  });
  const ids = new Set(text.map(({ result }) => result.id));
  const others = isQuoted ? [] : [...fits.values()].filter(({ chapter, isListed }) => isListed && !ids.has(chapter.id));
  return { meant: meant === query ? undefined : meant, found: ranked([...found, ...others.map((fit) => ({ ...fit, score: fit.fit }))]) };
}

/** The chapters that have options as they are written: the index has `-f` as the word `f`. */
async function placesOf(found, options) {
  if (!options.length) return new Set();
  const loaded = await Promise.all(found.slice(0, mostRead).map(async ({ result }) => [result.id, (await result.data()).raw_content]));
  return new Set(loaded.filter(([, text]) => options.every((option) => has(text, option))).map(([id]) => id));
}

const ranked = (found) => found.sort((a, b) => b.score - a.score);

/** Whether a word, or one that it begins, is in the text: of others, Pagefind takes a shorter and shorter beginning. */
async function isInText(search, word) {
  if ((await search(`"${word}"`)).length) return true;
  const [first] = await search(word);
  const marks = first ? [...(await first.data()).excerpt.matchAll(/<mark>(.*?)<\/mark>/gs)] : [];
  return marks.some(([, mark]) => fold(mark).replace(/^[^\p{L}\p{N}_]+/u, "").startsWith(fold(word)));
}

/** The chapters that have the words: how much of the best one's score, and what it is worth that words are together. */
async function inText(search, query, isQuoted) {
  const words = await wordsOf(search, query);
  const whole = await withAll(search, words, query);
  const shares = new Map(whole.map((result) => [result.id, { result, share: result.score / whole[0].score }]));

  const isMessage = words.length >= message.from;
  const longer = words.filter((word) => !isExact(word, query));
  if (!isQuoted && words.length > 1 && (isMessage || whole.length < few)) await addPartly(search, longer, shares);

  // Where words stand together: two of a few, three of a message, in whose middle there may be a value of the reader's
  // own.
  const size = isMessage && !isQuoted ? 3 : isQuoted ? words.length : 2;
  const starts = words.length > 1 ? words.slice(0, message.most).slice(size - 1).keys() : [];
  const all = await Promise.all([...starts].map((start) => search(`"${words.slice(start, start + size).join(" ")}"`)));
  const phrases = all.filter((results) => results.length);
  for (const result of phrases.flat()) {
    const found = shares.get(result.id) ?? { result, share: 0 };
    // With an option, only the phrase says where it is.
    if (words.some(isOption)) found.result = result;
    shares.set(result.id, { ...found, together: (found.together ?? 0) + (isMessage ? message.near : near) / phrases.length });
  }
  const found = [...shares.values()].map((found) => ({ together: 0, ...found }));
  return isQuoted && words.length > 1 ? found.filter(({ together }) => together) : found.filter(({ share, together }) => share || together > near / 2);
}

/** The chapters that have all words that are in the book. For one that is not, Pagefind would take others. */
async function withAll(search, words, query) {
  const exact = await Promise.all(words.filter((word) => isExact(word, query)).map((word) => search(`"${word}"`)));
  const beginnings = words.filter((word) => !isExact(word, query));
  const isKnown = await Promise.all(beginnings.map((word) => isUnspaced(word) || isInText(search, word)));
  const known = beginnings.filter((_, at) => isKnown[at]);

  // An exact word is searched for by itself: Pagefind takes the words of a query as they are, or as beginnings. Of a
  // chapter, the first list says which places are shown: those with an option, since other words are in more places.
  const lists = exact.filter((results) => results.length);
  const others = known.length ? [await search(known.join(" "))] : [];
  return inAll(words.some(isOption) ? [...lists, ...others] : [...others, ...lists]);
}

/** The results of the first list that are in all lists; the score is the mean. */
function inAll(lists) {
  const [first = []] = lists;
  const shares = lists.map((results) => new Map(results.map(({ id, score }) => [id, score / results[0].score])));
  const scored = first.filter(({ id }) => shares.every((share) => share.has(id))).map((result) => {
    const score = shares.reduce((sum, share) => sum + share.get(result.id), 0) / shares.length;
    return { ...result, score };
  });
  return scored.sort((a, b) => b.score - a.score);
}

/**
 * Whether a word is so short that it is no beginning of others: an option such as `-f`, or one or two letters in a name
 * with signs. Two letters at the end of a query may be the beginning of what is being typed.
 */
function isExact(word, query) {
  if (isOption(word)) return true;
  if (!/^[\p{L}\p{N}]{1,2}$/u.test(word) || isUnspaced(word) || query.split(" ").includes(word)) return false;
  return [...word].length === 1 || !query.endsWith(word);
}

/** Adds chapters that have at least half of the words; rare ones count most. */
async function addPartly(search, words, shares) {
  const each = await Promise.all([...new Set(words)].slice(0, message.most).map((word) => search(`"${word}"`)));
  const all = new Map(each.flat().map((result) => [result.id, result]));
  const worth = (results) => Math.log(1 + (2 * all.size) / results.length);
  const known = each.filter((results) => results.length);
  const total = known.reduce((sum, results) => sum + worth(results), 0);
  const counts = new Map();
  for (const results of known) for (const { id } of results) counts.set(id, (counts.get(id) ?? 0) + worth(results) / total);
  for (const [id, share] of counts) if (share >= 0.5 && !shares.has(id)) shares.set(id, { result: all.get(id), share: 0.8 * share });
}

/**
 * The words of a query as they are in the index. What has signs in it (`/etc/ssh`, `std::fs::read`, `l’eau`) was split
 * there; a name that is nowhere as a whole is looked for by its parts, and so is text in a script without spaces.
 */
async function wordsOf(search, query) {
  const parts = query.replace(/(?<=[\p{L}\p{N}])['’](?=[\p{L}\p{N}]{3})/gu, " ").split(/[^\p{L}\p{M}\p{N}_'’-]+/u);
  const isWhole = async (word) => (await search(`"${word}"`)).length > 0;
  const known = await Promise.all(parts.filter((part) => /[\p{L}\p{N}_]/u.test(part)).map(async (word) => {
    if (isUnspaced(word)) return pieces(word, isWhole);
    if (isOption(word)) return [word];
    return /[_-]/.test(word) && !(await isWhole(word)) ? word.split(/[_-]+/).filter(Boolean) : [word];
  }));
  return known.flat();
}

/** Text in a script without spaces: as one word, else the words that the browser finds in it, else every two signs. */
async function pieces(text, isWhole) {
  const split = (granularity) => [...new Intl.Segmenter(document.documentElement.lang, { granularity }).segment(text)].map(({ segment }) => segment);
  const words = split("word");
  if (words.length < 2 || (await isWhole(text))) return [text];
  if ((await Promise.all(words.map(isWhole))).every(Boolean)) return words;
  const signs = split("grapheme");
  return signs.slice(1).map((sign, at) => signs[at] + sign);
}
