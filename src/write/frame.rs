//! Whether HTML stays in its place on a page.
//!
//! [`is_kept`] has html5ever, whose tree builder is that of browsers, parse a page with the HTML in it, and compares
//! all that is around the HTML with a page without it. Nothing of the HTML may be outside of its element, nothing of
//! the page inside, and no element may go on after it.

use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{ParseOpts, Parser, parse_document};

use super::code_block::CodeBlock;
use super::markup::{Hole, Markup, SegmentKind};
use super::page_tree::{PageTree, Shape};

/// Where HTML is put on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PagePart {
    /// In a heading.
    Title,
    /// In `div.prose`.
    Text,
}

/// What is before a title. There is no text, after which a `<frameset>` would do nothing.
const BEFORE_TITLE: &str = "<!doctype html><html lang=\"en\"><head><title>x</title></head><body class=\"x\">\
    <div><main><article><div><h1>";

/// What is between it and the text.
const BEFORE_TEXT: &str = "</h1><div>";

/// What follows the HTML in its element, as definitions of terms do. It must be there, and the last.
const LAST: &str = "<span class=\"x\" id=\"y\" lang=\"z\">last</span>";

/// What is after the text: another chapter as on the page for print, then what is around the chapters, with one of each
/// kind of element that what is left open would change.
const AFTER_TEXT: &str = "</div></div><div><h2>x</h2><div><p>x <b>x</b><a href=\"x\">x</a></p><ul><li>x</li></ul>\
    <table><tbody><tr><td>x</td></tr></tbody></table><svg><path></path></svg></div></div></article>\
    <nav><a href=\"x\">x</a></nav></main><nav><button>x</button><ol><li>x</li></ol></nav></div>\
    <form><input><select><option>x</option></select></form><footer><p>x</p></footer></body></html>\n";

/// How many steps of the tree builder are always enough, and how many there can be for a byte. A chapter with five
/// hundred quotes inside one another needs twenty for a byte, others less than five.
const STEPS: usize = 1_000_000;
const STEPS_FOR_BYTE: usize = 50;
/// After how much HTML the steps are looked at, in bytes.
const PIECE: usize = 4 << 10;

/// Whether a page has all that is around the markup where its template puts it, in browsers with scripts and without.
pub(super) fn is_kept(markup: &Markup, place: PagePart) -> bool {
    let html = filled(markup);
    // Scripts matter for one element only.
    let has_noscript = html.to_ascii_lowercase().contains("noscript");
    [true, false].iter().take(1 + usize::from(has_noscript)).all(|has_scripts| {
        let expected = around("", place, *has_scripts);
        expected.is_some() && around(&html, place, *has_scripts) == expected
    })
}

/// What is around HTML on a page; none if finding it takes too long.
fn around(html: &str, place: PagePart, has_scripts: bool) -> Option<Shape> {
    let options = TreeBuilderOpts { scripting_enabled: has_scripts, ..TreeBuilderOpts::default() };
    let mut parser =
        parse_document(PageTree::new(), ParseOpts { tree_builder: options, ..ParseOpts::default() });

    parser.process(StrTendril::from(BEFORE_TITLE));
    if place == PagePart::Text {
        parser.process(StrTendril::from(BEFORE_TEXT));
    }
    let inside = parser.tokenizer.sink.sink.newest();

    let most = STEPS + STEPS_FOR_BYTE * html.len();
    let mut rest = html;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE));
        parser.process(StrTendril::from(piece));
        rest = after;
        if steps(&parser) > most {
            return None;
        }
    }

    parser.process(StrTendril::from(LAST));
    if place == PagePart::Title {
        parser.process(StrTendril::from(BEFORE_TEXT));
    }
    parser.process(StrTendril::from(AFTER_TEXT));
    Some(parser.finish().shape_around(inside))
}

fn steps(parser: &Parser<PageTree>) -> usize {
    parser.tokenizer.sink.sink.steps()
}

/// Markup as HTML, with something of the same kind in its holes.
fn filled(markup: &Markup) -> String {
    let mut html = String::with_capacity(markup.html.len() + markup.html.len() / 4);
    let mut holes = markup.holes.iter();
    let mut written = 0;
    for segment in markup.segments.iter().filter(|segment| segment.kind.is_hole()) {
        let start = segment.start as usize;
        html.push_str(&markup.html[written..start]);
        written = start;
        match segment.kind {
            SegmentKind::Href(_) => html.push_str(" href=\"x\""),
            SegmentKind::Hole => fill(&mut html, holes.next()),
            _ => html.push('x'),
        }
    }
    html.push_str(&markup.html[written..]);
    html
}

fn fill(html: &mut String, hole: Option<&Hole>) {
    match hole {
        Some(Hole::Code(block)) => code(html, block),
        Some(Hole::Math(formula)) => html.push_str(&formula.mathml),
        Some(Hole::Diagram(drawing)) => html.push_str(&drawing.svg),
        Some(Hole::Wording(_) | Hole::Number(_) | Hole::Reference(_)) | None => html.push('x'),
    }
}

/// The elements of a block of code. A link in it, or bold text, ends what was left open before it.
fn code(html: &mut String, block: &CodeBlock) {
    let title = block.title.as_ref().or(block.origin.file.as_ref());
    let has_head = block.id.is_some() || block.tab.is_some() || title.is_some() || block.session.is_some();
    let parts = [
        (has_head, "<figure>"),
        (block.tab.is_some(), "<b>x</b>"),
        (block.url.is_some() && title.is_some(), "<a href=\"x\">x</a>"),
        (block.session.is_some(), "<a href=\"x\">x</a>"),
        (block.fold, "<details><summary>x</summary>"),
        (true, "<pre><code>x"),
        (block.callouts.is_some(), "<a href=\"x\">x</a>"),
        (true, "</code></pre>"),
        (block.fold, "</details>"),
        (has_head, "</figure>"),
    ];
    html.extend(parts.iter().filter(|(is_there, _)| *is_there).map(|(_, part)| *part));
    html.push('\n');
}
