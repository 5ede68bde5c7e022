//! `proof.yaml`: what `bindery test --record` found, in the form in which it is kept beside the chapters.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use jiff::civil::Date;

use super::proof_basis::ProofBasis;
use crate::text::yaml::{YamlReader, YamlTable};
use crate::text::{Diagnostic, Source, Span};

/// The form of the file.
const VERSION: usize = 1;

/// What is above all else in the file.
const HEAD: &str = "\
# What `bindery test --record` found; pages show it. The command writes this file anew: do not edit it, and keep it with the book.
";

/// What was found of a book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProofRecord {
    /// The chapters, by the paths of their files.
    pub chapters: BTreeMap<String, RecordedChapter>,
}

/// What was found of a chapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedChapter {
    /// The day on which it was followed.
    pub date: Date,
    /// The digest of all that the chapters before it said to do, in its short form; empty if that was nothing.
    pub after: String,
    /// What of the settings decided it.
    pub basis: ProofBasis,
    /// Its blocks, in order.
    pub blocks: Vec<RecordedBlock>,
}

/// What was found of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedBlock {
    /// The digest of what it says to do and of what comes before that, in its short form.
    pub digest: String,
    /// What became of its steps.
    pub result: RecordedResult,
    /// How many of them work.
    pub steps: usize,
    /// The systems on which that was, such as `Debian 12`.
    pub on: String,
}

/// What became of the steps of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordedResult {
    /// All of them work.
    Proven,
    /// At least one does not work, or prints something else.
    Failed,
    /// At least one was not done.
    NotChecked,
}

impl RecordedResult {
    const ALL: [RecordedResult; 3] =
        [RecordedResult::Proven, RecordedResult::Failed, RecordedResult::NotChecked];

    /// The word in the file.
    pub fn name(self) -> &'static str {
        match self {
            RecordedResult::Proven => "proven",
            RecordedResult::Failed => "failed",
            RecordedResult::NotChecked => "not-checked",
        }
    }
}

impl ProofRecord {
    /// Reads the file.
    pub fn read(source: &Arc<Source>) -> (ProofRecord, Vec<Diagnostic>) {
        let (mut reader, mut top) = YamlReader::new(source, Span::new(0, source.text.len()));
        if let Some(version) = reader.take::<usize>(&mut top, "version")
            && version != VERSION
        {
            let message =
                format!("this is version {version} of the file, and bindery reads version {VERSION}");
            reader.report(&top, "version", message);
            return (ProofRecord::default(), reader.finish());
        }

        let mut table = reader.table(&mut top, "chapters");
        let mut record = ProofRecord::default();
        for (path, mut fields) in reader.named(&mut table, "date") {
            let chapter = RecordedChapter::read(&mut reader, &mut fields);
            record.chapters.extend(chapter.map(|chapter| (path, chapter)));
            reader.deny_rest(fields);
        }
        reader.deny_rest(top);
        (record, reader.finish())
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        let mut text = format!("{HEAD}version: {VERSION}\nchapters:\n");
        for (path, chapter) in &self.chapters {
            let RecordedChapter { date, after, basis, blocks } = chapter;
            let _ = write!(text, "  {}:\n    date: {date}\n    after: \"{after}\"\n", quoted(path));
            if !basis.settings.is_empty() {
                let _ = writeln!(text, "    settings: \"{}\"", basis.settings);
            }
            if let Some(varies) = &basis.varies {
                let _ = writeln!(text, "    varies: [{}]", varies.join(", "));
            }
            text += "    blocks:\n";
            for RecordedBlock { digest, result, steps, on } in blocks {
                let (result, on) = (result.name(), quoted(on));
                let _ = writeln!(text, "      \"{digest}\": {{result: {result}, steps: {steps}, on: {on}}}");
            }
        }
        text
    }
}

impl RecordedChapter {
    fn read(reader: &mut YamlReader<'_>, fields: &mut YamlTable) -> Option<Self> {
        let day = |text: String| {
            text.parse::<Date>().map_err(|_| format!("`{text}` is not a day such as `2026-01-31`"))
        };
        let date = reader.take_with(fields, "date", day);
        let after = reader.take_text(fields, "after").unwrap_or_default();

        let settings = reader.take_text(fields, "settings").unwrap_or_default();
        let basis = ProofBasis { settings, varies: reader.take(fields, "varies") };

        let mut table = reader.table(fields, "blocks");
        let mut blocks = Vec::new();
        for (digest, mut fields) in reader.named(&mut table, "result") {
            let result = reader.take_with(&mut fields, "result", result);
            let steps = reader.take::<usize>(&mut fields, "steps").unwrap_or_default();
            let on = reader.take_text(&mut fields, "on").unwrap_or_default();
            reader.deny_rest(fields);
            blocks.extend(result.map(|result| RecordedBlock { digest, result, steps, on }));
        }
        Some(RecordedChapter { date: date?, after, basis, blocks })
    }
}

fn result(word: String) -> Result<RecordedResult, String> {
    RecordedResult::ALL
        .into_iter()
        .find(|result| result.name() == word)
        .ok_or_else(|| format!("`{word}` is not `proven`, `failed` or `not-checked`"))
}

/// A text in double quotes.
fn quoted(text: &str) -> String {
    let shown = text.chars().map(|c| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04x}", c as u32),
        c => c.to_string(),
    });
    format!("\"{}\"", shown.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (ProofRecord, Vec<Diagnostic>) {
        ProofRecord::read(&Arc::new(Source::new("proof.yaml", text)))
    }

    #[test]
    fn what_is_written_is_read() {
        let block = |digest: &str, result, on: &str| RecordedBlock {
            digest: digest.to_owned(),
            result,
            steps: 3,
            on: on.to_owned(),
        };
        let chapter = RecordedChapter {
            date: Date::constant(2026, 11, 28),
            after: String::new(),
            basis: ProofBasis {
                settings: "12345678e9".to_owned(),
                varies: Some(vec!["date".to_owned(), "time".to_owned()]),
            },
            blocks: vec![
                block("1234567890", RecordedResult::Proven, "Debian 12"),
                block("12345678e9", RecordedResult::Failed, "a \"b\" \\c: #\u{7}"),
            ],
        };
        let paths = ["content/é: a.md", "content/\"b\".md"];
        let chapters = paths.map(|path| (path.to_owned(), chapter.clone())).into_iter().collect();
        let record = ProofRecord { chapters };
        let (found, diagnostics) = read(&record.text().replace("\\u0007", ""));
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let without = |record: &ProofRecord| record.text().replace("\\u0007", "");
        assert_eq!(without(&found), without(&record));
        assert_eq!(read("").0, ProofRecord::default());
    }

    #[test]
    fn what_is_wrong_is_at_its_place() {
        let text = "version: 1\nchapters:\n  a.md:\n    date: today\n    blocks:\n      \"1\": {result: fine}\n  b.md:\n    date: 2026-11-28\n    old: 1\n";
        let shown = |text: &str| {
            let place = |diagnostic: Diagnostic| {
                let place = diagnostic.place.expect("each has a place");
                let line = place.source.position(place.span.start).line;
                format!("{line}: {}", diagnostic.code.name())
            };
            read(text).1.into_iter().map(place).collect::<Vec<_>>()
        };
        assert_eq!(shown(text), ["4: invalid-value", "6: invalid-value", "9: unknown-setting"]);
        assert_eq!(shown("version: 2\nother: 1\n"), ["1: invalid-value"]);
        assert_eq!(shown("<<<<<<< ours\nversion: 1\n"), ["2: invalid-yaml"]);
    }
}
