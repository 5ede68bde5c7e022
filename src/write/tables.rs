//! Tables.

use pulldown_cmark::Alignment;

use super::balance::ScopeKind;
use super::writer::Writer;
use crate::parse::attributes::table_caption;
use crate::parse::plain::{self, Purpose};
use crate::parse::tree::{Block, BlockKind, Inline, InlineKind, Row, Table};
use crate::text::{Diagnostic, DiagnosticCode, Span};
use crate::write::label::{Label, Numbered};
use crate::write::markup::Hole;

impl<'a> Writer<'_, '_> {
    /// Writes a table, with its caption if that is the next block; returns the blocks that are left.
    pub(super) fn table_with_caption<'b>(
        &mut self,
        table: &Table<'a>,
        span: Span,
        after: &'b [Block<'a>],
    ) -> &'b [Block<'a>] {
        self.begin_block(span);
        let caption = after.first().and_then(caption);
        self.table(table, caption.as_ref(), span);
        self.text.push('\n');
        if caption.is_some() { &after[1..] } else { after }
    }

    /// Writes a table.
    fn table(&mut self, table: &Table<'a>, caption: Option<&Caption<'a>>, span: Span) {
        self.line("<div class=\"table-scroll\">\n<table>");
        if let Some(caption) = caption {
            self.caption(caption, span);
        }
        self.begin_block(table.head.span);
        self.line("<thead>");
        self.row(&table.head, &table.alignments, "th");
        self.line("</thead>");

        if !table.rows.is_empty() {
            for (number, row) in table.rows.iter().enumerate() {
                self.begin_block(row.span);
                if number == 0 {
                    self.line("<tbody>");
                }
                self.row(row, &table.alignments, "td");
                self.extra_cells(row, table.alignments.len());
            }
            self.line("</tbody>");
        }
        self.line("</table>\n</div>");
    }

    fn caption(&mut self, caption: &Caption<'a>, span: Span) {
        self.tables += 1;
        let number = Numbered::Table(self.tables);

        self.page.html.push_str("<caption");
        if let Some(id) = &caption.id {
            self.anchor(id, span);
            self.page.id_attribute(" id=\"", id);
            let text = plain::text(&caption.text, Purpose::Reading);
            self.done.labels.push(Label { id: id.clone(), number, text });
        }
        self.page.html.push('>');
        self.page.hole(Hole::Number(number));
        self.scoped(ScopeKind::Container, |writer| writer.block_text(&caption.text));
        self.page.html.push_str("</caption>\n");
    }

    /// Writes a row of cells, which are elements of this name.
    fn row(&mut self, row: &Row<'a>, alignments: &[Alignment], element: &str) {
        self.line("<tr>");
        for (at, cell) in row.cells.iter().enumerate() {
            let class = match alignments.get(at) {
                Some(Alignment::Left) => r#" class="align-left""#,
                Some(Alignment::Center) => r#" class="align-center""#,
                Some(Alignment::Right) => r#" class="align-right""#,
                _ => "",
            };
            self.begin_block(cell.span);
            self.fresh_line();
            self.page.html.extend(["<", element, class, ">"]);
            self.is_in_cell = true;
            self.scoped(ScopeKind::Container, |writer| writer.block_text(&cell.text));
            self.is_in_cell = false;
            self.page.html.extend(["</", element, ">"]);
        }
        self.line("</tr>");
    }

    /// Warns of cells after the last column: readers do not see them.
    fn extra_cells(&mut self, row: &Row<'a>, columns: usize) {
        let end = row.cells.last().map_or(row.span.end, |cell| cell.span.end);
        let rest = self.source.text.get(end..row.span.end).unwrap_or_default();
        let cells = rest.trim_matches(|c: char| c.is_whitespace() || c == '|');
        let is_comment = cells.starts_with("<!--") && cells.ends_with("-->");
        if cells.is_empty() || is_comment {
            return;
        }
        let start = end + rest.find(cells).unwrap_or(0);
        let message = format!("this row has more cells than the table has columns: {columns}");
        let diagnostic = Diagnostic::new(DiagnosticCode::ExtraCell, message);
        let hint = "give the head a cell more, or write `\\|` where a line is meant";
        self.done.diagnostics.push(diagnostic.at(self.source, start..start + cells.len()).hint(hint));
    }
}

/// The caption of a table.
struct Caption<'a> {
    text: Vec<Inline<'a>>,
    id: Option<String>,
}

/// The caption that a block is, if it is one: a paragraph that begins with `Table:` or `: `, and can end with `{#id}`.
fn caption<'a>(block: &Block<'a>) -> Option<Caption<'a>> {
    let BlockKind::Paragraph(text) = &block.kind else { return None };
    let InlineKind::Text(first) = &text.first()?.kind else { return None };
    let rest = table_caption(first)?.to_owned();

    let mut text = text.to_vec();
    text[0].kind = InlineKind::Text(rest.into());
    let mut id = None;
    if let Some(InlineKind::Text(last)) = text.last().map(|inline| &inline.kind)
        && let Some((before, name)) =
            last.trim_end().strip_suffix('}').and_then(|last| last.rsplit_once("{#"))
        && !name.is_empty()
        && !name.contains(char::is_whitespace)
    {
        id = Some(name.to_owned());
        let before = before.trim_end().to_owned();
        text.last_mut()?.kind = InlineKind::Text(before.into());
    }
    Some(Caption { text, id })
}
