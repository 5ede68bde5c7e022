// Shows in the page's contents which section is being read.
import { reveal } from "./reveal.js";

// A section is being read when its heading is above this share of the window's height.
const line = 1 / 3;

// Its calls say no more than that a heading has crossed the line, or the window's top.
const observer = new IntersectionObserver(showCurrentSection, { rootMargin: `0% 0% ${100 * (line - 1)}% 0%` });
// Where the page ends, the last headings cannot reach the line.
for (const event of ["scrollend", "hashchange"]) addEventListener(event, showCurrentSection);

export function followSections() {
  for (const { heading } of sections()) observer.observe(heading);
}

function sections() {
  const links = [...document.querySelectorAll(".toc a")];
  // The id stands in the link as it is.
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
  // At the end of the page: the one that was asked for, else the last in sight.
  const rest = sections.filter(isAbove(innerHeight)).slice(passed.length);
  return rest.find(({ heading }) => heading.matches(":target")) ?? rest.at(-1) ?? passed.at(-1);
}
