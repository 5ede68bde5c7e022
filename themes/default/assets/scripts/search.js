// Opens search at a key. Pagefind is loaded when it is opened for the first time.
import { markFound } from "./found.js";
import { follow } from "./results.js";
import { keep, recall } from "./store.js";
import { words } from "./words.js";

/** The key `/`, which readers can switch off: with speech input, single keys are pressed by accident (WCAG 2.1.4). */
const slash = {
  isOn: () => recall("slash"),
  set(isOn) {
    keep("slash", isOn);
    tellKeys();
  },
};

/** In a book that is opened from disk, browsers load no indexes. */
const isOnDisk = location.protocol === "file:";

const box = () => document.getElementById("b:search");

export function openSearch() {
  markFound();
  tellKeys();
  // This event does not bubble.
  document.addEventListener("toggle", ({ target, newState }) => target === box() && newState === "open" && begin(), true);
  document.addEventListener("keydown", (event) => {
    if (!box()?.showPopover || !isShortcut(event) || document.querySelector(":modal")) return;
    event.preventDefault();
    if (box().matches(":popover-open")) box().querySelector("input").focus();
    else box().showPopover();
  });
}

function tellKeys() {
  document.querySelector(".to-search")?.setAttribute("aria-keyshortcuts", `${slash.isOn() ? "/ " : ""}Control+K Meta+K`);
}

function begin() {
  box().querySelector("input").focus();
  if (isOnDisk) return tell(words.search.needs_server);
  follow(box(), slash);
}

function tell(text) {
  box().querySelector("[role=status]").textContent = text;
}

function isShortcut({ key, ctrlKey, metaKey, altKey, shiftKey, target }) {
  if (altKey) return false;
  if (ctrlKey || metaKey) return !shiftKey && key.toLowerCase() === "k";
  return key === "/" && slash.isOn() && !target.closest("input, textarea, select, [contenteditable]");
}
