// Puts a copy button on every code block. A console session says in `data-copy` what to copy:
// its commands, without prompts and output. Without a clipboard (plain http) there is no button.
import { words } from "./words.js";

const shown = 2000; // ms that the outcome stands on the button

const status = document.createElement("p");
status.className = "visually-hidden";
status.setAttribute("role", "status");

export function addCopyButtons(root) {
  if (!navigator.clipboard) return;
  document.body.append(status);
  for (const pre of root.querySelectorAll("pre:has(> code)")) {
    if (pre.dataset.copy === "") continue;
    const box = boxOf(pre);
    if (box.querySelector(".copy")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = words.scripts.copy;
    button.addEventListener("click", () => copy(button));
    box.append(button);
  }
}

/** The element that stays while the block scrolls: its figure, or a new one around it. */
function boxOf(pre) {
  if (pre.parentElement.matches(".code")) return pre.parentElement;
  const box = document.createElement("div");
  box.className = "code";
  pre.replaceWith(box);
  box.append(pre);
  return box;
}

async function copy(button) {
  const pre = button.parentElement.querySelector("pre");
  const text = pre.dataset.copy ?? pre.textContent.replace(/\n$/, "");
  const outcome = await navigator.clipboard.writeText(text).then(
    () => words.scripts.copied,
    () => words.scripts.failed,
  );
  button.textContent = status.textContent = outcome;
  setTimeout(() => {
    button.textContent = words.scripts.copy;
    status.textContent = "";
  }, shown);
}
