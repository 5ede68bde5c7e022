// Check boxes and steps of a chapter, which readers tick off. What is ticked is kept in the browser, by the chapter and
// by its own words, so that a tick stays with its text when the chapter changes.
import { keep, onKept, pathOf, recall } from "./store.js";
import { say, words } from "./words.js";

const longest = 120; // characters of a text that are kept

/** Makes the check boxes of the text usable, and adds one to each step. Those of TODO lists stay as they are. */
export function offerSteps() {
  for (const heading of document.querySelectorAll(".prose .step:not(:has(> .tick))")) {
    const label = document.createElement("label");
    label.className = "tick";
    const box = document.createElement("input");
    box.type = "checkbox";
    label.append(box, ` ${words.scripts.done}`);
    heading.append(label);
  }
  showSteps();
}

/** The reader's boxes and their texts; texts that occur again have a number. */
function boxes() {
  const all = document.querySelectorAll(".chapter .prose :is(.task > input, .task > p:first-child > input, .step > .tick > input)");
  const counts = new Map();
  const own = [...all].filter((box) => !box.closest(".todo") && !box.defaultChecked);
  return own.map((box) => {
    const text = textOf(box);
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    return { box, text: count > 1 ? `${text} #${count}` : text };
  });
}

function textOf(box) {
  const copy = box.closest(".task, .step").cloneNode(true);
  for (const other of copy.querySelectorAll("ul, ol, .tick, .anchor")) other.remove();
  return copy.textContent.trim().replace(/\s+/g, " ").slice(0, longest);
}

function showSteps() {
  const path = pathOf(location);
  const { done = [] } = recall("steps")[path] ?? {};
  for (const { box, text } of boxes()) {
    box.disabled = false;
    // Its state is said with its name, so the name is what is to be done.
    box.ariaLabel = box.closest(".tick") ? `${words.scripts.done}: ${text}` : text;
    box.checked = done.includes(text);
    box.closest(".task")?.classList.toggle("done", box.checked);
  }
  markProgress();
}

export function followSteps() {
  onKept("steps", showSteps);
  document.addEventListener("change", ({ target }) => {
    const all = boxes();
    if (!all.some(({ box }) => box === target)) return;
    const done = all.filter(({ box }) => box.checked).map(({ text }) => text);
    keep("steps", { ...recall("steps"), [pathOf(location)]: { done, total: all.length } });
    showSteps();
  });
  document.addEventListener("click", (event) => {
    const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (isPlain && !event.defaultPrevented) boxOfText(event)?.click();
  });
}

/**
 * The box whose text was clicked: it is ticked as by a label. A label itself would be another element around text that the
 * search leaves out. What has a use of its own in the text keeps it, and selected text is not ticked.
 */
function boxOfText({ target, clientX, clientY, detail }) {
  const block = target.closest?.(".task, p, ul, ol, dl, pre, figure, table, blockquote, details, div");
  const box = block?.querySelector(":scope > input:enabled");
  const isOwnUse = target.closest?.("a, button, input, label, select, textarea, summary, img, [role], [tabindex]");
  if (!box?.closest(".task") || block.contains(isOwnUse)) return null;
  if (detail < 2 && !getSelection().isCollapsed) return null;

  const text = document.createRange();
  text.setStartAfter(box);
  text.setEndAfter(block.lastChild);
  const isIn = ({ left, right, top, bottom }) => left <= clientX && clientX <= right && top <= clientY && clientY <= bottom;
  return [...text.getClientRects()].some(isIn) ? box : null;
}

/** Shows in the lists of chapters how many steps have been done. */
export function markProgress() {
  const steps = recall("steps");
  for (const link of document.querySelectorAll(":is(.sidebar, .chapters) li a")) {
    const place = link.closest(".sidebar") ? link : link.parentElement;
    place.querySelector(":scope > .done-count")?.remove();
    const { done, total } = steps[pathOf(link)] ?? { done: [] };
    if (!done.length || place.querySelector(".read")) continue;
    const count = document.createElement("span");
    count.className = "done-count";
    const text = say(words.scripts.steps, { done: done.length, total });
    if (link.closest(".sidebar")) {
      count.textContent = `${done.length}/${total}`;
      count.role = "img";
      count.ariaLabel = text;
    } else count.textContent = text;
    place.append(count);
  }
}
