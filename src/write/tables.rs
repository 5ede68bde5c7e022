//! Tables.

use pulldown_cmark::Alignment;

use super::balance::ScopeKind;
use super::writer::Writer;
use crate::parse::tree::{Row, Table};
use crate::text::{Diagnostic, DiagnosticCode};

impl<'a> Writer<'_, '_> {
    /// Writes a table.
    pub(super) fn table(&mut self, table: &Table<'a>) {
        self.line("<div class=\"table-scroll\">\n<table>");
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
            self.scoped(ScopeKind::Container, |writer| writer.block_text(&cell.text));
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
