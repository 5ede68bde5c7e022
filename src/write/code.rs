//! Code blocks: their tabs and callouts, and whether their fences are closed.

use super::writer::Writer;
use crate::parse::info::Info;
use crate::parse::tree::{Block, BlockKind, Code};
use crate::text::{Diagnostic, DiagnosticCode, Span};
use crate::write::callouts::{self, Callouts};
use crate::write::code_block::{CodeBlock, locate};
use crate::write::label::{Label, Numbered};
use crate::write::markup::Hole;
use crate::write::step_chain::{code_first, followed_tab};

/// How many problems of one info string are reported.
const MOST_REPORTS: usize = 20;

impl<'a> Writer<'_, '_> {
    /// Writes the code block that comes first, its neighbours in tabs beside it, and the list after them if that
    /// explains their callouts. Returns the blocks that are left.
    pub(super) fn code<'b>(&mut self, blocks: &'b [Block<'a>]) -> &'b [Block<'a>] {
        let tabs = blocks.iter().take_while(|block| tab(block).is_some()).count();
        let (run, after) = blocks.split_at(tabs.max(1));
        let list = match after.first().map(|block| &block.kind) {
            Some(BlockKind::List(list)) if list.first == Some(1) => Some(list),
            _ => None,
        };

        let names: Vec<&str> = run.iter().filter_map(tab).collect();
        let followed = followed_tab(&names, &self.options.tabs);
        let mut explained = None;
        for (number, block) in run.iter().enumerate() {
            let BlockKind::Code(code) = &block.kind else { continue };
            let next = code_first(&blocks[number + 1..]);
            self.begin_block(block.span);
            if tabs > 0 && number == 0 {
                self.line(r#"<div class="tabs">"#);
            }
            if list.is_some() {
                explained = self.callouts(&code.text.text, explained);
            }
            self.code_block(code, block.span, (list.and(explained), followed), next);
        }
        if tabs > 0 {
            self.line("</div>");
        }

        let (Some(list), Some(callouts)) = (list, explained) else { return after };
        self.begin_block(after[0].span);
        self.list(list, Some(callouts));
        self.text.push('\n');
        &after[1..]
    }

    /// Writes a code block, with its callouts, beside the tab that is followed and before other code.
    fn code_block(
        &mut self,
        code: &Code,
        span: Span,
        (callouts, followed): (Option<Callouts>, Option<&str>),
        next: Option<&Code>,
    ) {
        if code.info.is_some() {
            self.unclosed_fence(span);
        }
        let plain = Info::default();
        let info = code.info.as_ref().unwrap_or(&plain);
        let text = &code.text.text;
        if info.is_diagram() {
            return self.diagram(info, text, span);
        }
        self.text.push_str(text);

        let mut diagnostics = Vec::new();
        let mut block = CodeBlock::new(info, text, self.options, &mut diagnostics);
        // Each is looked for in the line; a line of thousands is no info string.
        for (option, diagnostic) in diagnostics.into_iter().take(MOST_REPORTS) {
            self.done.diagnostics.push(diagnostic.at(self.source, locate(&option, self.source, span)));
        }
        if block.caption().is_some() {
            self.listings += 1;
            block.listing = Some(self.listings);
        }
        if let Some(id) = &block.id {
            self.anchor(id, span);
            let label = |nth| Label {
                id: id.clone(),
                number: Numbered::Listing(nth),
                text: block.caption().unwrap_or_default().to_owned(),
            };
            self.done.labels.extend(block.listing.map(label));
        }
        block.callouts = callouts.filter(|_| callouts::count(&block.text) > 0);
        if self.may_be_step(span) && block.tab.as_deref() == followed {
            let steps = self.chain.block(info, &block, span, next);
            block.step = steps.as_ref().map(|steps| steps.digest);
            self.done.step_blocks.extend(steps);
        }
        self.compare_copy(&mut block, span);
        self.fresh_line();
        self.page.hole(Hole::Code(Box::new(block)));
    }

    /// The callouts of a block, which the list after it explains. The tabs before it have the same list.
    fn callouts(&mut self, code: &str, before: Option<Callouts>) -> Option<Callouts> {
        let count = callouts::count(code);
        if count == 0 {
            return before;
        }
        self.explained += usize::from(before.is_none());
        let count = count.max(before.map_or(0, |before| before.count));
        Some(Callouts { block: self.explained, count })
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
            let diagnostic =
                Diagnostic::new(DiagnosticCode::UnclosedFence, "this code block has no closing fence");
            let is_shorter = |line: &str| {
                let line = line.trim_matches([' ', '\t', '>', '\r']);
                (3..fence).contains(&line.len()) && line.chars().all(|c| c == sign)
            };
            let hint = match text.lines().skip(1).find(|line| is_shorter(line)) {
                Some(line) => format!(
                    "it begins with {fence} signs, and a line of only {} does not end it: write as many",
                    line.matches(sign).count()
                ),
                None => {
                    let signs = if sign == '~' { "tildes" } else { "backticks" };
                    format!("end it with a line of {fence} {signs}, indented like the first")
                }
            };
            self.done.diagnostics.push(diagnostic.at(self.source, span.start..span.start + fence).hint(hint));
        }
    }
}

/// The tab that a block is in, if it is code in a tab.
fn tab<'b>(block: &'b Block<'_>) -> Option<&'b str> {
    match &block.kind {
        BlockKind::Code(code) => code.info.as_ref()?.tab.as_deref(),
        _ => None,
    }
}
