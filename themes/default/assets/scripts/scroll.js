// Makes code, tables, formulas and diagrams that are wider than the page focusable, so that the keyboard can scroll
// them, and labels them. Those that fit are not changed.
import { words } from "./words.js";

const observer = new ResizeObserver((entries) => {
  for (const { target } of entries) mark(target, target.scrollWidth > target.clientWidth);
});

export function reachScrollers(root) {
  for (const box of root.querySelectorAll("pre, .table-scroll, .prose table, .math-display, .prose math, .diagram")) observer.observe(box);
}

function mark(box, overflows) {
  if (!overflows) {
    for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    return;
  }
  box.tabIndex = 0;
  // A formula within the text is a formula for everybody.
  if (box.matches("math")) return;
  const caption = box.closest("figure")?.querySelector("figcaption");
  const kinds = { console: ".console", code: "pre", formula: ".math-display", diagram: ".diagram", table: "*" };
  const kind = Object.keys(kinds).find((kind) => box.matches(kinds[kind]));
  if (!box.matches("table")) box.setAttribute("role", "group");
  box.setAttribute("aria-label", caption?.textContent || words.scripts[kind]);
}
