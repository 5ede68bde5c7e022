//! Text that its author meant as a formula and that Markdown reads as text, so that readers would see LaTeX: an
//! unpaired `$$`, unbalanced braces.

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::CowStr;

use crate::parse::tree::{Block, Inline, InlineKind, MathStyle};
use crate::parse::visit::{for_each_inline, for_each_inline_mut, for_each_text, for_each_text_mut};
use crate::text::{Diagnostic, DiagnosticCode, Source, Span};

/// What is written for inlines that are no text.
const OTHER: u8 = b'x';

/// Takes formulas in a text that a digit follows (`$20 or US$30`) for the money that they are, as other programs do.
pub fn keep_money<'a>(blocks: &mut [Block<'a>], chapter: &'a str) {
    for_each_text_mut(blocks, &mut |text| {
        for_each_inline_mut(text, &mut |inline| {
            let Span { start, end } = inline.span;
            let is_formula = matches!(inline.kind, InlineKind::Math(_, MathStyle::Inline));
            if is_formula && chapter.as_bytes().get(end).is_some_and(u8::is_ascii_digit) {
                inline.kind = InlineKind::Text(CowStr::Borrowed(&chapter[start..end]));
            }
        });
    });
}

/// Warns of text that looks like a formula and is none.
pub fn warn(blocks: &[Block<'_>], source: &Arc<Source>, diagnostics: &mut Vec<Diagnostic>) {
    let mut is_open = false;
    for_each_text(blocks, &mut |text| {
        if !text.iter().any(has_dollar) {
            return;
        }

        let start = text.iter().map(|inline| start_of(inline, source)).min().unwrap_or_default();
        let end = text.iter().map(|inline| inline.span.end).max().unwrap_or_default();
        let seen = masked(text, start..end, source);

        let mut found = lines_of_dollars(&seen, &mut is_open);
        if found.is_empty() {
            found = commands(&seen);
        }

        diagnostics.extend(found.into_iter().map(|at| {
            Diagnostic::new(DiagnosticCode::InvalidMath, "this looks like a formula, and is text")
                .at(source, Span::new(start + at.start, start + at.end))
                .hint("a formula ends as it begins, before an empty line, and its braces are pairs; write `\\$` for a dollar")
        }));
    });
}

fn has_dollar(inline: &Inline<'_>) -> bool {
    match &inline.kind {
        InlineKind::Text(text) => text.contains('$'),
        _ => inline.content().is_some_and(|content| content.iter().any(has_dollar)),
    }
}

/// Where an inline begins, with the `\` that makes it text.
fn start_of(inline: &Inline<'_>, source: &Source) -> usize {
    let start = inline.span.start;
    start - usize::from(source.text.as_bytes()[..start].ends_with(b"\\"))
}

/// The bytes of a stretch of the chapter, with spaces for all that is not shown as text and [`OTHER`] for what is
/// shown as something else.
fn masked(text: &[Inline<'_>], at: Range<usize>, source: &Source) -> Vec<u8> {
    let bytes = &source.text.as_bytes()[at.clone()];
    let mut seen: Vec<u8> = bytes.iter().map(|byte| if *byte == b'\n' { b'\n' } else { b' ' }).collect();
    for_each_inline(text, &mut |inline| {
        let start = start_of(inline, source).saturating_sub(at.start);
        let end = inline.span.end - at.start;
        match &inline.kind {
            InlineKind::Text(_) => seen[start..end].copy_from_slice(&bytes[start..end]),
            InlineKind::SoftBreak | InlineKind::HardBreak => {}
            _ if inline.content().is_some() => {}
            _ => seen[start..end].fill(OTHER),
        }
    });
    seen
}

/// The `$$` that lines begin with. One that is alone on its line ends the one before it, also in another block.
fn lines_of_dollars(seen: &[u8], is_open: &mut bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in seen.split_inclusive(|byte| *byte == b'\n') {
        let text = line.trim_ascii();
        let at = start + line.len() - line.trim_ascii_start().len();
        start += line.len();
        if *is_open && text == b"$$" {
            *is_open = false;
        } else if let Some(rest) = text.strip_prefix(b"$$") {
            *is_open = !rest.windows(2).any(|pair| pair == b"$$");
            found.push(at..at + 2);
        }
    }
    found
}

/// Text between dollars that has LaTeX in it: it begins with a command, or has one with braces.
fn commands(seen: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut dollars = dollars(seen).into_iter().peekable();
    while let Some(open) = dollars.next() {
        let Some(close) = dollars.peek() else { break };
        if looks_like_latex(&seen[open.end..close.start]) {
            found.push(open.start..close.end);
            dollars.next();
        }
    }
    found
}

/// The runs of `$` without a `\` before them.
fn dollars(seen: &[u8]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < seen.len() {
        match (seen[at], found.last_mut()) {
            (b'\\', _) => at += 1,
            (b'$', Some(last)) if last.end == at => last.end += 1,
            (b'$', _) => found.push(at..at + 1),
            _ => {}
        }
        at += 1;
    }
    found
}

fn looks_like_latex(text: &[u8]) -> bool {
    let name = |command: &[u8]| command.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let begins = text.trim_ascii_start().strip_prefix(b"\\").is_some_and(|command| name(command) > 0);
    let has_braces = |command: &[u8]| name(command) > 0 && command.get(name(command)) == Some(&b'{');
    begins || text.split(|byte| *byte == b'\\').skip(1).any(has_braces)
}
