//! What a page calls a listing, a table, a figure, a chapter or a section: by number where there are numbers, else by title.

use crate::render::inputs::{Frame, Reference};
use crate::text::html::escape;
use crate::write::label::Numbered;

/// The name of a listing, a table or a figure with its number, as `Listing 6.2`; `None` if nothing is numbered. `chapter` is the
/// number of its chapter.
pub fn numbered(number: Numbered, chapter: Option<&str>, frame: &Frame) -> Option<String> {
    frame.site.numbered?;
    let (word, nth) = match number {
        Numbered::Listing(nth) => ("listing", nth),
        Numbered::Table(nth) => ("table", nth),
        Numbered::Figure(nth) => ("figure", nth),
    };
    let number = chapter.map_or_else(|| nth.to_string(), |chapter| format!("{chapter}.{nth}"));
    Some(frame.theme.words.with("text", word, "number", &number))
}

/// The name of what a link leads to that has no text of its own, as HTML.
pub fn of_reference(Reference { chapter, referent }: &Reference, frame: &Frame) -> String {
    let name = match (referent.number, chapter) {
        (Some(number), _) => numbered(number, chapter.as_deref(), frame),
        (None, Some(chapter)) if !referent.is_section => {
            Some(frame.theme.words.with("text", "chapter", "number", chapter))
        }
        _ => None,
    };
    name.map_or_else(|| referent.title.clone(), |name| escape(&name))
}
