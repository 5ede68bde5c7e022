//! Info strings: what a fenced code block says of itself, read once.
//!
//! An info string is a language and options after it: `python title="app/__init__.py" {1,4-6} numbers`. Pandoc's form,
//! `{.python .numberLines}`, is read too. [`Info::read`] is the entry point.

use std::borrow::Cow;

use super::foreign::directives;
use super::origin::{self, Origin};
use super::step_options::{self, FailingCommands, StepOptions};
use crate::text::{Diagnostic, DiagnosticCode, nearest};

/// What the info string of a code block says.
#[derive(Clone, Debug, Default)]
pub struct Info {
    /// The first word, the name of a language.
    pub language: String,
    /// The text above the block, such as a file's name.
    pub title: Option<String>,
    /// The id, for links to the block.
    pub id: Option<String>,
    /// The name of the tab that the block is in.
    pub tab: Option<String>,
    /// What a diagram shows, for those who do not see it.
    pub alt: Option<String>,
    /// The lines to be marked, as they are written: `{1,4-6}`.
    pub line_list: Option<String>,
    /// The lines to be marked, from 1, as ranges with both ends, in order and apart from each other.
    pub marked: Vec<(usize, usize)>,
    /// Whether lines are numbered.
    pub numbers: bool,
    /// Whether long lines wrap, if it says so.
    pub wrap: Option<bool>,
    /// Whether it is folded until a reader opens it, if it says so.
    pub fold: Option<bool>,
    /// Whether `+` and `-` in the first column mark changed lines.
    pub diff: bool,
    /// Whether `#` is a prompt.
    pub root: bool,
    /// The machine that it is for.
    pub machine: Option<String>,
    /// What the block is a copy of.
    pub origin: Origin,
    /// What the tests of its commands do.
    pub step: StepOptions,
    /// The options that could not be read, and what is wrong with each.
    pub diagnostics: Vec<(String, Diagnostic)>,
}

/// The options that can follow the language in an info string.
const OPTIONS: &[&str] =
    &["diff", "fold", "nofold", "nowrap", "numbers", "root", "wrap", "title=", "tab=", "machine="];

/// Options that mean the same in books for other tools, and what is written here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("hl_lines", "{1,4-6}"),
    ("emphasize-lines", "{1,4-6}"),
    ("mark", "{1,4-6}"),
    ("ins", "diff"),
    ("del", "diff"),
    ("filename", "title="),
    ("fileName", "title="),
    ("caption", "title="),
    ("label", "tab="),
    ("collapse", "fold"),
    ("expandable", "fold"),
    ("line-numbers", "numbers"),
    ("lineNumbers", "numbers"),
    ("linenos", "numbers"),
    ("linenums", "numbers"),
    ("showLineNumbers", "numbers"),
];

/// The options for a diagram.
const DIAGRAM_OPTIONS: &[&str] = &["title=", "alt="];

impl Info {
    /// Reads an info string.
    pub fn read(info: &str) -> Self {
        // What is after the name of a directive is for its tool.
        if let Some((signs, construct)) = directives::find(info.trim()) {
            let diagnostics = vec![(signs.to_owned(), construct.diagnostic(signs))];
            return Info { diagnostics, ..Info::default() };
        }

        let info = without_classes(info);
        let mut parts = split(&info).into_iter().peekable();
        let mut read = Info::default();
        if let Some(first) = parts.next_if(|part| !part.starts_with(['{', '[']) && !part.contains('=')) {
            // A list after a comma (`rust,ignore`) is for other tools.
            let name = first.split([',', '{']).next().unwrap_or_default();
            // VitePress has the numbers of lines there, too; without them, it is as here.
            let name = name.strip_suffix(":no-line-numbers").unwrap_or(name);
            let (name, numbers) =
                name.split_once(":line-numbers").map_or((name, None), |(name, _)| (name, Some(first)));
            name.clone_into(&mut read.language);
            let numbers = numbers.map(|first| &first[name.len() + 1..]);
            read.diagnostics.extend(numbers.map(|option| (option.to_owned(), unknown_option(option))));
        }

        let is_diagram = read.is_diagram();
        let mut before = "";
        for option in parts {
            let done = if is_diagram { read.diagram_option(option) } else { read.option(option) };
            if let Err(diagnostic) = done {
                let diagnostic = match before.split_once('=') {
                    // `tab=Visual Studio` is two options.
                    Some((key, value))
                        if !option.contains(['=', '{', '[', '#', '"', '\'', '/'])
                            && !value.contains(['"', '\'', '{']) =>
                    {
                        diagnostic
                            .hint(format!("a value with spaces has quotes: `{key}=\"{value} {option}\"`"))
                    }
                    _ => diagnostic,
                };
                read.diagnostics.push((option.to_owned(), diagnostic));
            }
            before = option;
        }
        read
    }

    /// Whether the block is a diagram.
    pub fn is_diagram(&self) -> bool {
        self.language.eq_ignore_ascii_case("mermaid")
    }

    /// Reads one option after the language of code.
    fn option(&mut self, option: &str) -> Result<(), Diagnostic> {
        if let Some(list) = option.strip_prefix('{').and_then(|option| option.strip_suffix('}')) {
            let Some(ranges) = line_ranges(list) else { return Err(no_lines(option, list)) };
            self.marked = ranges;
            self.line_list = Some(option.to_owned());
            return Ok(());
        }

        if let Some(id) = option.strip_prefix('#').filter(|id| !id.is_empty()) {
            self.id = Some(id.to_owned());
            return Ok(());
        }

        if option.starts_with(['"', '\'', '/']) {
            return Err(
                foreign_option(option).hint("it marks a text in the code; here lines are marked: `{1,4-6}`")
            );
        }

        let Some((key, value)) = option.split_once('=') else { return self.flag(option) };
        let key = key.trim_end();
        if ELSEWHERE.iter().any(|(theirs, _)| *theirs == key) {
            return Err(unknown_option(option));
        }
        let value = closed_value(option, value.trim_start())?;
        match key {
            "title" => self.title = Some(value.to_owned()).filter(|title| !title.trim().is_empty()),
            "tab" if !value.is_empty() => self.tab = Some(value.to_owned()),
            "machine" if !value.is_empty() => self.machine = Some(value.to_owned()),
            _ => {
                let is_of_test = self.step.set(key, value).map_err(|why| wrong_time(option, why))?;
                let is_known =
                    is_of_test || self.origin.set(key, value).map_err(|why| wrong_lines(option, why))?;
                return if is_known { Ok(()) } else { Err(unknown_option(option)) };
            }
        }
        Ok(())
    }

    /// Reads an option without a value.
    fn flag(&mut self, option: &str) -> Result<(), Diagnostic> {
        match option {
            "numbers" => self.numbers = true,
            "wrap" => self.wrap = Some(true),
            "nowrap" => self.wrap = Some(false),
            "fold" => self.fold = Some(true),
            "nofold" => self.fold = Some(false),
            "diff" => self.diff = true,
            "root" => self.root = true,
            "fails" => self.step.fails = FailingCommands::Last,
            "alone" => self.step.alone = true,
            _ => return Err(unknown_option(option)),
        }
        Ok(())
    }

    /// Reads one option after the language of a diagram.
    fn diagram_option(&mut self, option: &str) -> Result<(), Diagnostic> {
        let field = match option.split_once('=') {
            Some(("title", value)) => (&mut self.title, value),
            Some(("alt", value)) => (&mut self.alt, value),
            _ => {
                let message = format!("`{option}` means nothing for a diagram");
                let diagnostic = Diagnostic::new(DiagnosticCode::UnknownOption, message);
                return Err(diagnostic.hint(format!("the options are `{}`", DIAGRAM_OPTIONS.join("`, `"))));
            }
        };
        *field.0 = Some(closed_value(option, field.1)?.to_owned());
        Ok(())
    }
}

/// The value of an option without its quotes.
///
/// # Errors
/// They are not a pair around it.
fn closed_value<'o>(option: &str, value: &'o str) -> Result<&'o str, Diagnostic> {
    unquoted(value).ok_or_else(|| {
        Diagnostic::new(DiagnosticCode::UnknownOption, format!("the quotes of `{option}` are not closed"))
    })
}

/// An info string in Pandoc's form (`{.python .numberLines}`) as it is written here.
fn without_classes(info: &str) -> Cow<'_, str> {
    let inner = info.trim().strip_prefix('{').and_then(|info| info.strip_suffix('}'));
    match inner.map(str::trim).filter(|inner| inner.starts_with('.')) {
        Some(inner) => {
            let words = inner.split_whitespace().map(|word| match word.trim_start_matches('.') {
                "numberLines" | "number-lines" => "numbers",
                word => word,
            });
            words.collect::<Vec<_>>().join(" ").into()
        }
        None => info.into(),
    }
}

/// A value without its quotes; none, if they are not a pair around it.
fn unquoted(value: &str) -> Option<&str> {
    match value.chars().next().filter(|quote| ['"', '\''].contains(quote)) {
        Some(quote) => value[1..].strip_suffix(quote).filter(|value| !value.contains(quote)),
        // A quote further on has taken in the options after it.
        None => Some(value).filter(|value| !value.contains(char::is_whitespace)),
    }
}

/// Reports what is in braces and is no list of lines.
fn no_lines(option: &str, list: &str) -> Diagnostic {
    let key = list.trim().split('=').next().unwrap_or_default();
    match options().find(|known| known.trim_end_matches('=') == key) {
        None if list.contains('=') || list.starts_with(['.', '#']) => foreign_option(option),
        Some(_) => Diagnostic::new(DiagnosticCode::UnknownOption, format!("`{option}` is no list of lines"))
            .hint(format!("options have no braces around them: `{list}`")),
        None => Diagnostic::new(DiagnosticCode::UnknownOption, format!("`{option}` is no list of lines"))
            .hint("write lines and ranges with commas: `{1,4-6}`"),
    }
}

/// Reports a list of lines that cannot be copied.
fn wrong_lines(option: &str, why: &str) -> Diagnostic {
    let message = format!("`{option}` cannot be copied: {why}");
    Diagnostic::new(DiagnosticCode::UnknownOption, message)
        .hint("write lines and ranges in the order of the file: `lines=7`, `lines=1-4,9-12`")
}

/// Reports a length of time that cannot be read.
fn wrong_time(option: &str, why: &str) -> Diagnostic {
    let message = format!("`{option}` is no length of time");
    Diagnostic::new(DiagnosticCode::UnknownOption, message).hint(why)
}

/// The options of code that are read in parts.
fn options() -> impl Iterator<Item = &'static str> {
    [OPTIONS, origin::OPTIONS, step_options::OPTIONS].into_iter().flatten().copied()
}

fn unknown_option(option: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        DiagnosticCode::UnknownOption,
        format!("unknown option `{option}` in the info string"),
    );
    let key = option.split('=').next().unwrap_or(option).trim_end();
    if let Some(known) = options().find(|known| known.strip_suffix('=') == Some(key)) {
        return diagnostic.hint(format!("write what it is after it: `{known}…`"));
    }
    // VitePress writes the title of code, or of its tab, in brackets.
    if let Some(title) = option.strip_prefix('[').and_then(|option| option.strip_suffix(']')) {
        return foreign_option("[…]")
            .hint(format!("here it is `title=\"{title}\"`, or `tab=\"{title}\"` for code in tabs"));
    }
    if let Some((_, here)) = ELSEWHERE.iter().find(|(theirs, _)| *theirs == key) {
        let is_off = option[key.len()..].contains("false");
        return foreign_option(key).hint(match is_off {
            true => format!("leave it out: without `{here}` it is off"),
            false => format!("here it is `{here}`"),
        });
    }
    match nearest(key, options().map(|known| known.trim_end_matches('='))) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None => diagnostic.hint(format!(
            "the options are `{{1,4-6}}`, `#id`, `{}`",
            options().collect::<Vec<_>>().join("`, `")
        )),
    }
}

/// The diagnostic for what is an option to another tool only.
fn foreign_option(option: &str) -> Diagnostic {
    let message = format!("`{option}` in an info string is an option of another tool");
    Diagnostic::new(DiagnosticCode::ForeignMarkup, message)
}

/// Splits an info string, the language and its options, at white space, but not inside quotes or braces.
fn split(info: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = None;

    let mut quote = None;
    for (at, c) in info.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            // A pattern of another tool.
            (None, '/') if start.is_none() && !parts.is_empty() => quote = Some(c),
            (None, '{') => {
                // Braces may follow the language without a space; after a `=`, they are a value of another tool.
                let is_value = info[..at].ends_with('=');
                if !is_value
                    && let Some(from) = start.replace(at)
                    && from < at
                {
                    parts.push(&info[from..at]);
                }
                quote = Some('}');
            }
            (None, '[') if start.is_none() => quote = Some(']'),
            // `title = "x"` is one option.
            (None, c) if c.is_whitespace() && is_around_equals(info, at) => {}
            (None, c) if c.is_whitespace() => parts.extend(start.take().map(|from| &info[from..at])),
            _ => {}
        }
        if !c.is_whitespace() {
            start.get_or_insert(at);
        }
    }

    parts.extend(start.map(|from| &info[from..]));
    parts
}

/// Whether white space is before a `=`, or between one and its value.
fn is_around_equals(info: &str, at: usize) -> bool {
    let before = info[..at].trim_end().strip_suffix('=');
    info[at..].trim_start().starts_with('=') || before.is_some_and(|key| key.ends_with(char::is_whitespace))
}

/// Reads a list of lines; ranges that overlap become one.
fn line_ranges(list: &str) -> Option<Vec<(usize, usize)>> {
    let range = |item: &str| {
        let (first, last) = item.split_once('-').unwrap_or((item, item));
        let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        (1 <= first && first <= last).then_some((first, last))
    };
    let mut ranges: Vec<(usize, usize)> = list.split(',').map(range).collect::<Option<_>>()?;
    ranges.sort_unstable();
    ranges.dedup_by(|next, range| {
        let overlaps = next.0 <= range.1;
        range.1 = range.1.max(if overlaps { next.1 } else { 0 });
        overlaps
    });
    Some(ranges)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagnostics(info: &Info) -> Vec<&str> {
        info.diagnostics.iter().map(|(option, _)| option.as_str()).collect()
    }

    #[test]
    fn options_after_the_language() {
        let info = Info::read(r#"python{1,4-6} title="my app.py" numbers tab='Ubuntu 24' "#);
        assert!(info.diagnostics.is_empty());
        assert_eq!((info.language.as_str(), info.title.as_deref()), ("python", Some("my app.py")));
        assert_eq!((info.tab.as_deref(), info.numbers), (Some("Ubuntu 24"), true));
        assert_eq!(info.marked, [(1, 1), (4, 6)]);
        assert_eq!(Info::read(r#"sh title="a tab=b""#).tab, None);
        let spaced = Info::read(r#"sh title = "a b" numbers"#);
        assert_eq!((spaced.title.as_deref(), spaced.numbers), (Some("a b"), true));
        assert_eq!(Info::read("rust,ignore").language, "rust");
        assert!(Info::read("{.python .numberLines}").numbers);
        assert!(Info::read("{.mermaid}").is_diagram());
    }

    #[test]
    fn unknown_options_are_named() {
        assert_eq!(diagnostics(&Info::read("pyton number {a} x=1")), ["number", "{a}", "x=1"]);
        assert_eq!(diagnostics(&Info::read("mermaid alt=x numbers")), ["numbers"]);
    }

    #[test]
    fn options_of_other_tools_have_theirs_here() {
        for option in ["hl_lines=\"1 2\"", "linenums=1", "showLineNumbers", "ins={3, 4-5}", "[config.js]"] {
            let hint = unknown_option(option).hint.expect("a hint");
            assert!(hint.starts_with("here it is"), "{option}: {hint}");
        }
    }

    #[test]
    fn options_of_other_tools_are_whole() {
        let pattern = Info::read("js /a {b} \"c\"/ \"a b\" {test=\"skip\" id=1}");
        assert_eq!(diagnostics(&pattern), ["/a {b} \"c\"/", "\"a b\"", "{test=\"skip\" id=1}"]);

        let info = Info::read("js:line-numbers [my config.js] {1} ins={3, 4}");
        assert_eq!((info.language.as_str(), info.marked.as_slice()), ("js", &[(1, 1)][..]));
        assert_eq!(diagnostics(&info), ["line-numbers", "[my config.js]", "ins={3, 4}"]);
    }

    #[test]
    fn ranges_that_overlap_are_one() {
        assert_eq!(Info::read("python {7-9,1,3-5,4-6,8}").marked, [(1, 1), (3, 6), (7, 9)]);
    }

    #[test]
    fn options_that_are_wrong_are_reported() {
        for options in [
            "lines=10-",
            "lines=10..12",
            "lines=5-1",
            "regon=x",
            "{1-}",
            "number",
            "tab=\"\"",
            "title=\"a lines=1",
            "title='a'lines=1",
            "title=it's lines=1",
        ] {
            let info = Info::read(&format!("python {options} file=a.py"));
            assert_eq!(info.diagnostics.len(), 1, "{options}: {:?}", info.diagnostics);
        }
        let info = Info::read("pyton title=it's");
        assert!(info.diagnostics.is_empty());
        assert_eq!(info.title.as_deref(), Some("it's"));
    }
}
