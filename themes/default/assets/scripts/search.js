// Opens search. What it needs is loaded when a reader points at its button or opens it, and no later than that: what
// happens when it opens happens at once, because the next key may already be a letter of a word.
import { keep, recall } from "./store.js";
import { words } from "./words.js";

/** The parameter of an address with the words that were searched for. */
export const PARAMETER = "find";

/** The key `/`, which readers can switch off: with speech input, single keys are pressed by accident (WCAG 2.1.4). */
const slash = {
  isOn: () => recall("slash"),
  set(isOn) {
    keep("slash", isOn);
    tellKeys();
  },
};

/** In a book that is opened from disk, browsers load no index. */
const isOnDisk = location.protocol === "file:";

const box = () => document.getElementById("b:search");
const field = () => box().querySelector("input[type=search]");
const isPopover = () => Boolean(box()?.popover);

export function openSearch() {
  tellKeys();
  // These events do not bubble.
  document.addEventListener("toggle", ({ target, newState }) => target === box() && newState === "open" && begin(), true);
  document.addEventListener("beforetoggle", ({ target, newState }) => target === box() && newState === "open" && (box().dataset.before = field().value), true);
  for (const type of ["pointerover", "focusin"]) document.addEventListener(type, ({ target }) => target.closest?.(".to-search") && prepare());
  document.addEventListener("click", ({ target }) => !isPopover() && target.closest?.(".to-search") && field().focus());
  document.addEventListener("change", ({ target }) => target.matches(".search .keys input") && slash.set(target.checked));
  document.addEventListener("keydown", (event) => {
    if (!box()?.showPopover || !isShortcut(event) || document.querySelector(":modal")) return;
    event.preventDefault();
    const isOpening = isPopover() && !box().matches(":popover-open");
    if (isOpening) box().showPopover();
    field().focus();
    if (isOpening) field().select();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches(".search .field input") || isOnDisk) return;
    load().then(({ openBest }) => openBest(box()), () => {}); // that it cannot be loaded is said already
  });
  // On the 404 page it is open from the beginning.
  if (box() && !isPopover()) begin();
}

function tellKeys() {
  document.querySelector(".to-search")?.setAttribute("aria-keyshortcuts", `${slash.isOn() ? "/ " : ""}Control+K Meta+K`);
}

function begin() {
  const input = field();
  box().querySelector(".keys input").checked = slash.isOn();
  if (isPopover()) {
    input.focus();
    // Opened with the button: selects the words of the last search, unless something has been typed since.
    if (input.value === box().dataset.before) input.select();
  }
  if (isOnDisk) return tell(words.search.needs_server);
  load().then(({ follow }) => follow(box(), PARAMETER), () => tell(words.search.failed));
}

function prepare() {
  if (!isOnDisk && box()) load().then(({ prepare }) => prepare(box()), () => {}); // opening it tries again, and tells
}

const load = () => import("./results.js");

function tell(text) {
  box().querySelector("[role=status]").textContent = text;
}

function isShortcut({ key, ctrlKey, metaKey, altKey, shiftKey, target }) {
  if (altKey) return false;
  if (ctrlKey || metaKey) return !shiftKey && key.toLowerCase() === "k";
  return key === "/" && slash.isOn() && !target.closest("input, textarea, select, [contenteditable]");
}
