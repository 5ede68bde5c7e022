// Writes readers' values into copied code, so that what reads it takes them as they are.

// What no shell takes for something else, and what no other interpreter does.
const plain = /^(?!-)[\p{L}\p{N}@%+=:,.\/~_-]+$/u;
const simple = /^(?!-)[\p{L}\p{N}@+=:.\/~_-]+$/u;
// What is nothing but text within quotes.
const quiet = /^[\p{L}\p{N}@%+=:,.\/~_ -]+$/u;
// Programs that read their arguments as commands once more.
const readers = /\b(?:alias|bash|csh|dash|env\s+-S|eval|fish|ksh|make|parallel|sh|ssh|su|sudo\s+-[is]|trap|watch|xargs|zsh)\b/;

/** Puts a value in the place of a field of a script; false if there is no way that is surely safe. */
export function writeValue(value, field, script, reader) {
  const written = reader ? asRead(value, textBefore(field, script), reader) : value;
  if (written === undefined) return false;
  field.textContent = "\0";
  const ends = endsOf(script.textContent);
  field.textContent = written;
  return reader !== "bash" || endsOf(script.textContent) === ends;
}

function asRead(value, before, reader) {
  if (reader !== "bash") return simple.test(value) ? value : undefined;
  if (plain.test(value)) return value;
  const quote = value.startsWith("-") ? undefined : quoteBehind(before);
  if (quote === "#") return value;
  if (quote === "") return `'${value.replaceAll("'", "'\\''")}'`;
  return quote && quiet.test(value) ? value : undefined;
}

function textBefore(field, script) {
  const range = document.createRange();
  range.setStart(script, 0);
  range.setEndBefore(field);
  return range.toString();
}

/** The quote that is open behind a text, "#" in a comment, "" for none; undefined where that is not sure. */
function quoteBehind(before) {
  let quote = "";
  let code = ""; // without comments
  for (let at = 0; at < before.length; at++) {
    const c = before[at];
    const isLiteral = quote === "'";
    if (!quote && c === "#" && /(?:^|[\s;&|])$/.test(code)) {
      at = before.indexOf("\n", at);
      if (at < 0) return "#";
      code += "\n";
      continue;
    }
    code += c;
    if (!isLiteral && c === "\\") code += before[++at] ?? "";
    else if (!isLiteral && (c === "`" || (c === "$" && /^$|[('"{[]/.test(before[at + 1] ?? "")))) return undefined;
    else if (quote) quote = c === quote ? "" : quote;
    else if (c === "'" || c === '"') quote = c;
    else if (/[({[]/.test(c) || before.startsWith("<<", at)) return undefined;
  }
  return /\\$/.test(before) || readers.test(code) ? undefined : quote;
}

/** How many lines of a script end a here-document, if they are in one. */
function endsOf(script) {
  const ends = [...script.matchAll(/<<-?\s*["'\\]?([^\s"'\\;|&<>()]+)/g)].map(([, end]) => end);
  return script.split("\n").filter((line) => ends.includes(line.trim())).length;
}
