// Makes tabs of neighbouring blocks that have a name (https://www.w3.org/WAI/ARIA/apg/patterns/tabs/). A choice applies
// to all sets of the page that have that name, and is remembered for the book. Printed pages show all blocks.
import { keep, onKept, recall } from "./store.js";

const remembered = 12; // names that are remembered, the latest choice first
const step = { ArrowRight: 1, ArrowLeft: -1 };

export function makeTabs() {
  for (const [set, box] of document.querySelectorAll(".tabs").entries()) {
    const panels = [...box.querySelectorAll(":scope > .panel")];
    const old = box.querySelector(":scope > [role=tablist]");
    const list = panels.length > 1 ? listOf(panels, set) : undefined;
    if (old?.textContent === list?.textContent && old?.firstChild.id === list?.firstChild.id && old?.children.length === list?.children.length) continue;
    old?.remove();
    if (list) box.prepend(list);
  }
  chooseRemembered();
}

function listOf(panels, set) {
  const list = document.createElement("div");
  list.role = "tablist";
  for (const [number, panel] of panels.entries()) {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.role = "tab";
    tab.textContent = panel.dataset.tab;
    tab.id = `b:tab:${set}:${number}`;
    panel.id = `b:panel:${set}:${number}`;
    panel.role = "tabpanel";
    tab.setAttribute("aria-controls", panel.id);
    panel.setAttribute("aria-labelledby", tab.id);
    list.append(tab);
  }
  return list;
}

/** Shows the latest choice in every set; in a set without any of the remembered names, the first tab. */
function chooseRemembered() {
  const names = recall("tabs");
  for (const list of document.querySelectorAll(".tabs > [role=tablist]")) {
    const tabs = [...list.children];
    const name = names.find((name) => tabs.some((tab) => tab.textContent === name));
    const chosen = tabs.find((tab) => tab.textContent === name) ?? tabs[0];
    for (const tab of tabs) {
      tab.ariaSelected = String(tab === chosen);
      tab.tabIndex = tab === chosen ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = tab !== chosen;
    }
  }
}

function choose(tab) {
  const before = tab.getBoundingClientRect().top;
  const others = recall("tabs").filter((name) => name !== tab.textContent);
  keep("tabs", [tab.textContent, ...others].slice(0, remembered));
  chooseRemembered();
  scrollBy({ top: tab.getBoundingClientRect().top - before, behavior: "instant" }); // sets above may have another height now
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
  onKept("tabs", chooseRemembered);
}
