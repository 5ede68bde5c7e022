//! Lists, and definition lists with the terms of a glossary.

use super::balance::ScopeKind;
use super::bare::push_bare;
use super::writer::Writer;
use crate::parse::plain::{self, Purpose};
use crate::parse::tree::{Block, Definition, Item, List, Term};
use crate::parse::visit::for_each_text;
use crate::write::callouts::Callouts;
use crate::write::document::Entry;

impl<'a> Writer<'_, '_> {
    /// Writes a list, which may explain the callouts of the code above it.
    pub(super) fn list(&mut self, list: &List<'a>, explains: Option<Callouts>) {
        let is_task_list = list.items.first().is_some_and(|item| item.task().is_some());
        self.begin(if list.first.is_some() { "<ol" } else { "<ul" });
        if let Some(first) = list.first.filter(|first| *first != 1) {
            self.page.attribute("start", &first.to_string());
        }
        if is_task_list {
            self.page.html.push_str(r#" class="task-list""#);
        } else if explains.is_some() {
            self.page.html.push_str(r#" class="callouts""#);
        }
        self.page.html.push_str(">\n");

        for (item, number) in list.items.iter().zip(1..) {
            let id = explains.filter(|callouts| number <= callouts.count).map(|callouts| callouts.id(number));
            self.item(item, id.as_deref());
        }
        self.line(if list.first.is_some() { "</ol>" } else { "</ul>" });
    }

    fn item(&mut self, item: &Item<'a>, id: Option<&str>) {
        self.begin_block(item.span);
        self.begin("<li");
        match (item.task(), id) {
            (Some(false), _) => self.page.html.push_str(r#" class="task""#),
            (Some(true), _) => self.page.html.push_str(r#" class="task done""#),
            (None, Some(id)) => self.page.id_attribute(" id=\"", id),
            (None, None) => {}
        }
        self.page.html.push('>');

        self.scoped(ScopeKind::Container, |writer| writer.blocks(&item.blocks));
        self.page.html.push_str("</li>\n");
    }

    /// Writes a definition list.
    pub(super) fn definitions(&mut self, parts: &[Definition<'a>]) {
        self.line("<dl>");
        for (at, part) in parts.iter().enumerate() {
            match part {
                Definition::Term(term) => self.term(term, &parts[at + 1..]),
                Definition::Meaning(blocks, span) => {
                    self.begin_block(*span);
                    self.begin("<dd>");
                    self.scoped(ScopeKind::Container, |writer| writer.blocks(blocks));
                    self.page.html.push_str("</dd>\n");
                }
            }
        }
        self.line("</dl>");
    }

    /// Writes a term; in a glossary, it is noted with what it means.
    fn term(&mut self, term: &Term<'a>, after: &[Definition<'a>]) {
        self.begin_block(term.span);
        match &term.id {
            None => self.begin("<dt>"),
            Some(id) => {
                self.fresh_line();
                self.page.id_attribute("<dt id=\"", id);
                self.page.html.push('>');
                self.anchor(id, term.span);

                // The meaning that follows is what readers see at uses of the term.
                let meaning = after.iter().find_map(|part| match part {
                    Definition::Meaning(blocks, _) => Some(bare_blocks(blocks)),
                    Definition::Term(_) => None,
                });
                self.done.entries.push(Entry {
                    term: plain::text(&term.text, Purpose::Name).trim().to_owned(),
                    id: id.clone(),
                    definition: meaning.unwrap_or_default(),
                    span: term.span,
                });
            }
        }
        self.unlinked_text(&term.text);
        self.page.html.push_str("</dt>\n");
    }
}

/// The text of blocks as bare HTML, without blocks of code.
fn bare_blocks(blocks: &[Block<'_>]) -> String {
    let mut html = String::new();
    for_each_text(blocks, &mut |text| {
        if !html.is_empty() {
            html.push(' ');
        }
        push_bare(&mut html, text);
    });
    html.trim().to_owned()
}
