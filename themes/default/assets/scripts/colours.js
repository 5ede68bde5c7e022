// Light, dark, or the system's colours. A classic script in <head>, so that the reader's choice applies before anything
// is shown.
"use strict";
{
  const page = document.documentElement;
  const key = `bindery:${new URL(page.dataset.root, location.href).pathname}:colours`;

  const remembered = () => {
    try {
      const choice = localStorage.getItem(key);
      return ["light", "dark"].includes(choice) ? choice : "system";
    } catch {
      return "system"; // storage is switched off
    }
  };
  const remember = (choice) => {
    try {
      localStorage.setItem(key, choice);
    } catch {
      // then the choice applies to this page only
    }
  };
  const show = (choice) => {
    if (choice === "system") delete page.dataset.theme;
    else page.dataset.theme = choice;
    for (const control of document.querySelectorAll(".colours select")) control.value = choice;
  };

  show(remembered());
  document.addEventListener("DOMContentLoaded", () => show(remembered()));
  document.addEventListener("change", ({ target }) => {
    if (!target.matches(".colours select")) return;
    remember(target.value);
    show(target.value);
  });
  // Another tab of the same book.
  addEventListener("storage", (event) => event.key === key && show(remembered()));
  document.addEventListener("bindery:patched", () => show(page.dataset.theme ?? "system"));
}
