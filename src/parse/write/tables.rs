//! Tables.

use pulldown_cmark::{Alignment, Tag, TagEnd};

use super::Writer;

/// Where in a table the next cell is.
#[derive(Default)]
pub(super) struct Cells {
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
    in_body: bool,
}

impl<'a> Writer<'a, '_> {
    /// Begins a table, or a part of one.
    pub(super) fn begin_table(&mut self, tag: &Tag<'a>) {
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
                if !self.cells.in_body {
                    self.cells.in_body = true;
                    self.line("<tbody>");
                }
                self.line("<tr>");
            }
            _ => {
                let class = match self.cells.alignments.get(self.cells.column) {
                    Some(Alignment::Left) => r#" class="align-left""#,
                    Some(Alignment::Center) => r#" class="align-center""#,
                    Some(Alignment::Right) => r#" class="align-right""#,
                    _ => "",
                };
                let name = if self.cells.in_head { "th" } else { "td" };
                self.begin(&format!("<{name}{class}>"));
            }
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
            TagEnd::TableRow => self.line("</tr>"),
            _ => {
                self.page.html.push_str(if self.cells.in_head { "</th>" } else { "</td>" });
                self.cells.column += 1;
            }
        }
    }
}
