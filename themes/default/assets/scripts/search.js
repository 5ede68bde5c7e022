// Opens search at a key, and loads what it needs when it is opened for the first time, or has led here.

const box = () => document.getElementById("b:search");

export function openSearch() {
  if (new URLSearchParams(location.search).has("find")) import("./found.js").then(({ markFound }) => markFound());
  // It does not bubble.
  document.addEventListener("toggle", ({ target, newState }) => target === box() && newState === "open" && begin(), true);
  document.addEventListener("keydown", (event) => {
    if (!box()?.showPopover || !isShortcut(event)) return;
    event.preventDefault();
    if (box().matches(":popover-open")) box().querySelector("input").focus();
    else box().showPopover();
  });
}

async function begin() {
  box().querySelector("input").focus();
  const { follow } = await import("./results.js");
  follow(box());
}

function isShortcut({ key, ctrlKey, metaKey, altKey, shiftKey, target }) {
  if (altKey) return false;
  if (ctrlKey || metaKey) return !shiftKey && key.toLowerCase() === "k";
  return key === "/" && !target.closest("input, textarea, select, [contenteditable]");
}
