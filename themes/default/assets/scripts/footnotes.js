// Shows a footnote or the definition of a term where it is referred to: at the pointer, at the keyboard's focus, at a tap. With a mouse or a
// keyboard the link still leads to the list at the end, or to the glossary.

const reference = ".footnote-ref a, a.term";
const delay = 200; // ms before it comes and goes: a pointer that passes by means nothing, and may go over to the note
const gap = 8; // px around it

const box = document.createElement("div");
box.className = "footnote-here prose";
box.id = "b:footnote";
box.popover = "auto"; // which Escape and a click elsewhere close
box.addEventListener("beforetoggle", ({ newState }) => {
  if (newState !== "closed") return;
  document.querySelector("[aria-describedby='b:footnote']")?.removeAttribute("aria-describedby");
  shown = undefined;
});

let timer;
let shown; // the link whose note it is
let isTouched = false;

export function showFootnotes() {
  if (!box.showPopover) return;
  on("pointerover", ({ pointerType }, link) => pointerType === "mouse" && soon(() => show(link)));
  on("pointerout", () => soon(hide));
  on("focusin", ({ target }, link) => target.matches(":focus-visible") && show(link));
  on("focusout", ({ relatedTarget }) => box.contains(relatedTarget) || hide());
  on("pointerdown", ({ pointerType }) => (isTouched = pointerType !== "mouse"));
  on("click", (event, link) => {
    if (!isTouched) return hide();
    event.preventDefault();
    show(link);
  });
  box.addEventListener("focusout", ({ relatedTarget }) => box.contains(relatedTarget) || hide());
  box.addEventListener("pointerover", () => clearTimeout(timer));
  box.addEventListener("pointerout", ({ pointerType }) => pointerType === "mouse" && soon(hide));
}

/** Calls back for what happens to references, those in a note that is shown aside. */
function on(type, callback) {
  document.addEventListener(type, (event) => {
    const link = event.target.closest?.(reference);
    if (link && !box.contains(link)) callback(event, link);
  });
}

function soon(act) {
  clearTimeout(timer);
  timer = setTimeout(act, delay);
}

function show(link) {
  clearTimeout(timer);
  if (link === shown) return;
  // A term is described by its definition at any time.
  const isTerm = link.matches(".term");
  const note = document.getElementById(isTerm ? link.getAttribute("aria-describedby") : link.getAttribute("href").slice(1));
  if (!note) return;
  hide();
  const copy = note.cloneNode(true);
  for (const element of copy.querySelectorAll(".footnote-back, .copy")) element.remove();
  for (const element of copy.querySelectorAll("[id]")) element.removeAttribute("id");
  box.replaceChildren(...copy.childNodes);
  document.querySelector(".main").append(box);
  // From the link, Tab goes on into the note.
  box.showPopover({ source: link });
  if (!isTerm) link.setAttribute("aria-describedby", box.id);
  shown = link;
  place(link.getBoundingClientRect(), link.closest(".prose").getBoundingClientRect());
}

function hide() {
  clearTimeout(timer);
  if (box.matches(":popover-open")) box.hidePopover();
}

/** Puts the note below its reference, or above it where there is more room, and beside nothing but the text. */
function place({ left, top, bottom, width }, text) {
  const { clientHeight } = document.documentElement;
  const above = clientHeight - bottom < box.offsetHeight + gap && top > clientHeight - bottom;
  const middle = left + width / 2 - box.offsetWidth / 2;
  const inside = Math.max(text.left - gap, Math.min(middle, text.right + gap - box.offsetWidth));
  box.style.left = `${inside + scrollX}px`;
  box.style.top = `${(above ? top - box.offsetHeight - gap : bottom + gap) + scrollY}px`;
}
