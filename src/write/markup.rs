//! HTML that knows what is in it: [`Markup`], which later stages fill, link and move without reading it again.

use super::code_block::CodeBlock;
use super::diagram::Drawing;
use super::label::Numbered;
use super::math::Formula;

/// HTML and its segments, in the order of their places. What is in no segment is tags and white space.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Markup {
    /// The HTML, without what fills the holes.
    pub html: String,
    /// The segments.
    pub segments: Vec<Segment>,
    /// The holes, in the order of their segments.
    pub holes: Vec<Hole>,
}

/// A place of the HTML, and what is there. A chapter has hundreds, so they are small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Segment {
    /// The byte of the HTML that it begins at.
    pub start: u32,
    /// What it is.
    pub kind: SegmentKind,
}

/// What is at a place of the HTML. Numbers of bytes are lengths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SegmentKind {
    /// Text in which a term of the glossary may be linked.
    Prose(u32),
    /// Other text, as in headings, links and code.
    Text(u32),
    /// A term that the author marked.
    Term(u32),
    /// The level of a heading, in a start or end tag.
    Level,
    /// An id of this page begins here, where an element has it or where something refers to it.
    Id,
    /// An address in raw HTML that is left as it is written, though it may lead to a file of the book.
    Address(u32),
    /// When an image is loaded, the value of `loading`.
    Loading(u32),
    /// A hole for the URL of the link of this number, as an attribute's value.
    Url(u32),
    /// A hole for the `href` of the link of this number, if it leads anywhere.
    Href(u32),
    /// The next of the other [holes](Markup::holes).
    Hole,
}

/// A hole that is no URL: of no length, and filled when a page is rendered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Hole {
    /// A code block.
    Code(Box<CodeBlock>),
    /// A formula.
    Math(Box<Formula>),
    /// A diagram.
    Diagram(Box<Drawing>),
    /// Words of the interface.
    Wording(Wording),
    /// The number of a table.
    Number(Numbered),
    /// The text of the link of this number, which has none of its own.
    Reference(u32),
}

/// Words of the interface, which rendering says in the book's language.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Wording {
    /// The words of this name, in the group `text` of the theme's words.
    Named(&'static str),
    /// How much of a TODO list is done.
    Progress {
        /// The finished items.
        done: usize,
        /// All items.
        total: usize,
    },
    /// The label of the link from a footnote back to a reference to it.
    FootnoteBack {
        /// The number of the reference.
        nth: usize,
        /// The number of the footnote.
        number: usize,
    },
}

impl SegmentKind {
    /// Whether it is a hole: of no length, and filled when a page is rendered.
    pub fn is_hole(self) -> bool {
        matches!(self, SegmentKind::Url(_) | SegmentKind::Href(_) | SegmentKind::Hole)
    }
}

/// A place of HTML as it is kept in segments. A chapter of 4 GiB cannot be read.
pub fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
