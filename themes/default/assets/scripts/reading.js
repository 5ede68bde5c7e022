// Remembers which chapters have been read and where the reader stopped. Marks the read chapters in lists, and shows a link
// to go on from there on the front page.
import { contentsPage, targetOf } from "./contents.js";
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

const title = () => document.querySelector("h1").textContent.trim();

function finishChapter() {
  const path = pathOf(location);
  const { read } = reading();
  const next = document.querySelector(".pager [rel=next]");
  // After the end of a chapter, the next one is the place to go on; after the last chapter there is none.
  const place = next && { path: pathOf(next), title: next.lastChild.textContent.trim() };
  keep("reading", { read: read.includes(path) ? read : [...read, path], place });
  markChaptersRead();
}

function leaveChapter() {
  const { place, ...rest } = reading();
  const hash = document.querySelector(".toc [aria-current]")?.hash;
  if (place?.path === pathOf(location)) keep("reading", { ...rest, place: { ...place, hash } });
}

export function markChaptersRead() {
  const read = new Set(reading().read);
  for (const link of document.querySelectorAll(":is(.sidebar, .chapters) a")) {
    if (link.querySelector(".read") || !read.has(pathOf(link))) continue;
    const mark = document.createElement("span");
    mark.className = "read";
    mark.role = "img";
    mark.ariaLabel = words.scripts.read;
    link.append(" ", mark);
  }
}

export async function offerToGoOn() {
  const start = document.querySelector(".start");
  const { place } = reading();
  if (!place || !start || start.querySelector(".go-on") || !(await isChapter(place.path))) return;
  if (start.querySelector(".go-on")) return; // another call was faster
  const link = document.createElement("a");
  link.className = "go-on";
  link.href = urlOf(place.path + place.hash);
  link.textContent = say(words.scripts.go_on, { title: place.title });
  start.append(link);
}

/** Whether a path is that of a chapter. Where the list of all chapters cannot be fetched, any page is taken for one. */
async function isChapter(path) {
  const isIt = (address) => pathOf(address) === path;
  if ([...document.querySelectorAll(":is(.sidebar, .chapters) a")].some(isIt)) return true;
  const page = await contentsPage();
  return page === undefined || [...page.querySelectorAll(".chapters a")].some((link) => isIt(targetOf(link)));
}
