// Writes readers' values into copied code, so that no interpreter takes a part of them as syntax.

// Values that are plain text for every shell, and for every other interpreter.
const plain = /^(?!-)[\p{L}\p{N}@%+=:,.\/~_-]+$/u;
const simple = /^(?!-)[\p{L}\p{N}@+=:.\/~_-]+$/u;
// Values that are plain text inside quotes.
const quiet = /^[\p{L}\p{N}@%+=:,.\/~_ -]+$/u;
// Programs that run their arguments as commands.
const readers = /\b(?:alias|bash|csh|dash|env\s+-S|eval|fish|ksh|make|parallel|sh|ssh|su|sudo\s+-[is]|trap|watch|xargs|zsh)\b/;

/** Replaces a field of a script with a value; false if no way is known to be safe. */
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

/** The quote that is open at the end of a text, "#" in a comment, "" for none; undefined if that cannot be known. */
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

/** The number of lines that would end a here-document of a script. */
function endsOf(script) {
  const ends = [...script.matchAll(/<<-?\s*["'\\]?([^\s"'\\;|&<>()]+)/g)].map(([, end]) => end);
  return script.split("\n").filter((line) => ends.includes(line.trim())).length;
}
