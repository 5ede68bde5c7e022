//! One page while it is written: its state, and how lines of HTML are begun and ended. The files beside this one
//! write the kinds of nodes.

use std::collections::HashMap;
use std::mem::take;
use std::ops::Range;
use std::sync::Arc;

use foldhash::HashSet;

use super::balance::{Balance, RawForm, ScopeKind};
use super::bare::bare;
use super::buffer::{Buffer, Linking};
use super::document::{BlockStart, Entry, Marked, PageHeading};
use super::excerpt::Stale;
use super::frame::{PagePart, is_kept};
use super::label::Label;
use super::link::Link;
use super::markup::Markup;
use super::math::Converter;
use super::measure::words;
use super::raw::RawHtml;
use super::recorder::Recorder;
use super::step_chain::{StepBlock, StepChain};
use crate::parse::exercises;
use crate::parse::heading::{ChapterTitle, TitleContent};
use crate::parse::tree::Block;
use crate::parse::{ChapterTree, Options};
use crate::text::html::escape;
use crate::text::{Diagnostic, DiagnosticCode, Digest, Source, Span};

/// The result of writing a chapter's text.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) title: Markup,
    pub(super) headings: Vec<PageHeading>,
    pub(super) text: Markup,
    pub(super) blocks: Vec<BlockStart>,
    pub(super) anchors: HashSet<String>,
    pub(super) links: Vec<Link>,
    pub(super) labels: Vec<Label>,
    pub(super) words: usize,
    pub(super) copies: usize,
    pub(super) stale: Vec<Stale>,
    pub(super) entries: Vec<Entry>,
    pub(super) marked: Vec<Marked>,
    pub(super) step_blocks: Vec<StepBlock>,
    pub(super) steps_end: Option<Digest>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// How its raw HTML must be written to leave the page around it as it is: as it was, if that is so.
    pub(super) needed: RawForms,
    /// The first raw HTML.
    pub(super) raw: Option<Span>,
    /// The first tag that had to be changed, and how.
    pub(super) first_edit: Option<(Span, &'static str)>,
}

/// How the raw HTML of a chapter is written, in its title and in its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RawForms {
    pub(super) title: RawForm,
    pub(super) text: RawForm,
}

impl Written {
    /// What to say of raw HTML that could not be written as it is. If it is known what is wrong with it, only that it
    /// is shown is news.
    pub(super) fn changed(&self, source: &Arc<Source>, known: &[Diagnostic]) -> Option<Diagnostic> {
        let RawForms { title, text } = self.needed;
        let (code, other) = (DiagnosticCode::UnclosedHtml, DiagnosticCode::UnopenedHtml);
        let is_known = known.iter().any(|diagnostic| diagnostic.code == code || diagnostic.code == other);
        let (place, what) = match (title, text) {
            (RawForm::Shown, _) | (_, RawForm::Shown) => (self.raw?, "it is shown as text"),
            (RawForm::Balanced, _) | (_, RawForm::Balanced) if !is_known => self.first_edit?,
            _ => return None,
        };
        let message = format!("the raw HTML of this chapter would change the page around it: {what}");
        let hint = "close each element where it is open, and leave out `<html>`, `<head>` and `<body>`";
        Some(Diagnostic::new(code, message).at(source, place).hint(hint))
    }
}

/// One page while it is written.
pub(super) struct Writer<'s, 'r> {
    pub(super) source: &'s Arc<Source>,
    pub(super) options: &'s Options,
    pub(super) recorder: &'s Recorder<'r>,
    pub(super) page: Buffer,
    pub(super) done: Written,
    pub(super) footnotes: Footnotes,
    pub(super) raw: RawHtml,
    /// The end tags of components that close nothing here.
    pub(super) components: Vec<(String, Span)>,
    /// How raw HTML is written, and in the title or the text that is written now.
    forms: RawForms,
    pub(super) form: RawForm,
    pub(super) balance: Balance,
    /// Whether there was raw HTML in it, and a tag that has too many attributes.
    pub(super) has_raw: bool,
    pub(super) has_huge_tag: bool,
    /// Whether all sections of the chapter are steps.
    pub(super) steps: bool,
    /// What readers read, plain.
    pub(super) text: String,
    /// Whether terms may be linked in the text that is written.
    pub(super) linking: Linking,
    /// Whether a link is open: an address in the text of a link is one to the parser.
    pub(super) is_in_link: bool,
    /// How many listings, tables and figures were numbered so far.
    pub(super) listings: usize,
    pub(super) tables: usize,
    pub(super) figures: usize,
    /// Whether the text is that of a cell.
    pub(super) is_in_cell: bool,
    /// How many blocks have callouts so far.
    pub(super) explained: usize,
    pub(super) math: Converter,
    pub(super) diagrams: usize,
    /// What the chapter says to do so far.
    pub(super) chain: StepChain<'s>,
    /// Where nothing is to be done either.
    pub(super) exercises: Vec<Range<usize>>,
    /// How many TODO lists and notes are open: nothing in them is to be done.
    pub(super) asides: usize,
}

impl<'s, 'r> Writer<'s, 'r> {
    pub(super) fn new(
        chapter: &ChapterTree<'s>,
        options: &'s Options,
        recorder: &'s Recorder<'r>,
        forms: RawForms,
    ) -> Self {
        let title = &chapter.title;
        let old_ids = title.old_ids.iter().map(|id| (*id).to_owned());
        let anchors = title.id.iter().cloned().chain(old_ids).collect();

        Writer {
            source: chapter.source,
            options,
            recorder,
            page: Buffer::default(),
            done: Written { anchors, ..Written::default() },
            footnotes: Footnotes::default(),
            raw: RawHtml::default(),
            components: Vec::new(),
            forms,
            form: forms.title,
            balance: Balance::default(),
            has_raw: false,
            has_huge_tag: false,
            steps: chapter.front.steps,
            text: String::with_capacity(chapter.source.text.len()),
            linking: Linking::Allowed,
            is_in_link: false,
            listings: 0,
            tables: 0,
            figures: 0,
            is_in_cell: false,
            explained: 0,
            math: Converter::new(),
            diagrams: 0,
            chain: StepChain::new(&chapter.front, options),
            exercises: exercises::find(&chapter.source.text),
            asides: 0,
        }
    }
}

impl<'a> Writer<'_, '_> {
    /// Writes the title. Only a heading that was taken out of the text has links.
    pub(super) fn title(&mut self, title: &ChapterTitle<'a>) {
        for old in &title.old_ids {
            self.old_id(old);
        }
        match &title.content {
            TitleContent::Lifted(text) if !text.is_empty() => {
                self.scoped(ScopeKind::Container, |writer| writer.inlines(text));
            }
            TitleContent::OfHeading(text) => self.page.html.push_str(&bare(text)),
            TitleContent::Lifted(_) | TitleContent::Plain => self.page.html.push_str(&escape(&title.text)),
        }
        self.done.title = take(&mut self.page).finish().0;
        self.done.needed.title = self.needed(&self.done.title, PagePart::Title);
    }

    /// Writes a place for an id that a heading had before.
    pub(super) fn old_id(&mut self, id: &str) {
        self.page.id_attribute("<span id=\"", id);
        self.page.html.push_str("></span>");
    }

    /// Writes the text of the chapter.
    pub(super) fn text(&mut self, blocks: &[Block<'a>]) {
        self.keep_first_edit();
        self.form = self.forms.text;
        self.balance = Balance::default();
        (self.has_raw, self.has_huge_tag) = (false, false);
        self.blocks(blocks);
    }

    /// Writes what raw HTML in it neither leaves nor is left open in.
    pub(super) fn scoped(&mut self, kind: ScopeKind, write: impl FnOnce(&mut Self)) {
        if kind == ScopeKind::Container {
            self.raw.enter();
        }
        self.balance.begin(kind);
        write(self);

        let closing = self.balance.end();
        self.close_raw(&closing);
        if kind == ScopeKind::Container {
            self.raw.leave();
        }
    }

    /// Writes the end tags that raw HTML lacks, if it is balanced.
    pub(super) fn close_raw(&mut self, closing: &str) {
        if self.form == RawForm::Balanced {
            self.page.html.push_str(closing);
        }
    }

    /// The form that raw HTML needs, after it was written in one.
    fn needed(&self, markup: &Markup, place: PagePart) -> RawForm {
        match self.form {
            form if !self.has_raw => form,
            _ if self.has_huge_tag => RawForm::Shown,
            RawForm::Authored if self.balance.is_needed() || !is_kept(markup, place) => RawForm::Balanced,
            RawForm::Balanced if !is_kept(markup, place) => RawForm::Shown,
            form => form,
        }
    }

    /// Keeps the first change to a tag, if changes are written.
    fn keep_first_edit(&mut self) {
        if self.form == RawForm::Balanced {
            self.done.first_edit = self.done.first_edit.or(self.balance.first_edit);
        }
    }

    /// Whether what is at this place can be to be done.
    pub(super) fn may_be_step(&self, span: Span) -> bool {
        self.asides == 0 && !exercises::has(&self.exercises, span.start)
    }

    /// Writes HTML on a line of its own.
    pub(super) fn line(&mut self, html: &str) {
        self.fresh_line();
        self.page.html.push_str(html);
        self.page.html.push('\n');
    }

    /// Writes HTML at the beginning of a line.
    pub(super) fn begin(&mut self, html: &str) {
        self.fresh_line();
        self.page.html.push_str(html);
    }

    pub(super) fn fresh_line(&mut self) {
        if !self.page.at_line_start() {
            self.page.html.push('\n');
        }
    }

    pub(super) fn finish(mut self) -> Written {
        self.end_raw_html();
        self.write_footnotes();
        self.keep_first_edit();
        (self.done.text, self.done.blocks) = take(&mut self.page).finish();
        self.done.needed.text = self.needed(&self.done.text, PagePart::Text);
        self.done.words = words(&self.text);
        self.done.steps_end = self.chain.end();
        self.done
    }
}

/// Footnotes: their texts, and the order in which they are first used.
#[derive(Default)]
pub(super) struct Footnotes {
    /// Label → number.
    pub(super) numbers: HashMap<String, usize>,
    /// By number: how often it is used.
    pub(super) uses: Vec<usize>,
    /// Label → the place in the chapter, and the text.
    pub(super) texts: HashMap<String, (usize, Markup)>,
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
