// Shows a footnote or the definition of a term beside its reference: under the pointer, at the keyboard's focus, after
// a tap. With a mouse or a keyboard, the link still leads to the list at the end or to the glossary.

const reference = ".footnote-ref a, a.term";
const delay = 200; // ms before it opens and closes: a passing pointer does not open it, and the pointer may move into the note
const gap = 8; // px around it

const box = document.createElement("div");
box.className = "footnote-here prose";
box.id = "b:footnote";
box.popover = "auto"; // Escape and a click elsewhere close it
box.addEventListener("beforetoggle", ({ newState }) => {
  if (newState !== "closed") return;
  document.querySelector("[aria-describedby='b:footnote']")?.removeAttribute("aria-describedby");
  shown = undefined;
});

let timer;
let shown; // the link whose note is open
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

/** Calls back for events of references, except those inside a note that is open. */
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
  // The definition describes its term also while it is not shown.
  const isTerm = link.matches(".term");
  const note = document.getElementById(isTerm ? link.getAttribute("aria-describedby") : link.getAttribute("href").slice(1));
  if (!note) return;
  hide();
  const copy = note.cloneNode(true);
  for (const element of copy.querySelectorAll(".footnote-back, .copy")) element.remove();
  for (const element of copy.querySelectorAll("[id]")) element.removeAttribute("id");
  box.replaceChildren(...copy.childNodes);
  document.querySelector(".main").append(box);
  // From the link, Tab moves into the note.
  box.showPopover({ source: link });
  if (!isTerm) link.setAttribute("aria-describedby", box.id);
  shown = link;
  place(link.getBoundingClientRect(), link.closest(".prose").getBoundingClientRect());
}

function hide() {
  clearTimeout(timer);
  if (box.matches(":popover-open")) box.hidePopover();
}

/** Places the note below its reference, or above it if there is more room there, within the width of the text. */
function place({ left, top, bottom, width }, text) {
  const { clientHeight } = document.documentElement;
  const above = clientHeight - bottom < box.offsetHeight + gap && top > clientHeight - bottom;
  const middle = left + width / 2 - box.offsetWidth / 2;
  const inside = Math.max(text.left - gap, Math.min(middle, text.right + gap - box.offsetWidth));
  box.style.left = `${inside + scrollX}px`;
  box.style.top = `${(above ? top - box.offsetHeight - gap : bottom + gap) + scrollY}px`;
}
