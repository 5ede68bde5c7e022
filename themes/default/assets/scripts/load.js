// Loads scripts that are not needed at once. In a book that is opened from disk, browsers load no modules: these are
// classic scripts, and what they offer to others is in the global object `bindery`.

const here = document.currentScript.src;
const loaded = {};

/** Loads a script once; the promise is resolved after it has run, and rejected if it cannot be loaded. */
export function load(name) {
  return (loaded[name] ??= new Promise((done) => {
    const script = document.createElement("script");
    script.src = new URL(name, here);
    script.onload = script.onerror = done;
    document.head.append(script);
  }));
}
