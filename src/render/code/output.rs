//! What commands print: terminal colours, and lines that report an error or a warning.
//!
//! An author can paste output with its escape sequences (ECMA-48). Those that select a colour, bold or faint text
//! become classes; all others are left out, since a page can show none of them.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::markup::open_span;
use crate::write::code_block::CodeBlock;
use crate::write::placeholder;

/// What control sequences begin with. The escape character itself was replaced when the file was read, as all control
/// characters are.
const ESCAPE: &str = "\u{fffd}[";

/// Appends a printed line; one that reports a problem in an element of its own. The style goes on from the line above.
pub fn write_line(out: &mut String, line: &str, block: &CodeBlock, style: &mut TerminalStyle) {
    if !line.contains(ESCAPE) && *style == TerminalStyle::default() {
        return write_bare(out, line, block);
    }

    for (number, piece) in line.split(ESCAPE).enumerate() {
        let text = if number > 0 { style.read(piece) } else { piece };
        if text.is_empty() {
            continue;
        }
        let is_open = style.open(out);
        placeholder::write(out, text, &block.tokens);
        out.push_str(if is_open { "</span>" } else { "" });
    }
}

/// Appends a line without colours of its own.
fn write_bare(out: &mut String, line: &str, block: &CodeBlock) {
    let Some(class) = class(line) else { return placeholder::write(out, line, &block.tokens) };
    open_span(out, class);
    placeholder::write(out, line, &block.tokens);
    out.push_str("</span>");
}

/// The words that a line begins with that reports an error, in small letters.
const ERRORS: &[&str] = &["error", "fatal", "e", "npm err!", "npm error", "traceback", "panic", "err"];
/// The words that a line begins with that reports a warning, in small letters.
const WARNINGS: &[&str] = &["warning", "warn", "w", "npm warn"];
/// What a compiler writes after the place of an error.
static ERROR: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(": error:"));
/// What it writes after the place of a warning.
static WARNING: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(": warning:"));
/// What a shell's or a program's report of an error ends with.
const REFUSALS: &[&str] = &[
    ": command not found",
    "Permission denied",
    "No such file or directory",
    "Permission denied (publickey).",
];

/// The class of a line that reports a problem.
fn class(line: &str) -> Option<&'static str> {
    let line = line.trim();
    let first = line.bytes().next().unwrap_or_default().to_ascii_lowercase();
    let begins =
        |words: &[&str]| words.iter().any(|word| word.as_bytes()[0] == first && begins_with(line, word));
    if begins(ERRORS)
        || ERROR.find(line.as_bytes()).is_some()
        || REFUSALS.iter().any(|refusal| line.ends_with(refusal))
    {
        return Some("error");
    }
    (begins(WARNINGS) || WARNING.find(line.as_bytes()).is_some()).then_some("warning")
}

/// Whether a line begins with a word of a report: `error: `, `error[E0308]: `, `E: `, `Traceback (most …)`.
fn begins_with(line: &str, word: &str) -> bool {
    let Some((begin, rest)) = line.split_at_checked(word.len()) else { return false };
    let is_short = word.len() <= 3;
    begin.eq_ignore_ascii_case(word)
        && match rest.chars().next() {
            Some(':') => true,
            Some('[' | '(' | ' ') => {
                !is_short && (word.contains(' ') || word == "traceback" || rest.contains(':'))
            }
            _ => false,
        }
}

/// How a terminal writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TerminalStyle {
    colour: Option<&'static str>,
    is_bold: bool,
    is_faint: bool,
}

/// The colours of the sequences 30 to 37 and 90 to 97.
const COLOURS: [&str; 8] = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

impl TerminalStyle {
    /// Applies the sequence whose parameters a text begins with; returns the text after it.
    fn read<'t>(&mut self, text: &'t str) -> &'t str {
        let end = text.find(|c: char| ('@'..='~').contains(&c)).unwrap_or(text.len());
        let (parameters, rest) = text.split_at(end);
        if rest.starts_with('m') {
            self.select(parameters);
        }
        rest.get(1..).unwrap_or_default()
    }

    /// Applies the parameters of a sequence that selects how text looks.
    fn select(&mut self, parameters: &str) {
        let mut codes = parameters.split(';');
        while let Some(field) = codes.next() {
            // A field with colons is complete: `38:2::255:128:0` is one colour.
            let code = field.split(':').next().unwrap_or_default().parse().unwrap_or(0);
            match code {
                38 | 48 if field.contains(':') => {}
                0 => *self = TerminalStyle::default(),
                1 => self.is_bold = true,
                2 => self.is_faint = true,
                22 => (self.is_bold, self.is_faint) = (false, false),
                30..=37 | 90..=97 => self.colour = Some(COLOURS[code % 10]),
                39 => self.colour = None,
                // A colour of a larger palette: what follows says which.
                38 | 48 => {
                    let skipped = if codes.next() == Some("5") { 1 } else { 3 };
                    codes.by_ref().take(skipped).for_each(drop);
                }
                _ => {}
            }
        }
    }

    /// Opens an element for the style, unless it is the usual one.
    fn open(self, out: &mut String) -> bool {
        let weight = if self.is_bold { Some("bold") } else { self.is_faint.then_some("faint") };
        let classes: Vec<&str> = self.colour.into_iter().chain(weight).collect();
        if classes.is_empty() {
            return false;
        }
        open_span(out, &classes.join(" "));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut style = TerminalStyle::default();
        let line = |line| {
            let mut out = String::new();
            write_line(&mut out, line, &CodeBlock::default(), &mut style);
            out
        };
        text.split('\n').map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn colours_of_terminals() {
        for (text, expected) in [
            ("\u{fffd}[32mok\u{fffd}[0m done", r#"<span class="green">ok</span> done"#),
            ("\u{fffd}[1;31mno\u{fffd}[m", r#"<span class="red bold">no</span>"#),
            ("\u{fffd}[38;5;208mx\u{fffd}[39m y", "x y"),
            ("\u{fffd}[38:2::1:31:4;1mx", "<span class=\"bold\">x</span>"),
            ("\u{fffd}[2Kz", "z"),
            (
                "\u{fffd}[33ma\nb\u{fffd}[0m",
                "<span class=\"yellow\">a</span>\n<span class=\"yellow\">b</span>",
            ),
            ("\u{fffd}[", ""),
            ("a\u{fffd}b", "a\u{fffd}b"),
        ] {
            assert_eq!(written(text), expected, "{text:?}");
        }
    }

    #[test]
    fn reports_of_problems() {
        for line in [
            "error: no such table",
            "error[E0308]: mismatched types",
            "E: Unable to locate package x",
            "Traceback (most recent call last):",
            "bash: flsk: command not found",
            "main.c:3:1: error: x",
            "sam@203.0.113.10: Permission denied (publickey).",
            "Error: listen EADDRINUSE",
            "npm ERR! code E404",
        ] {
            assert_eq!(class(line), Some("error"), "{line}");
        }
        for line in ["warning: unused", "W: GPG error", "WARNING: This is a development server."] {
            assert_eq!(class(line), Some("warning"), "{line}");
        }
        for line in ["errors found", "0 errors", "e", "Error handling in Rust", "w x", "total 0"] {
            assert_eq!(class(line), None, "{line}");
        }
    }
}
