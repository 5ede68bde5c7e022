// Makes code, tables, formulas and diagrams that are wider than the page focusable, so that the keyboard can scroll
// them, and labels them. Those that fit are not changed.
import { words } from "./words.js";

const observer = new ResizeObserver((entries) => {
  for (const { target } of entries) mark(target, target.scrollWidth > target.clientWidth);
});

export function reachScrollers(root) {
  for (const box of root.querySelectorAll("pre, .table-scroll, .prose table, .math-display, .prose math, .diagram")) {
    // Looked at again after a patch of the preview: the caption may be another, or lines longer, in a box of the same size.
    observer.unobserve(box);
    observer.observe(box);
  }
}

function mark(box, overflows) {
  if (!overflows) {
    for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    return;
  }
  box.tabIndex = 0;
  // A formula within the text is a formula for everybody.
  if (box.matches("math")) return;
  const kinds = { console: ".console", code: "pre", formula: ".math-display", diagram: ".diagram", table: "*" };
  const kind = Object.keys(kinds).find((kind) => box.matches(kinds[kind]));
  if (!box.matches("table")) box.setAttribute("role", "group");
  box.setAttribute("aria-label", caption(box) || words.scripts[kind]);
}

/** What is written above a box: the parts of a code block's head, without links about it, else the text of the caption. */
function caption(box) {
  const written = box.closest("figure")?.querySelector("figcaption");
  const parts = [...(written?.querySelectorAll(":scope > :is(.tab, .machine, .kind, .who, .title)") ?? [])];
  return parts.length ? parts.map(({ textContent }) => textContent.trim()).join(", ") : written?.textContent.trim();
}
