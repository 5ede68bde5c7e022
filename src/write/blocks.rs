//! Blocks: each is written by a method of its own.

use pulldown_cmark::BlockQuoteKind;

use super::alerts::{self, Titled};
use super::balance::ScopeKind;
use super::bare::bare;
use super::steps;
use super::writer::Writer;
use crate::parse::heading::duplicate_id;
use crate::parse::plain::{self, Purpose};
use crate::parse::tree::{Block, BlockKind, Heading, Inline, InlineKind};
use crate::parse::visit::{for_each_inline, for_each_text};
use crate::text::html::escape;
use crate::text::{Diagnostic, DiagnosticCode, Span, url};
use crate::write::document::PageHeading;
use crate::write::markup::{SegmentKind, Wording};

/// What the ids begin with that pages have beside those of chapters: the template's, footnotes, definitions, and
/// chapters on the page for print.
const OWN_IDS: &[&str] = &["b:", "fn:", "fnref:", "d:", "p:"];

impl<'a> Writer<'_, '_> {
    /// Writes blocks.
    pub(super) fn blocks(&mut self, blocks: &[Block<'a>]) {
        let mut rest = blocks;
        while let Some((block, after)) = rest.split_first() {
            rest = match &block.kind {
                BlockKind::Code(_) => self.code(rest),
                BlockKind::Table(table) => self.table_with_caption(table, block.span, after),
                _ => {
                    self.block(block);
                    after
                }
            }
        }
    }

    fn block(&mut self, block: &Block<'a>) {
        match &block.kind {
            BlockKind::Tight(text) => return self.block_text(text),
            BlockKind::Rule => return self.line("<hr />"),
            BlockKind::Todo(section) => return self.todo_section(section),
            BlockKind::Note(questions) => return self.note(questions),
            BlockKind::Footnote(label, blocks) => return self.footnote(label, blocks, block.span),
            _ => self.begin_block(block.span),
        }
        match &block.kind {
            BlockKind::Paragraph(text) => self.paragraph(text, None),
            BlockKind::Heading(heading) => self.heading(heading, block.span, None),
            BlockKind::Quote(None, blocks) => match alerts::titled(blocks) {
                Some(alert) => self.titled_alert(&alert, blocks),
                None => self.quote(blocks, block.span),
            },
            BlockKind::Quote(Some(kind), blocks) => self.alert(*kind, blocks),
            BlockKind::Html(lines) => self.html_block(lines, block.span),
            BlockKind::List(list) => self.list(list, None),
            BlockKind::Definitions(parts) => self.definitions(parts),
            // Code and tables are written with their neighbours; the rest has no place of its own.
            _ => {}
        }
        self.text.push('\n');
    }

    /// Notes that a block begins here.
    pub(super) fn begin_block(&mut self, span: Span) {
        self.text.push('\n');
        self.page.block(span.start);
    }

    /// Writes a paragraph; one that is the title of a TODO section tells how much of that is done.
    fn paragraph(&mut self, text: &[Inline<'a>], section: Option<Option<Wording>>) {
        if section.is_none() && self.figure(text) {
            return;
        }
        self.begin(if section.is_some() { r#"<p class="todo-title">"# } else { "<p>" });
        self.block_text(text);
        self.todo_progress(section);
        self.page.html.push_str("</p>\n");
    }

    /// Writes a heading, which can be the title of a TODO section too.
    fn heading(&mut self, heading: &Heading<'a>, span: Span, section: Option<Option<Wording>>) {
        let id = heading.id.as_deref().unwrap_or_default();
        self.done.headings.push(PageHeading {
            level: heading.level,
            id: id.to_owned(),
            html: bare(&heading.text),
        });

        self.fresh_line();
        let own = section.as_ref().map(|_| "todo-title");
        let step = (own.is_none() && self.is_step(heading)).then_some("step");
        let page = &mut self.page;
        page.html.push_str("<h");
        page.segment(SegmentKind::Level);
        page.html.push_str(digit(heading.level));
        page.id_attribute(" id=\"", id);
        let classes: Vec<&str> = own.into_iter().chain(step).chain(heading.classes.iter().copied()).collect();
        if !classes.is_empty() {
            page.attribute("class", &classes.join(" "));
        }
        for (name, value) in &heading.attributes {
            page.attribute(&escape(name), value);
        }
        // The sign that readers click is the stylesheet's, so that it is in no heading's text. It ends a link of raw HTML
        // that is still open, so it is on the page for print, too.
        page.id_attribute(r##"><a class="anchor" href="#"##, &url::encode_authored(id));
        page.html.push_str(r#" aria-hidden="true" tabindex="-1"></a>"#);

        self.anchor(id, span);
        for old in &heading.old_ids {
            let is_new = !self.done.anchors.contains(*old);
            self.anchor(old, span);
            if is_new {
                self.old_id(old);
            }
        }
        self.unlinked_text(&heading.text);
        self.todo_progress(section);
        self.page.html.push_str("</h");
        self.page.segment(SegmentKind::Level);
        self.page.html.extend([digit(heading.level), ">\n"]);
    }

    /// Whether a reader can tick off the section of a heading: it is called a step, or all sections of the chapter are.
    fn is_step(&self, heading: &Heading<'a>) -> bool {
        heading.level == 2 && self.steps || steps::is_step(&plain::text(&heading.text, Purpose::Reading))
    }

    pub(super) fn anchor(&mut self, id: &str, span: Span) {
        if !self.done.anchors.insert(id.to_owned()) {
            self.done.diagnostics.push(duplicate_id(id, self.source, span));
        } else if OWN_IDS.iter().any(|prefix| id.starts_with(prefix)) {
            let diagnostic = Diagnostic::new(
                DiagnosticCode::DuplicateId,
                format!("the page itself may have the id `{id}`"),
            );
            self.done
                .diagnostics
                .push(diagnostic.at(self.source, span).hint("give this one another, without a colon"));
        }
    }

    fn quote(&mut self, blocks: &[Block<'a>], span: Span) {
        self.unknown_alert(span);
        self.line("<blockquote>");
        self.scoped(ScopeKind::Container, |writer| writer.blocks(blocks));
        self.line("</blockquote>");
    }

    fn alert(&mut self, kind: BlockQuoteKind, blocks: &[Block<'a>]) {
        let title = alerts::bold_title(blocks);
        self.open_alert(kind, title);
        let text = if title.is_some() { &blocks[1..] } else { blocks };
        self.scoped(ScopeKind::Container, |writer| writer.blocks(text));
        self.line("</div>");
    }

    /// Writes an alert whose title begins the first of these blocks.
    fn titled_alert(&mut self, alert: &Titled<'a>, blocks: &[Block<'a>]) {
        self.open_alert(alert.kind, Some(&alert.title));
        self.scoped(ScopeKind::Container, |writer| {
            if !alert.opening.is_empty() {
                writer.paragraph(&alert.opening, None);
            }
            writer.blocks(&blocks[1..]);
        });
        self.line("</div>");
    }

    /// Opens an alert with its title: the author's, after the name of its kind for those who do not see its sign, else
    /// that name.
    fn open_alert(&mut self, kind: BlockQuoteKind, title: Option<&[Inline<'a>]>) {
        let name = alerts::name(kind);
        self.line(&format!(r#"<div class="alert alert-{name}" role="note">"#));

        let Some(title) = title else {
            return self.page.wording(r#"<p class="alert-title">"#, Wording::Named(name), "</p>\n");
        };
        let before = r#"<p class="alert-title"><span class="visually-hidden">"#;
        self.page.wording(before, Wording::Named(name), ":</span> <span>");
        self.block_text(title);
        self.page.html.push_str("</span></p>\n");
    }

    /// Writes a TODO section. Tasks of sections inside are counted too.
    fn todo_section(&mut self, section: &[Block<'a>]) {
        let (mut done, mut total) = (0, 0);
        for_each_text(section, &mut |text| {
            for_each_inline(text, &mut |inline| {
                if let InlineKind::TaskMarker(is_done) = inline.kind {
                    done += usize::from(is_done);
                    total += 1;
                }
            });
        });
        let progress = (total > 0).then_some(Wording::Progress { done, total });

        self.line(r#"<div class="todo">"#);
        let Some((title, tasks)) = section.split_first() else { return };
        self.begin_block(title.span);
        match &title.kind {
            BlockKind::Heading(heading) => self.heading(heading, title.span, Some(progress)),
            BlockKind::Paragraph(text) => self.paragraph(text, Some(progress)),
            _ => {}
        }
        self.text.push('\n');
        self.aside(tasks);
        self.line("</div>");
    }

    fn todo_progress(&mut self, section: Option<Option<Wording>>) {
        if let Some(progress) = section.flatten() {
            self.page.wording(r#" <span class="todo-progress">"#, progress, "</span>");
        }
    }

    fn note(&mut self, questions: &[Block<'a>]) {
        self.fresh_line();
        let start = r#"<div class="author-note" role="note" aria-label=""#;
        self.page.wording(start, Wording::Named("author_note"), "\">\n");
        self.aside(questions);
        self.line("</div>");
    }

    /// Writes what is in a TODO list or a note.
    fn aside(&mut self, blocks: &[Block<'a>]) {
        self.asides += 1;
        self.scoped(ScopeKind::Container, |writer| writer.blocks(blocks));
        self.asides -= 1;
    }

    /// Warns of a quote whose author meant an alert.
    fn unknown_alert(&mut self, span: Span) {
        let text = self.source.text.get(span.start..span.end).unwrap_or_default();
        let line = text.lines().next().unwrap_or_default();

        // Only the outermost quote: one inside of it is looked at itself.
        let inside = line.strip_prefix('>').unwrap_or(line).trim_start_matches(' ');
        let begin = line.len() - inside.len();
        let Some((kind, rest)) = line[begin..].strip_prefix("[!").and_then(|line| line.split_once(']'))
        else {
            return;
        };

        let Some((message, hint)) = alerts::unknown(kind, rest) else { return };
        let start = span.start + begin;
        let diagnostic = Diagnostic::new(DiagnosticCode::UnknownAlert, message)
            .at(self.source, start..start + kind.len() + 3);
        self.done.diagnostics.push(diagnostic.hint(hint));
    }
}

/// The level of a heading, as it is in its tags.
pub(super) fn digit(level: u8) -> &'static str {
    match level {
        1 => "1",
        2 => "2",
        3 => "3",
        4 => "4",
        5 => "5",
        _ => "6",
    }
}
