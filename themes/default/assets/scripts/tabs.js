// Makes tabs (https://www.w3.org/WAI/ARIA/apg/patterns/tabs/) of code blocks that have a name, and of neighbouring
// `<details>` that share one. A choice applies to all sets of the page that have that tab, and is remembered for the
// book. Printed pages show everything.
import { keep, onKept, recall } from "./store.js";

const remembered = 12; // names that are remembered, the latest choice first
const longest = 40; // a set with a longer summary is no choice between short names, such as questions with their answers
const step = { ArrowRight: 1, ArrowLeft: -1 };

const isDetails = (panel) => panel.matches("details");
const summaryOf = (details) => details.querySelector(":scope > summary")?.textContent.trim() ?? "";
const panelOf = (tab) => document.getElementById(tab.getAttribute("aria-controls"));

export function makeTabs() {
  const sets = [...setsOfCode(), ...setsOfDetails()];
  const lists = sets.map((panels, number) => {
    const [before, list] = [panels[0].previousElementSibling, listOf(panels, number)];
    if (before?.matches(".tab-list") && shapeOf(before) === shapeOf(list)) return before;
    panels[0].before(list);
    return list;
  });
  for (const list of document.querySelectorAll(".tab-list")) {
    if (!lists.includes(list)) list.remove();
  }
  chooseRemembered();
}

const shapeOf = (list) => [...list.children].map((tab) => tab.id + tab.textContent).join("\n");

function setsOfCode() {
  const sets = [...document.querySelectorAll(".tabs")].map((box) => [...box.querySelectorAll(":scope > .panel")]);
  return sets.filter((panels) => panels.length > 1);
}

function setsOfDetails() {
  const sets = [];
  const seen = new Set();
  for (const details of document.querySelectorAll(".prose details[name]")) {
    if (seen.has(details)) continue;
    const panels = withNeighbours(details);
    for (const panel of panels) seen.add(panel);
    const isShort = (panel) => summaryOf(panel).length > 0 && summaryOf(panel).length <= longest;
    if (panels.length > 1 && panels.every(isShort)) sets.push(panels);
  }

  const number = new Map(sets.flatMap((panels, set) => panels.map((panel) => [panel, set])));
  for (const details of seen) setName(details, number.get(details));
  return sets;
}

/** A `<details>` and those of its name that follow it with nothing in between. */
function withNeighbours(details) {
  const panels = [details];
  for (let next = details.nextSibling; next; next = next.nextSibling) {
    const isElement = next.nodeType === Node.ELEMENT_NODE;
    if (isElement && isDetails(next) && writtenName(next) === writtenName(details)) panels.push(next);
    else if (isElement ? !next.matches(".tab-list") : next.nodeType === Node.TEXT_NODE && next.data.trim()) break;
  }
  return panels;
}

// Browsers close the other `<details>` of a name in the whole page, so each set gets a name of its own.
const ownName = "b:set:";
const writtenName = (details) => (details.name.startsWith(ownName) ? details.dataset.name : details.name);

/** Makes a `<details>` a panel of a set, or again what it was written as. */
function setName(details, set) {
  const [name, isPanel] = [writtenName(details), set !== undefined];
  const now = isPanel ? ownName + set : name;
  if (details.name !== now) details.name = now;
  details.classList.toggle("panel", isPanel);
  if (isPanel) details.dataset.name = name;
  else details.removeAttribute("aria-labelledby");
}

function listOf(panels, set) {
  const list = document.createElement("div");
  list.className = "tab-list";
  list.role = "tablist";
  for (const [number, panel] of panels.entries()) {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.role = "tab";
    tab.textContent = isDetails(panel) ? summaryOf(panel) : panel.dataset.tab;
    tab.id = `b:tab:${set}:${number}`;
    if (!panel.id || panel.id.startsWith("b:panel:")) panel.id = `b:panel:${set}:${number}`;
    if (!isDetails(panel)) panel.role = "tabpanel"; // HTML allows no role on `<details>`
    tab.setAttribute("aria-controls", panel.id);
    panel.setAttribute("aria-labelledby", tab.id);
    list.append(tab);
  }
  return list;
}

/** Shows the latest choice in every set; in a set without any of the remembered names, what is shown now, or the first tab. */
function chooseRemembered() {
  const names = recall("tabs");
  for (const list of document.querySelectorAll(".tab-list")) {
    const tabs = [...list.children];
    const name = names.find((name) => tabs.some((tab) => tab.textContent === name));
    show(tabs.find((tab) => tab.textContent === name) ?? tabs.find((tab) => panelOf(tab).open) ?? tabs[0]);
  }
}

/** Shows the panel of a tab, and hides the others of its set. */
function show(chosen) {
  for (const tab of chosen.parentElement.children) {
    const isChosen = tab === chosen;
    tab.ariaSelected = String(isChosen);
    tab.tabIndex = isChosen ? 0 : -1;
    const panel = panelOf(tab);
    if (isDetails(panel)) panel.open = isChosen;
    else panel.hidden = !isChosen;
  }
}

function choose(tab) {
  const before = tab.getBoundingClientRect().top;
  const others = recall("tabs").filter((name) => name !== tab.textContent);
  keep("tabs", [tab.textContent, ...others].slice(0, remembered));
  chooseRemembered();
  scrollBy({ top: tab.getBoundingClientRect().top - before, behavior: "instant" }); // sets above may have another height now
}

function fragmentOf({ hash }) {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return hash.slice(1);
  }
}

/** Shows the panels in which the place is that the address names. */
export function showTarget() {
  // The browser knows its target only when it has laid out the page.
  const target = document.getElementById(fragmentOf(location));
  let isShown = true;
  for (let panel = target?.closest(".panel"); panel; panel = panel.parentElement.closest(".panel")) {
    const tab = document.getElementById(panel.getAttribute("aria-labelledby"));
    if (!tab || tab.ariaSelected === "true") continue;
    show(tab);
    isShown = false;
  }
  if (!isShown) target.scrollIntoView();
}

export function followTabs() {
  document.addEventListener("click", ({ target }) => target.closest?.("[role=tab]") && choose(target));
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest?.("[role=tab]");
    if (!tab || event.ctrlKey || event.altKey || event.metaKey) return;
    const tabs = [...tab.parentElement.children];
    const direction = getComputedStyle(tab).direction === "rtl" ? -1 : 1;
    let next = tabs.indexOf(tab) + (step[event.key] ?? 0) * direction;
    if (event.key === "Home") next = 0;
    if (event.key === "End") next = tabs.length - 1;
    if (!(event.key in step) && event.key !== "Home" && event.key !== "End") return;
    event.preventDefault();
    const other = tabs.at(next % tabs.length);
    choose(other);
    other.focus();
  });
  // The browser opens a `<details>` itself, to show what the reader looks for in the page.
  document.addEventListener("toggle", ({ target }) => {
    if (target.open && target.matches("details.panel")) show(document.getElementById(target.getAttribute("aria-labelledby")));
  }, true);
  addEventListener("hashchange", showTarget);
  onKept("tabs", chooseRemembered);
}
