// What can wait until the page is shown. Its places on the page are kept free, so nothing moves when it arrives.
import { markChanges } from "./changes.js";
import { addCopyButtons, copyAtClick } from "./copy.js";
import { followValues } from "./fields.js";
import { showFootnotes } from "./footnotes.js";
import { markFound } from "./found.js";
import { enlargeImages, markImages } from "./images.js";
import { followKeys } from "./keys.js";
import { foldParts } from "./parts.js";
import { followReading, markChaptersRead, offerToGoOn } from "./reading.js";
import { enhance, run } from "./run.js";
import { reachScrollers } from "./scroll.js";
import { copySelections } from "./selection.js";
import { addStatus } from "./status.js";
import { followSteps, offerSteps } from "./steps.js";
import { followSections } from "./toc.js";
import { showPanel } from "./values.js";

/** Keeps the book for reading offline, if its author wants that and the browser can. */
async function keepBook() {
  const place = document.querySelector("[data-offline]");
  if (!place || !navigator.serviceWorker || location.protocol === "file:") return;
  const { keepOffline } = await import("./offline.js");
  await keepOffline(place);
}

run([copyAtClick, copySelections, followSteps, () => followValues(showPanel)]);
enhance([
  addStatus,
  () => addCopyButtons(document),
  () => reachScrollers(document),
  followSections,
  markImages,
  foldParts,
  offerSteps,
  markChaptersRead,
  offerToGoOn,
]);
run([followReading, enlargeImages, showFootnotes, markFound, markChanges, followKeys, keepBook]);
globalThis.bindery.isComplete = true;
