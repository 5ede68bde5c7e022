// Lets readers enlarge images that are shown smaller than they are, except those without a text or in a link.
import { say, words } from "./words.js";

const worthwhile = 1.2; // times larger that an image must become
const candidate = ".prose img:not([alt=''], a *, button *)";
const button = `${candidate}[role="button"]`;

const observer = new ResizeObserver((entries) => entries.forEach(({ target }) => mark(target)));

export function markImages() {
  for (const image of document.querySelectorAll(candidate)) {
    observer.observe(image);
    if (image.role) mark(image); // its text may have changed
  }
}

export function enlargeImages() {
  // This event does not bubble.
  document.addEventListener("load", ({ target }) => target.matches?.(candidate) && mark(target), true);
  document.addEventListener("click", ({ target }) => target.matches(button) && enlarge(target));
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches(button) || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    enlarge(event.target);
  });
}

function mark(image) {
  const width = Math.max(image.naturalWidth, image.getAttribute("width"));
  if (width < image.clientWidth * worthwhile) {
    for (const name of ["tabindex", "role", "aria-label"]) image.removeAttribute(name);
    return;
  }
  image.tabIndex = 0;
  image.role = "button";
  image.ariaLabel = say(words.scripts.enlarge, { image: image.alt });
}

function enlarge(image) {
  const dialog = document.createElement("dialog");
  dialog.className = "enlarged";
  dialog.ariaLabel = image.alt;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "close";
  close.textContent = words.scripts.close;
  const copy = new Image();
  copy.src = image.currentSrc || image.src;
  copy.alt = image.alt;
  copy.classList.toggle("transparent", image.classList.contains("transparent"));
  const view = document.createElement("div");
  view.tabIndex = 0; // so that the keyboard can scroll it
  view.append(copy);
  dialog.append(close, view);
  // Nothing of it remains on the page; the browser moves the focus back.
  dialog.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
