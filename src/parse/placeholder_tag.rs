//! Placeholders among raw tags: `<your-server-ip-address>` in prose is one, and not an element.

use std::ops::Range;
use std::sync::Arc;

use foldhash::HashSet;

use super::options::Options;
use crate::text::html::{Tag, Tags};
use crate::text::{Diagnostic, DiagnosticCode, Source, Span, nearest};

/// Elements with a hyphen that HTML, SVG or MathML define; they are no placeholders.
const KNOWN: &[&str] = &[
    "annotation-xml",
    "color-profile",
    "font-face",
    "font-face-format",
    "font-face-name",
    "font-face-src",
    "font-face-uri",
    "missing-glyph",
];

/// The name in a bare opening tag such as `<your-server-ip-address>`, if that is a placeholder.
///
/// That is every name with a hyphen, and any that the book declares. An element that takes attributes or is closed
/// somewhere in the chapter is a real (custom) element.
pub fn placeholder<'t>(tag: &'t str, closed: &HashSet<&str>, options: &Options) -> Option<&'t str> {
    let name = tag.strip_prefix('<')?.strip_suffix('>')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');

    let is_unknown = || name.contains('-') && !KNOWN.iter().any(|known| name.eq_ignore_ascii_case(known));
    let is_declared = || options.placeholders.iter().any(|(declared, _)| declared == name);
    (is_name && !closed.contains(name) && (is_unknown() || is_declared())).then_some(name)
}

/// The names that are closed (`</my-element>`) somewhere in a chapter.
pub fn closed_elements(chapter: &str) -> HashSet<&str> {
    names_after(chapter, "</")
}

/// The names of all elements that are opened in a chapter, and some that are not.
pub fn opened_elements(chapter: &str) -> HashSet<&str> {
    names_after(chapter, "<")
}

fn names_after<'c>(chapter: &'c str, sign: &str) -> HashSet<&'c str> {
    let names = chapter.match_indices(sign).map(|(at, open)| {
        let rest = &chapter[at + open.len()..];
        &rest[..end_of(rest.as_bytes(), 0, |b| b.is_ascii_alphanumeric() || b == b'-')]
    });
    names.collect()
}

/// The warning of a placeholder that the book does not declare.
pub fn undeclared(tag: &str, span: Span, source: &Arc<Source>, options: &Options) -> Diagnostic {
    let name = tag.trim_matches(['<', '>']);
    let declared = options.placeholders.iter().map(|(declared, _)| declared.as_str());

    let meant = nearest(&name.to_ascii_lowercase(), declared);
    let meant = meant.map(|near| format!("did you mean `<{near}>`? Else ")).unwrap_or_default();
    Diagnostic::new(DiagnosticCode::UnknownPlaceholder, format!("`{tag}` is shown as text; to HTML it is a tag"))
        .at(source, span)
        .hint(format!(
            "{meant}declare it in `book.yaml`:\nplaceholders:\n  {name}: {{label: …, example: …}}\nor write it as code: `` `{tag}` ``"
        ))
}

/// Finds the opening tags in a piece of raw HTML.
pub fn tags(html: &str) -> Vec<Range<usize>> {
    Tags::of(html).filter(Tag::is_start).map(|tag| tag.range).collect()
}

/// The end of the run of bytes from `at` that `holds` allows. Runs end at ASCII bytes only, so the
/// result is a character boundary.
fn end_of(bytes: &[u8], at: usize, holds: impl Fn(u8) -> bool) -> usize {
    at + bytes[at.min(bytes.len())..].iter().take_while(|byte| holds(**byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_bare_and_unclosed() {
        let closed = closed_elements("<my-x>a</my-x> </p>");
        let placeholders = ["user", "p"].map(|name| (name.to_owned(), Default::default())).to_vec();
        let options = Options { placeholders, ..Options::new(&Default::default()) };
        for yes in ["your-ip", "paste-YOUR-public-key", "user"] {
            assert_eq!(placeholder(&format!("<{yes}>"), &closed, &options), Some(yes));
        }
        for no in ["<b>", "<my-x>", "<your-ip a=b>", "<font-face>", "<your-ip/>", "<p>", "<User>"] {
            assert_eq!(placeholder(no, &closed, &options), None, "{no}");
        }
    }
}
