//! The source that a block or a chapter names.

use crate::read::config::SourceSettings;
use crate::text::{Diagnostic, DiagnosticCode, nearest};

/// Finds the source of a name; without a name, the only one. `option` writes how a name is given there.
///
/// # Errors
/// There is none, without the place.
pub fn find<'s>(
    name: Option<&str>,
    sources: &'s [(String, SourceSettings)],
    option: impl Fn(&str) -> String,
) -> Result<&'s SourceSettings, Diagnostic> {
    let names = || sources.iter().map(|(name, _)| name.as_str());
    let listed = |of: &dyn Fn(&str) -> String| names().map(of).collect::<Vec<_>>().join("`, `");
    let unknown = |message: String| Diagnostic::new(DiagnosticCode::UnknownSource, message);

    match (name, sources) {
        (None, [(_, only)]) => Ok(only),
        (_, []) => Err(unknown("this book declares no sources".to_owned())
            .hint("say in `book.yaml` where the files are: `sources: {app: {path: ../app}}`")),
        (None, _) => Err(unknown("this book has several sources, and none is named".to_owned())
            .hint(format!("name one: `{}`", listed(&option)))),
        (Some(name), _) => match sources.iter().find(|(known, _)| known == name) {
            Some((_, found)) => Ok(found),
            None => {
                let diagnostic = unknown(format!("this book declares no source `{name}`"));
                Err(match nearest(name, names()) {
                    Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
                    None => diagnostic.hint(format!("it declares `{}`", listed(&str::to_owned))),
                })
            }
        },
    }
}
