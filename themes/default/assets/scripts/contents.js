// The contents page of the book, which lists all chapters. It is fetched once, when something first needs it.

let contents; // a promise of the page

export const contentsUrl = () => document.querySelector("[data-contents]").href;

async function fetchContents() {
  const answer = await fetch(contentsUrl());
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.text();
}

/** Fetches the page again when it is needed next: the preview may have changed it. */
export function forgetContents() {
  contents = undefined;
}

/** The contents page as a document; undefined if there is none, or it cannot be fetched, as in a book on disk. */
export async function contentsPage() {
  contents ??= fetchContents();
  try {
    return new DOMParser().parseFromString(await contents, "text/html");
  } catch {
    contents = undefined; // the next attempt may succeed
    return undefined;
  }
}

/** The address that a link of the contents page leads to. */
export const targetOf = (link) => new URL(link.getAttribute("href"), contentsUrl());
