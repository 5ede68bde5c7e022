//! The output of commands: reports and results, in the form and to the stream that the options ask for.
//!
//! For people, reports go to standard error and results to standard output. For programs, reports go to standard
//! output, one a line. A closed pipe (`bindery todo | head`) is not an error; a full disk is.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use crate::cli::{Format, ReportArgs};
use crate::read::Layout;
use crate::text::report::{self, Colour};
use crate::text::sarif;
use crate::text::{Diagnostic, DiagnosticCode, Severity, plural};

/// The most diagnostics in one report for people.
const MOST_SHOWN: usize = 100;

/// The most diagnostics with the same message in it.
const MOST_ALIKE: usize = 5;

/// The output of one command.
#[derive(Clone, Debug)]
pub struct Reporter {
    options: ReportArgs,
    started: Instant,
    /// The path of the book in its repository; it ends in `/` or is empty.
    root: Arc<OnceLock<String>>,
    /// The first error in writing to standard output.
    lost: Arc<OnceLock<io::Error>>,
}

impl Reporter {
    /// Makes a reporter. The time of the command is measured from here.
    pub fn new(options: ReportArgs) -> Self {
        Reporter { options, started: Instant::now(), root: Arc::default(), lost: Arc::default() }
    }

    /// The form of reports.
    pub fn format(&self) -> Format {
        self.options.message_format
    }

    /// Sets the book that reports are about. Reports for GitHub need paths from the top of the repository: the folder
    /// in `GITHUB_WORKSPACE`, else the working directory.
    pub fn set_book(&self, layout: &Layout) {
        let workspace = std::env::var_os("GITHUB_WORKSPACE").map(PathBuf::from);
        let repository = workspace.or_else(|| std::env::current_dir().ok());
        let repository = repository.and_then(|folder| folder.canonicalize().ok()).unwrap_or_default();

        let root = layout.root.canonicalize().unwrap_or_default();
        let inside = root.strip_prefix(repository).ok().and_then(Path::to_str).unwrap_or_default();
        let inside = if inside.is_empty() { String::new() } else { inside.replace('\\', "/") + "/" };
        let _ = self.root.set(inside);
    }

    /// The path of the book in its repository; it ends in `/` or is empty.
    pub fn root(&self) -> &str {
        self.root.get().map_or("", String::as_str)
    }

    /// Shows diagnostics, for people with their number.
    pub fn report(&self, diagnostics: &[Diagnostic]) {
        match self.format() {
            Format::Human => self.report_to_people(diagnostics),
            Format::Json => self.print(&diagnostics.iter().map(report::json).collect::<String>()),
            Format::Github => {
                let lines: String =
                    diagnostics.iter().map(|diagnostic| report::github(diagnostic, self.root())).collect();
                self.print(&lines);
            }
            Format::Sarif => self.print(&sarif::document(diagnostics, self.root())),
        }
    }

    fn report_to_people(&self, diagnostics: &[Diagnostic]) {
        // An empty `NO_COLOR` counts as not set: <https://no-color.org>.
        let has_colours =
            io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let colour = if has_colours { Colour::Styled } else { Colour::Plain };

        // Few of those with the same message. If there are still too many, errors first.
        let mut alike: BTreeMap<(Severity, DiagnosticCode, &str), usize> = BTreeMap::new();
        let mut shown: Vec<&Diagnostic> = diagnostics.iter().collect();
        shown.retain(|diagnostic| {
            let count = alike.entry(kind_of(diagnostic)).or_default();
            *count += 1;
            *count <= MOST_ALIKE
        });
        if shown.len() > MOST_SHOWN {
            shown.sort_by_key(|diagnostic| diagnostic.severity);
            shown.truncate(MOST_SHOWN);
        }
        let mut text: String = shown.iter().map(|diagnostic| report::human(diagnostic, colour)).collect();

        // How many are left out, by message and in total.
        let kinds: BTreeSet<_> = shown.iter().map(|diagnostic| kind_of(diagnostic)).collect();
        for kind in kinds.into_iter().filter(|kind| alike[kind] > MOST_ALIKE) {
            let ((severity, code, message), more) = (kind, alike[&kind] - MOST_ALIKE);
            text += &format!("{}[{}]: {more} more: {message}\n", severity.name(), code.name());
        }
        if shown.len() < diagnostics.len() {
            let (shown, all) = (shown.len(), diagnostics.len());
            text += &format!("{shown} of {all} are shown; `--message-format json` lists all\n");
        }

        // The total counts also those that are left out. A lone error may be that of the command, and not of the book.
        let count = |severity: Severity| {
            diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
        };
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        if errors > 1 || warnings > 0 {
            text += &format!("{} and {}\n", plural(errors, "error"), plural(warnings, "warning"));
        }
        write_to_stderr(&text);
    }

    /// Prints what was done, for people and without `--quiet`.
    pub fn result(&self, text: &str) {
        if !self.options.quiet && self.format() == Format::Human {
            self.print(&format!("{text}\n"));
        }
    }

    /// Prints the output that was asked for, whatever the form of reports.
    pub fn print(&self, text: &str) {
        let written = write(&mut io::stdout().lock(), text);
        if let Err(error) = written
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            let _ = self.lost.set(error);
        }
    }

    /// Whether something could not be written to standard output. The error is reported.
    pub fn has_lost(&self) -> bool {
        let Some(error) = self.lost.get() else { return false };
        write_to_stderr(&format!("error: cannot write to standard output: {error}\n"));
        true
    }

    /// Prints how long a step took, with `--verbose`.
    pub fn step(&self, name: &str, since: Instant) {
        if self.options.verbose && self.format() == Format::Human {
            write_to_stderr(&format!("{name:>10} {}\n", duration(since.elapsed())));
        }
    }

    /// How long the command has been running, as text.
    pub fn elapsed(&self) -> String {
        duration(self.started.elapsed())
    }

    /// A line that says what is being done, for people at a terminal.
    pub fn status(&self) -> Progress {
        self.progress(0)
    }

    /// A progress line, for people at a terminal. It appears when the command has run for a second.
    pub fn progress(&self, total: usize) -> Progress {
        let shown = !self.options.quiet && self.format() == Format::Human && io::stderr().is_terminal();
        let last = Mutex::new(self.started + Duration::from_millis(900));
        Progress { shown, total, last, drawn: AtomicBool::new(false) }
    }
}

/// The longest text of a progress line: it must not wrap.
const LINE: usize = 78;

/// A line with a count, drawn at most ten times a second, or with a text. It is cleared at the end.
#[derive(Debug)]
pub struct Progress {
    shown: bool,
    total: usize,
    /// When it was drawn last.
    last: Mutex<Instant>,
    /// Whether it was drawn at all, so that it must be cleared.
    drawn: AtomicBool,
}

impl Progress {
    /// Shows how much is done. Can be called from many threads.
    pub fn at(&self, done: usize) {
        if !self.shown {
            return;
        }

        // Another thread is drawing.
        let Ok(mut last) = self.last.try_lock() else { return };
        if last.elapsed() >= Duration::from_millis(100) {
            *last = Instant::now();
            self.draw(&format!("making {done} of {} files", self.total));
        }
    }

    /// Shows a text at once, in one line.
    pub fn say(&self, text: &str) {
        if self.shown {
            let text = report::printable(text).replace('\n', " ");
            self.draw(&text.chars().take(LINE).collect::<String>());
        }
    }

    fn draw(&self, text: &str) {
        self.drawn.store(true, Ordering::Relaxed);
        write_to_stderr(&format!("\r\x1b[K{text}"));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.drawn.load(Ordering::Relaxed) {
            write_to_stderr("\r\x1b[K");
        }
    }
}

/// Diagnostics with the same kind are alike.
fn kind_of(diagnostic: &Diagnostic) -> (Severity, DiagnosticCode, &str) {
    (diagnostic.severity, diagnostic.code, &diagnostic.message)
}

fn duration(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{} ms", time.as_millis())
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

fn write_to_stderr(text: &str) {
    // If this fails, there is no other place to report it.
    let _ = write(&mut io::stderr().lock(), text);
}

fn write(to: &mut impl Write, text: &str) -> io::Result<()> {
    to.write_all(text.as_bytes())?;
    to.flush()
}
