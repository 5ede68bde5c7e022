// Opens parts of the book in the sidebar. A page lists the chapters of its own part; those of another come from the
// contents page, which is fetched once, when a reader opens a part. Which parts are open is remembered.
import { contentsPage, contentsUrl, forgetContents, targetOf } from "./contents.js";
import { markChaptersRead } from "./reading.js";
import { keep, pathOf, recall } from "./store.js";
import { say, words } from "./words.js";

const listOf = (part) => part.querySelector(":scope > ol");
const linkOf = (part) => part.querySelector(":scope > a");
const buttonOf = (part) => part.querySelector(":scope > .fold");

/** Adds a button to every part whose chapters are not listed, and opens the parts that the reader had opened. */
export function foldParts() {
  forgetContents();
  for (const button of document.querySelectorAll(".parts > :not(.folded) > .fold")) button.remove();
  const open = recall("parts");
  for (const part of document.querySelectorAll(".parts > .folded")) {
    const button = buttonOf(part) ?? addButton(part);
    button.ariaLabel = say(words.scripts.chapters_of, { part: linkOf(part).firstChild.textContent });
    if (open.includes(pathOf(linkOf(part)))) unfold(part);
  }
}

function addButton(part) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "fold";
  button.ariaExpanded = "false";
  button.addEventListener("click", () => {
    const opens = button.ariaExpanded === "false";
    const others = recall("parts").filter((path) => path !== pathOf(linkOf(part)));
    keep("parts", opens ? [...others, pathOf(linkOf(part))] : others);
    if (opens) unfold(part);
    else fold(part);
  });
  linkOf(part).after(button);
  return button;
}

function fold(part) {
  buttonOf(part).ariaExpanded = "false";
  if (listOf(part)) listOf(part).hidden = true;
}

async function unfold(part) {
  buttonOf(part).ariaExpanded = "true";
  if (listOf(part)) listOf(part).hidden = false;
  const list = (await chaptersOf(linkOf(part).href)) ?? wayToContents();
  if (buttonOf(part)?.ariaExpanded !== "true") return; // the reader, or a patch, has closed it meanwhile
  const old = listOf(part);
  if (old?.innerHTML === list.innerHTML) return;
  if (old) old.replaceWith(list);
  else part.append(list);
  markChaptersRead();
}

/** The list of chapters below the title that leads to an address, from the contents page. */
async function chaptersOf(address) {
  const page = await contentsPage();
  const title = [...(page?.querySelectorAll(".chapters h2 a") ?? [])].find((link) => targetOf(link).href === address);
  const list = title?.closest(".part").querySelector("ol");
  if (!list) return undefined;
  for (const other of list.querySelectorAll("p, .time")) other.remove();
  for (const line of list.children) {
    const link = line.querySelector("a");
    if (!link) continue;
    link.href = targetOf(link).href;
    const number = line.querySelector(".number");
    if (!number) continue;
    const name = document.createElement("span");
    name.append(...link.childNodes);
    link.append(number, " ", name);
  }
  return document.importNode(list, true);
}

function wayToContents() {
  const list = document.createElement("ol");
  const link = document.createElement("a");
  link.className = "more";
  link.href = contentsUrl();
  link.textContent = words.scripts.in_contents;
  list.append(document.createElement("li"));
  list.firstChild.append(link);
  return list;
}
