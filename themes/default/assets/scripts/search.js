// Opens search at a key. Loads its scripts when it is opened for the first time, or when a search result led to this page.
import { keep, recall } from "./store.js";
import { words } from "./words.js";

/** The key `/`, which readers can switch off: with speech input, single keys are pressed by accident (WCAG 2.1.4). */
const slash = {
  isOn: () => recall("slash") !== false,
  set(isOn) {
    keep("slash", isOn);
    tellKeys();
  },
};

/** In a book that is opened from disk, browsers load neither modules nor indexes. */
const isOnDisk = location.protocol === "file:";

const box = () => document.getElementById("b:search");

export function openSearch() {
  if (!isOnDisk && new URLSearchParams(location.search).has("find")) import("./found.js").then(({ markFound }) => markFound());
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

async function begin() {
  box().querySelector("input").focus();
  if (isOnDisk) return tell(words.search.needs_server);
  const results = await import("./results.js").catch(() => tell(words.search.failed));
  results?.follow(box(), slash);
}

function tell(text) {
  box().querySelector("[role=status]").textContent = text;
}

function isShortcut({ key, ctrlKey, metaKey, altKey, shiftKey, target }) {
  if (altKey) return false;
  if (ctrlKey || metaKey) return !shiftKey && key.toLowerCase() === "k";
  return key === "/" && slash.isOn() && !target.closest("input, textarea, select, [contenteditable]");
}
