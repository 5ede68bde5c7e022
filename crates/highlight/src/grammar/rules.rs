//! Contexts and rules of a grammar.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use syntect::parsing::SyntaxReference;

use super::packed::{
    PackedClearAmount, PackedContext, PackedContextId, PackedMatch, PackedOperation, PackedPattern,
    PackedReference, unpack,
};
use super::pattern::{Pattern, PatternStore};
use crate::class::{Class, ClassTable};

/// A context of a grammar: the number of the grammar, and its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContextId {
    /// The number of the grammar.
    pub grammar: u16,
    /// The number of the context in it.
    pub context: u16,
}

/// A rule of a grammar: the number of the grammar, and its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RuleId {
    /// The number of the grammar.
    pub grammar: u16,
    /// The number of the rule in it.
    pub rule: u32,
}

impl ContextId {
    /// No context: a reference that leads nowhere.
    const NOWHERE: ContextId = ContextId { grammar: u16::MAX, context: u16::MAX };

    fn new(id: PackedContextId) -> ContextId {
        match (u16::try_from(id.grammar), u16::try_from(id.context)) {
            (Ok(grammar), Ok(context)) => ContextId { grammar, context },
            _ => ContextId::NOWHERE,
        }
    }

    fn referred_to(reference: &PackedReference) -> ContextId {
        match reference {
            PackedReference::Direct(id) => ContextId::new(*id),
            _ => ContextId::NOWHERE,
        }
    }
}

/// The classes of scopes, outermost first; `None` is the class of the scope around it.
pub type ScopeList = Box<[Option<Class>]>;

/// A grammar.
#[derive(Debug)]
pub struct Grammar {
    /// Where a text begins.
    pub start: Option<ContextId>,
    /// Its contexts.
    pub contexts: Box<[GrammarContext]>,
    /// The rules of all contexts.
    pub rules: Box<[Rule]>,
}

/// What can come at some place in a text.
#[derive(Debug)]
pub struct GrammarContext {
    /// Scopes of the context and of what opens and closes it.
    pub scopes: ScopeList,
    /// Scopes of the context alone.
    pub content_scopes: ScopeList,
    /// The scopes around it that do not apply: so many, or all.
    pub set_aside: Option<Option<usize>>,
    /// A context whose rules come before its own.
    pub prototype: Option<ContextId>,
    /// Whether a pattern refers to what opened the context.
    pub refers_back: bool,
    /// Rules, and contexts that are included.
    pub entries: Box<[ContextEntry]>,
}

/// An entry of a context.
#[derive(Clone, Copy, Debug)]
pub enum ContextEntry {
    /// A rule.
    Rule(RuleId),
    /// The rules of another context.
    Include(ContextId),
}

/// What to look for, and what to do where it is.
#[derive(Debug)]
pub struct Rule {
    /// What to look for.
    pub pattern: Arc<Pattern>,
    /// Whether the pattern refers to what opened the context.
    pub refers_back: bool,
    /// The scopes of what matches.
    pub scopes: ScopeList,
    /// The scopes of groups.
    pub group_scopes: Box<[(usize, ScopeList)]>,
    /// What happens to the contexts that are open.
    pub action: RuleAction,
    /// A context whose rules come first in all contexts that are opened.
    pub with_prototype: Option<ContextId>,
}

/// What a rule does to the contexts that are open.
#[derive(Debug)]
pub enum RuleAction {
    /// Nothing.
    Stay,
    /// Closes the innermost.
    Pop,
    /// Opens others.
    Push(Box<[ContextId]>),
    /// Opens others in place of the innermost.
    Set(Box<[ContextId]>),
}

impl Grammar {
    /// Reads a grammar with this number; `None` if it cannot be unpacked.
    pub fn read(
        packed: &SyntaxReference,
        number: u16,
        classes: &ClassTable,
        patterns: &PatternStore,
    ) -> Option<Grammar> {
        let packed = unpack(packed)?;
        let start = packed.names.iter().find(|(name, _)| name == "__start");
        let start = start.map(|(_, id)| ContextId::new(*id));
        let mut reader =
            GrammarReader { number, classes, patterns, known: HashMap::new(), rules: Vec::new() };
        let contexts = packed.contexts.into_iter().map(|context| reader.context(context)).collect();
        Some(Grammar { start, contexts, rules: reader.rules.into() })
    }
}

/// A grammar while it is read.
struct GrammarReader<'c> {
    number: u16,
    classes: &'c ClassTable,
    patterns: &'c PatternStore,
    known: HashMap<String, Option<Class>>,
    rules: Vec<Rule>,
}

impl GrammarReader<'_> {
    fn context(&mut self, packed: PackedContext) -> GrammarContext {
        GrammarContext {
            scopes: self.scopes(packed.meta_scope),
            content_scopes: self.scopes(packed.meta_content_scope),
            set_aside: packed.clear_scopes.map(|amount| match amount {
                PackedClearAmount::TopN(count) => Some(count),
                PackedClearAmount::All => None,
            }),
            prototype: packed.prototype.map(ContextId::new),
            refers_back: packed.uses_backrefs,
            entries: packed.patterns.into_iter().filter_map(|pattern| self.entry(pattern)).collect(),
        }
    }

    fn entry(&mut self, packed: PackedPattern) -> Option<ContextEntry> {
        match packed {
            PackedPattern::Match(packed) => {
                let rule = self.rule(packed);
                self.rules.push(rule);
                Some(ContextEntry::Rule(RuleId { grammar: self.number, rule: self.rules.len() as u32 - 1 }))
            }
            PackedPattern::Include(PackedReference::Direct(id)) => {
                Some(ContextEntry::Include(ContextId::new(id)))
            }
            // syntect passes it over too.
            PackedPattern::Include(_) => None,
        }
    }

    fn rule(&mut self, packed: PackedMatch) -> Rule {
        let contexts = |references: Vec<PackedReference>| {
            references.iter().map(ContextId::referred_to).collect::<Box<[_]>>()
        };
        let groups = packed.captures.unwrap_or_default();
        Rule {
            pattern: self.patterns.get(packed.regex),
            refers_back: packed.has_captures,
            scopes: self.scopes(packed.scope),
            group_scopes: groups.into_iter().map(|(group, scopes)| (group, self.scopes(scopes))).collect(),
            action: match packed.operation {
                PackedOperation::None => RuleAction::Stay,
                PackedOperation::Pop => RuleAction::Pop,
                PackedOperation::Push(references) => RuleAction::Push(contexts(references)),
                PackedOperation::Set(references) => RuleAction::Set(contexts(references)),
            },
            with_prototype: packed.with_prototype.as_ref().map(ContextId::referred_to),
        }
    }

    fn scopes(&mut self, scopes: Vec<String>) -> ScopeList {
        scopes.into_iter().map(|scope| self.class(scope)).collect()
    }

    fn class(&mut self, scope: String) -> Option<Class> {
        let classes = self.classes;
        *self.known.entry(scope).or_insert_with_key(|scope| classes.class(scope))
    }
}
