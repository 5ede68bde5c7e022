// Redirects from a chapter's former address to its present one. A classic script in <head>, so that nothing is shown
// first. It keeps the section of the link; in a book that is opened from disk, it leads to the file in the folder.
"use strict";
{
  const url = new URL(document.currentScript.dataset.target, location.href);
  if (url.protocol === "file:" && url.pathname.endsWith("/")) url.pathname += "index.html";
  url.hash ||= location.hash;
  location.replace(url);
}
