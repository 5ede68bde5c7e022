// What is copied of a selection has the same values as what the buttons copy, also where there are no buttons.
import { textIn } from "./fields.js";
import { tell } from "./status.js";

export function copySelections() {
  for (const type of ["copy", "dragstart"]) document.addEventListener(type, writeFields);
}

/** Puts the values into the page's code for the moment in which the browser reads the selection. */
function writeFields(event) {
  const selection = getSelection();
  if (selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  const fields = [...document.querySelectorAll(":is(pre, code) .filled")].filter((field) => range.intersectsNode(field));
  let texts;
  try {
    texts = fields.map((field) => textIn(field, { canQuote: isWhole(field, range) }));
  } catch ({ message }) {
    event.preventDefault();
    tell(message, { warning: true });
    return;
  }
  for (const [number, field] of fields.entries()) {
    const { textContent } = field;
    const isGuarded = field.classList.replace("guarded", "copied");
    if (texts[number] === textContent && !isGuarded) continue;
    field.textContent = texts[number];
    setTimeout(() => {
      field.textContent = textContent;
      if (isGuarded) field.classList.replace("copied", "guarded");
    });
  }
}

/** Whether a selection is the whole command or script that a field is in, and nothing else. */
function isWhole(field, range) {
  const part = field.closest(".command, code");
  if (!part.contains(range.commonAncestorContainer) || part.querySelector(".comment, .del")) return false;
  const nodes = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (nodes.nextNode()) {
    if (nodes.currentNode.data.trim() && !nodes.currentNode.parentElement.closest(".prompt, .sign, .copy")) texts.push(nodes.currentNode);
  }
  return range.isPointInRange(texts[0], 0) && range.isPointInRange(texts.at(-1), texts.at(-1).data.trimEnd().length);
}
