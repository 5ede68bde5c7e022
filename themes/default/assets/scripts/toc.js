// Shows in the page's contents which section is being read.
import { reveal } from "./reveal.js";

// A section is being read when its heading is above this share of the window's height.
const line = 1 / 3;

// It only signals that a heading has crossed the line or the top of the window.
const observer = new IntersectionObserver(showCurrentSection, { rootMargin: `0% 0% ${100 * (line - 1)}% 0%` });
// At the end of the page, the last headings cannot reach the line.
for (const event of ["scrollend", "hashchange"]) addEventListener(event, showCurrentSection);

export function followSections() {
  for (const { heading } of sections()) observer.observe(heading);
}

function sections() {
  const links = [...document.querySelectorAll(".toc a")];
  // The link contains the id unencoded.
  const found = links.map((link) => ({ link, heading: document.getElementById(link.getAttribute("href").slice(1)) }));
  return found.filter(({ heading }) => heading);
}

function showCurrentSection() {
  const current = currentOf(sections())?.link;
  for (const link of document.querySelectorAll(".toc a[aria-current]")) {
    if (link !== current) link.removeAttribute("aria-current");
  }
  if (!current || current.hasAttribute("aria-current")) return;
  current.setAttribute("aria-current", "location");
  reveal(current, current.closest(".toc"));
}

function currentOf(sections) {
  const isAbove = (height) => ({ heading }) => heading.getBoundingClientRect().top <= height;
  const passed = sections.filter(isAbove(innerHeight * line));
  const { scrollHeight } = document.documentElement;
  if (scrollY === 0 || scrollY + innerHeight < scrollHeight - 1) return passed.at(-1);
  // At the end of the page: the section of the address, else the last visible one.
  const rest = sections.filter(isAbove(innerHeight)).slice(passed.length);
  return rest.find(({ heading }) => heading.matches(":target")) ?? rest.at(-1) ?? passed.at(-1);
}
