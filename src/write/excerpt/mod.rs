//! Code blocks that are copies of real files: which part of the file they show (`part`, `region`), and whether it has
//! changed.
//!
//! The text stays in the chapter. Here it is compared with its source: lines that mean that others were left out
//! (`# ...`) match any number of lines, and the copy may be indented less or more as a whole (`fit`). Where it
//! differs, [`compare`] says what it should be, and [`replacement`] what has to be written for that. Of a diff, the
//! new side is the copy.

mod fit;
mod part;
mod region;
mod rewrite;
pub mod source;

use std::borrow::Cow;

use fit::Fit;
use part::CopiedPart;

use super::recorder::Recorder;
use crate::parse::origin::Origin;
use crate::read::config::SourceSettings;
use crate::read::sources::Question;
use crate::text::{Diagnostic, DiagnosticCode, url};

pub use fit::is_elision;
pub use rewrite::{Stale, replacement};

/// The result of a comparison.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// The text that the block should have, if it has another.
    pub wanted: Option<String>,
    /// Where the lines can be seen.
    pub url: Option<String>,
}

/// Which part of a block is a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// All of it.
    Whole,
    /// It is a diff, of which the new side is.
    New,
}

/// Compares a block's text with its source.
///
/// # Errors
/// Why it cannot be, without its place.
pub fn compare(
    text: &str,
    side: Side,
    origin: &Origin,
    sources: &[(String, SourceSettings)],
    recorder: &Recorder<'_>,
) -> Result<Compared, Diagnostic> {
    let Some(file) = &origin.file else {
        return Err(Diagnostic::new(DiagnosticCode::UnknownOption, "this has no effect without `file=`"));
    };

    let found = source::find(origin.source.as_deref(), sources, |name| format!("source={name}"));
    let settings =
        found.map_err(|unknown| if sources.is_empty() { no_sources(unknown, file) } else { unknown })?;
    let missing = |message: String| Diagnostic::new(DiagnosticCode::MissingSource, message);

    // The file is asked for through the recorder, which keeps the answer.
    let rev = origin.rev.as_ref().or(settings.rev.as_ref());
    let question = Question { folder: settings.path.clone(), file: file.clone(), rev: rev.cloned() };
    let answer = recorder.source(&question);
    let answer = answer.as_ref().as_ref().map_err(|message| missing(message.clone()))?;

    let all: Vec<&str> = answer.lines().collect();
    let CopiedPart { lines: wanted, range } = CopiedPart::of(&all, origin).map_err(|report| report(file))?;

    let copy = match side {
        Side::Whole => Cow::Borrowed(text),
        Side::New => rewrite::new_side(text).into(),
    };
    let current: Vec<&str> = copy.lines().collect();
    let wanted = Fit::of(&current, &wanted).wanted().map(|wanted| match side {
        Side::Whole => wanted,
        Side::New => rewrite::with_new_side(text, &wanted),
    });

    let address = settings.url.as_ref().map(|pattern| {
        pattern
            .replace("{rev}", &url::encode_path(rev.map_or("HEAD", String::as_str)))
            .replace("{file}", &url::encode_path(file))
            .replace("{from}", &(range.start + 1).to_string())
            .replace("{to}", &range.end.max(range.start + 1).to_string())
    });
    Ok(Compared { wanted, url: address })
}

/// Adds what a file's name after the language of code is to other tools: only shown.
fn no_sources(unknown: Diagnostic, file: &str) -> Diagnostic {
    let hint = unknown.hint.clone().unwrap_or_default();
    unknown.hint(format!("{hint}; a name that is only shown above the code is `title=\"{file}\"`"))
}

/// Whether a line of a file only marks where a region begins or ends. Copies leave such lines out.
pub fn marks_region(line: &str) -> bool {
    region::marker(line).is_some()
}
