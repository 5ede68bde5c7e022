//! Warnings that a book moved from another tool has everywhere: about a key of front matter, a kind of markup, the name of a
//! language, or an option of code.
//!
//! Each kind is one thing to learn and often one command to change, so only its first place is reported, with the
//! number of the others. Two warnings are of one kind if they have the same code and message.

use std::mem::take;

use foldhash::HashMap;

use crate::parse::option_hints;
use crate::text::{Diagnostic, DiagnosticCode, plural};

/// The warnings of one kind.
struct Repeated {
    /// The first one in the order of reports.
    first: Diagnostic,
    /// How many there are.
    count: usize,
    /// The chapters that they are in.
    files: Vec<String>,
}

/// Leaves the first warning of each such kind, which says how many more there are.
pub fn said_once(diagnostics: &mut Vec<Diagnostic>) {
    let mut kinds: Vec<Repeated> = Vec::new();
    let mut known: HashMap<(DiagnosticCode, String), usize> = HashMap::default();
    for diagnostic in take(diagnostics) {
        if !is_said_once(&diagnostic) {
            diagnostics.push(diagnostic);
            continue;
        }
        let key = (diagnostic.code, diagnostic.message.clone());
        match known.get(&key) {
            Some(kind) => kinds[*kind].add(diagnostic),
            None => {
                known.insert(key, kinds.len());
                kinds.push(Repeated::new(diagnostic));
            }
        }
    }
    diagnostics.extend(kinds.into_iter().map(Repeated::told));
}

fn is_said_once(diagnostic: &Diagnostic) -> bool {
    use DiagnosticCode::{ForeignMarkup, UnknownKey, UnknownLanguage};
    matches!(diagnostic.code, UnknownKey | ForeignMarkup | UnknownLanguage)
        || option_hints::is_unknown(diagnostic)
}

impl Repeated {
    fn new(first: Diagnostic) -> Self {
        let files = first.file().map(str::to_owned).into_iter().collect();
        Repeated { first, count: 1, files }
    }

    /// Counts one more. Those of a chapter come together.
    fn add(&mut self, diagnostic: Diagnostic) {
        self.count += 1;
        if let Some(file) = diagnostic.file()
            && self.files.last().is_none_or(|last| last != file)
        {
            self.files.push(file.to_owned());
        }
        if diagnostic.reading_order(&self.first).is_lt() {
            self.first = diagnostic;
        }
    }

    /// The first warning, with how many more there are.
    fn told(self) -> Diagnostic {
        let more = self.count - 1;
        if more == 0 {
            return self.first;
        }
        let text = match self.first.code {
            DiagnosticCode::UnknownKey => format!("it is also in {}", plural(more, "other chapter")),
            _ => format!("and {more} more in {}", plural(self.files.len(), "chapter")),
        };
        self.first.note(text)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::text::Source;

    #[test]
    fn the_first_of_a_kind_counts_the_others() {
        let file = |name: &str| Arc::new(Source::new(name, "a {x} b {x}"));
        let (a, b) = (file("a.md"), file("b.md"));
        let foreign = |message: &str, file, at| {
            Diagnostic::new(DiagnosticCode::ForeignMarkup, message).at(file, at..at)
        };

        let mut found =
            vec![foreign("x", &a, 8), foreign("x", &a, 2), foreign("y", &a, 3), foreign("x", &b, 2)];
        found.push(Diagnostic::new(DiagnosticCode::BrokenLink, "x"));
        said_once(&mut found);

        let told = |diagnostic: &Diagnostic| {
            (diagnostic.place.as_ref().map_or(0, |place| place.span.start), diagnostic.notes.clone())
        };
        let expected = [(0, vec![]), (2, vec!["and 2 more in 2 chapters".to_owned()]), (3, vec![])];
        assert_eq!(found.iter().map(told).collect::<Vec<_>>(), expected);
    }
}
