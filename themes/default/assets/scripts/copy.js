// Puts copy buttons on code: one for each block, and in a console session one for each command and each output.
// The button of a session copies its commands, the button of a diff its new side. Without a clipboard (plain http)
// there are no buttons.
import { writeValues } from "./fields.js";
import { tell } from "./status.js";
import { say, words } from "./words.js";

const longest = 60; // characters of a command in the label of its button

export function addCopyButtons(root) {
  if (!navigator.clipboard) return;
  for (const pre of root.querySelectorAll("pre:has(> code)")) {
    const commands = pre.querySelectorAll(".command");
    if (pre.matches(".console") && !commands.length) continue;
    const box = boxOf(pre);
    const whole = box.querySelector(":scope > .copy") ?? addButton(box, words.scripts.copy);
    if (commands.length === 1) name(whole, commands[0]);
    for (const command of commands) {
      if (commands.length > 1) name(small(command), command);
    }
    for (const output of pre.querySelectorAll(".output")) small(output).ariaLabel = words.scripts.copy_output;
  }
}

/** The element around a block, which does not scroll with it. */
function boxOf(pre) {
  if (pre.parentElement.matches(".code")) return pre.parentElement;
  const box = document.createElement("div");
  box.className = "code";
  pre.replaceWith(box);
  box.append(pre);
  return box;
}

const small = (part) => part.querySelector(".copy") ?? addButton(part, "");

function addButton(place, text) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = text;
  place.append(button);
  return button;
}

function name(button, command) {
  const [line, more] = bare(command).textContent.split("\n");
  const cut = line.length > longest ? `${line.slice(0, longest)}…` : line + (more === undefined ? "" : " …");
  button.ariaLabel = say(words.scripts.copy_command, { command: cut });
}

/** Code without the parts that are not copied. */
function bare(part) {
  const copy = part.cloneNode(true);
  for (const gone of copy.querySelectorAll(".del")) gone.nextSibling?.remove();
  for (const gone of copy.querySelectorAll(".prompt, .comment, .sign, .del, .copy")) gone.remove();
  return copy;
}

/** The text of code with the reader's values. */
function textOf(part) {
  const copy = bare(part);
  writeValues(copy);
  return copy.textContent;
}

function copied(button) {
  const part = button.parentElement;
  if (!part.matches(".code")) return textOf(part);
  const pre = part.querySelector("pre");
  const commands = [...pre.querySelectorAll(".command")].map(textOf).filter(Boolean);
  return commands.join("\n") || textOf(pre.firstElementChild);
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(copied(button).trimEnd());
    return ["copied", words.scripts.copied];
  } catch (error) {
    return ["failed", error instanceof DOMException ? words.scripts.failed : error.message];
  }
}

export function copyAtClick() {
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.(".copy");
    if (!button) return;
    const [outcome, message] = await copy(button);
    const isSmall = !button.textContent;
    button.dataset.outcome = outcome;
    if (!isSmall) button.textContent = words.scripts[outcome];
    await tell(message, { warning: message !== words.scripts[outcome] });
    delete button.dataset.outcome;
    if (!isSmall) button.textContent = words.scripts.copy;
  });
}
