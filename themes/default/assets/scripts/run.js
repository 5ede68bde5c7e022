// Runs the steps of a script, also after one that fails.

export function run(steps) {
  for (const step of steps) {
    try {
      step();
    } catch (error) {
      reportError(error);
    }
  }
}

/** Runs steps now, and again each time the preview has patched the page. */
export function enhance(steps) {
  run(steps);
  document.addEventListener("bindery:patched", () => run(steps));
}
