// Keys of the book, where there is a keyboard: ? lists them, and ← and → lead to the neighbours if the reader wants
// that.
import { keep, recall } from "./store.js";
import { words } from "./words.js";

/** Whether a key belongs to the element that has the focus. A dialog that was closed can have it for a moment. */
const isField = ({ target }) => target.closest?.("input, textarea, select, [contenteditable], [role=tab], pre, .table-scroll") && !target.closest("dialog:not([open])");
let list; // the dialog

export function followKeys() {
  if (!matchMedia("(hover: hover) and (pointer: fine)").matches) return;
  addButton();
  document.addEventListener("keydown", (event) => {
    const { key, ctrlKey, metaKey, altKey } = event;
    if (event.defaultPrevented || ctrlKey || metaKey || altKey || isField(event) || document.querySelector(":modal, :popover-open")) return;
    if (key === "?") showKeys();
    else if (key === "ArrowLeft" || key === "ArrowRight") turn(key === "ArrowRight", event);
  });
}

/** Leads to a neighbour; in books that are read from right to left, the next chapter is on the left. */
function turn(isRight, event) {
  if (event.shiftKey || !recall("arrows")) return;
  const isNext = isRight === (document.documentElement.dir !== "rtl");
  document.querySelector(`.pager [rel=${isNext ? "next" : "prev"}]`)?.click();
}

function addButton() {
  const place = document.querySelector(".to-keys");
  if (!place) return; // the footer is another theme's
  const button = add(place, "button", words.scripts.keys);
  button.type = "button";
  button.addEventListener("click", showKeys);
}

function showKeys() {
  list ??= makeList();
  list.showModal();
}

function makeList() {
  const dialog = add(document.body, "dialog", "");
  dialog.className = "values keys-list";
  dialog.setAttribute("aria-labelledby", "b:keys");
  const form = add(dialog, "form", "");
  form.method = "dialog";
  add(form, "h2", words.scripts.keys).id = "b:keys";
  const keys = add(form, "dl", "");
  for (const [key, text] of [["/", words.search.open], ["← →", words.scripts.keys_neighbours], ["?", words.scripts.keys], ["Esc", words.scripts.close]]) {
    if (key === "/" && !document.querySelector(".search")) continue;
    add(add(keys, "dt", ""), "kbd", key);
    add(keys, "dd", text);
  }
  const label = add(form, "label", "");
  const box = add(label, "input", "");
  Object.assign(box, { type: "checkbox", checked: recall("arrows") });
  label.append(` ${words.scripts.keys_arrows}`);
  box.addEventListener("change", () => keep("arrows", box.checked));
  const buttons = add(form, "div", "");
  buttons.className = "buttons";
  add(buttons, "button", words.scripts.close).className = "done";
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  return dialog;
}

function add(parent, tag, text) {
  const element = parent.appendChild(document.createElement(tag));
  if (text) element.textContent = text;
  return element;
}
