//! Code blocks that are copies of real files: what of the file they are, and whether they still are.
//!
//! The text stays in the chapter. Here it is compared with what it was copied from: lines that stand for others
//! (`# ...`) stand for any number of them, and the copy may be indented less or more as a whole. Where it differs,
//! [`compare`] says what it should be, and [`replacement`] what has to be written for that.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::Recorder;
use crate::read::config::SourceSettings;
use crate::read::sources::Question;
use crate::text::{Code, Diagnostic, Span, nearest, url};

/// Where a code block says that it comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The name of the source; the only one of the book, if there is none.
    pub source: Option<String>,
    /// The file.
    pub file: Option<String>,
    /// The region of the file, between two comments.
    pub region: Option<String>,
    /// The first and the last line, from 1.
    pub lines: Option<(usize, usize)>,
    /// The revision of the repository.
    pub rev: Option<String>,
}

/// The words of an info string that say it.
pub const WORDS: &[&str] = &["file=", "region=", "lines=", "rev=", "source="];

impl Origin {
    /// Takes one of the [`WORDS`]; false if it is none, or its value is wrong.
    pub fn set(&mut self, key: &str, value: &str) -> bool {
        let text = || Some(value.to_owned()).filter(|value| !value.is_empty());
        let (field, value) = match key {
            "file" => (&mut self.file, text()),
            "region" => (&mut self.region, text()),
            "rev" => (&mut self.rev, text()),
            "source" => (&mut self.source, text()),
            "lines" => {
                let (first, last) = value.split_once('-').unwrap_or((value, value));
                let pair = first.parse().ok().zip(last.parse().ok());
                self.lines = pair.filter(|(first, last)| 1 <= *first && first <= last);
                return self.lines.is_some();
            }
            _ => return false,
        };
        *field = value;
        field.is_some()
    }
}

/// A code block that is not what it was copied from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The whole block in its chapter, fences too.
    pub span: Span,
    /// The file that it is from.
    pub file: String,
    /// Its text.
    pub text: String,
    /// What its text should be.
    pub wanted: String,
}

/// What comparing gave.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// What the text should be, if it is something else.
    pub wanted: Option<String>,
    /// Where the lines can be seen.
    pub url: Option<String>,
}

/// Compares a block's text with what it is from.
///
/// # Errors
/// Why it cannot be, without its place.
pub fn compare(
    text: &str,
    origin: &Origin,
    sources: &[(String, SourceSettings)],
    recorder: &Recorder<'_>,
) -> Result<Compared, Diagnostic> {
    let Some(file) = &origin.file else {
        return Err(Diagnostic::new(Code::UnknownWord, "this says nothing without a `file=`"));
    };
    let settings = source(origin, sources)?;
    let missing = |message: String| Diagnostic::new(Code::MissingSource, message);
    let rev = origin.rev.as_ref().or(settings.rev.as_ref());
    let question = Question { folder: settings.path.clone(), file: file.clone(), rev: rev.cloned() };
    let answer = recorder.source(&question);
    let answer = answer.as_ref().as_ref().map_err(|message| missing(message.clone()))?;
    let all: Vec<&str> = answer.lines().collect();
    let range = part(&all, origin).map_err(|fault| fault(file))?;
    let wanted: Vec<&str> = match origin.lines {
        Some(_) => all[range.clone()].to_vec(),
        None => all[range.clone()].iter().copied().filter(|line| marker(line).is_none()).collect(),
    };
    let standing: Vec<&str> = text.lines().collect();
    let wanted = Fit::of(&standing, &wanted).wanted();
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
    let unknown = |message: String| Diagnostic::new(Code::UnknownSource, message);
    match (&origin.source, sources) {
        (None, [(_, only)]) => Ok(only),
        (_, []) => Err(unknown("this book declares no sources".to_owned())
            .hint("say in `book.yaml` where the files are: `sources: {app: {path: ../app}}`")),
        (None, _) => Err(unknown("this book has several sources, and none is named".to_owned())
            .hint(format!("name one: `source={}`", names().collect::<Vec<_>>().join("`, `source=")))),
        (Some(name), _) => match sources.iter().find(|(known, _)| known == name) {
            Some((_, found)) => Ok(found),
            None => {
                let fault = unknown(format!("this book declares no source `{name}`"));
                Err(match nearest(name, names()) {
                    Some(near) => fault.hint(format!("did you mean `{near}`?")),
                    None => fault.hint(format!("it declares `{}`", names().collect::<Vec<_>>().join("`, `"))),
                })
            }
        },
    }
}

/// Says of a file what is wrong.
type OfFile = Box<dyn FnOnce(&str) -> Diagnostic>;

/// The lines of a file that a block is a copy of, from 0.
fn part(lines: &[&str], origin: &Origin) -> Result<Range<usize>, OfFile> {
    let missing = |message: String| Diagnostic::new(Code::MissingSource, message);
    match (&origin.region, origin.lines) {
        (Some(_), Some(_)) => {
            Err(Box::new(|_| Diagnostic::new(Code::UnknownWord, "a block is a region or lines, not both")))
        }
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
                let fault = missing(format!("`{file}` has no whole region `{name}`"));
                match near.filter(|near| *near != name) {
                    Some(near) => fault.hint(format!("did you mean `{near}`?")),
                    None => fault.hint(format!(
                        "a region stands between two comments, `region {name}` and `endregion {name}`"
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

/// Whether a line of a copy stands for lines that were left out: a comment of nothing but `...`.
fn is_elision(line: &str) -> bool {
    let bare = line.trim();
    let is_sign = |c: char| c == ' ' || (c.is_ascii_punctuation() && c != '.');
    bare.starts_with(['#', '/', '-', ';', '%', '<', '*']) && matches!(bare.trim_matches(is_sign), "..." | "…")
}

/// A copy beside what it is from, at the same indentation.
struct Fit<'l> {
    standing: Vec<&'l str>,
    wanted: Vec<&'l str>,
    /// What the copy's lines have before them.
    indent: &'l str,
}

impl<'l> Fit<'l> {
    /// As the lines are, or both without the indentation that they have as a whole, whichever has more in common.
    fn of(standing: &[&'l str], wanted: &[&'l str]) -> Self {
        let (outer, inner) = (indentation(standing), indentation(wanted));
        let as_they_are = Fit { standing: standing.to_vec(), wanted: wanted.to_vec(), indent: "" };
        let without = |lines: &[&'l str], indent: &str| {
            lines.iter().map(|line| line.get(indent.len()..).unwrap_or_default()).collect()
        };
        let moved = Fit { standing: without(standing, outer), wanted: without(wanted, inner), indent: outer };
        let common = |fit: &Fit<'_>| fit.standing.iter().filter(|line| fit.wanted.contains(line)).count();
        if as_they_are.holds() || (!moved.holds() && common(&as_they_are) > common(&moved)) {
            as_they_are
        } else {
            moved
        }
    }

    /// Whether the copy is what it is from, but for what it leaves out.
    fn holds(&self) -> bool {
        let mut runs = self.standing.split(|line| is_elision(line)).collect::<Vec<_>>().into_iter();
        let Some(mut rest) = self.wanted.strip_prefix(runs.next().unwrap_or_default()) else { return false };
        let Some(last) = runs.next_back() else { return self.standing == self.wanted };
        for run in runs.filter(|run| !run.is_empty()) {
            let Some(at) = rest.windows(run.len()).position(|lines| lines == run) else { return false };
            rest = &rest[at + run.len()..];
        }
        rest.ends_with(last)
    }

    /// What the copy should be, if it is something else.
    fn wanted(&self) -> Option<String> {
        if self.standing == self.wanted || self.holds() {
            return None;
        }
        let indented = |line: &&str| match line.is_empty() {
            true => "\n".to_owned(),
            false => format!("{}{line}\n", self.indent),
        };
        Some(self.updated().iter().map(indented).collect())
    }

    /// The lines that the copy is from, with what it leaves out left out.
    fn updated(&self) -> Vec<&'l str> {
        let mut lines = Vec::new();
        for (old, new, is_equal) in hunks(&self.standing, &self.wanted) {
            let (old, new) = (&self.standing[old], &self.wanted[new]);
            let elision = old.iter().position(|line| is_elision(line)).filter(|_| !is_equal);
            let Some(first) = elision else {
                lines.extend_from_slice(new);
                continue;
            };
            // Lines at the edges were changed; of the others, those between two elisions that are still alike stay.
            let behind = old.iter().rev().take_while(|line| !is_elision(line)).count();
            let before = first.min(new.len());
            let behind = behind.min(new.len() - before);
            let (mut between, edge) = new[before..].split_at(new.len() - before - behind);
            lines.extend_from_slice(&new[..before]);
            lines.push(old[first]);
            for run in old[first + 1..].split_inclusive(|line| is_elision(line)) {
                let Some((elision, run)) = run.split_last().filter(|(last, _)| is_elision(last)) else {
                    break;
                };
                if let Some(range) = alike(run, between) {
                    lines.extend_from_slice(&between[range.clone()]);
                    lines.push(elision);
                    between = &between[range.end..];
                }
            }
            lines.extend_from_slice(edge);
        }
        lines
    }
}

/// Where lines stand that others have become, though some were changed.
fn alike(old: &[&str], new: &[&str]) -> Option<Range<usize>> {
    // Every letter is held against every other: a quarter of a second, at most.
    let letters = |lines: &[&str]| lines.iter().map(|line| line.len()).sum::<usize>();
    if letters(old).saturating_mul(letters(new)) > 50_000_000 {
        return None;
    }
    let mut found: Option<Range<usize>> = None;
    for line in old.iter().filter(|line| !line.trim().is_empty()) {
        let from = found.as_ref().map_or(0, |found| found.end);
        let score = |at: usize| (strsim::normalized_levenshtein(line.trim(), new[at].trim()) * 100.0) as u32;
        let best = (from..new.len()).map(|at| (score(at), at)).rev().max_by_key(|(score, _)| *score);
        if let Some((_, at)) = best.filter(|(score, _)| *score >= 60) {
            found = Some(found.map_or(at, |found| found.start)..at + 1);
        }
    }
    found
}

/// The white space that all lines begin with.
fn indentation<'l>(lines: &[&'l str]) -> &'l str {
    let indents = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| &line[..line.len() - line.trim_start().len()]);
    let common = |one: &'l str, other: &'l str| {
        let length = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
        // White space of more bytes than one can share its first ones.
        one.get(..length).unwrap_or_default()
    };
    indents.reduce(common).unwrap_or_default()
}

/// Where lines are the same, and where not.
fn hunks(old: &[&str], new: &[&str]) -> Vec<(Range<usize>, Range<usize>, bool)> {
    let mut hunks: Vec<(Range<usize>, Range<usize>, bool)> = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, old, new) {
        let is_equal = matches!(op, DiffOp::Equal { .. });
        match hunks.last_mut() {
            Some((old, new, false)) if !is_equal => {
                old.end = op.old_range().end;
                new.end = op.new_range().end;
            }
            _ => hunks.push((op.old_range(), op.new_range(), is_equal)),
        }
    }
    hunks
}

/// What of a chapter must be written anew for a block to be as it should: the bytes, and their text. All else in
/// the block, line endings and what stands before its lines in a list or a quote, stays as it is.
///
/// # Errors
/// Why it must be done by hand.
pub fn replacement(chapter: &str, stale: &Stale) -> Result<(Range<usize>, String), &'static str> {
    let block = &chapter[stale.span.start..stale.span.end];
    let fence = block.split_inclusive('\n').next().unwrap_or_default();
    if !fence.ends_with('\n') {
        return Err("the chapter ends with its first line: close the block");
    }
    // Ends of lines are left out by now; what is left would be one in Markdown.
    if stale.wanted.contains('\r') {
        return Err("the file has carriage returns within lines");
    }
    let sign = fence.chars().next().filter(|sign| "`~".contains(*sign)).ok_or("it has no fence")?;
    let length = fence.chars().take_while(|c| *c == sign).count();
    let closes = |line: &str| line.trim_start().chars().take_while(|c| *c == sign).count() >= length;
    if stale.wanted.lines().any(closes) {
        return Err("the file holds a fence like the block's: make that longer");
    }
    let old: Vec<&str> = stale.text.lines().collect();
    let new: Vec<&str> = stale.wanted.lines().collect();
    let raw: Vec<&str> = block[fence.len()..].split_inclusive('\n').take(old.len()).collect();
    let mut prefix = None;
    for (raw, line) in raw.iter().zip(&old) {
        let before = raw.trim_end_matches(['\n', '\r']).strip_suffix(line);
        let before = before.ok_or("its lines are indented in a way of their own")?;
        prefix = prefix.or(Some(before).filter(|_| !line.trim().is_empty()));
    }
    let prefix = match prefix {
        Some(prefix) => prefix.to_owned(),
        None => {
            let line = &chapter[..stale.span.start];
            let line = &line[line.rfind('\n').map_or(0, |at| at + 1)..];
            line.chars().map(|c| if c == '>' || c.is_whitespace() { c } else { ' ' }).collect()
        }
    };
    let end = if fence.ends_with("\r\n") { "\r\n" } else { "\n" };
    let mut text = String::new();
    for (of_old, of_new, is_equal) in hunks(&old, &new) {
        if is_equal {
            text.extend(raw[of_old].iter().copied());
            continue;
        }
        for line in &new[of_new] {
            text.push_str(if line.is_empty() { prefix.trim_end() } else { &prefix });
            text.push_str(line);
            text.push_str(end);
        }
    }
    let start = stale.span.start + fence.len();
    Ok((start..start + raw.iter().map(|line| line.len()).sum::<usize>(), text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn updated(standing: &str, wanted: &str) -> Option<String> {
        let (standing, wanted): (Vec<&str>, Vec<&str>) =
            (standing.lines().collect(), wanted.lines().collect());
        let updated = Fit::of(&standing, &wanted).wanted();
        if let Some(updated) = &updated {
            let again: Vec<&str> = updated.lines().collect();
            assert_eq!(Fit::of(&again, &wanted).wanted(), None, "{updated}");
        }
        updated
    }

    #[test]
    fn elisions_stand_for_any_lines() {
        let file = "import a\nimport b\n\ndef f():\n    x()\n    return 1\n";
        for copy in [
            file,
            "import a\n# ...\n    return 1\n",
            "# ...\ndef f():\n    # …\n    return 1\n",
            "import a\nimport b\n# ...\n",
            "# ...\n",
            "import a\nimport b\n\ndef f():\n    x()\n    return 1\n# ...\n",
            "    # ...\n    x()\n    return 1\n",
        ] {
            assert_eq!(updated(copy, file), None, "{copy}");
        }
    }

    #[test]
    fn what_changed_is_taken_over_and_elisions_stay() {
        for (copy, file, expected) in [
            ("a\nb\n", "a\nB\n", "a\nB\n"),
            ("a\n# ...\nz\n", "A\nb\nc\nz\n", "A\n# ...\nz\n"),
            ("a\n# ...\nz\n", "a\nb\nc\nZ\n", "a\n# ...\nZ\n"),
            ("a\n# ...\ny\nz\n", "a\nb\nx\ny\nz\nend\n", "a\n# ...\ny\nz\nend\n"),
            ("    a\n    b\n", "  a\n  c\n", "    a\n    c\n"),
            ("a\n\nb\n", "", ""),
            ("", "a\n", "a\n"),
            ("// ...\nold\n// ...\n", "1\n2\n3\n", "// ...\n"),
            ("# ...\nlet a = 1;\n# ...\n", "x\nlet a = 2;\ny\n", "# ...\nlet a = 2;\n# ...\n"),
            (
                "# ...\nlet a = 1;\nlet b = 1;\n# ...\nend(1)\n# ...\ngone\n# ...\n",
                "x\nlet a = 2;\nnew\nlet b = 2;\ny\nend(2)\nz\n",
                "# ...\nlet a = 2;\nnew\nlet b = 2;\n# ...\nend(2)\n# ...\n",
            ),
        ] {
            assert_eq!(updated(copy, file).as_deref(), Some(expected), "{copy:?} from {file:?}");
        }
    }

    #[test]
    fn regions_stand_between_comments() {
        let file = "# region a\n1\n#region b\n2\n# endregion\n# region of a kind\n3\n/* endregion a */\n// region c\n";
        let lines: Vec<&str> = file.lines().collect();
        assert_eq!(region(&lines, "a"), Some(1..7));
        assert_eq!(region(&lines, "b"), Some(3..4));
        assert_eq!(region(&lines, "c"), None, "it never ends");
        assert_eq!(region(&lines, "of"), None);
        assert_eq!(marker("<!-- region x -->"), Some(Marker::Begin("x")));
        assert_eq!(marker("region x"), None, "no comment");
    }

    fn rewritten(chapter: &str, text: &str, wanted: &str) -> Result<String, &'static str> {
        let start = chapter.find("```").expect("a fence");
        let stale = Stale {
            span: Span::new(start, chapter.len()),
            file: String::new(),
            text: text.to_owned(),
            wanted: wanted.to_owned(),
        };
        let (range, text) = replacement(chapter, &stale)?;
        let mut chapter = chapter.to_owned();
        chapter.replace_range(range, &text);
        Ok(chapter)
    }

    #[test]
    fn only_lines_that_differ_are_written() {
        assert_eq!(
            rewritten("- x\r\n\r\n  ```py\r\n  a\r\n  b\r\n  ```\r\n", "a\nb\n", "a\n\nc\n"),
            Ok("- x\r\n\r\n  ```py\r\n  a\r\n\r\n  c\r\n  ```\r\n".to_owned())
        );
        assert_eq!(
            rewritten("> ```py\n> ```\nend", "", "a\n\nb\n"),
            Ok("> ```py\n> a\n>\n> b\n> ```\nend".to_owned())
        );
        assert_eq!(rewritten("```\na\n```\n", "a\n", ""), Ok("```\n```\n".to_owned()));
        assert!(rewritten("```\na\n```\n", "a\n", "```\n").is_err());
    }
}
