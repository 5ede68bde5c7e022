//! Tables.

use pulldown_cmark::{Alignment, Tag, TagEnd};

use super::Writer;
use crate::text::{Diagnostic, DiagnosticCode, Span};

/// Where in a table the next cell is.
#[derive(Default)]
pub(super) struct Cells {
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
    in_body: bool,
    /// Where the row stands.
    row: Span,
    /// Where its last cell so far ends.
    end: usize,
}

impl<'a> Writer<'a, '_> {
    /// Begins a table, or a part of one.
    pub(super) fn begin_table(&mut self, tag: &Tag<'a>, span: Span) {
        match tag {
            Tag::Table(alignments) => {
                self.cells = Cells { alignments: alignments.clone(), ..Cells::default() };
                self.line("<div class=\"table-scroll\">\n<table>");
            }
            Tag::TableHead => {
                self.cells.in_head = true;
                self.cells.column = 0;
                self.line("<thead>\n<tr>");
            }
            Tag::TableRow => {
                self.cells.column = 0;
                self.cells.row = span;
                if !self.cells.in_body {
                    self.cells.in_body = true;
                    self.line("<tbody>");
                }
                self.line("<tr>");
            }
            _ => {
                self.cells.end = span.end;
                let class = match self.cells.alignments.get(self.cells.column) {
                    Some(Alignment::Left) => r#" class="align-left""#,
                    Some(Alignment::Center) => r#" class="align-center""#,
                    Some(Alignment::Right) => r#" class="align-right""#,
                    _ => "",
                };
                self.begin(if self.cells.in_head { "<th" } else { "<td" });
                self.page.html.extend([class, ">"]);
            }
        }
    }

    /// Warns of cells behind the last column: nobody sees them.
    fn extra_cells(&mut self) {
        let Cells { end, row, .. } = self.cells;
        let rest = self.source.text.get(end..row.end).unwrap_or_default();
        let cells = rest.trim_matches(|c: char| c.is_whitespace() || c == '|');
        let is_comment = cells.starts_with("<!--") && cells.ends_with("-->");
        if !cells.is_empty() && !is_comment {
            let start = end + rest.find(cells).unwrap_or(0);
            let message = format!(
                "this row has more cells than the table has columns: {}",
                self.cells.alignments.len()
            );
            let fault = Diagnostic::new(DiagnosticCode::ExtraCell, message);
            let hint = "give the head a cell more, or write `\\|` where a line is meant";
            self.done.faults.push(fault.at(self.source, start..start + cells.len()).hint(hint));
        }
    }

    /// Ends a table, or a part of one.
    pub(super) fn end_table(&mut self, tag: &TagEnd) {
        match tag {
            TagEnd::Table => {
                if self.cells.in_body {
                    self.line("</tbody>");
                }
                self.line("</table>\n</div>");
            }
            TagEnd::TableHead => {
                self.cells.in_head = false;
                self.line("</tr>\n</thead>");
            }
            TagEnd::TableRow => {
                self.line("</tr>");
                self.extra_cells();
            }
            _ => {
                self.page.html.push_str(if self.cells.in_head { "</th>" } else { "</td>" });
                self.cells.column += 1;
            }
        }
    }
}
