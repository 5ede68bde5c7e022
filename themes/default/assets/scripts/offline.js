// Keeps the book in the browser, so that it can be read without a network. The reader is asked before more than a few
// megabytes are fetched, and before search is. The preview says that nothing is.
import { language, say, words } from "./words.js";

const most = 4e6; // bytes that are fetched without asking

const root = new URL(document.documentElement.dataset.root, location.href);
const container = navigator.serviceWorker;

/** Keeps the book, or offers to; `place` is where that is said. */
export async function keepOffline(place) {
  let answer;
  try {
    answer = await fetch(place.dataset.offline, { cache: "no-store" });
  } catch {
    return; // there is no network
  }
  const sizes = answer.ok ? await answer.json().catch(() => undefined) : undefined;
  const registration = await own();
  if (!sizes) return registration?.active && (await ask(registration, "has ended")).ended && forget(registration);
  if (!sizes.book) return registration && forget(registration);

  const keep = () => register(place, sizes);
  if (registration || sizes.book <= most) return keep();
  place.replaceChildren(button(say(words.scripts.offline_keep, { size: size(sizes.book) }), keep));
}

/** The registration of this book; that of a book around it is not. */
async function own() {
  const registration = await container.getRegistration(root);
  return registration?.scope === root.href ? registration : undefined;
}

/** Removes what is kept of a book that is no longer for reading offline. */
async function forget(registration) {
  await registration.unregister();
  await caches.delete(`bindery:${root.pathname}:offline`);
  if (container.controller) location.reload();
}

async function register(place, sizes) {
  place.textContent = words.scripts.offline_fetching;
  try {
    const worker = new URL("offline-worker.js", root);
    const registration = await container.register(worker, { scope: root.pathname, updateViaCache: "none" });
    await active(registration);
    await tellState(place, sizes, registration, await ask(registration, "state"));
  } catch {
    place.textContent = words.scripts.offline_failed;
  }
}

/** Waits until a worker is active. One whose files cannot be fetched never is. */
function active(registration) {
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  return new Promise((done, fail) => {
    const look = () => {
      if (registration.active) done();
      else if (worker.state === "redundant") fail();
    };
    worker.addEventListener("statechange", look);
    look();
  });
}

function tellState(place, sizes, registration, { search, failed }) {
  place.textContent = failed ? words.scripts.offline_failed : words.scripts.offline_kept;
  if (search || failed || !sizes.search) return;
  const keepSearch = async () => {
    place.textContent = words.scripts.offline_fetching;
    tellState(place, sizes, registration, await ask(registration, "keep search"));
  };
  place.append(" ", button(say(words.scripts.offline_search, { size: size(sizes.search) }), keepSearch));
}

function ask(registration, question) {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((done) => (port1.onmessage = ({ data }) => done(data)));
  registration.active.postMessage(question, [port2]);
  return answer;
}

function size(bytes) {
  const form = { style: "unit", unit: "megabyte", maximumFractionDigits: 1 };
  return new Intl.NumberFormat(language, form).format(Math.max(bytes / 1e6, 0.1));
}

function button(text, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.addEventListener("click", act);
  return button;
}
