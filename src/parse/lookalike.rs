//! What looks like a link, an image or a table, and is text: an address with spaces, and a row of a header with more or
//! fewer cells than the line below it. Readers would see the signs.
//!
//! The signs are found by a scan of the bytes; what they are to the Markdown parser, [`standing`] says.

use std::sync::Arc;

use memchr::{memchr_iter, memchr3, memmem, memrchr};

use super::foreign::standing::{self, Standing};
use super::foreign::templates::is_made_by_template;
use super::tree::Block;
use crate::text::{Diagnostic, DiagnosticCode, Source, Span, plural};

/// Warns of text of a chapter, which begins at `body`, that looks like something else.
pub fn warn(blocks: &[Block<'_>], source: &Arc<Source>, body: usize, diagnostics: &mut Vec<Diagnostic>) {
    let mut found = addresses(&source.text, body);
    found.extend(tables(&source.text, body));
    found.sort_by_key(|lookalike| lookalike.sign);
    if found.is_empty() {
        return;
    }

    let places: Vec<usize> = found.iter().map(|lookalike| lookalike.sign).collect();
    standing::for_each_standing(blocks, &places, &source.text, &mut |number, standing| {
        let Lookalike { code, span, message, hint, .. } = &found[number];
        let is_text = match standing {
            Standing::Prose => true,
            Standing::InCell => *code == DiagnosticCode::InvalidLink,
            _ => false,
        };
        if is_text {
            diagnostics.push(Diagnostic::new(*code, message).at(source, *span).hint(hint));
        }
    });
}

/// Something that may only look like what it seems.
struct Lookalike {
    code: DiagnosticCode,
    /// The place that is text if it is nothing else.
    sign: usize,
    span: Span,
    message: String,
    hint: String,
}

/// Links and images whose address has a space.
fn addresses(chapter: &str, from: usize) -> Vec<Lookalike> {
    let signs = memmem::find_iter(&chapter.as_bytes()[from..], b"](").map(|at| from + at);
    signs.filter_map(|sign| address(chapter, sign)).collect()
}

/// The link or image with a space in its address whose text ends at a place.
fn address(chapter: &str, sign: usize) -> Option<Lookalike> {
    // Most addresses end before there is a space.
    let rest = &chapter[sign + 2..];
    let end = memchr3(b' ', b')', b'\n', rest.as_bytes())?;
    if rest.as_bytes()[end] != b' ' {
        return None;
    }

    let line = rest.lines().next()?;
    let written = line[..closing(line)?].trim();
    let target = without_title(written);
    if !target.contains(' ') || target.starts_with('<') || !is_path(target) || is_made_by_template(target) {
        return None;
    }

    let before = chapter[..sign].rsplit('\n').next().unwrap_or_default();
    let open = before.rfind('[').filter(|open| !before[..*open].ends_with('\\'))?;
    let is_image = before[..open].ends_with('!');
    let start = sign - before.len() + open - usize::from(is_image);
    let what = if is_image { "an image" } else { "a link" };
    Some(Lookalike {
        code: DiagnosticCode::InvalidLink,
        sign,
        span: Span::new(start, sign + 2 + closing(line)? + 1),
        message: format!("this looks like {what}, and is text: the address has a space"),
        hint: format!("put it between angle brackets: `(<{target}>)`"),
    })
}

/// Where the bracket is that ends an address at the beginning of a line; others in it are pairs.
fn closing(line: &str) -> Option<usize> {
    let mut depth = 0;
    let end = line.bytes().take(1000).position(|byte| {
        depth += i32::from(byte == b'(') - i32::from(byte == b')');
        depth < 0
    });
    end.filter(|end| line.is_char_boundary(*end))
}

/// An address without the title in quotes after it.
fn without_title(written: &str) -> &str {
    let quote = written.chars().next_back().filter(|quote| ['"', '\''].contains(quote));
    let title = quote.and_then(|quote| written[..written.len() - 1].rfind(&format!(" {quote}")));
    title.map_or(written, |at| written[..at].trim_end())
}

/// Whether a text is an address and not a remark: it names a file, or its last part has no space.
fn is_path(target: &str) -> bool {
    let name = target.split(['#', '?']).next().unwrap_or_default();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_file = (2..=5).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_file || target.starts_with("https://") || target.starts_with("http://")
}

/// Lines like the one below the header of a table (`| --- | --- |`), where the header has not as many cells.
fn tables(chapter: &str, from: usize) -> Vec<Lookalike> {
    let bytes = chapter.as_bytes();
    let pipes = memchr_iter(b'|', &bytes[from..]).map(|at| from + at).filter(|at| {
        let next = bytes[at + 1..].iter().find(|byte| **byte != b' ');
        next.is_some_and(|next| b"-:".contains(next))
    });

    // A line has several pipes.
    let mut ends: Vec<usize> = pipes.filter_map(|at| memrchr(b'\n', &bytes[from..at])).collect();
    ends.dedup();
    ends.into_iter().filter_map(|end| table(chapter, from, from + end)).collect()
}

/// The table whose header ends at a place, if the line below it looks like that of another.
fn table(chapter: &str, from: usize, end: usize) -> Option<Lookalike> {
    let below = chapter[end + 1..].lines().next()?;
    let bare = below.trim_start_matches([' ', '\t', '>']);
    let columns = columns(bare)?;

    let header = chapter[from..end].rsplit('\n').next()?.trim_start_matches([' ', '\t', '>']).trim_end();
    let cells = cells(header);
    if !header.contains('|') || cells == columns {
        return None;
    }
    let sign = end + 1 + below.len() - bare.len();
    Some(Lookalike {
        code: DiagnosticCode::InvalidTable,
        sign,
        span: Span::new(sign, sign + bare.trim_end().len()),
        message: format!(
            "this looks like a table, and is text: its header has {}, and this line {columns}",
            plural(cells, "cell")
        ),
        hint: "write as many `---` as there are cells; a pipe inside a cell is `\\|`, also in code"
            .to_owned(),
    })
}

/// How many columns a line of `---` between pipes has.
fn columns(line: &str) -> Option<usize> {
    let line = line.trim_end();
    let is_plain = line.contains('|') && line.bytes().all(|byte| b"|:- \t".contains(&byte));
    let inner = line.strip_prefix('|').unwrap_or(line);
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    let is_column = |cell: &str| cell.trim().trim_matches(':').starts_with('-');
    (is_plain && inner.split('|').all(is_column)).then(|| inner.split('|').count())
}

/// How many cells a row has: pipes separate them, except those with a `\` before them.
fn cells(row: &str) -> usize {
    let inner = row.strip_prefix('|').unwrap_or(row);
    let inner = inner.strip_suffix('|').filter(|inner| !inner.ends_with('\\')).unwrap_or(inner);
    let escaped = inner.matches("\\|").count();
    inner.matches('|').count() + 1 - escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_between_pipes() {
        for (row, expected) in [("| a | b |", 2), ("a | b", 2), ("| a \\| b |", 1), ("| a \\|", 1), ("||", 1)]
        {
            assert_eq!(cells(row), expected, "{row}");
        }
        for (line, expected) in
            [("|---|:-:|", Some(2)), ("--- | ---", Some(2)), ("---", None), ("| a |", None)]
        {
            assert_eq!(columns(line), expected, "{line}");
        }
    }

    #[test]
    fn addresses_end_before_their_title() {
        for (written, expected) in
            [("a b.png \"A lamp\"", "a b.png"), ("a b.md", "a b.md"), ("a.md 'x'", "a.md")]
        {
            assert_eq!(without_title(written), expected);
        }
    }
}
