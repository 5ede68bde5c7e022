// Writes readers' values into copied code, so that no interpreter takes a part of them as syntax.
// The builder decides where a value can be quoted, and writes it on the field (src/parse/console/quoting.rs).

// Values that mean nothing special to any shell or language.
const plain = /^[\p{L}\p{N}._\/][\p{L}\p{N}._@:\/+,-]*$/u;
// What no terminal is given: it could press a key there.
const control = /[\p{Cc}\p{Zl}\p{Zp}]/u;
// Terminals cut long lines, and with them a closing quote.
const longest = { plain: 1000, quoted: 200 };
// Programs take what begins so for an option, or for the name of a file to read.
const leading = /^[@:+,-]/;

export const isPlain = (value) => plain.test(value);

/**
 * A value as it is copied in the place of a field; undefined if it is not copied there. `quoting` is how the value is
 * quoted in a shell's command: "argument", "double" or "single"; "never" if no value is copied. `delimiters` end
 * here-documents.
 */
export function written(value, { quoting, delimiters = "" }) {
  if (quoting === "never" || delimiters.split(" ").some((delimiter) => delimiter.includes(value))) return undefined;
  if (isPlain(value)) return value.length > longest.plain ? undefined : value;
  if (leading.test(value) || control.test(value) || value.length > longest.quoted) return undefined;
  // Each sign that has a meaning goes after a backslash, outside of the quotes. All shells read this in the same way.
  const inSingle = (text) => text.replaceAll(/['\\!]/g, "'\\$&'");
  switch (quoting) {
    case "argument": {
      const home = value.startsWith("~/") && value.length > 2 ? "~/" : "";
      return `${home}'${inSingle(value.slice(home.length))}'`;
    }
    case "double":
      return value.replaceAll(/["\\$`!]/g, '"\\$&"');
    case "single":
      return inSingle(value);
  }
  return undefined;
}
