//! Taking TODO lists and notes out of a chapter where the book hides them, with what they leave empty.

use foldhash::{HashMap, HashSet};

use super::options::Options;
use super::tree::{Block, BlockKind, Children, ChildrenMut, InlineKind};
use super::visit::{for_each_inline, for_each_list, for_each_text};
use crate::read::config_values::Visibility;
use crate::text::Span;

/// Takes what the options hide out of a chapter, and tells where that was. Items of lists, lists and quotes that held
/// nothing else go with it, and so do footnotes that nothing else refers to.
pub fn hide(blocks: &mut Vec<Block<'_>>, options: &Options) -> Vec<Span> {
    if options.todo == Visibility::Show && options.notes == Visibility::Show {
        return Vec::new();
    }
    let mut hider = Hider { options, places: Vec::new(), references: HashSet::default() };
    hider.blocks(blocks);
    let Hider { mut places, references, .. } = hider;
    if !references.is_empty() {
        hide_footnotes(blocks, references, &mut places);
    }
    places
}

/// Takes blocks out.
struct Hider<'o> {
    options: &'o Options,
    /// Where they were.
    places: Vec<Span>,
    /// The footnotes that they refer to.
    references: HashSet<String>,
}

impl Hider<'_> {
    fn blocks(&mut self, blocks: &mut Vec<Block<'_>>) {
        blocks.retain_mut(|block| {
            let is_hidden = match &block.kind {
                BlockKind::Todo(_) => self.options.todo == Visibility::Hide,
                BlockKind::Note(_) => self.options.notes == Visibility::Hide,
                _ => false,
            };
            if is_hidden {
                footnotes_in(std::slice::from_ref(block), &mut self.references);
                self.places.push(block.span);
                return false;
            }

            // What was emptied by hiding goes, too.
            let before = self.places.len();
            match &mut block.kind {
                BlockKind::List(list) => {
                    list.items.retain_mut(|item| {
                        let before = self.places.len();
                        self.blocks(&mut item.blocks);
                        !self.is_emptied(&item.blocks, before, item.span)
                    });
                    !self.is_emptied(&list.items, before, block.span)
                }
                BlockKind::Quote(_, inside) => {
                    self.blocks(inside);
                    !self.is_emptied(inside, before, block.span)
                }
                _ => {
                    block.children_mut(&mut |children| {
                        if let ChildrenMut::Blocks(blocks) = children {
                            self.blocks(blocks);
                        }
                    });
                    true
                }
            }
        });
    }

    /// Whether nothing is left of a container from which something was taken; then its place is that of all of it.
    fn is_emptied<T>(&mut self, left: &[T], places_before: usize, span: Span) -> bool {
        let is_emptied = left.is_empty() && self.places.len() > places_before;
        if is_emptied {
            self.places.truncate(places_before);
            self.places.push(span);
        }
        is_emptied
    }
}

/// Gathers the footnotes that blocks refer to.
fn footnotes_in(blocks: &[Block<'_>], labels: &mut HashSet<String>) {
    for_each_text(blocks, &mut |text| {
        for_each_inline(text, &mut |inline| {
            if let InlineKind::FootnoteReference(label) = &inline.kind {
                labels.insert(label.to_string());
            }
        });
    });
}

/// Takes out the footnotes that only what is hidden refers to, itself or through others.
fn hide_footnotes(blocks: &mut Vec<Block<'_>>, of_hidden: HashSet<String>, places: &mut Vec<Span>) {
    // What each footnote refers to, and what the rest of the text does.
    let mut of_footnotes: HashMap<String, HashSet<String>> = HashMap::default();
    let mut of_text = HashSet::default();
    references(blocks, None, &mut of_footnotes, &mut of_text);

    let reached = |from: HashSet<String>| {
        let mut left: Vec<String> = from.iter().cloned().collect();
        let mut reached = from;
        while let Some(label) = left.pop() {
            let next = of_footnotes.get(&label).into_iter().flatten();
            left.extend(next.filter(|next| reached.insert((*next).clone())).cloned());
        }
        reached
    };
    let (hidden, seen) = (reached(of_hidden), reached(of_text));

    for_each_list(blocks, &mut |blocks| {
        blocks.retain(|block| {
            let BlockKind::Footnote(label, _) = &block.kind else { return true };
            let is_hidden = hidden.contains(&**label) && !seen.contains(&**label);
            if is_hidden {
                places.push(block.span);
            }
            !is_hidden
        });
    });
}

/// Gathers which footnotes are referred to, by the footnote that the reference is in.
fn references(
    blocks: &[Block<'_>],
    footnote: Option<&str>,
    of_footnotes: &mut HashMap<String, HashSet<String>>,
    of_text: &mut HashSet<String>,
) {
    for block in blocks {
        let inside = match &block.kind {
            BlockKind::Footnote(label, _) => Some(&**label),
            _ => footnote,
        };
        block.children(&mut |children| match children {
            Children::Blocks(blocks) => references(blocks, inside, of_footnotes, of_text),
            Children::Text(text) => for_each_inline(text, &mut |inline| {
                let InlineKind::FootnoteReference(label) = &inline.kind else { return };
                let labels = match inside {
                    Some(footnote) => of_footnotes.entry(footnote.to_owned()).or_default(),
                    None => &mut *of_text,
                };
                labels.insert(label.to_string());
            }),
        });
    }
}
