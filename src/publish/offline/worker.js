// The service worker of a book that can be read without a network. It is published with the list of the book's files,
// so every change of the book is a new worker.
//
// All files of a new version are fetched before it takes over, each under its path and its digest. A version answers
// only with files of its own, so a page never gets a file of another version. What was fetched and has not changed is
// kept.

const book = BOOK; // digests of files by path: `files` are kept, `search` is kept if the reader has asked for it
const root = new URL("./", location).href;
const store = `bindery:${new URL(root).pathname}:offline`;
const atOnce = 6;
const headers = ["content-type", "content-security-policy", "permissions-policy", "referrer-policy", "x-content-type-options"];

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(removeOthers()));
addEventListener("message", (event) => event.waitUntil(obey(event)));
addEventListener("fetch", (event) => {
  const { request } = event;
  const path = pathOf(request);
  if (book.files[path] ?? book.search[path]) event.respondWith(answer(event, path));
  else if (request.mode === "navigate" && path !== undefined) event.respondWith(elsewhere(request, path));
});

/** The path of a file of the book; undefined for requests of another kind or to another place. */
function pathOf({ method, url }) {
  if (method !== "GET" || !url.startsWith(root)) return undefined;
  try {
    return decodeURIComponent(new URL(url).pathname.slice(new URL(root).pathname.length)).replace(/(^|\/)$/, "$1index.html");
  } catch {
    return undefined;
  }
}

const digestOf = (path) => book.files[path] ?? book.search[path];
const keyOf = (path) => `${root}${encodeURIComponent(path)}?${digestOf(path)}`;

async function install() {
  await keep(book.files);
  // A reader who has asked for search has some of its files, of any version.
  if ((await keptKeys()).some((key) => key.startsWith(`${root}search%2F`))) await keep(book.search);
}

const keptKeys = async () => (await (await caches.open(store)).keys()).map(({ url }) => url);

/** The paths of the files that are not kept yet. */
async function missingOf(files) {
  const known = new Set(await keptKeys());
  return Object.keys(files).filter((path) => !known.has(keyOf(path)));
}

/** Fetches the files that are not kept yet. */
async function keep(files) {
  const cache = await caches.open(store);
  const missing = await missingOf(files);
  const fetchNext = async () => {
    for (let path = missing.pop(); path !== undefined; path = missing.pop()) await cache.put(keyOf(path), await fetched(path));
  };
  await Promise.all(Array.from({ length: atOnce }, fetchNext));
}

/** A file from the server, if it is the one of this version. */
async function fetched(path) {
  const address = root + path.split("/").map(encodeURIComponent).join("/").replace(/(^|\/)index\.html$/, "$1");
  const answer = await fetch(address, { cache: "no-cache" });
  const bytes = await answer.arrayBuffer();
  const digest = hex(await crypto.subtle.digest("SHA-1", bytes));
  // The page for wrong addresses may come with that status.
  if (digest !== digestOf(path)) throw new Error(`${address} is not the file of this version`);
  const kept = headers.flatMap((name) => (answer.headers.has(name) ? [[name, answer.headers.get(name)]] : []));
  return new Response(bytes, { headers: kept });
}

const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function removeOthers() {
  const cache = await caches.open(store);
  const known = new Set(Object.keys({ ...book.files, ...book.search }).map(keyOf));
  for (const request of await cache.keys()) if (!known.has(request.url)) await cache.delete(request);
}

async function answer({ request }, path) {
  // A new version takes over when no page of this one is open but the one that is left.
  if (request.mode === "navigate" && registration.waiting && (await clients.matchAll()).length < 2) {
    registration.waiting.postMessage("take over");
    return new Response("", { headers: { refresh: "0" } });
  }
  const cache = await caches.open(store);
  return (await cache.match(keyOf(path))) ?? fetch(request);
}

/** A page that is none of the book's, but for a folder without `/`; without a network, the page for wrong addresses. */
async function elsewhere(request, path) {
  if (book.files[`${path}/index.html`]) return Response.redirect(request.url.replace(/(?=[?#]|$)/, "/"));
  try {
    return await fetch(request);
  } catch {
    return (await (await caches.open(store)).match(keyOf("404.html"))) ?? Response.error();
  }
}

/**
 * Whether the book is published without its list of files, or gone for good. While a new version is put in place, that list
 * may be missing for a moment, or everything; and a server may lead to a page where readers log in.
 */
async function hasEnded() {
  const front = await fetch(root, { cache: "no-store" });
  if (front.redirected) return false;
  return front.status === 410 || (front.ok && !(await front.text()).includes("data-offline="));
}

async function obey({ data, ports }) {
  if (data === "take over") return skipWaiting();
  try {
    if (data === "has ended") return ports[0].postMessage({ ended: await hasEnded() });
    // What was kept may have been removed since: by the reader, or by a page that was told to forget it.
    await keep(book.files);
    if (data === "keep search") await keep(book.search);
    ports[0].postMessage({ search: !(await missingOf(book.search)).length });
  } catch {
    ports[0].postMessage({ failed: true });
  }
}
