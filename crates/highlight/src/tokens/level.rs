//! The contexts that are open: for each, what opened it, and the rules that apply in it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use onig::Regex;

use crate::chain::ChainLink;
use crate::grammar::pattern::compile;
use crate::grammar::rules::{ContextId, Rule, RuleId};
use crate::groups::Groups;

/// The open contexts.
#[derive(Debug, Default)]
pub struct ContextStack {
    /// The contexts, outermost first.
    levels: Vec<Level>,
    /// For each rule of a prototype that has opened contexts: how many were open before. Prototypes of those do not
    /// apply further in.
    prototype_starts: Vec<usize>,
}

impl ContextStack {
    /// How many contexts are open.
    pub fn depth(&self) -> usize {
        self.levels.len()
    }

    /// The innermost context.
    pub fn innermost(&self) -> Option<&Level> {
        self.levels.last()
    }

    /// Opens a context.
    pub fn open(&mut self, context: ContextId, prototypes: Rc<[ContextId]>, captured: Option<Rc<Captured>>) {
        self.levels.push(Level { context, prototypes, captured, chain: Cell::new(None) });
    }

    /// Closes the innermost context.
    pub fn close(&mut self) -> Option<Level> {
        self.levels.pop()
    }

    /// Notes that the next context is opened by a rule of a prototype.
    pub fn open_from_prototype(&mut self) {
        self.prototype_starts.push(self.depth());
    }

    /// Forgets the notes about contexts that have been closed.
    pub fn forget_closed(&mut self) {
        while self.prototype_starts.last().is_some_and(|start| *start >= self.levels.len()) {
            self.prototype_starts.pop();
        }
    }

    /// The contexts whose prototypes apply.
    fn with_prototypes(&self) -> &[Level] {
        self.levels.get(self.prototype_starts.last().copied().unwrap_or(0)..).unwrap_or_default()
    }

    /// The contexts whose rules apply, in their order; `own` is the prototype of the innermost context's grammar.
    pub fn links(&self, own: Option<ContextId>, links: &mut Vec<ChainLink>) {
        for level in self.with_prototypes() {
            let has_captured = level.captured.is_some();
            let link = |context: &_| ChainLink { context: *context, is_set: true, has_captured };
            links.extend(level.prototypes.iter().map(link));
        }
        links.extend(own.map(|context| ChainLink { context, is_set: false, has_captured: false }));
        if let Some(Level { context, captured, .. }) = self.innermost() {
            links.push(ChainLink { context: *context, is_set: false, has_captured: captured.is_some() });
        }
    }

    /// What opened the context that is this link.
    pub fn captured_by(&self, link: usize) -> Option<&Captured> {
        let mut before = 0;
        for level in self.with_prototypes() {
            before += level.prototypes.len();
            if link < before {
                return level.captured.as_deref();
            }
        }
        // Nothing opened the grammar's own prototype, so what is left is the innermost context.
        self.innermost()?.captured.as_deref()
    }
}

/// An open context.
#[derive(Debug)]
pub struct Level {
    /// The context.
    pub context: ContextId,
    /// The contexts whose rules come first here and in all contexts further in.
    pub prototypes: Rc<[ContextId]>,
    /// What opened it, if patterns refer to that.
    pub captured: Option<Rc<Captured>>,
    /// The number of its chain, once it is known.
    pub chain: Cell<Option<usize>>,
}

/// The text that opened a context.
#[derive(Debug)]
pub struct Captured {
    groups: Groups,
    line: String,
    /// The patterns that have been asked for, with the text put in.
    patterns: RefCell<Vec<(RuleId, Option<Rc<Regex>>)>>,
}

impl Captured {
    /// Keeps what has matched in a line.
    pub fn new(groups: &Groups, line: &str) -> Self {
        Captured { groups: groups.clone(), line: line.to_owned(), patterns: RefCell::default() }
    }

    /// The pattern of a rule, with the text that it refers to put in.
    pub fn pattern(&self, id: RuleId, rule: &Rule) -> Option<Rc<Regex>> {
        if let Some((_, regex)) = self.patterns.borrow().iter().find(|(known, _)| *known == id) {
            return regex.clone();
        }
        let regex = compile(&self.put_into(rule.pattern.text())).map(Rc::new);
        self.patterns.borrow_mut().push((id, regex.clone()));
        regex
    }

    /// Puts groups in place of `\1` and the like.
    fn put_into(&self, pattern: &str) -> String {
        let mut out = String::with_capacity(pattern.len());
        let mut is_escaped = false;
        for c in pattern.chars() {
            match c.to_digit(10).filter(|_| is_escaped) {
                Some(group) => {
                    let text =
                        self.groups.get(group as usize).and_then(|(start, end)| self.line.get(start..end));
                    escape_into(&mut out, text.unwrap_or_default());
                }
                None if is_escaped => out.extend(['\\', c]),
                None if c != '\\' => out.push(c),
                None => {}
            }
            is_escaped = c == '\\' && !is_escaped;
        }
        if is_escaped {
            out.push('\\');
        }
        out
    }
}

/// Writes a text as a pattern that matches it.
fn escape_into(out: &mut String, text: &str) {
    for c in text.chars() {
        if "\\.+*?()|[]{}^$#&-~".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
}
