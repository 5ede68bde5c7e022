// On the 404 page: finds where the book is, by where this script was found, and lets links lead there. Then it shows
// the chapters that may have been meant, and has the words of the address searched for.
import { edits, fetchFolder, fetchList, fitting, fold, read } from "./titles.js";

const shown = 3; // chapters that may have been meant
const alike = 0.6; // how alike two addresses must be, of 1

const page = document.documentElement;
const root = new URL("../../../", import.meta.url); // from `assets/theme.…/scripts/`

/** Lets everything on the page that begins at the top of the host begin at the book. */
function moveTo(root) {
  page.dataset.root = root.pathname;
  if (root.pathname === page.querySelector(".brand").getAttribute("href")) return;
  for (const name of ["href", "data-index"])
    for (const element of document.querySelectorAll(`[${name}^="/"]`)) element.setAttribute(name, root.pathname + element.getAttribute(name).slice(1));
  for (const script of document.querySelectorAll('script:not([type])[src^="/"]')) {
    const moved = document.createElement("script");
    moved.src = root.pathname + script.getAttribute("src").slice(1);
    if (script.dataset.late) moved.dataset.late = root.pathname + script.dataset.late.slice(1);
    moved.async = false;
    script.replaceWith(moved);
  }
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const parts = (address) => address.replace(/(index)?\.html?$/, "").split("/").filter(Boolean);

/** The words of the last part of an address that has any, without numbers. */
function wordsOf(address) {
  const words = (part) => part.split(/[^\p{L}\p{N}]+/u).filter((word) => !/^(\p{L}{0,2}\d+|)$/u.test(word));
  return parts(address).map(words).findLast((words) => words.length)?.join(" ") ?? "";
}

/** Offers words in the search, unless the reader was faster. */
function search(words) {
  const input = document.querySelector(".search input[type=search]");
  if (!input || input.value) return;
  input.value = words;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Lists the chapters whose addresses or titles are most like an address. */
async function suggest(address) {
  const index = document.querySelector(".search")?.dataset.index;
  const box = document.querySelector(".meant");
  if (!index || !box || !parts(address).length) return;
  const titles = read(await fetchList(await fetchFolder(index)));
  const fits = fitting(titles, wordsOf(address));
  const own = parts(address).map(fold);
  const found = titles.chapters.map((chapter) => {
    const other = parts(decode(chapter.address)).map(fold);
    const likeness = Math.max(like(own.join("/"), other.join("/")), 0.95 * like(own.at(-1), other.at(-1) ?? ""), fits.get(chapter.id)?.own ?? 0);
    return { chapter, likeness };
  });
  const meant = found.filter(({ likeness }) => likeness >= alike).sort((a, b) => b.likeness - a.likeness).slice(0, shown);
  if (!meant.length) return;
  box.querySelector("ul").replaceChildren(...meant.map(({ chapter }) => item(chapter)));
  box.hidden = false;
}

/** How alike two texts are, from 0 to 1. */
function like(a, b) {
  const length = Math.max(a.length, b.length);
  const most = Math.floor((1 - alike) * length);
  return 1 - Math.min(1, edits(a, b, most) / length);
}

function item({ title, address }) {
  const link = document.createElement("a");
  link.href = root.pathname + address;
  link.textContent = title;
  const item = document.createElement("li");
  item.append(link);
  return item;
}

// Of scripts that were found in several folders, the first is nearest to the address.
if (!page.dataset.found) {
  page.dataset.found = "";
  moveTo(root);
  const address = decode(location.href.slice(root.href.length).split(/[?#]/)[0]);
  search(wordsOf(address));
  // The search is below the suggestions, and would be moved by them: it is shown when they are there.
  suggest(address).finally(() => document.querySelector(".search")?.setAttribute("data-offered", ""));
}
