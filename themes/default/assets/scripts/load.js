// Loads what is needed later. In a book that is opened from disk, browsers load no modules: it is a classic script beside
// this one, and what it has for others it leaves in `bindery`.

const here = document.currentScript.src;
const loaded = {};

/** Loads a script once; a promise that is kept when it has run, or cannot be had. */
export function load(name) {
  return (loaded[name] ??= new Promise((done) => {
    const script = document.createElement("script");
    script.src = new URL(name, here);
    script.onload = script.onerror = done;
    document.head.append(script);
  }));
}
