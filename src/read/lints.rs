//! The setting `lints`: which warnings of a book are errors, and which are ignored where.

use crate::text::yaml::{YamlReader, YamlTable};
use crate::text::{Diagnostic, DiagnosticCode, Severity, nearest};

/// What becomes of warnings, by their codes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lints {
    rules: Vec<LintRule>,
}

#[derive(Clone, Debug, PartialEq)]
struct LintRule {
    code: DiagnosticCode,
    level: LintLevel,
    /// The files and folders that it is for, below the book's folder; none for the whole book.
    paths: Vec<String>,
}

/// How much a warning counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LintLevel {
    Ignored,
    Warning,
    Error,
}

impl Lints {
    /// Reads the setting: `code: level`, or `code: {level: …, paths: […]}`.
    pub fn read(reader: &mut YamlReader<'_>, mut table: YamlTable) -> Self {
        let mut rules = Vec::new();
        for (name, mut settings) in reader.named(&mut table, "level") {
            let level = reader.take_with(&mut settings, "level", level).unwrap_or(LintLevel::Warning);
            let paths = reader.take(&mut settings, "paths").unwrap_or_default();
            match warning(&name) {
                Ok(code) => rules.push(LintRule { code, level, paths }),
                Err(message) => reader.report(&table, &name, message),
            }
            reader.deny_rest(settings);
        }
        Lints { rules }
    }

    /// Makes warnings with these codes errors, after all other rules.
    pub fn deny(&mut self, codes: &[DiagnosticCode]) {
        let rule =
            |code: &DiagnosticCode| LintRule { code: *code, level: LintLevel::Error, paths: Vec::new() };
        self.rules.extend(codes.iter().map(rule));
    }

    /// Applies the rules: the last one for a code and a file counts.
    pub fn apply(&self, diagnostics: &mut Vec<Diagnostic>) {
        if self.rules.is_empty() {
            return;
        }
        diagnostics.retain_mut(|diagnostic| {
            let mut rules = self.rules.iter().rev();
            match rules.find(|rule| rule.is_for(diagnostic)).map(|rule| rule.level) {
                Some(LintLevel::Ignored) => return false,
                Some(LintLevel::Warning) => diagnostic.severity = Severity::Warning,
                Some(LintLevel::Error) => diagnostic.severity = Severity::Error,
                None => {}
            }
            true
        });
    }
}

impl LintRule {
    fn is_for(&self, diagnostic: &Diagnostic) -> bool {
        let is_in = |path: &String| {
            let file = diagnostic.file().unwrap_or_default();
            let rest = file.strip_prefix(path.trim_end_matches('/'));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.code == diagnostic.code && (self.paths.is_empty() || self.paths.iter().any(is_in))
    }
}

fn level(word: String) -> Result<LintLevel, String> {
    match word.as_str() {
        "ignore" => Ok(LintLevel::Ignored),
        "warning" => Ok(LintLevel::Warning),
        "error" => Ok(LintLevel::Error),
        _ => Err(format!("`{word}` is not `ignore`, `warning` or `error`")),
    }
}

/// The code of a name, if it is that of a warning. Errors say that the book cannot be published.
///
/// # Errors
/// A message, if it is not.
pub fn warning(name: &str) -> Result<DiagnosticCode, String> {
    match DiagnosticCode::ALL.iter().find(|code| code.name() == name) {
        Some(code) if code.severity() == Severity::Warning => Ok(*code),
        Some(_) => Err(format!("`{name}` is always an error")),
        None => {
            let near = nearest(name, DiagnosticCode::ALL.iter().map(|code| code.name()));
            let meant = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            Err(format!("there is no diagnostic `{name}`{meant}"))
        }
    }
}
