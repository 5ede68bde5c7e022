//! All grammars, each read when it is first needed.

use std::sync::OnceLock;

use syntect::parsing::SyntaxSet;

use super::rules::{ContextEntry, ContextId, Grammar, GrammarContext, Rule, RuleId};
use crate::highlight::class::ClassTable;

/// All grammars. Threads share them.
#[derive(Debug)]
pub struct GrammarLibrary {
    packed: &'static SyntaxSet,
    classes: ClassTable,
    grammars: Box<[OnceLock<Option<Grammar>>]>,
}

/// How deeply contexts may include each other.
const DEEPEST: usize = 100;

impl GrammarLibrary {
    /// Makes a library that has read no grammar yet.
    pub fn new(packed: &'static SyntaxSet, classes: ClassTable) -> Self {
        let grammars = packed.syntaxes().iter().map(|_| OnceLock::new()).collect();
        GrammarLibrary { packed, classes, grammars }
    }

    /// The grammars as syntect has them.
    pub fn packed(&self) -> &'static SyntaxSet {
        self.packed
    }

    /// The classes of scopes.
    pub fn classes(&self) -> &ClassTable {
        &self.classes
    }

    /// A grammar; `None` if there is none with this number, or if it cannot be read.
    pub fn grammar(&self, number: u16) -> Option<&Grammar> {
        let read = || Grammar::read(self.packed.syntaxes().get(usize::from(number))?, number, &self.classes);
        self.grammars.get(usize::from(number))?.get_or_init(read).as_ref()
    }

    /// A context.
    pub fn context(&self, id: ContextId) -> Option<&GrammarContext> {
        self.grammar(id.grammar)?.contexts.get(usize::from(id.context))
    }

    /// A rule.
    pub fn rule(&self, id: RuleId) -> Option<&Rule> {
        self.grammar(id.grammar)?.rules.get(id.rule as usize)
    }

    /// Adds the rules of a context and of those that it includes, in their order.
    pub fn collect_rules(&self, context: ContextId, rules: &mut Vec<RuleId>) -> Option<()> {
        self.collect(context, rules, 0)
    }

    fn collect(&self, context: ContextId, rules: &mut Vec<RuleId>, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        for entry in &self.context(context)?.entries {
            match entry {
                ContextEntry::Rule(rule) => rules.push(*rule),
                ContextEntry::Include(other) => self.collect(*other, rules, depth + 1)?,
            }
        }
        Some(())
    }
}
