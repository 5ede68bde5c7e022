//! The numbers of chapters and parts, each with a type of its own.

use std::sync::Arc;

use crate::write::Document;

/// A chapter, by its number in the order of the files' paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChapterId(pub usize);

/// A part, by its number in the reader's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartId(pub usize);

/// The documents of a book with the ids of their chapters.
pub fn numbered<'d>(
    documents: &[&'d Arc<Document>],
) -> impl DoubleEndedIterator<Item = (ChapterId, &'d Arc<Document>)> {
    documents.iter().enumerate().map(|(number, document)| (ChapterId(number), *document))
}
