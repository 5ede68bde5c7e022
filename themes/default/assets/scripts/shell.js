// Writes readers' values so that a shell takes them as they are.

/** A value as a shell (`bash`) reads it behind a text; undefined if there is no safe way to write it there. */
export function quoted(value, before, reader) {
  if (value.startsWith("-") && /(^|\s)$/.test(before)) return undefined; // it would be an option
  if (reader !== "bash") return undefined;
  const open = openQuote(before);
  if (open === "'") return value.includes("'") ? undefined : value;
  if (open) return /["$`\\!]/.test(value) ? undefined : value;
  return `'${value.replaceAll("'", "'\\''")}'`;
}

/** The quote that is open behind a text; a here-document is read as if it were in double ones. */
function openQuote(text) {
  const heredoc = text.match(/<<-?\s*["'\\]?(\w+).*\n/);
  if (heredoc && !text.slice(heredoc.index).split("\n").slice(1).some((line) => line.trim() === heredoc[1])) return '"';
  let open = "";
  for (const [sign] of text.matchAll(/\\[^]|["']/g)) {
    if (sign === open) open = "";
    else if (!open && sign.length === 1) open = sign;
    else if (open === "'" && sign === "\\'") open = "";
  }
  return open;
}
