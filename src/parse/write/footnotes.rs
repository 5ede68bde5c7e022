//! Footnotes: written aside where they are defined, listed at the end in the order of their use.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::mem::take;

use super::Writer;
use crate::parse::document::{Segment, Wording};
use crate::parse::tree::Block;
use crate::text::{Diagnostic, DiagnosticCode, Span};

/// Footnotes: their texts, and the order in which they are first used.
#[derive(Default)]
pub(super) struct Footnotes {
    /// Label → number.
    pub(super) numbers: HashMap<String, usize>,
    /// By number: how often it is used.
    pub(super) uses: Vec<usize>,
    /// Label → the place in the chapter, and the text.
    pub(super) texts: HashMap<String, (usize, Vec<Segment>)>,
    /// Labels in the order of their definitions.
    pub(super) defined: Vec<String>,
}

impl Footnotes {
    pub(super) fn number(&mut self, label: &str) -> usize {
        if let Some(number) = self.numbers.get(label) {
            return *number;
        }
        self.uses.push(0);
        self.numbers.insert(label.to_owned(), self.uses.len());
        self.uses.len()
    }
}

impl<'a> Writer<'_, '_> {
    pub(super) fn footnote_reference(&mut self, label: &str) {
        let number = self.footnotes.number(label);
        self.footnotes.uses[number - 1] += 1;
        let id = back_id(number, self.footnotes.uses[number - 1]);
        self.page.html.push_str(&format!(
            r##"<sup class="footnote-ref"><a id="{id}" href="#fn:{number}">{number}</a></sup>"##
        ));
    }

    /// Writes a footnote aside, and keeps it for the end of the page; of two with one label, the first.
    pub(super) fn footnote(&mut self, label: &str, blocks: &[Block<'a>], span: Span) {
        let page = take(&mut self.page);
        self.text.push('\n');
        self.raw.enter();
        self.blocks(blocks);
        self.raw.leave();
        let (text, _) = std::mem::replace(&mut self.page, page).finish();

        match self.footnotes.texts.entry(label.to_owned()) {
            Entry::Vacant(place) => {
                self.footnotes.defined.push(label.to_owned());
                place.insert((span.start, text));
            }
            Entry::Occupied(_) => {
                let message = format!("the footnote `{label}` is defined already");
                let fault = Diagnostic::new(DiagnosticCode::DuplicateId, message).at(self.source, span);
                self.done.faults.push(fault.hint("the first definition counts; give this one another name"));
            }
        }
    }

    pub(super) fn write_footnotes(&mut self) {
        // Notes that nothing refers to stand at the end: no word of the author's is lost.
        for label in take(&mut self.footnotes.defined) {
            let number = self.footnotes.number(&label);
            if self.footnotes.uses[number - 1] == 0 {
                let place = self.footnotes.texts.get(&label).map_or(0, |(place, _)| *place);
                let fault = Diagnostic::new(
                    DiagnosticCode::UnusedFootnote,
                    format!("nothing refers to the footnote `{label}`"),
                );
                let span = Span::new(place, place + "[^]".len() + label.len());
                self.done.faults.push(fault.at(self.source, span).hint(format!("refer to it: `[^{label}]`")));
            }
        }
        let mut labels: Vec<(usize, String)> =
            self.footnotes.numbers.drain().map(|(label, number)| (number, label)).collect();
        labels.sort_unstable();
        if labels.is_empty() {
            return;
        }
        self.fresh_line();
        let start = r#"<div class="footnotes" role="doc-endnotes" aria-label=""#;
        self.page.word(start, Wording::Named("footnotes"), "\">\n<ol>\n");
        for (number, label) in labels {
            let (place, mut text) = self.footnotes.texts.remove(&label).unwrap_or_default();
            // Behind the last paragraph's text, if the note ends with one.
            let in_paragraph = match text.last_mut() {
                Some(Segment::Html(html)) if html.ends_with("</p>\n") => {
                    html.truncate(html.len() - "</p>\n".len());
                    true
                }
                _ => false,
            };
            self.page.block(place);
            self.line(&format!(r#"<li id="fn:{number}">"#));
            for segment in text {
                match segment {
                    Segment::Html(html) => self.page.html.push_str(&html),
                    other => self.page.hole(other),
                }
            }
            self.page.html.push_str(if in_paragraph { "" } else { "<p>" });
            for nth in 1..=self.footnotes.uses[number - 1] {
                let id = back_id(number, nth);
                let start = format!(r##" <a class="footnote-back" href="#{id}" aria-label=""##);
                self.page.word(&start, Wording::FootnoteBack { nth, number }, "\">↩</a>");
            }
            self.page.html.push_str("</p>\n</li>\n");
        }
        self.line("</ol>\n</div>");
    }
}

/// The id of the nth reference to a footnote. The colon keeps it apart from every heading's.
pub(super) fn back_id(number: usize, nth: usize) -> String {
    if nth == 1 { format!("fnref:{number}") } else { format!("fnref:{number}-{nth}") }
}

/// A footnote reference that the parser left as text, since nothing defines it: the label.
pub(super) fn missing_footnote<'t>(text: &'t str, span: Span, source: &str) -> Option<&'t str> {
    let before = source.get(..span.start)?;
    let rest = text.strip_prefix('^').filter(|_| before.ends_with('[') && !before.ends_with("\\["))?;
    let label = rest.split(']').next().unwrap_or(rest);
    let closed = source.get(span.start + 1 + label.len()..).is_some_and(|rest| rest.starts_with(']'));
    (closed && !label.is_empty() && !label.contains(char::is_whitespace)).then_some(label)
}
