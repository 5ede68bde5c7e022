// In a book that is opened from disk, a link to a folder would list its files: such links lead to the folder's page.

export function leadToFiles() {
  if (location.protocol !== "file:") return;
  for (const type of ["click", "auxclick", "contextmenu"]) document.addEventListener(type, lead, true);
}

function lead({ target }) {
  const link = target.closest?.("a[href]");
  if (link?.protocol === "file:" && link.pathname.endsWith("/")) link.pathname += "index.html";
}
