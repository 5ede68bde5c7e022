//! Reads a text, line by line.

use std::rc::Rc;

use super::find::{FoundRule, RuleFinder};
use super::level::{Captured, ContextStack};
use super::scopes::{self, ScopeChanges};
use crate::chain::ChainStore;
use crate::error::HighlightError;
use crate::grammar::library::GrammarLibrary;
use crate::grammar::rules::{ContextId, Rule, RuleAction};
use crate::spans::{ColouredSpan, ScopeChange, SpanWriter};
use crate::worker::Worker;

/// So many rules may apply at one place. Contexts that replace each other without end never leave it.
const MOST_AT_ONE_PLACE: usize = 5_000;

/// Only syntect knows the spans of code that is nested as deeply as it allows. It takes time in proportion to the
/// square of a line's length, so that longer lines are not read by it, in bytes.
pub const LONGEST_DEEP: usize = 2_000;

/// A text that was read.
pub struct ReadText {
    /// Its spans.
    pub spans: Vec<ColouredSpan>,
    /// Whether contexts were nested so deeply that syntect may have ended a line, which depends on what it had searched
    /// for before. The spans may differ from its own then.
    pub is_deep: bool,
}

/// A text while it is read.
pub struct TextReader<'g, 'w> {
    finder: RuleFinder<'g, 'w>,
    stack: ContextStack,
}

impl<'g, 'w> TextReader<'g, 'w> {
    /// Makes a reader at the start of a text.
    pub fn new(library: &'g GrammarLibrary, chains: &'g ChainStore, worker: &'w mut Worker) -> Self {
        TextReader { finder: RuleFinder::new(library, chains, worker), stack: ContextStack::default() }
    }

    /// Reads a text from its start to its end.
    ///
    /// # Errors
    /// If the grammar is wrong, or if it makes no progress.
    pub fn read(mut self, grammar: u16, text: &str) -> Result<ReadText, HighlightError> {
        let library = self.finder.library;
        let start = library.grammar(grammar)?.start.ok_or(HighlightError::BrokenGrammar)?;
        let context = library.context(start)?;
        self.stack.open(start, Rc::default(), None);

        let mut spans = SpanWriter::new(text);
        if let Some(class) = context.content_scopes.first() {
            spans.change(0, ScopeChange::Open(*class));
        }
        let mut changes = Vec::new();
        let mut offset = 0;
        for line in text.split_inclusive('\n') {
            self.finder.begin_line();
            self.line(line, offset, &mut changes)?;
            for (at, change) in changes.drain(..) {
                spans.change(offset + at, change);
            }
            offset += line.len();
            spans.write(offset);
        }
        Ok(ReadText { spans: spans.finish(), is_deep: self.finder.is_deep })
    }

    /// Reads a line that begins at an offset of the text.
    fn line(&mut self, line: &str, offset: usize, changes: &mut ScopeChanges) -> Result<(), HighlightError> {
        let mut start = 0;
        // Where a rule has opened a context without taking anything, and how many were open then.
        let mut opened = (0, 0);
        let mut rules_here = 0;
        loop {
            self.stack.forget_closed();
            let depth = self.stack.depth();

            // A context that was just opened must not be closed without taking anything.
            let may_loop = opened == (start, depth);
            let found = self.finder.find(&self.stack, line, start, may_loop)?;
            if self.finder.matcher.is_exhausted() {
                return Err(HighlightError::TooMuchWork { at: offset });
            }
            if self.finder.is_deep && line.len() > LONGEST_DEEP {
                return Err(HighlightError::TooDeep);
            }
            let Some(found) = found else { return Ok(()) };
            if found.would_loop {
                match line[start..].chars().next().map(char::len_utf8) {
                    Some(length) if start + length < line.len() => start += length,
                    _ => return Ok(()),
                }
                rules_here = 0;
                continue;
            }

            rules_here = if found.end > start { 0 } else { rules_here + 1 };
            if rules_here > MOST_AT_ONE_PLACE {
                return Err(HighlightError::NoProgress { at: offset + start });
            }
            if found.end <= start && matches!(found.rule.action, RuleAction::Push(_)) {
                opened = (found.end, depth + 1);
            }
            start = found.end;
            self.apply(line, &found, changes)?;
        }
    }

    /// Applies a rule that has matched.
    ///
    /// # Errors
    /// If a context does not exist, or if none is left.
    fn apply(
        &mut self,
        line: &str,
        found: &FoundRule<'g>,
        changes: &mut ScopeChanges,
    ) -> Result<(), HighlightError> {
        if found.is_set {
            self.stack.open_from_prototype();
        }
        let innermost = self.stack.innermost().ok_or(HighlightError::BrokenGrammar)?;
        let current = self.finder.library.context(innermost.context)?;
        scopes::apply(self.finder.library, current, found.rule, &self.finder.matcher.groups, changes)?;

        match &found.rule.action {
            RuleAction::Stay => {}
            RuleAction::Pop => drop(self.stack.close()),
            RuleAction::Push(contexts) => self.open_all(contexts, found.rule, Rc::default(), line)?,
            RuleAction::Set(contexts) => {
                let prototypes = self.stack.close().map(|replaced| replaced.prototypes).unwrap_or_default();
                self.open_all(contexts, found.rule, prototypes, line)?;
            }
        }
        if self.stack.depth() > 0 { Ok(()) } else { Err(HighlightError::BrokenGrammar) }
    }

    /// Opens contexts: the first keeps the prototypes of the one that it replaces, the last gets that of the rule.
    fn open_all(
        &mut self,
        contexts: &[ContextId],
        rule: &Rule,
        mut prototypes: Rc<[ContextId]>,
        line: &str,
    ) -> Result<(), HighlightError> {
        for (number, context) in (1..).zip(contexts) {
            if number == contexts.len()
                && let Some(prototype) = rule.with_prototype
            {
                prototypes = prototypes.iter().copied().chain([prototype]).collect();
            }

            let mut refers_back = false;
            for context in [context].into_iter().chain(&*prototypes) {
                refers_back |= self.finder.library.context(*context)?.refers_back;
            }
            let captured = refers_back.then(|| Rc::new(Captured::new(&self.finder.matcher.groups, line)));
            self.stack.open(*context, std::mem::take(&mut prototypes), captured);
        }
        Ok(())
    }
}
