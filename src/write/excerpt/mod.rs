//! Code blocks that are copies of real files: which part of the file they show, and whether it has changed.
//!
//! The text stays in the chapter. Here it is compared with its source: lines that mean that others were left out
//! (`# ...`) match any number of lines, and the copy may be indented less or more as a whole (`fit`). Where it
//! differs, [`compare`] says what it should be, and [`replacement`] what has to be written for that. Of a diff, the
//! new side is the copy.

mod fit;
mod rewrite;

use std::borrow::Cow;
use std::ops::Range;

use fit::Fit;

use super::recorder::Recorder;
use crate::parse::origin::Origin;
use crate::read::config::SourceSettings;
use crate::read::sources::Question;
use crate::text::{Diagnostic, DiagnosticCode, nearest, url};

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

    let settings = source(origin, sources)?;
    let missing = |message: String| Diagnostic::new(DiagnosticCode::MissingSource, message);

    // The file is asked for through the recorder, which keeps the answer.
    let rev = origin.rev.as_ref().or(settings.rev.as_ref());
    let question = Question { folder: settings.path.clone(), file: file.clone(), rev: rev.cloned() };
    let answer = recorder.source(&question);
    let answer = answer.as_ref().as_ref().map_err(|message| missing(message.clone()))?;

    // Of a whole file or a region, markers of regions are not part of the copy.
    let all: Vec<&str> = answer.lines().collect();
    let range = part(&all, origin).map_err(|report| report(file))?;
    let wanted: Vec<&str> = match origin.lines {
        Some(_) => all[range.clone()].to_vec(),
        None => all[range.clone()].iter().copied().filter(|line| marker(line).is_none()).collect(),
    };

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

/// The source that a block names.
fn source<'s>(
    origin: &Origin,
    sources: &'s [(String, SourceSettings)],
) -> Result<&'s SourceSettings, Diagnostic> {
    let names = || sources.iter().map(|(name, _)| name.as_str());
    let unknown = |message: String| Diagnostic::new(DiagnosticCode::UnknownSource, message);

    match (&origin.source, sources) {
        (None, [(_, only)]) => Ok(only),
        (_, []) => Err(unknown("this book declares no sources".to_owned())
            .hint("say in `book.yaml` where the files are: `sources: {app: {path: ../app}}`")),
        (None, _) => Err(unknown("this book has several sources, and none is named".to_owned())
            .hint(format!("name one: `source={}`", names().collect::<Vec<_>>().join("`, `source=")))),
        (Some(name), _) => match sources.iter().find(|(known, _)| known == name) {
            Some((_, found)) => Ok(found),
            None => {
                let diagnostic = unknown(format!("this book declares no source `{name}`"));
                Err(match nearest(name, names()) {
                    Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
                    None => {
                        diagnostic.hint(format!("it declares `{}`", names().collect::<Vec<_>>().join("`, `")))
                    }
                })
            }
        },
    }
}

/// Reports what is wrong with a file, given its name.
type OfFile = Box<dyn FnOnce(&str) -> Diagnostic>;

/// The lines of a file that a block is a copy of, from 0.
fn part(lines: &[&str], origin: &Origin) -> Result<Range<usize>, OfFile> {
    let missing = |message: String| Diagnostic::new(DiagnosticCode::MissingSource, message);
    match (&origin.region, origin.lines) {
        (Some(_), Some(_)) => Err(Box::new(|_| {
            Diagnostic::new(DiagnosticCode::UnknownOption, "a block is a region or lines, not both")
        })),
        (None, None) => Ok(0..lines.len()),
        (None, Some((first, last))) if last <= lines.len() => Ok(first - 1..last),
        (None, Some((_, last))) => {
            let length = lines.len();
            Err(Box::new(move |file| missing(format!("`{file}` has {length} lines, and no line {last}"))))
        }
        (Some(name), None) => region(lines, name).ok_or_else(|| -> OfFile {
            let name = name.clone();
            let known = lines.iter().filter_map(|line| match marker(line) {
                Some(Marker::Begin(name)) => Some(name),
                _ => None,
            });

            let near = nearest(&name, known).map(str::to_owned);
            Box::new(move |file| {
                let diagnostic = missing(format!("`{file}` has no whole region `{name}`"));
                match near.filter(|near| *near != name) {
                    Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
                    None => diagnostic.hint(format!(
                        "a region is between two comments, `region {name}` and `endregion {name}`"
                    )),
                }
            })
        }),
    }
}

/// The lines between the markers of a region.
fn region(lines: &[&str], name: &str) -> Option<Range<usize>> {
    let begin = lines.iter().position(|line| marker(line) == Some(Marker::Begin(name)))? + 1;

    let mut depth = 0_usize;
    for (at, line) in lines.iter().enumerate().skip(begin) {
        match marker(line) {
            Some(Marker::End(end)) if end == name || (end.is_empty() && depth == 0) => {
                return Some(begin..at);
            }
            Some(Marker::Begin(_)) => depth += 1,
            Some(Marker::End(_)) => depth = depth.saturating_sub(1),
            None => {}
        }
    }
    None
}

#[derive(Debug, PartialEq, Eq)]
enum Marker<'l> {
    Begin(&'l str),
    /// With its name, if it says it.
    End(&'l str),
}

/// A comment that is nothing but `region NAME`, `endregion NAME` or `endregion`, in whatever language.
fn marker(line: &str) -> Option<Marker<'_>> {
    let is_sign = |c: char| c.is_ascii_punctuation() || c == ' ';

    let bare = line.trim();
    let text = bare.trim_start_matches(is_sign);

    // Comments of batch files, and what C has for editors, begin with a word.
    let text = ["REM ", "rem ", "pragma "].iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text);
    if text.len() == bare.len() {
        return None;
    }

    let mut words = text.split_whitespace().filter(|word| !word.chars().all(is_sign));
    let (keyword, name) = (words.next()?, words.next());
    match (keyword, name, words.next()) {
        ("region", Some(name), None) => Some(Marker::Begin(name)),
        ("endregion", name, None) => Some(Marker::End(name.unwrap_or_default())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_between_comments() {
        let file = "# region a\n1\n#region b\n2\n# endregion\n# region of a kind\n3\n/* endregion a */\n// region c\n";
        let lines: Vec<&str> = file.lines().collect();
        assert_eq!(region(&lines, "a"), Some(1..7));
        assert_eq!(region(&lines, "b"), Some(3..4));
        assert_eq!(region(&lines, "c"), None, "it never ends");
        assert_eq!(region(&lines, "of"), None);
        for (begin, end) in [
            ("#", ""),
            ("//", ""),
            ("/*", "*/"),
            ("<!--", "-->"),
            ("--", ""),
            (";", ""),
            ("%", ""),
            ("{#", "#}"),
            ("(*", "*)"),
            ("\"", ""),
            ("::", ""),
            ("REM", ""),
            ("#pragma", ""),
            ("// #", ""),
        ] {
            let line = |word: &str| format!("\t{begin} {word} {end}\r");
            assert_eq!(marker(&line("region x.y-z")), Some(Marker::Begin("x.y-z")), "{begin}");
            assert_eq!(marker(&line("endregion x.y-z")), Some(Marker::End("x.y-z")), "{begin}");
            assert_eq!(marker(&line("endregion")), Some(Marker::End("")), "{begin}");
        }
        for none in ["region x", "# a region x", "# region", "# region of a kind", "regional # region", "#"] {
            assert_eq!(marker(none), None, "{none}");
        }
    }
}
