//! The tree that a browser makes of a page, as far as it matters for the page's frame: which elements are where, and
//! how much text is in them.
//!
//! [`PageTree`] is what html5ever's tree builder writes to. It counts the steps that the tree builder takes, because
//! some HTML, such as thousands of elements inside one another, needs a number of steps that grows with its square.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, ExpandedName, QualName, local_name, ns};

/// The number of the document among the nodes.
const DOCUMENT: usize = 0;

/// A tree while it is built.
pub(super) struct PageTree {
    nodes: RefCell<Vec<Node>>,
    /// How often the tree builder looked at or moved a node.
    steps: Cell<usize>,
}

/// A node: an element, a text, or a comment.
#[derive(Default)]
struct Node {
    parent: Option<usize>,
    children: Vec<usize>,
    /// The name of an element.
    name: String,
    /// The number of its attributes, or the length of a text.
    size: usize,
    /// Where the content of a `<template>` is.
    content: Option<usize>,
}

/// What the tree builder knows a node by.
#[derive(Clone)]
pub(super) struct Handle {
    number: usize,
    name: Rc<QualName>,
}

/// What is at a place of the tree: how deep it is, its name, and its size.
pub(super) type Shape = Vec<(usize, String, usize)>;

impl PageTree {
    /// A tree of a document alone.
    pub(super) fn new() -> Self {
        PageTree { nodes: RefCell::new(vec![Node::default()]), steps: Cell::new(0) }
    }

    /// How many steps were taken.
    pub(super) fn steps(&self) -> usize {
        self.steps.get()
    }

    /// The number of the node that was made last.
    pub(super) fn newest(&self) -> usize {
        self.nodes.borrow().len() - 1
    }

    /// The tree without the children of one node, but for its last child.
    pub(super) fn shape_around(&self, inside: usize) -> Shape {
        let nodes = self.nodes.borrow();
        let mut shape = Vec::new();
        let mut waiting = vec![(DOCUMENT, 0)];
        while let Some((number, depth)) = waiting.pop() {
            let node = &nodes[number];
            shape.push((depth, node.name.clone(), node.size));
            let shown = if number == inside { node.children.len().min(1) } else { node.children.len() };
            waiting.extend(node.children.iter().rev().take(shown).map(|child| (*child, depth + 1)));
        }
        shape
    }

    fn step(&self) {
        self.steps.set(self.steps.get() + 1);
    }

    fn add(&self, name: QualName, node: Node) -> Handle {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(node);
        Handle { number: nodes.len() - 1, name: Rc::new(name) }
    }

    /// Adds a node without a name.
    fn add_unnamed(&self, node: Node) -> Handle {
        self.add(QualName::new(None, ns!(), local_name!("")), node)
    }

    /// Puts a node or a text among the children of another, before the child at a place.
    fn insert(&self, parent: usize, at: usize, child: NodeOrText<Handle>) {
        self.step();
        match child {
            NodeOrText::AppendNode(node) => self.place(parent, at, node.number),
            NodeOrText::AppendText(text) => {
                let mut nodes = self.nodes.borrow_mut();
                let before = at.checked_sub(1).map(|before| nodes[parent].children[before]);
                let is_text = |node: &Node| node.name.is_empty() && node.size > 0;
                if let Some(before) = before.filter(|before| is_text(&nodes[*before])) {
                    nodes[before].size += text.len();
                    return;
                }
                drop(nodes);
                let text = self.add_unnamed(Node { size: text.len(), ..Node::default() });
                self.place(parent, at, text.number);
            }
        }
    }

    fn place(&self, parent: usize, at: usize, child: usize) {
        let mut nodes = self.nodes.borrow_mut();
        nodes[child].parent = Some(parent);
        nodes[parent].children.insert(at, child);
    }

    fn children(&self, of: usize) -> usize {
        self.nodes.borrow()[of].children.len()
    }

    /// The parent of a node, and its place there. Those that are looked for are mostly among the last.
    fn position(&self, number: usize) -> Option<(usize, usize)> {
        let nodes = self.nodes.borrow();
        let parent = nodes[number].parent?;
        let at = nodes[parent].children.iter().rposition(|child| {
            self.step();
            *child == number
        })?;
        Some((parent, at))
    }
}

impl TreeSink for PageTree {
    type Handle = Handle;
    type Output = Self;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_doctype_to_document(&self, _name: StrTendril, _public: StrTendril, _system: StrTendril) {}

    fn get_document(&self) -> Handle {
        Handle { number: DOCUMENT, name: Rc::new(QualName::new(None, ns!(), local_name!(""))) }
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        self.step();
        target.name.expanded()
    }

    fn same_node(&self, one: &Handle, other: &Handle) -> bool {
        self.step();
        one.number == other.number
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Handle {
        let content = flags.template.then(|| self.add_unnamed(Node::default()).number);
        let is_point = flags.mathml_annotation_xml_integration_point;
        let local = if is_point { "annotation-xml of HTML".to_owned() } else { name.local.to_string() };
        self.add(name, Node { name: local, size: attributes.len(), content, ..Node::default() })
    }

    fn create_comment(&self, _text: StrTendril) -> Handle {
        self.add_unnamed(Node::default())
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> Handle {
        self.add_unnamed(Node::default())
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.insert(parent.number, self.children(parent.number), child);
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        let has_parent = self.nodes.borrow()[element.number].parent.is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_before_sibling(&self, sibling: &Handle, node: NodeOrText<Handle>) {
        if let NodeOrText::AppendNode(node) = &node {
            self.remove_from_parent(node);
        }
        if let Some((parent, at)) = self.position(sibling.number) {
            self.insert(parent, at, node);
        }
    }

    fn get_template_contents(&self, target: &Handle) -> Handle {
        let content = self.nodes.borrow()[target.number].content.unwrap_or(target.number);
        Handle { number: content, name: Rc::clone(&target.name) }
    }

    fn add_attrs_if_missing(&self, target: &Handle, attributes: Vec<Attribute>) {
        self.nodes.borrow_mut()[target.number].size += attributes.len();
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.step();
        if let Some((parent, at)) = self.position(target.number) {
            let mut nodes = self.nodes.borrow_mut();
            nodes[parent].children.remove(at);
            nodes[target.number].parent = None;
        }
    }

    fn reparent_children(&self, from: &Handle, to: &Handle) {
        let mut nodes = self.nodes.borrow_mut();
        let children = std::mem::take(&mut nodes[from.number].children);
        for child in &children {
            self.step();
            nodes[*child].parent = Some(to.number);
        }
        nodes[to.number].children.extend(children);
    }

    fn is_mathml_annotation_xml_integration_point(&self, handle: &Handle) -> bool {
        self.nodes.borrow()[handle.number].name == "annotation-xml of HTML"
    }

    fn allow_declarative_shadow_roots(&self, _parent: &Handle) -> bool {
        false
    }
}
