// Remembers which chapters have been read and where the reader stopped. Marks the read chapters in lists, and lets the
// button of the front page lead there.
import { keepBlocks } from "./changes.js";
import { contentsPage, targetOf } from "./contents.js";
import { markProgress } from "./steps.js";
import { keep, onKept, pathOf, recall, urlOf } from "./store.js";
import { say, words } from "./words.js";

const dwell = 1000; // ms for which the end of a chapter is visible before it counts as read

const reading = () => recall("reading");

let timer;
const end = new IntersectionObserver((entries) => {
  clearTimeout(timer);
  if (entries.at(-1).isIntersecting) timer = setTimeout(finishChapter, dwell);
});

export function followReading() {
  onKept("reading", markChaptersRead);
  if (!document.body.matches(".chapter")) return;
  keep("reading", { ...reading(), place: { path: pathOf(location), title: title() } });
  addEventListener("pagehide", leaveChapter);
  end.observe(document.querySelector(".pager") ?? document.querySelector(".footer"));
}

function title() {
  const heading = document.querySelector("h1").cloneNode(true);
  for (const other of heading.querySelectorAll(".number")) other.remove();
  return heading.textContent.trim();
}

function finishChapter() {
  const path = pathOf(location);
  const { read } = reading();
  const next = document.querySelector(".pager [rel=next]");
  // After the end of a chapter, the next one is the place to go on; after the last chapter there is none.
  const place = next && { path: pathOf(next), title: next.lastChild.textContent.trim() };
  // What has changed since the last time stays marked until the reader says that it has been seen.
  if (!document.querySelector(".changes")) keepBlocks();
  keep("reading", { read: read.includes(path) ? read : [...read, path], place });
  markChaptersRead();
}

function leaveChapter() {
  const { place, ...rest } = reading();
  const hash = document.querySelector(".toc [aria-current]")?.hash;
  if (place?.path === pathOf(location)) keep("reading", { ...rest, place: { ...place, hash } });
}

export function markChaptersRead() {
  const { read, place } = reading();
  for (const link of document.querySelectorAll(":is(.sidebar, .chapters) a")) {
    const box = link.closest(".chapters li") ?? link;
    box.classList.toggle("here", place?.path === pathOf(link));
    if (box.querySelector(":scope > .read") || !read.includes(pathOf(link))) continue;
    const mark = document.createElement("span");
    mark.className = "read";
    mark.role = "img";
    mark.ariaLabel = words.scripts.read;
    box.append(" ", mark);
  }
  countChapters();
  markProgress();
}

/** Says how many chapters have been read: of each part, and of the book on its cover. */
function countChapters() {
  for (const facts of document.querySelectorAll(".chapters .facts")) {
    const chapters = facts.closest(".part").querySelectorAll("ol a");
    show(facts, words.scripts.read_of, chapters);
  }
  const cover = document.querySelector(".label .facts");
  if (cover) show(cover, words.scripts.book_read, document.querySelectorAll(".chapters ol a"));
}

function show(facts, word, links) {
  const { read } = reading();
  const count = [...links].filter((link) => read.includes(pathOf(link))).length;
  facts.querySelector(".read-count")?.remove();
  if (!count) return;
  const item = document.createElement(facts.matches("ul") ? "li" : "span");
  item.className = "read-count";
  item.textContent = `${facts.matches("ul") ? "" : " · "}${say(word, { read: count, total: links.length })}`;
  facts.append(item);
}

/** Lets the button of the front page lead to where the reader stopped. */
export async function offerToGoOn() {
  const button = document.querySelector(".start .button");
  const { place } = reading();
  if (!place || !button || !(await isChapter(place.path))) return;
  button.classList.add("go-on");
  button.href = urlOf(place.path + place.hash);
  button.textContent = say(words.scripts.go_on, { title: place.title });
}

/** Whether a path is that of a chapter. Where the list of all chapters cannot be fetched, any page is taken for one. */
async function isChapter(path) {
  const isIt = (address) => pathOf(address) === path;
  if ([...document.querySelectorAll(":is(.sidebar, .chapters) a")].some(isIt)) return true;
  const page = await contentsPage();
  return page === undefined || [...page.querySelectorAll(".chapters a")].some((link) => isIt(targetOf(link)));
}
