//! Names that MyST and Sphinx give to places, a line `(name)=` above a heading or a text: links there name them from any
//! file. Here they are text; what they name is kept, so that a link that leads to nothing can be told what was meant.

use super::foreign::construct::is_word;
use super::heading::ChapterTitle;
use super::tree::{Block, BlockKind};

/// A name, and what it is of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NamedPlace {
    /// The name.
    pub name: String,
    /// What comes after it.
    pub named: Named,
}

/// What a name is of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Named {
    /// The chapter: its title comes next.
    Title,
    /// A section, by the id of its heading.
    Section(String),
    /// A text, an image or a block of code.
    Text,
}

/// The name in a line that is nothing else: `(name)=`.
pub fn name_in(line: &str) -> Option<&str> {
    let name = line.trim_end().strip_prefix('(')?.strip_suffix(")=")?;
    (!name.is_empty() && name.split([':', '.', '/']).all(is_word)).then_some(name)
}

/// Names before their places are known: each with the start of the heading after it.
#[derive(Debug, Default)]
pub struct Names<'a>(Vec<(&'a str, Option<usize>)>);

impl<'a> Names<'a> {
    /// Finds the names in a chapter whose title is still among its blocks.
    pub fn find(blocks: &[Block<'_>], source: &'a str) -> Self {
        let mut names = Vec::new();
        for (at, block) in blocks.iter().enumerate() {
            let BlockKind::Paragraph(_) = block.kind else { continue };
            let text = source.get(block.span.start..block.span.end).unwrap_or_default();
            let found: Vec<&str> = text.lines().map_while(name_in).collect();
            if found.is_empty() {
                continue;
            }

            // Several can be of one heading.
            let is_alone = found.len() == text.lines().count();
            let next = blocks[at + 1..].iter().find(|next| !is_name(next, source));
            let heading = next.filter(|next| is_alone && matches!(next.kind, BlockKind::Heading(_)));
            names.extend(found.into_iter().map(|name| (name, heading.map(|heading| heading.span.start))));
        }
        Names(names)
    }

    /// What each is of, in a chapter whose headings have their ids.
    pub fn located(self, blocks: &[Block<'_>], title: &ChapterTitle<'_>) -> Vec<NamedPlace> {
        let section = |start: usize| {
            blocks.iter().find_map(|block| match &block.kind {
                BlockKind::Heading(heading) if block.span.start == start => heading.id.clone(),
                _ => None,
            })
        };
        let named = |heading: Option<usize>| match heading.map(section) {
            Some(Some(id)) if title.id.as_ref() != Some(&id) => Named::Section(id),
            Some(_) => Named::Title,
            None => Named::Text,
        };
        self.0
            .into_iter()
            .map(|(name, heading)| NamedPlace { name: name.to_owned(), named: named(heading) })
            .collect()
    }
}

/// Whether a block is nothing but names.
fn is_name(block: &Block<'_>, source: &str) -> bool {
    let text = source.get(block.span.start..block.span.end).unwrap_or_default();
    matches!(block.kind, BlockKind::Paragraph(_)) && text.lines().all(|line| name_in(line).is_some())
}
