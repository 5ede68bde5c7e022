// Loads the theme's second script, with what can wait until the page is shown.

const { late } = document.currentScript?.dataset ?? {};
let loading;

/** Loads it, once; the promise is kept when its features are there. */
export function later() {
  loading ??= new Promise((done, fail) => {
    const script = document.createElement("script");
    script.addEventListener("load", done);
    script.addEventListener("error", () => {
      loading = undefined; // the next attempt may succeed
      fail(new Error(late));
    });
    script.src = late;
    document.head.append(script);
  });
  return loading;
}

/** Loads it when the page has been shown. `bindery.isComplete` says that nothing is to come. */
export function loadLater() {
  if (late) requestAnimationFrame(() => setTimeout(() => later().catch(() => {})));
  else globalThis.bindery.isComplete = true;
}
