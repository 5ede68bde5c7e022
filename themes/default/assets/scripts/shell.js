// Writes readers' values so that a shell takes them as they are.

// What can make a text behind it more than plain words of one command: quotes, escapes, comments, substitutions,
// groups, here-documents, and programs that read their arguments as commands.
const unsure = /["'`\\#(<{]|\b(?:ssh|eval|sh|bash|zsh|dash|su|sudo\s+-s|xargs|watch|env\s+-S|trap|alias)\b/;

/** A value as a shell (`bash`) reads it behind a text; undefined if there is no way that is surely safe. */
export function quoted(value, before, reader) {
  if (value.startsWith("-") || reader !== "bash" || unsure.test(before)) return undefined;
  return `'${value.replaceAll("'", "'\\''")}'`;
}
