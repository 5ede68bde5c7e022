//! What all code blocks have in common: the elements around them, and what they are written with.

use std::borrow::Cow;
use std::cell::Cell;
use std::sync::Arc;

use bindery_highlight::ColouredSpan;

use super::head::{CheckedMark, Machines, Stuck};
use super::highlight::Highlighter;
use crate::parse::language::Language;
use crate::read::config_values::OutputSetting;
use crate::render::theme::words::InterfaceWords;
use crate::text::html::escape_into;
use crate::write::callouts::Callouts;
use crate::write::code_block::CodeBlock;

/// What code is written with.
pub struct CodeContext<'l> {
    /// What colours it, if it is to be coloured.
    pub highlighter: Option<&'l Highlighter>,
    /// Becomes true if a grammar cannot read it.
    pub has_failed: &'l Cell<bool>,
    /// The words of the interface.
    pub words: &'l InterfaceWords,
    /// Whether what commands print is folded.
    pub output: OutputSetting,
    /// The machines of the book.
    pub machines: Machines<'l>,
    /// The section for readers whose commands do something else.
    pub stuck: Option<Stuck<'l>>,
    /// The name of the block with its number, as `Listing 6.2`, if there are numbers.
    pub listing: Option<String>,
    /// What all ids of the page begin with, to which callouts lead.
    pub id_prefix: &'l str,
    /// The systems on which it was checked, and what is said of that.
    pub checked: Option<(&'l str, &'l CheckedMark)>,
}

/// The callouts of a block, and what the ids of their explanations begin with on this page.
#[derive(Clone, Copy)]
pub struct CalloutLinks<'t> {
    /// The callouts.
    pub callouts: Callouts,
    /// What the ids begin with.
    pub id_prefix: &'t str,
}

impl<'l> CodeContext<'l> {
    /// The callouts of a block, and where they lead.
    pub fn callouts(&self, block: &CodeBlock) -> Option<CalloutLinks<'l>> {
        block.callouts.map(|callouts| CalloutLinks { callouts, id_prefix: self.id_prefix })
    }

    /// The spans of a text in a language, which are made only if it is coloured; else there are none.
    pub fn spans<'t>(&self, code: impl FnOnce() -> (Option<Language>, Cow<'t, str>)) -> Arc<[ColouredSpan]> {
        let spans = |highlighter: &Highlighter| {
            let (language, text) = code();
            let highlighted = highlighter.highlight(language, &text);
            self.has_failed.set(self.has_failed.get() || highlighted.has_failed);
            highlighted.spans
        };
        self.highlighter.map(spans).unwrap_or_default()
    }
}

/// Opens a block with those of its classes whose condition is true.
pub fn open(out: &mut String, classes: &[(&str, bool)], language: &str) {
    out.push_str("<pre");
    let mut classes = classes.iter().filter(|(_, on)| *on).map(|(name, _)| *name);
    if let Some(first) = classes.next() {
        out.extend([" class=\"", first]);
        classes.for_each(|name| out.extend([" ", name]));
        out.push('"');
    }
    out.push_str("><code");
    if !language.is_empty() {
        out.push_str(" class=\"language-");
        escape_into(out, language);
        out.push('"');
    }
    out.push('>');
}

/// Opens an element with a class.
pub fn open_span(out: &mut String, class: &str) {
    out.extend(["<span class=\"", class, "\">"]);
}
