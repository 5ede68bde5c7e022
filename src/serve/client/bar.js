// The author's bar, and the list of problems above it. Both are in a shadow tree beside the page, with a stylesheet of
// the server, so that the theme does not affect them.

// Kept in the session storage from page to page: what the author chose for the list, "shown" or "hidden", and the number
// of errors.
const chosen = "bindery-list";
const known = "bindery-errors";

export class Bar {
  constructor(open) {
    this.host = document.createElement("bindery-bar");
    const root = this.host.attachShadow({ mode: "open" });
    root.innerHTML = `
      <link rel="stylesheet" href="/.bindery/live.css">
      <section class="problems" aria-label="Problems" hidden>
        <header><h2></h2><button class="fold" type="button">Hide</button></header>
        <ol></ol>
      </section>
      <p class="notice" role="status" hidden></p>
      <nav class="bar" aria-label="Preview">
        <button class="count" type="button" aria-expanded="false"></button>
        <span class="tasks"></span>
        <span class="length"></span>
        <button class="edit" type="button" hidden>Edit</button>
        <a href="/.bindery/">All chapters</a>
      </nav>`;
    this.find = (selector) => root.querySelector(selector);
    this.open = open;
    this.find(".fold").addEventListener("click", () => this.fold(true));
    this.find(".count").addEventListener("click", () => this.fold(!this.find(".problems").hidden));
    this.find(".edit").addEventListener("click", () => open(null, 1));
  }

  /**
   * Shows a state. `gone`: the page that is shown is no longer in the book; `listed`: the page itself shows the
   * problems.
   */
  update({ errors, warnings, diagnostics, chapter }, { gone, listed }) {
    this.host.classList.remove("offline");

    // Errors show the list, and a new one does so again. For warnings, the bar has their number.
    if (diagnostics.length === 0 || errors > Number(sessionStorage.getItem(known))) sessionStorage.removeItem(chosen);
    sessionStorage.setItem(known, String(errors));

    this.count = summary(errors, warnings);
    this.find("h2").textContent = this.count;
    this.find(".count").classList.toggle("errors", errors > 0);
    this.find(".count").classList.toggle("warnings", warnings > 0 && errors === 0);
    this.find(".count").textContent = this.count;
    this.find(".count").disabled = diagnostics.length === 0;

    // The server sends the first diagnostics only.
    const more = errors + warnings - diagnostics.length;
    const rest = more ? [element("li", "note", `and ${more.toLocaleString("en")} more`)] : [];
    this.find("ol").replaceChildren(...diagnostics.map((diagnostic) => this.item(diagnostic)), ...rest);
    const shows = (sessionStorage.getItem(chosen) ?? (errors > 0 ? "shown" : "hidden")) === "shown";
    this.fold(listed || diagnostics.length === 0 || !shows, { keep: false });

    this.facts(chapter);
    if (gone) this.say("This page is no longer in the book.", { stays: true });
    else if (this.stays) this.say("");
  }

  facts(chapter) {
    const tasks = [];
    if (chapter?.draft) tasks.push("Draft");
    if (chapter?.open_tasks) tasks.push(`${chapter.open_tasks} of ${plural(chapter.tasks, "TODO")} open`);
    if (chapter?.notes) tasks.push(plural(chapter.notes, "note"));
    this.find(".tasks").textContent = tasks.join(" · ");
    this.find(".length").textContent = chapter
      ? `${plural(chapter.words, "word")} · ${chapter.minutes} min`
      : "";
    this.find(".edit").hidden = !chapter;
    this.find(".edit").title = chapter ? `Open ${chapter.file} in your editor` : "";
  }

  fold(away, { keep = true } = {}) {
    if (keep) sessionStorage.setItem(chosen, away ? "hidden" : "shown");
    this.find(".problems").hidden = away;
    this.find(".count").setAttribute("aria-expanded", String(!away));
  }

  item({ severity, code, message, file, line, column, source, notes, hint }) {
    const item = element("li", severity);
    const name = element("code", "code", code);
    item.append(element("p", "message", element("b", "", severity), " ", ...words(message), " ", name));
    if (file) {
      const place = [file, line, column].filter((part) => part !== null).join(":");
      const button = element("button", "place", place);
      button.type = "button";
      button.addEventListener("click", () => this.open(file, line ?? 1));
      item.append(button);
    }
    if (source) item.append(element("pre", "", source));
    for (const note of notes) item.append(element("p", "note", ...words(note)));
    if (hint) item.append(element("p", "hint", ...words(hint)));
    return item;
  }

  /** Shows a notice to the author for a moment, or with `stays` until the next one. */
  say(text, { stays = false } = {}) {
    const notice = this.find(".notice");
    clearTimeout(this.timer);
    this.stays = stays;
    notice.textContent = text ?? "";
    notice.hidden = !text;
    if (text && !stays) this.timer = setTimeout(() => (notice.hidden = true), 6000);
  }

  offline() {
    this.host.classList.add("offline");
    this.find(".count").textContent = "The preview is not running";
  }
}

const plural = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;

function summary(errors, warnings) {
  const parts = [];
  if (errors) parts.push(plural(errors, "error"));
  if (warnings) parts.push(plural(warnings, "warning"));
  return parts.join(", ") || "No problems";
}

/** Splits a text into words and names, which are between backticks. */
const words = (text) => text.split("`").map((part, at) => (at % 2 ? element("code", "", part) : part));

function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);
  return made;
}
