//! Code blocks, ready to be highlighted and written.

use std::mem;

use super::callouts::Callouts;
use super::placeholder::{self, Token};
use crate::parse::Options;
use crate::parse::console::{self, Interpreter, Session, Signs};
use crate::parse::info::Info;
use crate::parse::language::{self, Language, Lookup};
use crate::parse::origin::Origin;
use crate::read::proof::ScriptSetting;
use crate::text::{Diagnostic, DiagnosticCode, Digest, Source, Span, nearest, plural};

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
    /// The id.
    pub id: Option<String>,
    /// Which of the listings of the chapter it is, if it has a caption.
    pub listing: Option<usize>,
    /// The name of the tab that the block is in.
    pub tab: Option<String>,
    /// The machine that it is for, if it says so.
    pub machine: Option<String>,
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
    /// Whether an option of the info string could not be read: it may ask for something else.
    pub is_misread: bool,
    /// Where the original can be seen.
    pub url: Option<String>,
    /// What tests type of it, if it is code of a shell without prompts.
    pub typed: Option<Session>,
    /// The digest of what it says to do and of what comes before that, if it says so and is followed by tests.
    pub step: Option<Digest>,
}

/// Names of the language of console sessions.
const CONSOLE: &[&str] =
    &["bash-session", "console", "shell-session", "shellsession", "sh-session", "terminal"];

impl CodeBlock {
    /// Makes a code block of its info string and its text. Diagnostics come with the option of the info string
    /// that they are about.
    pub fn new(
        info: &Info,
        text: &str,
        options: &Options,
        diagnostics: &mut Vec<(String, Diagnostic)>,
    ) -> Self {
        let is_long = options.fold.is_some_and(|most| text.lines().count() > most);
        let mut block = CodeBlock {
            name: info.language.clone(),
            text: text.to_owned(),
            title: info.title.clone(),
            id: info.id.clone(),
            tab: info.tab.clone(),
            machine: info.machine.clone(),
            marked: info.marked.clone(),
            numbers: info.numbers,
            wrap: info.wrap.unwrap_or(options.wrap),
            fold: info.fold.unwrap_or(is_long),
            tokens: placeholder::tokens(text, options),
            diff: info.diff,
            origin: info.origin.clone(),
            is_misread: !info.diagnostics.is_empty(),
            ..CodeBlock::default()
        };
        diagnostics.extend(info.diagnostics.iter().cloned());

        if let Some(machine) = info.machine.as_ref().filter(|machine| !options.machines.contains(machine)) {
            let diagnostic = unknown_machine(machine, &options.machines);
            diagnostics.push((format!("machine={machine}"), diagnostic));
        }

        // A copy may not be there yet.
        if block.origin.file.is_none() {
            diagnostics.extend(block.marks_nothing(info));
        }

        let name = block.name.to_ascii_lowercase();
        let is_console = CONSOLE.contains(&name.as_str());
        let language = language::find(&name);
        let is_session = match name.as_str() {
            "" => console::looks_like_session(text),
            _ => is_console || is_prompted(language, text),
        };
        if is_session {
            let signs = Signs { root: info.root, named: is_console, ..Signs::default() };
            block.read_session(signs, options, diagnostics);
        } else if let Lookup::Known(language) = language {
            block.language = Some(language);
            block.typed = block.typed_script(language, options);
            if console::begins_with_dollar(text) && !USE_DOLLARS.contains(&name.as_str()) {
                diagnostics.push((block.name.clone(), prompt_in_code(&block.name)));
            }
        } else if language == Lookup::Unknown && !name.is_empty() {
            diagnostics.push((block.name.clone(), unknown_language(&block.name)));
        }
        block
    }

    /// Reads the block as a console session.
    fn read_session(&mut self, signs: Signs, options: &Options, diagnostics: &mut Vec<(String, Diagnostic)>) {
        if mem::take(&mut self.diff) {
            let diagnostic =
                Diagnostic::new(DiagnosticCode::UnknownOption, "`diff` has no effect in a console session");
            diagnostics.push(("diff".to_owned(), diagnostic.hint("`{1,4-6}` marks lines of it")));
        }

        let comment = options.comment.as_deref();
        let session = Session::parse(&self.text, comment, signs);
        if let Some(prompt) = session.unknown_prompt() {
            diagnostics.push((self.name.clone(), unknown_prompt(prompt)));
        }

        let is_output = session.is_output() && !self.text.trim().is_empty();
        let commands = if is_output { Session::of_commands(&self.text, comment) } else { None };
        // What an include of another tool would bring is not known.
        if signs.named && is_output && !self.text.trim_start().starts_with("{{#") {
            let diagnostic = match commands {
                Some(_) => commands_alone(&self.text),
                None => missing_prompt(&self.text),
            };
            diagnostics.push((self.name.clone(), diagnostic));
        }
        self.session = Some(commands.unwrap_or(session));
    }

    /// Code of a shell as what a reader types, if it is that: without a title, a prompt, and anything but commands.
    fn typed_script(&self, language: Language, options: &Options) -> Option<Session> {
        let is_titled = self.caption().is_some() || self.diff;
        let is_typed = options.scripts == ScriptSetting::Type && language.is_shell() && !is_titled;
        is_typed.then(|| Session::of_commands(&self.text, options.comment.as_deref())).flatten()
    }

    /// What is above it: its title, else the file that it is a copy of.
    pub fn caption(&self) -> Option<&str> {
        self.title.as_deref().or(self.origin.file.as_deref())
    }

    /// What is typed of it.
    pub fn commands(&self) -> Option<&Session> {
        self.session.as_ref().or(self.typed.as_ref())
    }

    /// The diagnostic for a list of lines that goes beyond the code, as when that has become shorter.
    fn marks_nothing(&self, info: &Info) -> Option<(String, Diagnostic)> {
        let list = info.line_list.as_deref()?;
        let (lines, last) = (self.text.lines().count(), self.marked.last()?.1);
        if last <= lines {
            return None;
        }
        let message =
            format!("`{list}` marks lines that are not there: the code has {}", plural(lines, "line"));
        let diagnostic =
            Diagnostic::new(DiagnosticCode::UnknownOption, message).hint("lines are counted from 1");
        Some((list.to_owned(), diagnostic))
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

/// Languages in which `$ ` is a sign of their own.
const USE_DOLLARS: &[&str] = &["haskell", "hs", "latex", "markdown", "md", "purescript", "r", "tex", "typst"];

/// Whether code begins with the prompt of what reads its language, or of a shell that started that; code of a shell can
/// begin with any. No script does so; it is a session.
fn is_prompted(language: Lookup, text: &str) -> bool {
    let Lookup::Known(known) = language else { return false };
    let is_of_windows = || ["powershell", "bat"].iter().any(|name| language::find(name) == language);
    let is_shells =
        |interpreter| matches!(interpreter, Interpreter::Shell | Interpreter::PowerShell | Interpreter::Cmd);
    let reads = |interpreter: Interpreter| language::find(interpreter.language()) == language;
    let is_begun = console::begins_with_prompt(text).is_some_and(|interpreter| {
        known.is_shell() && interpreter != Interpreter::Python
            || reads(interpreter)
            || is_shells(interpreter) && is_of_windows()
    });
    let is_started = || console::begins_with_start(text).is_some_and(reads);
    is_begun
        || is_started()
        || known.is_shell() && console::begins_with_percent(text)
        || console::begins_with_host(text)
}

/// The diagnostic for a machine that `book.yaml` does not declare.
pub fn unknown_machine(name: &str, known: &[String]) -> Diagnostic {
    let message = format!("no machine is called `{name}`");
    let diagnostic = Diagnostic::new(DiagnosticCode::UnknownMachine, message);
    match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None if known.is_empty() => {
            diagnostic.hint(format!("declare it in `book.yaml`: `machines: {{{name}: {{label: …}}}}`"))
        }
        None => diagnostic.hint(format!("the machines of the book are `{}`", known.join("`, `"))),
    }
}

fn missing_prompt(text: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        DiagnosticCode::MissingPrompt,
        "this session has no known prompt: all of it is shown as output",
    );
    if text.lines().any(|line| line.starts_with("# ")) {
        diagnostic
            .hint("`root` after the language makes `# ` a prompt; for output alone, use the language `text`")
    } else {
        diagnostic.hint("begin each command with `$ `; for output alone, use the language `text`")
    }
}

fn commands_alone(text: &str) -> Diagnostic {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    let message =
        "this session has no prompt, and nothing in it looks like output: all of it is shown as commands";
    Diagnostic::new(DiagnosticCode::MissingPrompt, message)
        .hint(format!("begin each command with `$ `, as in `$ {first}`; for a script, use the language `sh`"))
}

fn unknown_prompt(prompt: &str) -> Diagnostic {
    let message = format!(
        "`{prompt}` looks like a prompt of a program that is not known: its lines are shown as output"
    );
    Diagnostic::new(DiagnosticCode::UnknownPrompt, message)
        .hint("show the command that starts the program above, or what is typed there in a block of its own")
}

fn prompt_in_code(name: &str) -> Diagnostic {
    let message = format!("this code in `{name}` begins with the prompt `$ `, which is copied with it");
    Diagnostic::new(DiagnosticCode::UnknownPrompt, message)
        .hint("use the language `console` for what is typed in a terminal")
}

fn unknown_language(name: &str) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(DiagnosticCode::UnknownLanguage, format!("no language is called `{name}`"));
    if let Some(title) = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        return diagnostic.hint(format!("a title comes after the language: `text title=\"{title}\"`"));
    }
    match nearest(&name.to_ascii_lowercase(), language::names()) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`? `text` is plain text")),
        None => diagnostic.hint("the code is shown without colours; `text` says that this is meant"),
    }
}

/// Finds an option of the info string on the block's first line.
pub fn locate(option: &str, source: &Source, block: Span) -> Span {
    let line = source.text[block.start..].lines().next().unwrap_or_default();
    match line.find(option) {
        Some(at) => Span::new(block.start + at, block.start + at + option.len()),
        None => Span::new(block.start, block.start + line.len()),
    }
}
