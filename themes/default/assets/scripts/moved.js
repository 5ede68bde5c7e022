// Leads from where a chapter was to where it is. A classic script in <head>, so that nothing is shown in between. A
// link to a section leads on to the section, and in a book that is opened from disk to the page in the folder.
"use strict";
{
  const url = new URL(document.currentScript.dataset.target, location.href);
  if (url.protocol === "file:" && url.pathname.endsWith("/")) url.pathname += "index.html";
  url.hash ||= location.hash;
  location.replace(url);
}
