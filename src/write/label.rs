//! Labels: what can be named by a number, so that a link without a text of its own says which it is.
//!
//! Code blocks with a caption are listings, tables with a caption are tables, and images with one are figures. Each kind is
//! counted in its chapter.

/// A listing, a table or a figure with an id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Label {
    /// The id, unique in the page.
    pub id: String,
    /// Which of its kind it is in the chapter.
    pub number: Numbered,
    /// Its title or caption, as plain text.
    pub text: String,
}

/// Which of its kind something is in its chapter, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Numbered {
    /// A code block with a title.
    Listing(usize),
    /// A table with a caption.
    Table(usize),
    /// An image with a caption.
    Figure(usize),
}
