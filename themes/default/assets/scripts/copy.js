// Puts copy buttons on code: one for each block, and for a mouse one for each command of a console session. The button
// of a session copies its commands, the button of a diff its new side. Without a clipboard (plain http) there are none.
//
// A block is one stop of the Tab key: the arrow keys lead from its button to those of its commands, its fields and its
// link.
import { writeValues } from "./fields.js";
import { tell } from "./status.js";
import { say, words } from "./words.js";

const longest = 60; // characters of a command in the label of its button
const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
const inside = ".command > .copy, [data-placeholder][role=button], .stuck";

export function addCopyButtons(root) {
  if (!navigator.clipboard) return;
  for (const pre of root.querySelectorAll("pre:has(> code)")) {
    const box = boxOf(pre);
    const commands = box.querySelectorAll(".command");
    if (pre.matches(".console") && !commands.length) continue;
    const whole = box.querySelector(":scope > .copy") ?? addButton(box, words.scripts.copy);
    if (commands.length === 1) name(whole, commands[0]);
    for (const command of commands) {
      if (commands.length > 1) name(small(command), command);
      else command.querySelector(".copy")?.remove();
    }
    for (const stop of box.querySelectorAll(inside)) stop.tabIndex = -1;
  }
}

/** The element around a block, which does not scroll with it. */
function boxOf(pre) {
  if (pre.closest(".code")) return pre.closest(".code");
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

/** Code without the parts that are not copied; a comment that is nothing but a callout is one of them. */
function bare(part) {
  const copy = part.cloneNode(true);
  for (const mark of copy.querySelectorAll(".callout")) {
    const comment = mark.parentElement;
    mark.remove();
    if (/[\p{L}\p{N}]/u.test(comment.textContent)) continue;
    const before = comment.previousSibling;
    if (before?.data) before.data = before.data.replace(/[ \t]+$/, "");
    comment.remove();
  }
  for (const { nextSibling: after } of copy.querySelectorAll(".del")) if (after?.data) after.data = after.data.replace(/^\n/, "");
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
  const commands = [...part.querySelectorAll(".command")].map(textOf).filter(Boolean);
  return commands.length > 0 ? commands.join("\n") : textOf(part.querySelector("pre > code")).trimEnd();
}

/** Commands without what ends the last line; an empty last line stays, since it ends a block in Python. */
const ended = (text) => text.trimEnd() + (text.endsWith("\n") ? "\n" : "");

async function copy(button) {
  try {
    await navigator.clipboard.writeText(ended(copied(button)));
    return ["copied", words.scripts.copied];
  } catch (error) {
    return ["failed", error instanceof DOMException ? words.scripts.failed : error.message];
  }
}

export function copyAtClick() {
  document.addEventListener("keydown", moveInside);
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.(".copy");
    if (!button) return;
    const [outcome, message] = await copy(button);
    const machine = button.closest(".code").querySelector("figcaption > .machine")?.textContent;
    const isSmall = !button.textContent;
    button.dataset.outcome = outcome;
    if (!isSmall) button.textContent = words.scripts[outcome];
    if (outcome === "copied" && machine) await tell(say(words.scripts.copied_to, { machine }), { shown: true });
    else await tell(message, { warning: message !== words.scripts[outcome] });
    delete button.dataset.outcome;
    if (!isSmall) button.textContent = words.scripts.copy;
  });
}

/** Moves the focus between what can be pressed in a block. */
function moveInside(event) {
  if (!(event.key in step) || event.ctrlKey || event.altKey || event.metaKey) return;
  const stop = event.target.closest?.(`.code > .copy, .code :is(${inside})`);
  const box = stop?.closest(".code");
  if (!box?.querySelector(":scope > .copy")) return;
  const all = [box.querySelector(":scope > .copy"), ...box.querySelectorAll(inside)].filter((other) => other.checkVisibility());
  const next = all[all.indexOf(stop) + step[event.key]];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
