// Follows the book: the server sends the state after each edition, and this page is patched, redirected or loaded
// again.
import { Bar } from "./bar.js";
import { Channel } from "./channel.js";
import { lineOf, patch, remember, standIn } from "./patch.js";

const facts = JSON.parse(document.getElementById("b:live").textContent);
remember(document, facts.lines);

const scrolledAt = (path) => `bindery-scroll ${path}`;
const followedTo = (path) => `bindery-followed ${path}`;
// Browsers keep up to six connections for requests, which can be lost too. A request that is given up ends its own, and a
// page that takes long to make is not made again for the next one.
const mostTries = 7;
const patience = 1000; // ms that a page may take to come
const slowest = 30000; // the same at the last try
const followed = JSON.parse(sessionStorage.getItem(followedTo(location.pathname)));
sessionStorage.removeItem(followedTo(location.pathname));
let shown = facts; // the facts of the page that this tab shows
let newest; // the last state that was received
let busy = false;

const bar = new Bar((file, line) => open(file, line));
document.documentElement.append(bar.host);
const channel = new Channel({ address, receive, lost: () => bar.offline() });

function address() {
  const address = new URL("/.bindery/live", location.href);
  address.protocol = "ws:";
  address.searchParams.set("page", location.pathname);
  address.searchParams.set("since", newest?.edition ?? facts.edition);
  // A chapter that the tab was led to may have moved on before its page came.
  const { file, text } = shown.file ? shown : (followed ?? {});
  if (file) address.searchParams.set("file", file);
  if (text) address.searchParams.set("text", text);
  return address;
}

function receive(message) {
  if (message.editor !== undefined) return bar.say(message.editor);
  if (message.edition !== (newest?.edition ?? facts.edition)) document.dispatchEvent(new CustomEvent("bindery:edition"));
  newest = message;
  catchUp();
  refresh(message.changed);
}

/** Works until the tab shows the newest state. More states can arrive meanwhile. */
async function catchUp() {
  if (busy) return;
  busy = true;
  let done;
  while (done !== newest) {
    done = newest;
    try {
      await show(newest);
    } catch (error) {
      console.warn("bindery: this page cannot be patched and is loaded again:", error);
      reload();
    }
  }
  busy = false;
}

async function show(state) {
  if (state.moved && state.moved !== location.pathname) {
    // The chapter is the same, so it is read on at the same place.
    const next = new URL(state.moved + location.hash, location.href);
    sessionStorage.setItem(scrolledAt(next.pathname), String(scrollY));
    sessionStorage.setItem(followedTo(next.pathname), JSON.stringify({ file: shown.file, text: shown.text }));
    return location.replace(next);
  }
  bar.update(state, { gone: state.status === "missing" && shown.status === "found", listed: shown.status === "failed" });
  if (state.key === shown.key) return sessionStorage.removeItem("bindery-reloaded");

  // A page about an error cannot be patched into a page of the book.
  if (shown.status !== "found") return reload();
  if (state.status !== "found") return;

  const html = await page();
  if (html === undefined) return;
  const next = new DOMParser().parseFromString(html, "text/html");
  const nextFacts = JSON.parse(next.getElementById("b:live").textContent);
  if (!patch(next, nextFacts.lines)) return reload();
  shown = nextFacts;
}

/** This page as it is now. Without an answer, nothing: the state that the server sends when it is back leads here again. */
async function page() {
  for (let tries = 1; tries <= mostTries; tries++) {
    try {
      const options = { cache: "no-store", signal: AbortSignal.timeout(tries < mostTries ? patience : slowest) };
      const answer = await fetch(location.pathname + location.search, options);
      return answer.ok ? await answer.text() : undefined;
    } catch (error) {
      if (error.name !== "TimeoutError") return undefined;
    }
  }
  channel.end();
}

/** Loads the page again, at most once for each state, at the same scroll position. */
function reload() {
  if (sessionStorage.getItem("bindery-reloaded") === newest.key) return;
  sessionStorage.setItem("bindery-reloaded", newest.key);
  sessionStorage.setItem(scrolledAt(location.pathname), String(scrollY));
  location.reload();
}

const place = sessionStorage.getItem(scrolledAt(location.pathname));
if (place !== null) {
  sessionStorage.removeItem(scrolledAt(location.pathname));
  addEventListener("load", () => scrollTo({ top: Number(place), behavior: "instant" }));
}

/** Decodes a path, if its escapes are valid. */
function decoded(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Loads the files at these paths again. They have changed, but not their addresses. */
function refresh(paths) {
  const names = new Set(paths.map((path) => `/${path}`));
  const fresh = (url) => {
    const address = new URL(url, location.href);
    if (address.origin !== location.origin || !names.has(decoded(address.pathname))) return;
    address.searchParams.set("v", newest.edition);
    return address.href;
  };
  if (names.size === 0) return;

  for (const sheet of document.querySelectorAll("link[rel~=stylesheet]")) {
    const url = fresh(sheet.href);
    if (!url) continue;
    // A copy that is still loading is out of date.
    if (sheet.dataset.binderyFresh !== undefined) {
      sheet.remove();
      continue;
    }

    // The old stylesheet stays until the new one is loaded.
    const next = sheet.cloneNode();
    next.href = url;
    next.dataset.binderyFresh = "";
    standIn(next, sheet);
    next.addEventListener("load", () => {
      delete next.dataset.binderyFresh;
      sheet.remove();
    });
    next.addEventListener("error", () => next.remove());
    sheet.after(next);
  }

  for (const image of document.querySelectorAll("img[src], source[src], video[src], audio[src]")) {
    const url = fresh(image.src);
    if (url) image.src = url;
  }
  // A script has run already.
  if ([...document.scripts].some((script) => script.src && fresh(script.src))) reload();
}

function open(file, line) {
  if (!channel.send({ open: { file, line } })) bar.say("The preview is not running.");
}

const chosen = (event) => event.ctrlKey || event.metaKey || event.altKey;

// Keep the second click from selecting a word.
addEventListener("mousedown", (event) => {
  if (event.detail === 2 && chosen(event)) event.preventDefault();
});
addEventListener("dblclick", (event) => {
  if (!chosen(event) || !newest?.chapter) return;
  open(null, newest.chapter.is_last_good ? 1 : (lineOf(event.target) ?? 1));
});
addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-bindery-open]");
  if (button) open(button.dataset.binderyOpen, 1);
});
