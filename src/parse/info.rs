//! Info strings: what a fenced code block says of itself, read once.
//!
//! An info string is a language and options after it: `python title="app/__init__.py" {1,4-6} numbers`. Pandoc's form,
//! `{.python .numberLines}`, is read too. [`Info::read`] is the entry point.

use std::borrow::Cow;
use std::ops::Range;

use super::foreign::directives;
use super::option_hints::{self, foreign_option, unknown_option};
use super::origin::Origin;
use super::step_options::{FailingCommands, StepOptions};
use crate::text::{Diagnostic, DiagnosticCode};

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
        let parts = split(&info);
        let mut rest = parts.as_slice();
        let mut read = Info::default();
        if let [first, others @ ..] = rest
            && is_language(&info[first.clone()])
        {
            let first_word = &info[first.clone()];
            read.read_language(first_word);
            if first_word.ends_with(',') {
                read.read_list(&info[first.end..]);
                return read;
            }
            rest = others;
        }

        let is_diagram = read.is_diagram();
        let mut before = read.language.clone();
        while let Some(first) = rest.first() {
            let words = rest.iter().take_while(|part| option_hints::is_word(&info[(*part).clone()])).count();
            let several = if words > 1 { words } else { 1 };
            let option = &info[first.start..rest[several - 1].end];

            let done = match several {
                1 if is_diagram => read.diagram_option(option),
                1 => read.option(option),
                _ => Err(option_hints::words(option)),
            };
            if let Err(diagnostic) = done {
                read.diagnostics.push((option.to_owned(), after(&before, option, diagnostic)));
            }
            option.clone_into(&mut before);
            rest = &rest[several..];
        }
        read
    }

    /// Reads the language, and what other tools write into the same word.
    fn read_language(&mut self, first: &str) {
        let (first, list) = first.split_once(',').unwrap_or((first, ""));
        self.read_list(list);

        let name = first.split('{').next().unwrap_or_default();
        // VitePress has the numbers of lines there, too; without them, it is as here.
        let name = name.strip_suffix(":no-line-numbers").unwrap_or(name);
        let (name, numbers) =
            name.split_once(":line-numbers").map_or((name, None), |(name, _)| (name, Some(first)));
        name.clone_into(&mut self.language);
        let numbers = numbers.map(|first| &first[name.len() + 1..]);
        self.diagnostics.extend(numbers.map(|option| (option.to_owned(), unknown_option(option))));
    }

    /// Reads options with commas between them, which mdBook and Zola have: `rust,ignore`, `toml, linenos, hl_lines=1 3-4`.
    ///
    /// Words that mean nothing here are left to the tools they are for.
    fn read_list(&mut self, list: &str) {
        for option in option_hints::listed(list) {
            if let Err(diagnostic) = self.option(&option)
                && !option_hints::is_of_others(&option)
            {
                self.diagnostics.push((option, diagnostic));
            }
        }
    }

    /// Whether the block is a diagram.
    pub fn is_diagram(&self) -> bool {
        self.language.eq_ignore_ascii_case("mermaid")
    }

    /// Reads one option after the language of code.
    fn option(&mut self, option: &str) -> Result<(), Diagnostic> {
        if let Some(list) = option.strip_prefix('{').and_then(|option| option.strip_suffix('}')) {
            let Some(ranges) = line_ranges(list) else {
                return Err(option_hints::in_braces(option, list));
            };
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
        if option_hints::is_elsewhere(key) || option_hints::is_left_out(key) {
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

/// Whether the first word of an info string is a language, and no option.
fn is_language(first: &str) -> bool {
    let name = first.split(',').next().unwrap_or_default();
    !name.starts_with(['{', '[']) && !name.contains('=')
}

/// What is wrong with an option, seen with what comes before it.
fn after(before: &str, option: &str, diagnostic: Diagnostic) -> Diagnostic {
    if let Some(of_language) = option_hints::language_after(before, option) {
        return of_language;
    }
    match before.split_once('=') {
        // `tab=Visual Studio` is two options.
        Some((key, value))
            if !option.contains(['=', '{', '[', '#', '"', '\'', '/'])
                && !value.contains(['"', '\'', '{']) =>
        {
            diagnostic.hint(format!("a value with spaces has quotes: `{key}=\"{value} {option}\"`"))
        }
        _ => diagnostic,
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

/// Where the language and the options of an info string are: they are split at white space, but not inside quotes or braces.
fn split(info: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = None;

    let mut quote = None;
    for (at, c) in info.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            // A pattern of another tool.
            (None, '/') if start.is_none() && !parts.is_empty() || is_marked_pattern(&info[..at]) => {
                quote = Some(c);
            }
            (None, '{') => {
                // Braces may follow the language without a space; after a `=`, they are a value of another tool.
                let is_value = info[..at].ends_with('=');
                if !is_value
                    && let Some(from) = start.replace(at)
                    && from < at
                {
                    parts.push(from..at);
                }
                quote = Some('}');
            }
            (None, '[') if start.is_none() => quote = Some(']'),
            // `title = "x"` is one option.
            (None, c) if c.is_whitespace() && is_around_equals(info, at) => {}
            (None, c) if c.is_whitespace() => parts.extend(start.take().map(|from| from..at)),
            _ => {}
        }
        if !c.is_whitespace() {
            start.get_or_insert(at);
        }
    }

    parts.extend(start.map(|from| from..info.len()));
    parts
}

/// Whether what comes next can be a pattern whose matches other tools mark: `ins=/a b/`.
fn is_marked_pattern(before: &str) -> bool {
    ["ins=", "del=", "mark="].iter().any(|key| before.ends_with(key))
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
        for list in ["rust, numbers, {1,3} title=\"a, b\", ignore", "rust,{1,3}, title=\"a, b\" numbers"] {
            let info = Info::read(list);
            assert_eq!((info.language.as_str(), info.title.as_deref()), ("rust", Some("a, b")), "{list}");
            assert_eq!((info.numbers, info.marked.as_slice()), (true, &[(1, 1), (3, 3)][..]), "{list}");
            assert!(info.diagnostics.is_empty(), "{list}");
        }
        assert_eq!(diagnostics(&Info::read("python, titel=\"x\", nubmers")), ["titel=\"x\"", "nubmers"]);
        let apostrophe = Info::read("js, title=it's, numbers");
        assert_eq!((apostrophe.title.as_deref(), apostrophe.numbers), (Some("it's"), true));
        assert!(Info::read("{.python .numberLines}").numbers);
        assert!(Info::read("{.mermaid}").is_diagram());
    }

    #[test]
    fn unknown_options_are_named() {
        assert_eq!(diagnostics(&Info::read("pyton number {a} x=1")), ["number", "{a}", "x=1"]);
        assert_eq!(diagnostics(&Info::read("mermaid alt=x numbers")), ["numbers"]);
    }

    #[test]
    fn words_without_quotes_are_one_title() {
        let hints = |info: &str| {
            let read = Info::read(info);
            read.diagnostics.into_iter().map(|(_, of)| of.hint.unwrap_or_default()).collect::<Vec<_>>()
        };
        let title = |title: &str| format!("as a title, write `title=\"{title}\"`; else leave them out");
        assert_eq!(hints("ts Selector  Calculation Examples"), [title("Selector  Calculation Examples")]);
        assert_eq!(hints("ts numbers Two words {1}"), [title("Two words")]);
        assert_eq!(hints("mermaid Two words"), [title("Two words")]);
        assert_eq!(
            hints("sh tab=Visual Studio Code"),
            ["a value with spaces has quotes: `tab=\"Visual Studio Code\"`"]
        );
        assert_eq!(hints("diff lang=\"js\" {1}"), ["the language comes first: `js diff`"]);
        assert_eq!(hints("js src/app.js"), ["a title or a file's name is `title=\"src/app.js\"`"]);
    }

    #[test]
    fn options_of_other_tools_are_whole() {
        let pattern = Info::read("js /a {b} \"c\"/ \"a b\" {test=\"skip\" id=1}");
        assert_eq!(diagnostics(&pattern), ["/a {b} \"c\"/", "\"a b\"", "{test=\"skip\" id=1}"]);

        let pattern = Info::read("js ins=/a { b/ title=/etc/a wrap");
        assert_eq!((diagnostics(&pattern), pattern.wrap), (vec!["ins=/a { b/"], Some(true)));

        let zola = Info::read("scss, linenos, hl_lines=3-4 8-9, hide_lines=2 7, name=a.css");
        assert_eq!(diagnostics(&zola), ["linenos", "hl_lines=3-4 8-9", "hide_lines=2 7", "name=a.css"]);
        assert_eq!(diagnostics(&Info::read("scss,linenos,hl_lines=3-4")), ["linenos", "hl_lines=3-4"]);
        assert_eq!(diagnostics(&Info::read("rust, editable edition2021, compile_fail")), [""; 0]);

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
