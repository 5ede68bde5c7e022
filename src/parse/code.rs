//! Code blocks: what their info strings ask for.
//!
//! An info string is a language and words behind it: `python title="app/__init__.py" {1,4-6} numbers`.

use std::borrow::Cow;
use std::mem;
use std::sync::Arc;

use super::Options;
use super::callouts::Callouts;
use super::console::{self, Session, Signs};
use super::excerpt::{self, Origin};
use super::language::{self, Language, Lookup};
use super::placeholder::{self, Token};
use crate::text::{Diagnostic, DiagnosticCode, Source, Span, nearest, plural};

/// A code block, ready to be highlighted and written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CodeBlock {
    /// The first word of the info string.
    pub name: String,
    /// The language, if it is one that can be highlighted.
    pub language: Option<Language>,
    /// The code, every line with its newline.
    pub text: String,
    /// The text above the block, such as a file's name.
    pub title: Option<String>,
    /// The name of the tab that the block is in.
    pub tab: Option<String>,
    /// The lines to be marked, from 1, as ranges with both ends, in order and apart from each other.
    pub marked: Vec<(usize, usize)>,
    /// Whether lines are numbered.
    pub numbers: bool,
    /// Whether long lines wrap.
    pub wrap: bool,
    /// Whether it is folded until a reader opens it.
    pub fold: bool,
    /// The placeholders that occur in it.
    pub tokens: Vec<Token>,
    /// The callouts that a list right after the block explains.
    pub callouts: Option<Callouts>,
    /// Whether `+` and `-` in the first column mark changed lines.
    pub diff: bool,
    /// The block as a console session, if it is one.
    pub session: Option<Session>,
    /// What it is a copy of.
    pub origin: Origin,
    /// Whether a word of the info string could not be read, so that nobody knows what else it asks for.
    pub is_misread: bool,
    /// Where that can be seen.
    pub url: Option<String>,
}

/// The words that can stand in an info string behind the language.
const WORDS: &[&str] = &["diff", "fold", "nofold", "nowrap", "numbers", "root", "wrap", "title=", "tab="];

/// Words that mean the same in books for other tools, and what is written here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("hl_lines", "{1,4-6}"),
    ("lineNumbers", "numbers"),
    ("linenos", "numbers"),
    ("linenums", "numbers"),
    ("showLineNumbers", "numbers"),
];

/// Names of the language of console sessions.
const CONSOLE: &[&str] =
    &["bash-session", "console", "shell-session", "shellsession", "sh-session", "terminal"];

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

impl CodeBlock {
    /// Reads a fenced block: its info string (at `span` in the source) and its text.
    pub fn fenced(
        info: &str,
        text: String,
        (source, span): (&Arc<Source>, Span),
        options: &Options,
        faults: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut block = CodeBlock { text, wrap: options.wrap, ..CodeBlock::default() };
        block.tokens = placeholder::tokens(&block.text, options);
        block.fold = options.fold.is_some_and(|most| block.text.lines().count() > most);
        let fault_at = |word: &str| locate(word, source, span);
        let info = without_classes(info);
        let mut words = split(&info).into_iter().peekable();
        if let Some(first) = words.next_if(|word| !word.starts_with('{') && !word.contains('=')) {
            // A list behind a comma (`rust,ignore`) is for other tools.
            let name = first.split([',', '{']).next().unwrap_or_default();
            name.clone_into(&mut block.name);
        }
        let mut is_root = false;
        let mut marks = None;
        for word in words {
            if let Err(fault) = block.word(word, &mut is_root) {
                block.is_misread = true;
                faults.push(fault.at(source, fault_at(word)));
            } else if word.starts_with('{') {
                marks = Some(word);
            }
        }
        // A copy may not be there yet.
        if let Some((word, fault)) = marks.and_then(|word| Some((word, block.marks_nothing(word)?)))
            && block.origin.file.is_none()
        {
            faults.push(fault.at(source, fault_at(word)));
        }
        let name = block.name.to_ascii_lowercase();
        let is_console = CONSOLE.contains(&name.as_str());
        let language = language::find(&name);
        let is_session = match name.as_str() {
            "" => console::looks_like_session(&block.text),
            _ => is_console || is_prompted(language, &block.text),
        };
        if is_session {
            if mem::take(&mut block.diff) {
                faults.push(
                    Diagnostic::new(DiagnosticCode::UnknownWord, "`diff` means nothing for a session")
                        .at(source, fault_at("diff"))
                        .hint("`{1,4-6}` marks lines of it"),
                );
            }
            let signs = Signs { root: is_root, named: is_console, ..Signs::default() };
            let session = Session::parse(&block.text, options.comment.as_deref(), signs);
            if is_console && session.is_output() && !block.text.trim().is_empty() {
                faults.push(no_prompt(&block.text).at(source, fault_at(&block.name)));
            }
            block.session = Some(session);
        } else if !block.name.is_empty() {
            block.language = match language {
                Lookup::Known(language) => Some(language),
                Lookup::Plain => None,
                Lookup::Unknown => {
                    faults.push(unknown_language(&block.name).at(source, fault_at(&block.name)));
                    None
                }
            };
        }
        block
    }

    /// The fault of a list of lines that goes beyond the code, as when that has become shorter.
    fn marks_nothing(&self, list: &str) -> Option<Diagnostic> {
        let (lines, last) = (self.text.lines().count(), self.marked.last()?.1);
        let message =
            format!("`{list}` marks lines that are not there: the code has {}", plural(lines, "line"));
        (last > lines)
            .then(|| Diagnostic::new(DiagnosticCode::UnknownWord, message).hint("lines are counted from 1"))
    }

    /// Reads one word behind the language.
    fn word(&mut self, word: &str, is_root: &mut bool) -> Result<(), Diagnostic> {
        if let Some(list) = word.strip_prefix('{').and_then(|word| word.strip_suffix('}')) {
            self.marked = line_ranges(list).ok_or_else(|| {
                Diagnostic::new(DiagnosticCode::UnknownWord, format!("`{word}` is no list of lines"))
                    .hint("write lines and ranges with commas: `{1,4-6}`")
            })?;
            return Ok(());
        }
        match word.split_once('=').map(|(key, value)| (key, unquoted(value))) {
            Some((_, None)) => {
                return Err(Diagnostic::new(
                    DiagnosticCode::UnknownWord,
                    format!("the quotes of `{word}` are not closed"),
                ));
            }
            Some(("title", Some(value))) => {
                self.title = Some(value.to_owned()).filter(|title| !title.trim().is_empty());
            }
            Some(("tab", Some(value))) if !value.is_empty() => self.tab = Some(value.to_owned()),
            Some((key, Some(value))) if self.origin.set(key, value) => {}
            Some(_) => return Err(unknown_word(word)),
            None => match word {
                "numbers" => self.numbers = true,
                "wrap" => self.wrap = true,
                "nowrap" => self.wrap = false,
                "fold" => self.fold = true,
                "nofold" => self.fold = false,
                "diff" => self.diff = true,
                "root" => *is_root = true,
                _ => return Err(unknown_word(word)),
            },
        }
        Ok(())
    }

    /// Whether each line is an element of its own.
    pub fn is_by_line(&self) -> bool {
        self.numbers || self.diff || !self.marked.is_empty()
    }

    /// Whether a line (from 1) is to be marked.
    pub fn is_marked(&self, line: usize) -> bool {
        let at = self.marked.partition_point(|(_, last)| *last < line);
        self.marked.get(at).is_some_and(|(first, _)| *first <= line)
    }
}

/// A value without its quotes; none, if they are not a pair around it.
fn unquoted(value: &str) -> Option<&str> {
    match value.chars().next().filter(|quote| ['"', '\''].contains(quote)) {
        Some(quote) => value[1..].strip_suffix(quote).filter(|value| !value.contains(quote)),
        // A quote further on has taken in the words behind it.
        None => Some(value).filter(|value| !value.contains(char::is_whitespace)),
    }
}

fn unknown_word(word: &str) -> Diagnostic {
    let fault =
        Diagnostic::new(DiagnosticCode::UnknownWord, format!("`{word}` means nothing in an info string"));
    let key = word.split('=').next().unwrap_or(word);
    let mut known = WORDS.iter().chain(excerpt::WORDS);
    if let Some(known) = known.find(|known| known.strip_suffix('=') == Some(key)) {
        return fault.hint(match key {
            "lines" => "write a line or the first and the last: `lines=7`, `lines=10-24`".to_owned(),
            _ => format!("write what it is behind it: `{known}…`"),
        });
    }
    if let Some((_, here)) = ELSEWHERE.iter().find(|(theirs, _)| *theirs == key) {
        return fault.hint(format!("here it is `{here}`"));
    }
    match nearest(key, WORDS.iter().chain(excerpt::WORDS).map(|known| known.trim_end_matches('='))) {
        Some(near) => fault.hint(format!("did you mean `{near}`?")),
        None => fault
            .hint(format!("known words: `{{1,4-6}}`, `{}`", [WORDS, excerpt::WORDS].concat().join("`, `"))),
    }
}

/// Whether code begins with a prompt of what reads its language. No script does: it is a session under another name.
fn is_prompted(language: Lookup, text: &str) -> bool {
    matches!(language, Lookup::Known(_))
        && console::begins_with_prompt(text)
            .is_some_and(|interpreter| language::find(interpreter.language()) == language)
}

fn no_prompt(text: &str) -> Diagnostic {
    let fault = Diagnostic::new(
        DiagnosticCode::MissingPrompt,
        "this session has no prompt that is known: all of it is output",
    );
    match text.lines().any(|line| line.starts_with("# ")) {
        true => {
            fault.hint("`root` behind the language makes a prompt of `# `; `text` is the language of output")
        }
        false => fault.hint("write `$ ` in front of commands; `text` is the language of output"),
    }
}

fn unknown_language(name: &str) -> Diagnostic {
    let fault = Diagnostic::new(DiagnosticCode::UnknownLanguage, format!("no language is called `{name}`"));
    match nearest(&name.to_ascii_lowercase(), language::names()) {
        Some(near) => fault.hint(format!("did you mean `{near}`? `text` is plain text")),
        None => fault.hint("the code is shown without colours; `text` says that this is meant"),
    }
}

/// The words of an info string behind the language.
pub fn more_words(info: &str) -> impl Iterator<Item = &str> {
    split(info).into_iter().skip(1)
}

/// What an info string gives for a name: `title="…"`.
pub fn attribute(info: &str, name: &str) -> Option<String> {
    let mut values = split(info).into_iter().filter_map(|word| word.split_once('='));
    let (_, value) = values.find(|(key, _)| *key == name)?;
    Some(value.trim_matches(['"', '\'']).to_owned())
}

/// Splits an info string at white space, but not inside quotes or braces.
fn split(info: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = None;
    let mut quote = None;
    for (at, c) in info.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '{') => {
                // Braces may stand right behind the language.
                if let Some(from) = start.replace(at)
                    && from < at
                {
                    words.push(&info[from..at]);
                }
                quote = Some('}');
            }
            (None, c) if c.is_whitespace() => words.extend(start.take().map(|from| &info[from..at])),
            _ => {}
        }
        if !c.is_whitespace() {
            start.get_or_insert(at);
        }
    }
    words.extend(start.map(|from| &info[from..]));
    words
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

/// Finds a word of the info string on the block's first line.
pub fn locate(word: &str, source: &Source, block: Span) -> Span {
    let line = source.text[block.start..].lines().next().unwrap_or_default();
    match line.find(word) {
        Some(at) => Span::new(block.start + at, block.start + at + word.len()),
        None => Span::new(block.start, block.start + line.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Config;

    fn read(info: &str) -> (CodeBlock, Vec<String>) {
        let source = Arc::new(Source::new("a.md", format!("```{info}\n")));
        let span = Span::new(0, source.text.len());
        let mut faults = Vec::new();
        let block = CodeBlock::fenced(
            info,
            "x\n".repeat(9),
            (&source, span),
            &Options::new(&Config::default()),
            &mut faults,
        );
        let shown = |fault: &Diagnostic| {
            let place = fault.place.as_ref().expect("a place").span;
            format!("{} {}", fault.code.name(), &source.text[place.start..place.end])
        };
        let faults = faults.iter().map(shown).collect();
        (block, faults)
    }

    #[test]
    fn words_behind_the_language() {
        let (block, faults) = read(r#"python{1,4-6} title="my app.py" numbers tab='Ubuntu 24' "#);
        assert_eq!(faults, [""; 0]);
        assert_eq!(
            (block.name.as_str(), block.title.as_deref(), block.tab.as_deref()),
            ("python", Some("my app.py"), Some("Ubuntu 24"))
        );
        assert_eq!((block.marked.as_slice(), block.numbers), ([(1, 1), (4, 6)].as_slice(), true));
        assert!(block.is_marked(5) && !block.is_marked(2));
    }

    #[test]
    fn unknown_words_are_named() {
        assert_eq!(
            read("pyton number {a} x=1").1,
            ["unknown-word number", "unknown-word {a}", "unknown-word x=1", "unknown-language pyton",]
        );
        assert_eq!(read("rust,ignore").1, [""; 0]);
    }

    #[test]
    fn words_of_other_tools_have_theirs_here() {
        for word in ["hl_lines=\"1 2\"", "linenums=1", "showLineNumbers"] {
            let hint = unknown_word(word).hint.expect("a hint");
            assert!(hint.starts_with("here it is"), "{word}: {hint}");
        }
    }

    #[test]
    fn ranges_that_overlap_are_one() {
        let (block, _) = read("python {7-9,1,3-5,4-6,8}");
        assert_eq!(block.marked, [(1, 1), (3, 6), (7, 9)]);
        assert!([1, 3, 6, 9].iter().all(|line| block.is_marked(*line)) && !block.is_marked(2));
    }

    #[test]
    fn a_block_with_such_a_word_is_misread() {
        for words in [
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
            let (block, faults) = read(&format!("python {words} file=a.py"));
            assert!(block.is_misread && faults.len() == 1, "{words}: {faults:?}");
        }
        let (block, faults) = read("pyton title=it's");
        assert_eq!(
            (block.is_misread, faults.as_slice()),
            (false, ["unknown-language pyton".to_owned()].as_slice())
        );
        assert_eq!(block.title.as_deref(), Some("it's"));
    }
}
