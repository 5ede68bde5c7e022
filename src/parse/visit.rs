//! Visits to all blocks, texts or inlines of a chapter's tree.

use super::tree::{Block, Children, ChildrenMut, Inline, Text};

/// Visits every block to change it, in the order of the text. What takes its place is not visited.
pub fn for_each_block_mut<'a>(blocks: &mut [Block<'a>], visit: &mut dyn FnMut(&mut Block<'a>)) {
    for block in blocks {
        visit(block);
        block.children_mut(&mut |children| {
            if let ChildrenMut::Blocks(blocks) = children {
                for_each_block_mut(blocks, visit);
            }
        });
    }
}

/// Visits every list of blocks to change it, inner ones first.
pub fn for_each_list<'a>(blocks: &mut Vec<Block<'a>>, visit: &mut dyn FnMut(&mut Vec<Block<'a>>)) {
    for block in blocks.iter_mut() {
        block.children_mut(&mut |children| {
            if let ChildrenMut::Blocks(blocks) = children {
                for_each_list(blocks, visit);
            }
        });
    }
    visit(blocks);
}

/// Visits the inline content of every block, in the order of the text.
pub fn for_each_text<'a>(blocks: &[Block<'a>], visit: &mut dyn FnMut(&[Inline<'a>])) {
    for block in blocks {
        block.children(&mut |children| match children {
            Children::Blocks(blocks) => for_each_text(blocks, visit),
            Children::Text(text) => visit(text),
        });
    }
}

/// Visits the inline content of every block to change it, in the order of the text.
pub fn for_each_text_mut<'a>(blocks: &mut [Block<'a>], visit: &mut dyn FnMut(&mut Text<'a>)) {
    for block in blocks {
        block.children_mut(&mut |children| match children {
            ChildrenMut::Blocks(blocks) => for_each_text_mut(blocks, visit),
            ChildrenMut::Text(text) => visit(text),
        });
    }
}

/// Visits every inline, outer ones first, in the order of the text.
pub fn for_each_inline<'a>(text: &[Inline<'a>], visit: &mut dyn FnMut(&Inline<'a>)) {
    for inline in text {
        visit(inline);
        if let Some(content) = inline.content() {
            for_each_inline(content, visit);
        }
    }
}

/// Visits every inline to change it, outer ones first.
pub fn for_each_inline_mut<'a>(text: &mut [Inline<'a>], visit: &mut dyn FnMut(&mut Inline<'a>)) {
    for inline in text {
        visit(inline);
        if let Some(content) = inline.content_mut() {
            for_each_inline_mut(content, visit);
        }
    }
}
