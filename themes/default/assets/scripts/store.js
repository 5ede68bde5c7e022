// Small values that are kept in the reader's browser only. Their keys begin with the path of the site's root.
//
// What is read is not trusted: other books of the same host can write it, and so can other versions of these scripts.
// What does not have the shape that is kept here is left out.

const root = new URL(document.documentElement.dataset.root, location.href);
const keyOf = (name) => `bindery:${root.pathname}:${name}`;

const isText = (value) => typeof value === "string";
const texts = (value) => (Array.isArray(value) ? value.filter(isText) : []);
const entries = (value) => (value !== null && typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : []);

/** What is kept, by its name, and how it is brought into its shape. */
const shapes = {
  /** Whether the keys ← and → lead to the neighbours of a chapter. */
  arrows: (value) => value === true,
  /** By the path of a chapter that was read: the digests of its blocks. */
  blocks: (value) => Object.fromEntries(entries(value).map(([path, digests]) => [path, texts(digests)])),
  /** The paths of the parts that are open in the sidebar. */
  parts: texts,
  /** Which chapters have been read, and where the reader stopped. */
  reading: (value) => ({ read: texts(value?.read), place: placeOf(value?.place) }),
  /** Whether the key `/` opens search. */
  slash: (value) => value !== false,
  /** By the path of a chapter: the texts of its steps that are done, and the number of all. */
  steps: (value) => Object.fromEntries(entries(value).map(([path, of]) => [path, { done: texts(of?.done), total: Number(of?.total) || 0 }])),
  /** The names of the tabs that were chosen, the latest first. */
  tabs: texts,
  /** The reader's values of placeholders, by their names. */
  values: (value) => Object.fromEntries(entries(value).filter(([, text]) => isText(text))),
};

/** A place in the book: the path and title of a page, and the hash of a section; undefined if it is none. */
function placeOf(value) {
  const { path, title, hash = "" } = value ?? {};
  if (![path, title, hash].every(isText) || (hash && !hash.startsWith("#"))) return undefined;
  return URL.canParse(path, root) && pathOf(new URL(path, root)) === path ? { path, title, hash } : undefined;
}

/** Values that could not be stored, by their names. They are lost when the page is closed. */
const unstored = {};

/** The value of a name, in its shape. */
export function recall(name) {
  let value = unstored[name];
  try {
    value ??= JSON.parse(localStorage.getItem(keyOf(name)));
  } catch {
    // storage is switched off, or the value is another program's
  }
  return shapes[name](value);
}

export function keep(name, value) {
  delete unstored[name];
  try {
    localStorage.setItem(keyOf(name), JSON.stringify(value));
  } catch {
    unstored[name] = value; // storage is switched off, or full
  }
}

/** Calls back when another tab has stored a value under a name. */
export function onKept(name, callback) {
  addEventListener("storage", ({ key }) => {
    if (key !== keyOf(name)) return;
    delete unstored[name];
    callback();
  });
}

/** The path of a page below the site's root; undefined for other addresses. */
export function pathOf({ protocol, host, pathname }) {
  if (protocol !== root.protocol || host !== root.host || !pathname.startsWith(root.pathname)) return undefined;
  return pathname.slice(root.pathname.length).replace(/index\.html$/, "");
}

export const urlOf = (path) => new URL(path, root).href;
