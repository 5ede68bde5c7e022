//! The scopes that a rule opens and closes.

use crate::error::HighlightError;
use crate::grammar::library::GrammarLibrary;
use crate::grammar::rules::{ContextId, GrammarContext, Rule, RuleAction, ScopeList};
use crate::groups::Groups;
use crate::spans::ScopeChange;

/// Changes of scopes, and their places in a line.
pub type ScopeChanges = Vec<(usize, ScopeChange)>;

/// Adds the changes that a rule makes where it has matched.
///
/// # Errors
/// If a context does not exist.
pub fn apply(
    library: &GrammarLibrary,
    current: &GrammarContext,
    rule: &Rule,
    groups: &Groups,
    changes: &mut ScopeChanges,
) -> Result<(), HighlightError> {
    let Some((start, end)) = groups.get(0) else { return Ok(()) };
    let mut before = ContextScopes { at: start, current, changes };
    match &rule.action {
        RuleAction::Stay => {}
        RuleAction::Pop => before.close_content(),
        RuleAction::Push(ids) => before.open(&contexts(library, ids)?),
        RuleAction::Set(ids) => before.open_instead(&contexts(library, ids)?),
    }

    changes.extend(rule.scopes.iter().map(|class| (start, ScopeChange::Open(*class))));
    add_groups(rule, groups, changes);
    if !rule.scopes.is_empty() {
        changes.push((end, ScopeChange::Close(rule.scopes.len())));
    }

    let mut after = ContextScopes { at: end, current, changes };
    match &rule.action {
        RuleAction::Stay => {}
        RuleAction::Pop => after.close(),
        RuleAction::Push(ids) => after.opened(&contexts(library, ids)?),
        RuleAction::Set(ids) => after.opened_instead(&contexts(library, ids)?),
    }
    Ok(())
}

/// The contexts with these ids.
fn contexts<'g>(
    library: &'g GrammarLibrary,
    ids: &[ContextId],
) -> Result<Vec<&'g GrammarContext>, HighlightError> {
    ids.iter().map(|id| library.context(*id)).collect()
}

/// Adds the scopes of groups, outer groups first.
fn add_groups(rule: &Rule, groups: &Groups, changes: &mut ScopeChanges) {
    let mut of_groups: Vec<((usize, isize), ScopeChange)> = Vec::new();
    for (group, scopes) in &rule.group_scopes {
        let Some((start, end)) = groups.get(*group).filter(|(start, end)| start != end) else { continue };
        let length = end as isize - start as isize;
        of_groups.extend(scopes.iter().map(|class| ((start, -length), ScopeChange::Open(*class))));
        of_groups.push(((end, isize::MIN), ScopeChange::Close(scopes.len())));
    }
    of_groups.sort_by_key(|(key, _)| *key);
    changes.extend(of_groups.into_iter().map(|((at, _), change)| (at, change)));
}

/// The scopes of contexts at one end of what has matched.
struct ContextScopes<'c> {
    at: usize,
    /// The innermost context.
    current: &'c GrammarContext,
    changes: &'c mut ScopeChanges,
}

impl ContextScopes<'_> {
    fn change(&mut self, change: ScopeChange) {
        self.changes.push((self.at, change));
    }

    fn open_all(&mut self, scopes: &ScopeList) {
        self.changes.extend(scopes.iter().map(|class| (self.at, ScopeChange::Open(*class))));
    }

    fn close_all(&mut self, count: usize) {
        if count > 0 {
            self.change(ScopeChange::Close(count));
        }
    }

    /// Before what closes the context.
    fn close_content(&mut self) {
        self.close_all(self.current.content_scopes.len());
    }

    /// After what closes the context.
    fn close(&mut self) {
        self.close_all(self.current.scopes.len());
        // Scopes that were set aside do not apply to what closes the context.
        if self.current.set_aside.is_some() {
            self.change(ScopeChange::Restore);
        }
    }

    /// Before what opens contexts.
    fn open(&mut self, contexts: &[&GrammarContext]) {
        for context in contexts {
            if let Some(count) = context.set_aside {
                self.change(ScopeChange::SetAside(count));
            }
            self.open_all(&context.scopes);
        }
    }

    /// Before what opens contexts in place of the innermost, whose scopes stay as long.
    fn open_instead(&mut self, contexts: &[&GrammarContext]) {
        if self.current.set_aside.is_some() {
            self.change(ScopeChange::Restore);
        }
        for context in contexts {
            self.open_all(&context.scopes);
        }
    }

    /// After what opens contexts.
    fn opened(&mut self, contexts: &[&GrammarContext]) {
        if contexts.iter().any(|context| !context.content_scopes.is_empty()) {
            self.close_all(scopes_of(contexts));
            for context in contexts {
                self.open_all(&context.scopes);
                self.open_all(&context.content_scopes);
            }
        }
    }

    /// After what opens contexts in place of the innermost. Unlike above, scopes are set aside only now.
    fn opened_instead(&mut self, contexts: &[&GrammarContext]) {
        let own = self.current.scopes.len() + self.current.content_scopes.len();
        let changes =
            |context: &&GrammarContext| !context.content_scopes.is_empty() || context.set_aside.is_some();
        if own > 0 || contexts.iter().any(changes) {
            self.close_all(scopes_of(contexts) + own);
            for context in contexts {
                if let Some(count) = context.set_aside {
                    self.change(ScopeChange::SetAside(count));
                }
                self.open_all(&context.scopes);
                self.open_all(&context.content_scopes);
            }
        }
    }
}

/// How many scopes contexts have, but for those of their content.
fn scopes_of(contexts: &[&GrammarContext]) -> usize {
    contexts.iter().map(|context| context.scopes.len()).sum()
}
