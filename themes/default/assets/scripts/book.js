// Adds to a page what needs scripts; the page is complete without them. Each step looks for elements that it has not
// changed yet, so all steps run again after the preview has patched the page.
import { digestBlocks, markChanges } from "./changes.js";
import { addCopyButtons, copyAtClick } from "./copy.js";
import { leadToFiles } from "./disk.js";
import { fillFields, openFields } from "./fields.js";
import { showFootnotes } from "./footnotes.js";
import { enlargeImages, markImages } from "./images.js";
import { followKeys } from "./keys.js";
import { foldParts } from "./parts.js";
import { followReading, markChaptersRead, offerToGoOn } from "./reading.js";
import { reachScrollers } from "./scroll.js";
import { openSearch } from "./search.js";
import { copySelections } from "./selection.js";
import { showCurrentChapter } from "./sidebar.js";
import { addStatus } from "./status.js";
import { followSteps, offerSteps } from "./steps.js";
import { followTabs, makeTabs } from "./tabs.js";
import { followSections } from "./toc.js";

/** Keeps the book for reading offline, if its author wants that and the browser can. */
async function keepBook() {
  const place = document.querySelector("[data-offline]");
  if (!place || !navigator.serviceWorker) return;
  const { keepOffline } = await import("./offline.js");
  await keepOffline(place);
}

const enhancements = [
  addStatus,
  () => addCopyButtons(document),
  fillFields,
  makeTabs,
  () => reachScrollers(document),
  followSections,
  markImages,
  foldParts,
  offerSteps,
  markChaptersRead,
  offerToGoOn,
];
/** Runs all steps, also after one that fails. */
function run(steps) {
  for (const step of steps) {
    try {
      step();
    } catch (error) {
      reportError(error);
    }
  }
}

run([digestBlocks, leadToFiles, copyAtClick, copySelections, openFields, followTabs, followSteps]);
run(enhancements);
run([followReading, enlargeImages, showFootnotes, () => showCurrentChapter(document), openSearch, markChanges, followKeys, keepBook]);
document.addEventListener("bindery:patched", () => run(enhancements));
