// Turns the open page into the next one, and touches nothing that has not changed in the book.
//
// There are three pages: the page as it was served, the open page (the same after changes by scripts and the reader),
// and the next page. Idiomorph turns the second into the third. `origins` holds each element's state as it was served:
// an element that is the same in the first and the third page is left alone with all its content. So are unchanged
// attributes, and elements that scripts have added.
import { Idiomorph } from "./idiomorph.js";

/** Element → its origin, the state as it was served: a hash of all its content, its attributes, its source line. */
const origins = new WeakMap();

const mostMarked = 100; // blocks; marks on more of them would not help

/** Stores the origins of a page as it was served. */
export function remember(page, lines) {
  stamp(page.documentElement);
  const byName = new Map();
  for (const { name, number, line } of lines) {
    if (!byName.has(name)) byName.set(name, [...page.getElementsByTagName(name)]);
    const element = byName.get(name)[number];
    if (element) origins.get(element).line = line;
  }
}

/** The source line of an element. */
export function lineOf(element) {
  for (let at = element; at; at = at.parentElement) {
    const line = origins.get(at)?.line;
    if (line) return line;
  }
}

/** Gives an element the origin of the one that it replaces. */
export function standIn(element, other) {
  if (origins.has(other)) origins.set(element, origins.get(other));
}

function stamp(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return mix(node.nodeType, node.nodeValue ?? "");
  const attributes = new Map([...node.attributes].map(({ name, value }) => [name, value]));
  let sum = mix(0, node.tagName);
  // The server's facts differ in every edition.
  if (node.id !== "b:live") {
    for (const [name, value] of attributes) sum = mix(sum, `${name}=${value}`);
    for (const child of node.childNodes) sum = mix(sum, String(stamp(child)));
  }
  origins.set(node, { stamp: sum, attributes, line: undefined });
  return sum;
}

/** A hash of 53 bits, the most that a number can hold exactly. */
function mix(seed, text) {
  let [a, b] = [seed | 0, 0x9e3779b9 ^ (seed / 0x100000000)];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 0x85ebca77);
    b = Math.imul(b ^ code, 0xc2b2ae3d);
  }
  a = Math.imul(a ^ (a >>> 15), 0x735a2d97) ^ b;
  b = Math.imul(b ^ (b >>> 15), 0xcaf649a9) ^ a;
  return (b & 0x1fffff) * 0x100000000 + (a >>> 0);
}

const isMade = (node) => node.nodeType === Node.ELEMENT_NODE && !origins.has(node);
// Script elements of other types hold data and do not run.
const isScript = (element) => element.matches("script") && /^(module|.*javascript)?$/.test(element.type);
const isOurs = (element) => element.id === "b:live" || element.src?.includes("/.bindery/");

/** Patches the page. Returns false if that is impossible and the page must be loaded again. */
export function patch(next, lines) {
  remember(next, lines);
  if (scriptsOf(document) !== scriptsOf(next)) return false;

  const places = anchors();
  document.documentElement.style.overflowAnchor = "none"; // `keepPlace` does this instead of the browser

  const kept = keepEqual(document.body, next.body);
  const [openSpaces, nextSpaces] = [takeSpaces(document.body, kept), takeSpaces(next.body, kept)];

  const changed = new Set();
  const became = new Map([[next.body, document.body]]); // element of the next page → of the open one
  let incoming;
  const added = [];
  Idiomorph.morph(document.body, [...next.body.childNodes], {
    morphStyle: "innerHTML",
    callbacks: {
      beforeNodeMorphed(old, now) {
        incoming = now;
        became.set(now, old);
        const [was, is] = [origins.get(old), origins.get(now)];
        if (!was || !is || was.stamp !== is.stamp) return true;
        carry(old, now);
        if (!kept.has(old)) {
          giveBack(openSpaces, old);
          giveBack(nextSpaces, now);
        }
        return false;
      },
      afterNodeMorphed(old, now) {
        if (!origins.has(now)) return;
        if (origins.get(old)?.stamp !== origins.get(now).stamp) changed.add(old);
        origins.set(old, origins.get(now));
      },
      beforeNodeAdded(node) {
        giveBack(nextSpaces, node);
        added.push(node);
        return true;
      },
      afterNodeAdded(node) {
        const original = added.pop();
        became.set(original, node);
        carry(node, original);
        if (node.nodeType === Node.ELEMENT_NODE) changed.add(node);
      },
      // An element that a script has added stays, unless it contains elements of the page.
      beforeNodeRemoved: (node) => !isMade(node) || [...node.querySelectorAll("*")].some((inner) => origins.has(inner)),
      beforeAttributeUpdated: (name, node) => isChanged(name, node, incoming),
    },
  });

  for (const [within, spaces] of nextSpaces) {
    giveBackTo(became.get(within), spaces, (node) => became.get(node));
  }
  for (const element of document.querySelectorAll('[id^="b:same-"], [id^="b:made-"]')) element.removeAttribute("id");
  for (const name of ["documentElement", "body"]) setAttributes(document[name], next[name]);
  patchHead(next.head);

  keepPlace(places);
  document.dispatchEvent(new CustomEvent("bindery:patched"));
  show([...changed]);
  requestAnimationFrame(() => {
    const { style } = document.documentElement;
    style.removeProperty("overflow-anchor");
    if (style.length === 0) document.documentElement.removeAttribute("style");
  });
  return true;
}

/** The scripts of a page as it was served. They have run, which cannot be undone. */
function scriptsOf(page) {
  const scripts = [...page.scripts].filter((script) => origins.has(script) && isScript(script) && !isOurs(script));
  return scripts.map((script) => script.outerHTML).join("\n");
}

/** Whether an attribute differs between the page as it was served and the next page. */
function isChanged(name, element, now) {
  const was = origins.get(element)?.attributes;
  return !was || (was.get(name) ?? null) !== now.getAttribute(name);
}

function setAttributes(element, now) {
  for (const name of new Set([...element.getAttributeNames(), ...now.getAttributeNames()])) {
    if (!isChanged(name, element, now)) continue;
    if (now.hasAttribute(name)) element.setAttribute(name, now.getAttribute(name));
    else if (origins.get(element).attributes.has(name)) element.removeAttribute(name);
  }
  origins.set(element, origins.get(now));
}

/** Copies the origins of elements of the next page to the same elements of the open page. */
function carry(old, now) {
  const elements = (root) =>
    root.nodeType === Node.ELEMENT_NODE ? [root, ...root.querySelectorAll("*")] : [];
  const nows = elements(now).filter((element) => origins.has(element));
  const known = elements(old).filter((element) => origins.has(element));
  const olds = known.length === 0 ? elements(old) : known;
  if (olds.length === nows.length) olds.forEach((element, at) => origins.set(element, origins.get(nows[at])));
}

/**
 * Gives ids to elements during a patch, since Idiomorph pairs elements by their ids: to every element that has not
 * changed, and to every element that a script has made, so that it is not paired with one of the page. Returns the
 * unchanged elements of both pages.
 */
function keepEqual(open, next) {
  const stampsIn = (root) => {
    const stamps = new Set();
    for (const element of root.querySelectorAll("*")) stamps.add(origins.get(element)?.stamp);
    return stamps;
  };
  const [inOpen, inNext] = [stampsIn(open), stampsIn(next)];

  // Stamp → the elements of the next page that have it.
  const twins = new Map();
  for (const element of outermost(next, inOpen)) {
    const { stamp } = origins.get(element);
    if (twins.has(stamp)) twins.get(stamp).push(element);
    else twins.set(stamp, [element]);
  }

  const kept = new Set();
  let number = 0;
  for (const element of outermost(open, inNext)) {
    const twin = twins.get(origins.get(element).stamp)?.shift();
    if (!twin) continue;
    element.id ||= twin.id = `b:same-${number++}`;
    kept.add(element).add(twin);
    wrap(element, twin);
  }
  for (const element of open.querySelectorAll("*")) {
    if (isMade(element) && !element.id) element.id = `b:made-${number++}`;
  }
  return kept;
}

/**
 * Removes the white space between blocks, where there is no other text. Returns where it was: for each element, the
 * spaces in it, each with the node before. Otherwise Idiomorph would pair a space with one further on, and remove and
 * insert every block in between.
 */
function takeSpaces(within, kept, taken = new Map()) {
  const texts = [...within.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
  if (texts.length > 0 && texts.every((text) => text.nodeValue.trim() === "") && !within.closest("pre, textarea")) {
    taken.set(within, texts.map((space) => [space, space.previousSibling]));
    for (const space of texts) space.remove();
  }
  for (const child of within.children) {
    if (!kept.has(child)) takeSpaces(child, kept, taken);
  }
  return taken;
}

/** Puts back the space that was removed from an element and from those in it. */
function giveBack(taken, root) {
  if (root.nodeType !== Node.ELEMENT_NODE) return;
  for (const element of [root, ...root.querySelectorAll("*")]) {
    giveBackTo(element, taken.get(element) ?? []);
    taken.delete(element);
  }
}

function giveBackTo(element, spaces, found = (node) => node) {
  for (const [space, before] of spaces) {
    if (before) found(before)?.after(space);
    else element?.prepend(space);
  }
}

/** The outermost elements with an origin whose stamp is one of these. */
function outermost(root, stamps) {
  const found = [];
  const visit = (element) => {
    const origin = origins.get(element);
    if (origin && stamps.has(origin.stamp)) found.push(element);
    else for (const child of element.children) visit(child);
  };
  for (const child of root.children) visit(child);
  return found;
}

/** Wraps an element of the next page in copies of what a script has put around the same one in the open page. */
function wrap(element, twin) {
  for (let around = element.parentElement; around && isMade(around); around = around.parentElement) {
    around.id ||= `b:made-around-${element.id}`;
    const copy = around.cloneNode(false);
    twin.replaceWith(copy);
    copy.append(twin);
    twin = copy;
  }
}

/** Updates the head. An old stylesheet is removed after the new one is loaded. */
function patchHead(next) {
  const isSheet = (element) => element.matches("link[rel~=stylesheet], style");
  const parts = (head) =>
    [...head.children].filter((element) => origins.has(element) && !isScript(element) && !isOurs(element));
  const olds = new Map(parts(document.head).map((element) => [origins.get(element).stamp, element]));

  const loading = [];
  let last;
  for (const element of parts(next)) {
    const { stamp } = origins.get(element);
    const old = olds.get(stamp);
    olds.delete(stamp);
    if (old) {
      if (isSheet(old)) last = old;
      continue;
    }
    const copy = document.importNode(element, true);
    origins.set(copy, origins.get(element));
    if (isSheet(copy)) {
      if (copy.matches("link")) {
        loading.push(new Promise((done) => ["load", "error"].forEach((type) => copy.addEventListener(type, done))));
      }
      const place = last ?? [...olds.values()].find(isSheet);
      if (place) place.after(copy);
      else document.head.append(copy);
      last = copy;
    } else {
      document.head.append(copy);
    }
  }

  for (const old of olds.values()) if (!isSheet(old)) old.remove();
  const sheets = [...olds.values()].filter(isSheet);
  Promise.all(loading).then(() => sheets.forEach((sheet) => sheet.remove()));
}

/** The first blocks in the window, with their positions and stamps. */
function anchors() {
  const places = [];
  for (const element of document.body.querySelectorAll("main *")) {
    if (!origins.get(element)?.line) continue;
    const { top, bottom } = element.getBoundingClientRect();
    if (bottom > 0 && top < innerHeight) places.push([element, top, origins.get(element).stamp]);
    if (top >= innerHeight || places.length > 40) break;
  }
  return places;
}

/** Scrolls so that the first visible block that has not changed keeps its position in the window. */
function keepPlace(places) {
  if (scrollY === 0) return;
  const same = ([element, , stamp]) => element.isConnected && origins.get(element)?.stamp === stamp;
  const [element, top] = places.find(same) ?? places.find(([element]) => element.isConnected) ?? [];
  const moved = element ? element.getBoundingClientRect().top - top : 0;
  if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: "instant" });
}

/** Marks the changed blocks for a moment. Scrolls to the first one if none of them is visible. */
function show(changed) {
  const blocks = changed.filter((element) => element.isConnected && origins.get(element)?.line);
  const outer = new Set();
  for (const block of blocks) {
    for (let at = block.parentElement; at && !outer.has(at); at = at.parentElement) outer.add(at);
  }
  const innermost = blocks.filter((block) => !outer.has(block)).slice(0, mostMarked);
  if (innermost.length === 0) return;

  const inSight = innermost.some((block) => {
    const { top, bottom } = block.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  });
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (!inSight) innermost[0].scrollIntoView({ block: "center", behavior: still ? "instant" : "smooth" });

  for (const block of innermost) {
    const colour = "oklch(0.75 0.15 75 / 0.45)";
    block.animate(
      [{ backgroundColor: colour, boxShadow: `0 0 0 0.3rem ${colour}` }, { boxShadow: "0 0 0 0.3rem transparent" }],
      { duration: 1800, easing: "ease-in", id: "bindery-changed" },
    );
  }
}
