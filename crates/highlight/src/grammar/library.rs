//! All grammars, each read when it is first needed.

use std::sync::OnceLock;

use syntect::parsing::SyntaxSet;

use super::pattern::PatternStore;
use super::rules::{ContextEntry, ContextId, Grammar, GrammarContext, Rule, RuleId};
use crate::class::ClassTable;
use crate::error::HighlightError;

/// All grammars. Threads share them.
#[derive(Debug)]
pub struct GrammarLibrary {
    packed: &'static SyntaxSet,
    classes: ClassTable,
    patterns: PatternStore,
    grammars: Box<[OnceLock<Option<Grammar>>]>,
}

/// How deeply contexts may include each other.
const DEEPEST: usize = 100;

impl GrammarLibrary {
    /// Makes a library that has read no grammar yet.
    pub fn new(packed: &'static SyntaxSet, classes: ClassTable) -> Self {
        let grammars = packed.syntaxes().iter().map(|_| OnceLock::new()).collect();
        GrammarLibrary { packed, classes, patterns: PatternStore::default(), grammars }
    }

    /// The grammars as syntect has them.
    pub fn packed(&self) -> &'static SyntaxSet {
        self.packed
    }

    /// The classes of scopes.
    pub fn classes(&self) -> &ClassTable {
        &self.classes
    }

    /// A grammar.
    ///
    /// # Errors
    /// If there is none with this number, or if it cannot be read. This is so with all that follows.
    pub fn grammar(&self, number: u16) -> Result<&Grammar, HighlightError> {
        let number = usize::from(number);
        let read = || {
            Grammar::read(self.packed.syntaxes().get(number)?, number as u16, &self.classes, &self.patterns)
        };
        let grammar = self.grammars.get(number).and_then(|grammar| grammar.get_or_init(read).as_ref());
        grammar.ok_or(HighlightError::BrokenGrammar)
    }

    /// A context.
    pub fn context(&self, id: ContextId) -> Result<&GrammarContext, HighlightError> {
        let context = self.grammar(id.grammar)?.contexts.get(usize::from(id.context));
        context.ok_or(HighlightError::BrokenGrammar)
    }

    /// A rule.
    pub fn rule(&self, id: RuleId) -> Result<&Rule, HighlightError> {
        self.grammar(id.grammar)?.rules.get(id.rule as usize).ok_or(HighlightError::BrokenGrammar)
    }

    /// The rules of a context and of those that it includes, in their order.
    pub fn rules(&self, context: ContextId) -> Result<Vec<RuleId>, HighlightError> {
        let mut rules = Vec::new();
        self.collect(context, &mut rules, 0)?;
        Ok(rules)
    }

    fn collect(
        &self,
        context: ContextId,
        rules: &mut Vec<RuleId>,
        depth: usize,
    ) -> Result<(), HighlightError> {
        if depth > DEEPEST {
            return Err(HighlightError::BrokenGrammar);
        }
        for entry in &self.context(context)?.entries {
            match entry {
                ContextEntry::Rule(rule) => rules.push(*rule),
                ContextEntry::Include(other) => self.collect(*other, rules, depth + 1)?,
            }
        }
        Ok(())
    }
}
