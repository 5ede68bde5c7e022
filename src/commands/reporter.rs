//! How commands speak: reports and results, to the right place in the right form.
//!
//! People read reports on standard error and results on standard output; programs read reports as lines on
//! standard output. A reader that goes away (`bindery todo | head`) is not an error; a full disk is.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use crate::cli::{Format, ReportArgs};
use crate::read::Layout;
use crate::text::report::{self, Colour};
use crate::text::{Diagnostic, DiagnosticCode, Severity, plural};

/// How many diagnostics people are shown at once.
const MOST_SHOWN: usize = 100;
/// And how many that say the same.
const MOST_ALIKE: usize = 5;

/// The output of one command.
#[derive(Clone, Debug)]
pub struct Reporter {
    options: ReportArgs,
    started: Instant,
    /// Where the book is in its repository: a path that ends in `/`, or nothing.
    root: Arc<OnceLock<String>>,
    /// Why standard output does not hold all that was said.
    lost: Arc<OnceLock<io::Error>>,
}

impl Reporter {
    /// Begins; the time of the command runs from here.
    pub fn new(options: ReportArgs) -> Self {
        Reporter { options, started: Instant::now(), root: Arc::default(), lost: Arc::default() }
    }

    /// The form of reports.
    pub fn format(&self) -> Format {
        self.options.message_format
    }

    /// Learns which book it speaks of. GitHub names files from the repository, which is the working directory where no
    /// variable says otherwise.
    pub fn speak_of(&self, layout: &Layout) {
        let repository =
            std::env::var_os("GITHUB_WORKSPACE").map(PathBuf::from).or(std::env::current_dir().ok());
        let repository = repository.and_then(|folder| folder.canonicalize().ok()).unwrap_or_default();
        let root = layout.root.canonicalize().unwrap_or_default();
        let inside =
            root.strip_prefix(repository).ok().and_then(Path::to_str).filter(|inside| !inside.is_empty());
        let _ = self.root.set(inside.map_or_else(String::new, |inside| inside.replace('\\', "/") + "/"));
    }

    /// Where the book is in its repository: a path that ends in `/`, or nothing.
    pub fn root(&self) -> &str {
        self.root.get().map_or("", String::as_str)
    }

    /// Shows diagnostics, and for people how many there were.
    pub fn report(&self, faults: &[Diagnostic]) {
        match self.format() {
            Format::Human => self.report_to_people(faults),
            Format::Json => self.print(&faults.iter().map(report::json).collect::<String>()),
            Format::Github => {
                self.print(
                    &faults.iter().map(|fault| report::github(fault, self.root())).collect::<String>(),
                );
            }
        }
    }

    fn report_to_people(&self, faults: &[Diagnostic]) {
        let terminal =
            io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let colour = if terminal { Colour::Styled } else { Colour::Plain };
        // Nobody reads the same a hundred times, nor thousands; what cannot be published comes first then.
        let mut alike: BTreeMap<(Severity, DiagnosticCode, &str), usize> = BTreeMap::new();
        let mut shown: Vec<&Diagnostic> = faults.iter().collect();
        shown.retain(|fault| {
            let count = alike.entry((fault.severity, fault.code, &fault.message)).or_default();
            *count += 1;
            *count <= MOST_ALIKE
        });
        if shown.len() > MOST_SHOWN {
            shown.sort_by_key(|fault| fault.severity);
            shown.truncate(MOST_SHOWN);
        }
        let mut text: String = shown.iter().map(|fault| report::human(fault, colour)).collect();
        let kinds: BTreeSet<_> =
            shown.iter().map(|fault| (fault.severity, fault.code, &*fault.message)).collect();
        for kind in kinds.into_iter().filter(|kind| alike[kind] > MOST_ALIKE) {
            let ((severity, code, message), more) = (kind, alike[&kind] - MOST_ALIKE);
            text += &format!("{}[{}]: {more} more: {message}\n", severity.name(), code.name());
        }
        if shown.len() < faults.len() {
            text += &format!(
                "{} of {} are shown; `--message-format json` lists all\n",
                shown.len(),
                faults.len()
            );
        }
        let count = |severity: Severity| faults.iter().filter(|fault| fault.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        if errors + warnings > 1 {
            text += &format!("{} and {}\n", plural(errors, "error"), plural(warnings, "warning"));
        }
        say(&mut io::stderr().lock(), &text);
    }

    /// Says what was done, unless the command is to be quiet or programs are listening.
    pub fn result(&self, text: &str) {
        if !self.options.quiet && self.format() == Format::Human {
            self.print(&format!("{text}\n"));
        }
    }

    /// Prints what the command was asked for, whoever listens.
    pub fn print(&self, text: &str) {
        match write(&mut io::stdout().lock(), text) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => drop(self.lost.set(error)),
            _ => {}
        }
    }

    /// Whether something was lost that was to be on standard output; says so.
    pub fn has_lost(&self) -> bool {
        let lost = self.lost.get();
        if let Some(error) = lost {
            say(&mut io::stderr().lock(), &format!("error: cannot write to standard output: {error}\n"));
        }
        lost.is_some()
    }

    /// Says how long a step took, if that is wanted.
    pub fn step(&self, name: &str, since: Instant) {
        if self.options.verbose && self.format() == Format::Human {
            say(&mut io::stderr().lock(), &format!("{name:>10} {}\n", duration(since.elapsed())));
        }
    }

    /// How long the command has been running, in words.
    pub fn elapsed(&self) -> String {
        duration(self.started.elapsed())
    }

    /// A progress line for work that takes over a second; on a terminal only.
    pub fn progress(&self, total: usize) -> Progress {
        let shown = !self.options.quiet && self.format() == Format::Human && io::stderr().is_terminal();
        Progress {
            shown,
            total,
            last: Mutex::new(self.started + Duration::from_millis(900)),
            drawn: AtomicUsize::new(0),
        }
    }
}

/// A line that counts, drawn at most ten times a second, and wiped when it is done with.
#[derive(Debug)]
pub struct Progress {
    shown: bool,
    total: usize,
    last: Mutex<Instant>,
    drawn: AtomicUsize,
}

impl Progress {
    /// Tells how much is done. Can be called from many threads.
    pub fn at(&self, done: usize) {
        if !self.shown {
            return;
        }
        let Ok(mut last) = self.last.try_lock() else { return };
        if last.elapsed() >= Duration::from_millis(100) {
            *last = Instant::now();
            self.drawn.fetch_add(1, Ordering::Relaxed);
            say(&mut io::stderr().lock(), &format!("\r\x1b[Kmaking {done} of {} files", self.total));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.drawn.load(Ordering::Relaxed) > 0 {
            say(&mut io::stderr().lock(), "\r\x1b[K");
        }
    }
}

fn duration(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{} ms", time.as_millis())
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

fn say(to: &mut impl Write, text: &str) {
    // Nobody is there to be told that nobody is there.
    let _ = write(to, text);
}

fn write(to: &mut impl Write, text: &str) -> io::Result<()> {
    to.write_all(text.as_bytes())?;
    to.flush()
}
