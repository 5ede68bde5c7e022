// Small values that are kept in the reader's browser only. Their keys begin with the path of the site's root.

const root = new URL(document.documentElement.dataset.root, location.href);
const keyOf = (name) => `bindery:${root.pathname}:${name}`;

/** The value of a name, or undefined. */
export function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(name))) ?? undefined;
  } catch {
    return undefined; // storage is switched off, or the value is another program's
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(keyOf(name), JSON.stringify(value));
  } catch {
    // then the value is lost when the page is closed
  }
}

/** Calls back when another tab has stored a value under a name. */
export function onKept(name, callback) {
  addEventListener("storage", ({ key }) => key === keyOf(name) && callback());
}

/** The path of a page below the site's root; undefined for other addresses. */
export function pathOf({ protocol, host, pathname }) {
  if (protocol !== root.protocol || host !== root.host || !pathname.startsWith(root.pathname)) return undefined;
  return pathname.slice(root.pathname.length).replace(/index\.html$/, "");
}

export const urlOf = (path) => new URL(path, root).href;
