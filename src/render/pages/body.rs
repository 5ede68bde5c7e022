//! Bodies: the segments of a document, one after another, their holes filled.

use crate::bind::terms::Use;
use crate::parse::document::BlockStart;
use crate::parse::{Document, Segment};
use crate::text::html::escape_into;

use crate::render::code::block;
use crate::render::code::highlight::Highlighter;
use crate::render::code::markup::CodeContext;
use crate::render::inputs::{ChapterJob, Frame};

use super::terms;

/// What fills the holes of a segment.
struct Holes<'h> {
    frame: &'h Frame,
    links: &'h [Option<String>],
    uses: &'h [Use],
}

/// Fills the holes of a document's title.
pub fn title(
    frame: &Frame,
    document: &Document,
    links: &[Option<String>],
    highlighter: &Highlighter,
) -> String {
    let mut title = String::new();
    let holes = Holes { frame, links, uses: &[] };
    document.title.html.iter().for_each(|segment| write_segment(&mut title, segment, &holes, highlighter));
    title
}

/// Fills the holes of a document.
pub fn body(
    frame: &Frame,
    document: &Document,
    (links, uses): (&[Option<String>], &[Use]),
    highlighter: &Highlighter,
) -> String {
    write(document, &Holes { frame, links, uses }, highlighter, |_| {})
}

/// The body of a chapter as it stands on its page, and where its blocks begin: pairs of a byte in the body and
/// a line of the file.
pub fn blocks(job: &ChapterJob, highlighter: &Highlighter) -> (String, Vec<(usize, usize)>) {
    let document = &job.document;
    let holes = Holes { frame: &job.frame, links: &job.links, uses: &job.terms };
    let mut starts = Vec::with_capacity(document.segments.len() + 1);
    let body = write(document, &holes, highlighter, |start| starts.push(start));
    let place = |block: &BlockStart| {
        let at = match document.segments.get(block.segment) {
            Some(Segment::Html(_)) => terms::moved(block.at, terms::within(&job.terms, block.segment)),
            _ => block.at,
        };
        (starts[block.segment] + at, document.source.position(block.source).line)
    };
    (body, document.blocks.iter().map(place).collect())
}

/// Writes a document's body, and tells where each segment begins in it, and where the last one ends.
fn write(
    document: &Document,
    holes: &Holes<'_>,
    highlighter: &Highlighter,
    mut begins: impl FnMut(usize),
) -> String {
    let mut body = String::with_capacity(document.source.text.len() * 2);
    for (number, segment) in document.segments.iter().enumerate() {
        begins(body.len());
        let holes = Holes { uses: terms::within(holes.uses, number), ..*holes };
        write_segment(&mut body, segment, &holes, highlighter);
    }
    begins(body.len());
    terms::write_definitions(&mut body, holes.uses);
    body
}

fn write_segment(body: &mut String, segment: &Segment, holes: &Holes<'_>, highlighter: &Highlighter) {
    let Holes { frame, links, uses } = holes;
    match segment {
        Segment::Html(html) | Segment::Term(html) => terms::write(body, html, uses),
        Segment::Url(number) => escape_into(body, links[*number].as_deref().unwrap_or_default()),
        Segment::Href(number) => {
            if let Some(url) = &links[*number] {
                body.push_str(" href=\"");
                escape_into(body, url);
                body.push('"');
            }
        }
        Segment::Code(code) => {
            let highlighter = frame.site.highlight.then_some(highlighter);
            block::write(body, code, CodeContext { highlighter, words: &frame.theme.words });
        }
        Segment::Math(formula) => body.push_str(&formula.mathml),
        Segment::Diagram(drawing) => body.push_str(&drawing.svg),
        Segment::Wording(wording) => escape_into(body, &frame.theme.words.wording(wording)),
    }
}
