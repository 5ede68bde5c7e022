//! Highlighting with syntect alone: the reference, and the way for texts that are nested too deeply.

use foldhash::{HashMap, HashMapExt};
use syntect::parsing::{ClearAmount, ParseState, Scope, ScopeStackOp};

use super::class::Class;
use super::error::HighlightError;
use super::grammar::library::GrammarLibrary;
use super::spans::{ColouredSpan, ScopeChange, SpanWriter};

/// Highlights a text.
///
/// # Errors
/// If the grammar is wrong. If it makes no progress, this never ends.
pub fn highlight(
    library: &GrammarLibrary,
    grammar: u16,
    text: &str,
) -> Result<Vec<ColouredSpan>, HighlightError> {
    let grammars = library.packed();
    let grammar = grammars.syntaxes().get(usize::from(grammar)).ok_or(HighlightError::BrokenGrammar)?;
    let mut state = ParseState::new(grammar);
    let mut known: HashMap<Scope, Option<Class>> = HashMap::new();
    let mut class =
        |scope: Scope| *known.entry(scope).or_insert_with(|| library.classes().class(&scope.build_string()));

    let mut spans = SpanWriter::new(text);
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        for (at, op) in state.parse_line(line, grammars).map_err(|_| HighlightError::BrokenGrammar)? {
            spans.write(start + at);
            let change = match op {
                ScopeStackOp::Push(scope) => ScopeChange::Open(class(scope)),
                ScopeStackOp::Pop(count) => ScopeChange::Close(count),
                ScopeStackOp::Clear(ClearAmount::TopN(count)) => ScopeChange::SetAside(Some(count)),
                ScopeStackOp::Clear(ClearAmount::All) => ScopeChange::SetAside(None),
                ScopeStackOp::Restore => ScopeChange::Restore,
                ScopeStackOp::Noop => continue,
            };
            spans.change(start + at, change);
        }
        start += line.len();
        spans.write(start);
    }
    Ok(spans.finish())
}
