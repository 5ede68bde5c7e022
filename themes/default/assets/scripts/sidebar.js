// Scrolls a long sidebar to the current chapter.
import { reveal } from "./reveal.js";

export function showCurrentChapter(root) {
  const sidebar = root.querySelector(".sidebar");
  if (!sidebar) return;
  scrollToCurrent(sidebar);
  sidebar.addEventListener("toggle", () => scrollToCurrent(sidebar));
}

function scrollToCurrent(sidebar) {
  const current = sidebar.querySelector("[aria-current]");
  if (current) reveal(current, sidebar);
}
