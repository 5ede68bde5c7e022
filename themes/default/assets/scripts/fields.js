// Fields show a reader's own values in the text, such as an address or a user name. A reader fills in a value once for
// the whole book; other tabs show it too. Values are kept in the browser, secrets only in the memory of this page.
import { isPlain, written } from "./quoting.js";
import { keep, onKept, recall } from "./store.js";
import { showPanel } from "./values.js";
import { say, words } from "./words.js";

const { placeholders } = globalThis.bindery;
const paper = matchMedia("print");
const authored = new WeakMap(); // field → its name and text in the book
const secrets = {};
let values = recall("values");

const labelOf = (name) => placeholders[name].label ?? name;
const valueOf = (name) => {
  const kept = placeholders[name].secret ? secrets : values;
  return Object.hasOwn(kept, name) ? kept[name] : "";
};

function fits(name, value) {
  const { form, pattern } = placeholders[name];
  const all = [form, pattern, "\\P{Cc}*"].filter(Boolean);
  try {
    return all.every((form) => new RegExp(`^(?:${form})$`, "u").test(value));
  } catch {
    return true; // the author's pattern is invalid, so nothing can be checked
  }
}

/** The value of a placeholder; undefined if the author's text remains. */
function standing(name) {
  const value = valueOf(name);
  return value && fits(name, value) ? value : placeholders[name].default;
}

function setValue(name, value) {
  const { secret } = placeholders[name];
  const kept = secret ? secrets : values;
  if (value) kept[name] = value;
  else delete kept[name];
  if (!secret) keep("values", values);
  fillFields();
}

function forget() {
  for (const name in secrets) delete secrets[name];
  values = {};
  keep("values", values);
  fillFields();
}

export function fillFields() {
  for (const field of document.querySelectorAll("[data-placeholder]")) {
    const name = field.dataset.placeholder;
    if (!Object.hasOwn(placeholders, name)) continue;
    if (authored.get(field)?.name !== name) authored.set(field, { name, text: field.textContent });
    const value = paper.matches ? undefined : standing(name);
    const text = value === undefined ? authored.get(field).text : placeholders[name].secret ? "••••••" : value;
    if (field.textContent !== text) field.textContent = text;
    field.classList.toggle("filled", value !== undefined);
    // What is selected is also copied by the system, in ways that no script sees.
    field.classList.toggle("guarded", value !== undefined && !isPlain(value) && field.closest("pre, code") !== null);
    if (field.closest("a, button, summary, .prompt, .output, .comment")) continue;
    field.role = "button";
    field.tabIndex = 0;
    field.ariaLabel = `${text}, ${say(words.scripts.change, { label: labelOf(name) })}`;
  }
}

/** Puts the values into a copy of code; throws an error for a value that could be taken for code. */
export function writeValues(copy) {
  for (const field of copy.querySelectorAll("[data-placeholder]")) {
    const text = textIn(field, { canQuote: true });
    if (text !== undefined) field.textContent = text;
  }
}

/**
 * What is copied of a field; undefined if it is the author's text. Throws an error for a value that could be taken for
 * code there. `canQuote`: all of the command is copied with it.
 */
export function textIn({ dataset }, { canQuote }) {
  const name = dataset.placeholder;
  const value = Object.hasOwn(placeholders, name) ? standing(name) : undefined;
  if (value === undefined) return undefined;
  const { quoting, delimiters } = dataset;
  const text = written(value, { quoting: canQuote || quoting === "never" ? quoting : undefined, delimiters });
  if (text === undefined) throw new Error(say(words.scripts.unsafe, { label: labelOf(name) }));
  return text;
}

export function openFields() {
  for (const type of ["click", "keydown"]) document.addEventListener(type, open);
  onKept("values", () => {
    values = recall("values");
    fillFields();
  });
  paper.addEventListener("change", fillFields);
}

function open(event) {
  const field = event.target.closest?.("[data-placeholder][role=button]");
  if (!field || (event.type === "keydown" && event.key !== "Enter" && event.key !== " ")) return;
  event.preventDefault();
  showPanel({ placeholders, labelOf, valueOf, fits, setValue, forget }, field.dataset.placeholder);
}
