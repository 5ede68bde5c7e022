// Scrolls a long sidebar to the chapter that is open, without moving the page.

export function showCurrentChapter(root) {
  const sidebar = root.querySelector(".sidebar");
  if (!sidebar) return;
  scrollToCurrent(sidebar);
  sidebar.addEventListener("toggle", () => scrollToCurrent(sidebar));
}

function scrollToCurrent(sidebar) {
  const current = sidebar.querySelector("[aria-current]");
  if (!current) return;
  const away = current.getBoundingClientRect().top - sidebar.getBoundingClientRect().top;
  if (away > sidebar.clientHeight * 0.8) sidebar.scrollTop += away - sidebar.clientHeight / 3;
}
