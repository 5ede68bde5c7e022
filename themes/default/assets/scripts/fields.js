// Fields show a reader's own values in the text, such as an address or a user name. A reader fills in a value once for
// the whole book; other tabs show it too. Values are kept in the browser, secrets only in the memory of this page.
import { later } from "./later.js";
import { isPlain, written } from "./quoting.js";
import { keep, onKept, recall } from "./store.js";
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
  const matches = (form) => new RegExp(`^(?:${form})$`, "u").test(value);
  if (!matches("\\P{Cc}*")) return false;
  try {
    return [form, pattern].filter(Boolean).every(matches);
  } catch {
    return true; // this browser does not know the author's pattern
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
    const isCode = field.closest("pre, code") !== null;
    // What is selected is also copied by the system, in ways that no script sees.
    field.classList.toggle("guarded", value !== undefined && !isPlain(value) && isCode);
    const isRefused = isCode && value !== undefined && written(value, field.dataset) === undefined;
    field.classList.toggle("refused", isRefused);
    if (field.closest("a, button, summary, .prompt, .output, .comment")) continue;
    field.role = "button";
    field.tabIndex = field.closest(".code:has(> .copy)") ? -1 : 0;
    const about = [text, isRefused && words.scripts.refused, say(words.scripts.change, { label: labelOf(name) })];
    field.ariaLabel = about.filter(Boolean).join(", ");
  }
  const names = Object.keys(placeholders);
  const filled = names.filter((name) => valueOf(name) && fits(name, valueOf(name))).length;
  for (const count of document.querySelectorAll(".to-values > b")) count.textContent = `${filled}/${names.length}`;
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
  if (event.type === "click" && event.target.closest?.(".to-values")) {
    const names = Object.keys(placeholders);
    show(names.find((name) => !valueOf(name)) ?? names[0]);
    return;
  }
  const field = event.target.closest?.("[data-placeholder][role=button]");
  if (!field || (event.type === "keydown" && event.key !== "Enter" && event.key !== " ")) return;
  event.preventDefault();
  show(field.dataset.placeholder);
}

const book = { placeholders, labelOf, valueOf, fits, setValue, forget };
let showPanel;

/** Tells what opens the panel of all values. */
export function followValues(opens) {
  showPanel = opens;
}

async function show(name) {
  await later();
  showPanel(book, name);
}
