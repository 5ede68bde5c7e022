// Scrolls a scrollable box to an element in it, without moving the page.

export function reveal(element, box) {
  const away = element.getBoundingClientRect().top - box.getBoundingClientRect().top;
  if (away < 0 || away > box.clientHeight * 0.8) box.scrollTop += away - box.clientHeight / 3;
}
