// The panel in which readers fill in their values for the book.
import { say, words } from "./words.js";

let panel;

/** Opens the panel at a placeholder. */
export function showPanel(book, name) {
  panel ??= document.body.appendChild(make(book));
  for (const input of panel.querySelectorAll("input")) {
    input.value = book.valueOf(input.name);
    judge(book, input);
  }
  panel.showModal();
  const input = panel.querySelector(`[name="${CSS.escape(name)}"]`);
  input.focus();
  input.select();
}

function make(book) {
  const dialog = document.createElement("dialog");
  dialog.className = "values";
  dialog.setAttribute("aria-labelledby", "b:values");
  const form = dialog.appendChild(document.createElement("form"));
  form.method = "dialog";
  add(form, "h2", words.scripts.values).id = "b:values";
  add(form, "p", words.scripts.values_note);
  for (const name of Object.keys(book.placeholders)) addInput(form, book, name);
  const buttons = add(form, "div", "");
  buttons.className = "buttons";
  const forget = add(buttons, "button", words.scripts.forget);
  forget.type = "button";
  forget.addEventListener("click", () => {
    book.forget();
    for (const input of form.querySelectorAll("input")) {
      input.value = "";
      judge(book, input);
    }
  });
  add(buttons, "button", words.scripts.close).className = "done";
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  return dialog;
}

function addInput(form, book, name) {
  const { help, example, secret, type, pattern } = book.placeholders[name];
  const label = add(form, "label", book.labelOf(name));
  const input = add(form, "input", "");
  // What fits: the author's own words, else those for its type.
  const fitting = pattern ? undefined : words.scripts[`fits_${type?.replace("-", "_")}`];
  const notes = [help ?? fitting, example && say(words.scripts.example, { example }), secret && words.scripts.secret_note];
  const about = add(form, "p", notes.filter(Boolean).join("\n"));
  const error = add(form, "p", "");
  Object.assign(input, { name, type: secret ? "password" : "text", autocomplete: "off", spellcheck: false, autocapitalize: "off" });
  error.className = "error";
  error.setAttribute("aria-live", "polite");
  input.id = `b:value:${name}`;
  about.id = `b:about:${name}`;
  error.id = `b:error:${name}`;
  label.htmlFor = input.id;
  input.setAttribute("aria-describedby", `${about.id} ${error.id}`);
  input.addEventListener("input", () => {
    book.setValue(name, input.value.trim());
    judge(book, input);
  });
}

function judge(book, input) {
  const value = input.value.trim();
  const isInvalid = value !== "" && !book.fits(input.name, value);
  input.ariaInvalid = String(isInvalid);
  const name = book.placeholders[input.name].default ?? `<${input.name}>`;
  document.getElementById(`b:error:${input.name}`)?.replaceChildren(
    isInvalid ? say(words.scripts.unfit, { name }) : "",
  );
}

function add(parent, tag, text) {
  const element = parent.appendChild(document.createElement(tag));
  if (text) element.textContent = text;
  return element;
}
