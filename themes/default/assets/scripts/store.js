// What is kept of this book in the reader's browser, and nowhere else: small values, under the path of the site's root.

const root = new URL(document.documentElement.dataset.root, location.href);
const keyOf = (name) => `bindery:${root.pathname}:${name}`;

/** The value of a name, or undefined. */
export function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(name))) ?? undefined;
  } catch {
    return undefined; // storage is switched off, or another program's value stands there
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(keyOf(name), JSON.stringify(value));
  } catch {
    // it is forgotten with the page
  }
}

/** Calls back when another tab has kept something under a name. */
export function onKept(name, callback) {
  addEventListener("storage", ({ key }) => key === keyOf(name) && callback());
}

/** Where a page of the site stands below the root; undefined for other addresses. */
export function pathOf({ protocol, host, pathname }) {
  if (protocol !== root.protocol || host !== root.host || !pathname.startsWith(root.pathname)) return undefined;
  return pathname.slice(root.pathname.length).replace(/index\.html$/, "");
}

export const urlOf = (path) => new URL(path, root).href;
