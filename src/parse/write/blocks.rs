//! Blocks with something of their own: headings, alerts, TODO sections, code and its tabs.

use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, CowStr, Event, Tag, TagEnd};

use super::Writer;
use crate::parse::callouts::{self, Callouts};
use crate::parse::code::CodeBlock;
use crate::parse::document::{Segment, Wording};
use crate::parse::heading::duplicate_id;
use crate::parse::items::{Item, ItemKind};
use crate::text::html::{escape, escape_into};
use crate::text::{Diagnostic, DiagnosticCode, Span, nearest, url};

/// A code block whose text is being read.
pub(super) struct Block<'a> {
    pub(super) kind: CodeBlockKind<'a>,
    pub(super) text: String,
    pub(super) span: Span,
}

/// What the ids begin with that pages have beside those of chapters: the template's, footnotes, definitions, and chapters
/// on the page for print.
const OWN_IDS: &[&str] = &["b:", "fn:", "fnref:", "d:", "p:"];

/// The kinds of alerts, as GitHub has them.
const ALERTS: [&str; 5] = ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"];
/// What other tools call them.
const OTHER_ALERTS: &[(&str, &str)] = &[
    ("INFO", "NOTE"),
    ("HINT", "TIP"),
    ("SUCCESS", "TIP"),
    ("ATTENTION", "WARNING"),
    ("WARN", "WARNING"),
    ("DANGER", "CAUTION"),
    ("ERROR", "CAUTION"),
    ("BUG", "CAUTION"),
];

impl<'a> Writer<'a, '_> {
    pub(super) fn heading(
        &mut self,
        level: u8,
        id: Option<&str>,
        classes: &[CowStr<'a>],
        attributes: &[(CowStr<'a>, Option<CowStr<'a>>)],
        span: Span,
    ) {
        self.fresh_line();
        let id = id.unwrap_or_default();
        let page = &mut self.page;
        page.html.extend(["<h", digit(level)]);
        page.attribute("id", id);
        let own = self.todo_title.as_ref().map(|_| "todo-title");
        let classes: Vec<&str> = own.into_iter().chain(classes.iter().map(|class| &**class)).collect();
        if !classes.is_empty() {
            page.attribute("class", &classes.join(" "));
        }
        for (name, value) in attributes {
            page.attribute(&escape(name), value.as_deref().unwrap_or_default());
        }
        // The sign that readers click is the stylesheet's, so that it is in no heading's text.
        page.html.push_str(r##"><a class="anchor" href="#"##);
        escape_into(&mut page.html, &url::encode_authored(id));
        page.html.push_str(r#"" aria-hidden="true" tabindex="-1"></a>"#);
        self.anchor(id, span);
    }

    pub(super) fn anchor(&mut self, id: &str, span: Span) {
        if !self.done.anchors.insert(id.to_owned()) {
            self.done.faults.push(duplicate_id(id, self.source, span));
        } else if OWN_IDS.iter().any(|prefix| id.starts_with(prefix)) {
            let fault = Diagnostic::new(
                DiagnosticCode::DuplicateId,
                format!("the page itself may have the id `{id}`"),
            );
            self.done.faults.push(fault.at(self.source, span).hint("give this one another, without a colon"));
        }
    }

    pub(super) fn alert(&mut self, kind: BlockQuoteKind) {
        let name = match kind {
            BlockQuoteKind::Note => "note",
            BlockQuoteKind::Tip => "tip",
            BlockQuoteKind::Important => "important",
            BlockQuoteKind::Warning => "warning",
            BlockQuoteKind::Caution => "caution",
        };
        self.line(&format!(r#"<div class="alert alert-{name}" role="note">"#));
        self.page.word(r#"<p class="alert-title">"#, Wording::Named(name), "</p>\n");
    }

    /// Opens a TODO section with its progress. The title's paragraph or heading comes next.
    pub(super) fn todo_section(&mut self, after: &[Item<'a>]) {
        self.close_tabs();
        self.depth += 1;
        // Those of lists inside are counted too.
        let mut open = 1_usize;
        let inside = after.iter().take_while(|item| {
            match item.event {
                ItemKind::TodoStart => open += 1,
                ItemKind::TodoEnd => open -= 1,
                _ => {}
            }
            open > 0
        });
        let marks: Vec<bool> = inside
            .filter_map(|item| match item.markdown() {
                Some(Event::TaskListMarker(done)) => Some(*done),
                _ => None,
            })
            .collect();
        let done = marks.iter().filter(|done| **done).count();
        self.line(r#"<div class="todo">"#);
        self.todo_title = Some(match marks.len() {
            0 => None,
            total => Some(Wording::Progress { done, total }),
        });
    }

    pub(super) fn end_todo_title(&mut self) {
        if let Some(progress) = self.todo_title.take().flatten() {
            self.page.word(r#" <span class="todo-progress">"#, progress, "</span>");
        }
    }

    /// Warns of a quote whose author meant an alert.
    pub(super) fn unknown_alert(&mut self, span: Span) {
        let text = self.source.text.get(span.start..span.end).unwrap_or_default();
        let line = text.lines().next().unwrap_or_default();
        // A quote in this one tells of itself.
        let inside = line.strip_prefix('>').unwrap_or(line).trim_start_matches(' ');
        let begin = line.len() - inside.len();
        let Some((kind, rest)) = line[begin..].strip_prefix("[!").and_then(|line| line.split_once(']'))
        else {
            return;
        };
        let is_word = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
        let is_known = ALERTS.iter().any(|known| kind.eq_ignore_ascii_case(known));
        let (message, hint) = if !is_word || is_known && rest.trim().is_empty() {
            return;
        } else if is_known {
            let message = format!("an alert has nothing behind its `[!{kind}]`; this is a quote");
            (message, "write the text on the next line".to_owned())
        } else {
            let meant = OTHER_ALERTS
                .iter()
                .find(|(name, _)| kind.eq_ignore_ascii_case(name))
                .map(|(_, meant)| *meant);
            let hint = match meant.or_else(|| nearest(kind, ALERTS)) {
                Some(meant) => format!("did you mean `[!{meant}]`?"),
                None => format!("there are: `[!{}]`", ALERTS.join("]`, `[!")),
            };
            (format!("`[!{kind}]` begins no alert; this is a quote"), hint)
        };
        let start = span.start + begin;
        let fault = Diagnostic::new(DiagnosticCode::UnknownAlert, message)
            .at(self.source, start..start + kind.len() + 3);
        self.done.faults.push(fault.hint(hint));
    }

    /// Warns of a code block whose fence is never closed: what follows is taken for code.
    fn unclosed_fence(&mut self, span: Span) {
        let text = self.source.text.get(span.start..span.end).unwrap_or_default();
        let sign = if text.starts_with('~') { '~' } else { '`' };
        let fence = text.len() - text.trim_start_matches(sign).len();
        let last = text.trim_end().rsplit('\n').next().unwrap_or_default();
        let last = last.trim_start_matches([' ', '\t', '>']).trim_end_matches(['\r', ' ', '\t']);
        let is_closed =
            text.trim_end().contains('\n') && last.len() >= fence && last.chars().all(|c| c == sign);
        if !is_closed {
            let fault =
                Diagnostic::new(DiagnosticCode::UnclosedFence, "this code block has no closing fence");
            let hint = format!("end it with a line of `{}`, indented like the first", &text[..fence]);
            self.done.faults.push(fault.at(self.source, span.start..span.start + fence).hint(hint));
        }
    }

    pub(super) fn code_block(&mut self, after: &[Item<'a>]) {
        let Some(block) = self.block.take() else { return };
        if matches!(block.kind, CodeBlockKind::Fenced(_)) {
            self.unclosed_fence(block.span);
        }
        let info = match &block.kind {
            CodeBlockKind::Fenced(info) => info,
            CodeBlockKind::Indented => &CowStr::Borrowed(""),
        };
        if self.diagram(info, &block.text, block.span) {
            return;
        }
        self.text.push_str(&block.text);
        let mut code = CodeBlock::fenced(
            info,
            block.text,
            (self.source, block.span),
            self.options,
            &mut self.done.faults,
        );
        code.callouts = self.callouts(&code.text, code.tab.is_some(), after);
        self.compare_copy(&mut code, block.span);
        self.fresh_line();
        match (&code.tab, self.in_tabs) {
            (Some(_), false) => {
                self.line(r#"<div class="tabs">"#);
                self.in_tabs = true;
            }
            (None, true) => self.close_tabs(),
            _ => {}
        }
        self.page.hole(Segment::Code(Box::new(code)));
    }

    /// The callouts of a block, if the list that explains them comes next, or behind its neighbours where it is a
    /// tab.
    fn callouts(&mut self, code: &str, is_tab: bool, after: &[Item<'a>]) -> Option<Callouts> {
        let is_list = |items: &[Item<'_>]| {
            matches!(items.first().and_then(Item::markdown), Some(Event::Start(Tag::List(Some(1)))))
        };
        if !is_tab && !is_list(after) {
            return None;
        }
        let count = callouts::count(code);
        if count == 0 {
            return None;
        }
        let mut rest = after;
        while let Some(Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info)))) = rest.first()?.markdown()
            && is_tab
            && info.contains("tab=")
        {
            let end = |item: &Item<'_>| item.markdown() == Some(&Event::End(TagEnd::CodeBlock));
            rest = &rest[rest.iter().position(end)? + 1..];
        }
        if !is_list(rest) {
            return None;
        }
        // The tabs before it have the same list.
        let before = self.explaining.filter(|_| is_tab && self.in_tabs);
        self.explained += usize::from(before.is_none());
        let count = count.max(before.map_or(0, |(callouts, ..)| callouts.count));
        let callouts = Callouts { block: self.explained, count };
        self.explaining = Some((callouts, self.depth + 1, 0));
        Some(callouts)
    }

    /// The id of the item that begins now, if it explains a callout.
    pub(super) fn explanation(&mut self) -> Option<String> {
        let (callouts, depth, items) = self.explaining.as_mut()?;
        if self.depth != *depth + 1 {
            return None;
        }
        *items += 1;
        (*items <= callouts.count).then(|| callouts.id(*items))
    }

    pub(super) fn close_tabs(&mut self) {
        self.close_tabs_unless(false);
    }

    pub(super) fn close_tabs_unless(&mut self, goes_on: bool) {
        if self.in_tabs && !goes_on {
            self.in_tabs = false;
            self.line("</div>");
        }
    }
}

/// The level of a heading, as it stands in its tags.
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
