// The titles of the book's chapters and sections: how well they fit what is searched for, and which of their words may
// have been meant. The list beside the index has them, and names that are made of signs.
import { asTyped, withoutSigns } from "./letters.js";

const unspaced = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}]/u; // scripts that do not part words
const least = 0.45; // of a fit that lists a chapter in whose text nothing was found
const endings = new Set(" e s es ed er ers or ors ing ings ion ions ation ations able ity ities le ility y ies ied n en em o a os as".split(" ")); // of words with one stem

export const isUnspaced = (text) => unspaced.test(text);
export const fold = (text) => asTyped(withoutSigns(text).normalize("NFKD").replace(/\p{M}/gu, "")).replace(/’/g, "'").replace(/\s+/g, " ").trim().toLowerCase();
const isSigns = (word) => /^[!-/:-@[-`{-~]+$/.test(word);
const wordsOf = (text) => text.match(/[\p{L}\p{N}_]+/gu) ?? [];
const sum = (numbers) => numbers.reduce((sum, number) => sum + number, 0);
/** How much a word says, in letters; a sign of a script without spaces says more. */
const width = (word) => sum([...word].map((sign) => (isUnspaced(sign) ? 3 : 1)));

/** The folder of the index: it is called otherwise after every change, which the file at an address says. */
export async function fetchFolder(index) {
  const { folder } = await (await fetch(index, { cache: "no-cache" })).json();
  return new URL(folder, new URL(index, location.href)).pathname;
}

/** The list of titles in a folder. A server may have unpacked it on the way. */
export async function fetchList(folder) {
  const packed = await (await fetch(`${folder}titles.json.gz`)).blob();
  const [first] = new Uint8Array(await packed.slice(0, 1).arrayBuffer());
  const text = first === 0x1f ? packed.stream().pipeThrough(new DecompressionStream("gzip")) : packed;
  return new Response(text).json();
}

/** Reads the list: the chapters, the words of their titles, and the chapters of a name. */
export function read(list) {
  const chapter = ([id, address, title, part, sections]) => ({ id: id ?? address, address, part, ...prepare(title), slug: prepare(slug(address)), sections: pairs(sections) });
  const chapters = list.chapters.map(chapter);
  const known = new Set();
  const spelled = new Map(); // as they are written, names with capitals
  for (const { title, words } of chapters.flatMap((chapter) => [chapter, ...chapter.sections])) {
    words.forEach((word, at) => known.add(word).add((words[at - 1] ?? "") + word));
    for (const [name] of title.matchAll(/[\p{L}\p{N}_]+(-[\p{L}\p{N}_]+)*/gu)) {
      if (name.includes("-")) known.add(fold(name));
      if (/.\p{Lu}/u.test(name)) spelled.set(fold(name), name);
    }
  }
  const names = (name) => (Object.hasOwn(list.names, name) ? list.names[name].map((at) => chapters[at]) : []);
  return { chapters, known: [...known], spelled, names };
}

/** The end of an address as a title: authors often call a file by its topic. */
function slug(address) {
  const words = decodeURIComponent(address).split("/").at(-2)?.split(/[-_]+/) ?? [];
  return words.filter((word) => !/^(\p{L}{0,2}\d+|)$/u.test(word)).join(" ");
}

function pairs(list) {
  const anchor = (marked) => marked.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).replace(/[!-,./:-@[-^`{-~]/g, "").replace(/ /g, "-");
  return list.flatMap((id, at) => (at % 2 ? [] : { anchor: id || anchor(list[at + 1]), ...prepare(list[at + 1]) }));
}

function prepare(marked) {
  const title = marked.replaceAll("`", "");
  const text = fold(title);
  const codes = [...marked.matchAll(/`([^`]+)`/g)].map(([, code]) => fold(code)).flatMap((code) => [code, wordsOf(code).join(" ")]);
  const words = [...wordsOf(text), ...codes.filter(isSigns)];
  return { title, text, words, codes, width: sum(words.map(width)) };
}

/** How well chapters' titles and those of their sections fit, by ids: `{ chapter, fit, own, sections, isListed }`. */
export function fitting({ chapters, names }, query) {
  const text = fold(query.replaceAll('"', ""));
  const signs = text.split(" ").filter((word) => isSigns(word) && names(word).length);
  const asked = { text, words: [...wordsOf(text), ...signs].map((word) => ({ word, width: width(word), isJoined: isUnspaced(word) })) };
  const found = new Map();
  for (const chapter of chapters) {
    const own = Math.max(fit(asked, chapter), 0.95 * fit(asked, chapter.slug));
    const sections = new Map(chapter.sections.map((section) => [section.anchor, fit(asked, section)]).filter(([, fit]) => fit));
    // A section says less than a chapter, and several say more than one.
    const fits = [...sections.values()];
    const best = Math.max(own, 0.85 * Math.max(0, ...fits));
    const others = Math.max(0, Math.min(2, sum(fits) - best));
    if (best) found.set(chapter.id, { chapter, own, sections, fit: 2 * (best + 0.2 * others), isListed: best >= least });
  }
  for (const name of new Set([query, ...signs])) {
    names(name).forEach((chapter, place) => {
      const entry = found.get(chapter.id) ?? { chapter, own: 0, sections: new Map(), fit: 0 };
      const isListed = entry.isListed || name === query;
      found.set(chapter.id, { ...entry, fit: entry.fit + (name === query ? 1 : 0.5) / (place + 1), isListed });
    });
  }
  return found;
}

/** How well a title fits, from 0 to 1: how much of the query is in it, and how much else. */
function fit({ text, words }, title) {
  if (text === title.text) return 1;
  const taken = new Map();
  const found = words.map((asked) => {
    let best = 0;
    let at;
    title.words.forEach((other, place) => {
      const like = likeness(asked, other);
      if (like > best) [best, at] = [like, [place]];
      // Two words of the title may have been typed as one: `hashmap` for `Hash maps`.
      const isPair = best < 0.9 && other.length > 2 && asked.word.startsWith(other) && likeness(asked, other + (title.words[place + 1] ?? "")) >= 0.9;
      if (isPair) [best, at] = [0.9, [place, place + 1]];
    });
    const most = asked.isJoined ? asked.width : Infinity;
    if (best) for (const place of at) taken.set(place, Math.max(taken.get(place) ?? 0, best * Math.min(most, width(title.words[place]))));
    return best * asked.width;
  });
  const share = words.length ? sum(found) / sum(words.map(({ width }) => width)) : 0;
  const plain = share < 0.5 ? 0 : share ** 3 * (0.5 + (0.5 * sum([...taken.values()])) / title.width);
  return title.codes.includes(text) || (words.length && title.codes.includes(words.map(({ word }) => word).join(" "))) ? 0.75 + 0.25 * plain : plain;
}

/** How far a word that is searched for is one of a title. */
function likeness({ word, isJoined }, other) {
  if (word === other) return 1;
  if (isJoined) return other.includes(word) ? 0.95 : 0;
  if (word.length < 3) return 0;
  if (other.startsWith(word)) return other.length - word.length <= 3 ? 0.9 : 0.5;
  if (word.startsWith(other) && other.length > 3 && word.length - other.length <= 3) return 0.85;
  if (hasSameStem(word, other)) return 0.95;
  return word.length > 4 && other.includes(word) ? 0.4 : 0;
}

/** Whether two words have one stem, such as `parser` and `parsing`: only common endings differ. */
function hasSameStem(a, b) {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  // What both end with belongs to the stem or to the endings: `profile` and `profiling`, `copied` and `copies`.
  for (; at > 3; at--) if (endings.has(a.slice(at)) && endings.has(b.slice(at))) return true;
  return false;
}

/** A query with words of titles for those that are nowhere in the book and nearly one of them. */
export async function correct({ known, spelled }, query, isInText) {
  const parts = await Promise.all(query.split(/\s+/).map(async (part) => {
    const word = fold(part);
    const most = word.length > 7 ? 2 : word.length > 3 ? 1 : 0;
    if (!most || !/^\p{L}+(-\p{L}+)*$/u.test(word) || isUnspaced(word) || known.some((other) => other.startsWith(word)) || (await isInText(part))) return part;
    const near = known.filter((other) => other.length > 3 && other[0] === word[0] && other.includes("-") === word.includes("-")).flatMap(forms).map((other) => [edits(word, other, most), other]);
    const [count, best] = near.reduce((best, next) => (next[0] < best[0] ? next : best), [most + 1]);
    return count <= most ? (spelled.get(best) ?? best) : part;
  }));
  return parts.join(" ");
}

/** A word, and what it is without a common ending: `borrowing` and `borrow`. */
function forms(word) {
  const stems = [4, 3, 2, 1].filter((length) => word.length - length > 4 && endings.has(word.slice(-length)));
  return [word, ...stems.map((length) => word.slice(0, -length))];
}

/** How many letters are added, left out, changed or exchanged with the next; more than `most` are not counted. */
export function edits(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  const rows = [[], Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const [last, row] = [rows[i], [i]];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(row[j - 1] + 1, last[j] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], rows[i - 1][j - 2] + 1);
    }
    rows.push(row);
  }
  return rows[a.length + 1][b.length];
}
