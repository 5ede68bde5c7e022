//! The command line: commands and options as the user types them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::read::config_values::base_url;
use crate::read::lints::warning;
#[cfg(unix)]
use crate::read::machine_image::MachineImage;
use crate::text::DiagnosticCode;

/// The end of the help: where the manual is.
const MANUAL: &str = "\
The manual is the folder `manual/` in bindery's repository: a tutorial, guides and a reference.
Read it there with `bindery serve --root manual --open`.";

/// Binds a folder of Markdown chapters into a tutorial book.
#[derive(Debug, Parser)]
#[command(name = "bindery", version = env!("BINDERY_VERSION"), about, after_help = MANUAL, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: CommandArgs,
    /// How all commands report.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// How all commands report.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct ReportArgs {
    /// The form of reports
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORMAT")]
    pub message_format: Format,
    /// Print only what is wrong
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print how long each step took
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

/// The form of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: the source line with the place underlined.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
    /// GitHub Actions' workflow commands, which it shows beside the lines.
    Github,
    /// A SARIF document, for code hosts and editors.
    Sarif,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum CommandArgs {
    /// Make a small book to begin with
    #[command(alias = "init")]
    New {
        /// The folder to make; it must be empty, or not exist yet
        dir: PathBuf,
    },
    /// Build the book and publish it into its output folder
    Build(BuildArgs),
    /// Show the book in a browser, and update it while you write
    Serve(ServeArgs),
    /// Check the book without publishing it; fail on any error or warning
    Check(CheckArgs),
    /// Compare code blocks with the files that they were copied from
    Sync(SyncArgs),
    /// Follow the tutorial in a container, and report where it does not work
    Test(TestArgs),
    /// List what is unfinished: TODO items, notes and drafts
    Todo(BookArgs),
    /// Print the script with which a shell completes commands and options
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page, for `man`
    Man {
        /// Write the pages of all commands into this folder instead
        dir: Option<PathBuf>,
    },
}

/// Where the book is.
#[derive(Args, Clone, Debug, Default)]
pub struct BookArgs {
    /// The book's folder [default: the nearest one upwards with `content/`]
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Let the book name files in this folder too, and not only in its repository; can be repeated
    #[arg(long, value_name = "DIR")]
    pub allow_source: Vec<PathBuf>,
}

/// The options of `build`.
#[derive(Args, Clone, Debug, Default)]
pub struct BuildArgs {
    /// Where the book is.
    #[command(flatten)]
    pub book: BookArgs,
    /// The output folder [default: `out` in book.yaml, else `public` in the book's folder]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Where the book will be published [default: `base_url` in book.yaml]
    #[arg(long, value_name = "URL", value_parser = base_url)]
    pub base_url: Option<String>,
    /// Include drafts
    #[arg(long)]
    pub drafts: bool,
    /// Publish nothing if there is a warning
    #[arg(long)]
    pub strict: bool,
    /// Leave TODO lists and notes out
    #[arg(long)]
    pub hide_todo: bool,
    /// Take warnings with this code, such as `broken-link`, as errors; can be repeated
    #[arg(long, value_name = "CODE", value_parser = warning)]
    pub deny: Vec<DiagnosticCode>,
    /// Publish into a folder with files that bindery did not write
    #[arg(long)]
    pub force: bool,
}

/// The options of `check`.
#[derive(Args, Clone, Debug, Default)]
pub struct CheckArgs {
    /// Where the book is.
    #[command(flatten)]
    pub book: BookArgs,
    /// Include drafts
    #[arg(long)]
    pub drafts: bool,
    /// Fail only on errors and on warnings with this code, such as `broken-link`; can be repeated
    #[arg(long, value_name = "CODE", value_parser = warning)]
    pub deny: Vec<DiagnosticCode>,
    /// Report what `bindery test --record` has never checked, and what has changed since
    #[arg(long)]
    pub proof: bool,
}

/// The options of `sync`.
#[derive(Args, Clone, Debug, Default)]
pub struct SyncArgs {
    /// Where the book is.
    #[command(flatten)]
    pub book: BookArgs,
    /// Copy the current lines of the files into the chapters
    #[arg(long)]
    pub write: bool,
}

/// The options of `test`.
#[derive(Args, Clone, Debug, Default)]
pub struct TestArgs {
    /// Where the book is.
    #[command(flatten)]
    pub book: BookArgs,
    /// Follow only this chapter, from the saved state before it [default: the whole book]
    #[cfg(unix)]
    #[arg(value_name = "CHAPTER", conflicts_with_all = ["files", "clean"])]
    pub chapter: Option<PathBuf>,
    /// Compare the files that chapters write with the revisions in their front matter; nothing is run
    #[cfg_attr(unix, arg(long))]
    #[cfg_attr(not(unix), arg(long, required = true))]
    pub files: bool,
    /// The container engine [default: the first that works]
    #[cfg(unix)]
    #[arg(long, value_enum, value_name = "ENGINE", conflicts_with = "files")]
    pub engine: Option<EngineName>,
    /// Follow the book on this machine, which is changed by it: `ssh:HOST`, or `NAME=ssh:HOST` for each of several
    #[cfg(unix)]
    #[arg(long, value_name = "[NAME=]ssh:HOST", value_parser = remote)]
    #[arg(conflicts_with_all = ["files", "clean", "engine", "image", "fresh", "shell", "keep"])]
    pub on: Vec<OwnMachine>,
    /// Take this image for all machines
    #[cfg(unix)]
    #[arg(long, value_name = "IMAGE", value_parser = image, conflicts_with_all = ["files", "clean"])]
    pub image: Option<MachineImage>,
    /// Follow everything again, whatever was saved
    #[cfg(unix)]
    #[arg(long, conflicts_with_all = ["files", "clean"])]
    pub fresh: bool,
    /// Stop at the first step that does not work, and open a terminal there
    #[cfg(unix)]
    #[arg(long, conflicts_with_all = ["files", "clean"])]
    pub shell: bool,
    /// The most disk space for saved states, such as 5GB [default: 10GB]
    #[cfg(unix)]
    #[arg(long, value_name = "SIZE", value_parser = size, conflicts_with_all = ["files", "clean"])]
    pub keep: Option<u64>,
    /// Succeed if this part of the steps is proven, such as 90%
    #[cfg(unix)]
    #[arg(long, value_name = "PERCENT", value_parser = percent, conflicts_with_all = ["files", "clean"])]
    pub min: Option<f64>,
    /// Write a report for other programs: `junit=FILE`
    #[cfg(unix)]
    #[arg(long, value_name = "junit=FILE", value_parser = junit_file, conflicts_with_all = ["files", "clean"])]
    pub report: Option<PathBuf>,
    /// Write what is found into `proof.yaml`, from which pages show it
    #[cfg(unix)]
    #[arg(long, conflicts_with_all = ["files", "clean", "shell"])]
    pub record: bool,
    /// Have chapters show what their commands printed: shows the changes, and asks before it writes them
    #[cfg(unix)]
    #[arg(long, conflicts_with_all = ["files", "clean", "shell"])]
    pub update: bool,
    /// Write these changes without a question
    #[cfg(unix)]
    #[arg(long, requires = "update")]
    pub yes: bool,
    /// Remove all that tests have left: containers, saved states and results; do nothing else
    #[cfg(unix)]
    #[arg(long, conflicts_with = "files")]
    pub clean: bool,
}

/// Reads the name of an image, or its path in the book.
#[cfg(unix)]
fn image(text: &str) -> Result<MachineImage, String> {
    MachineImage::read(text.to_owned())
}

/// Reads a size: `500MB`, `5GB`.
#[cfg(unix)]
fn size(text: &str) -> Result<u64, String> {
    let units = [("GB", 1_000_000_000), ("MB", 1_000_000)];
    let read = units
        .iter()
        .find_map(|(unit, bytes)| text.strip_suffix(unit)?.trim().parse::<u64>().ok()?.checked_mul(*bytes));
    read.ok_or_else(|| "write it as `500MB` or `5GB`".to_owned())
}

/// Reads a part of a hundred: `90%`, `99.5%`.
#[cfg(unix)]
fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches('%').parse::<f64>().ok();
    number.filter(|number| (0.0..=100.0).contains(number)).ok_or_else(|| "write it as `90%`".to_owned())
}

/// A machine of the author's own.
#[cfg(unix)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnMachine {
    /// Its name in the book; without one, it is the only machine.
    pub name: Option<String>,
    /// What `ssh` calls it.
    pub destination: String,
}

/// Reads the name of another machine: `ssh:HOST`, `server=ssh:HOST`.
#[cfg(unix)]
fn remote(text: &str) -> Result<OwnMachine, String> {
    let (name, machine) = match text.split_once("=ssh:") {
        Some((name, host)) if !text.starts_with("ssh:") => (Some(name.to_owned()), Some(host)),
        _ => (None, text.strip_prefix("ssh:")),
    };
    // Such a name would be an option of `ssh`.
    let host = machine.filter(|host| !host.is_empty() && !host.starts_with('-'));
    let destination = host
        .ok_or("write it as `ssh:HOST` or `NAME=ssh:HOST`, with a name that `ssh` knows for the host")?
        .to_owned();
    Ok(OwnMachine { name, destination })
}

/// Reads the name of a report: `junit=report.xml`.
#[cfg(unix)]
fn junit_file(text: &str) -> Result<PathBuf, String> {
    let file = text.strip_prefix("junit=").filter(|file| !file.is_empty());
    file.map(PathBuf::from).ok_or_else(|| "write it as `junit=report.xml`".to_owned())
}

/// A container engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EngineName {
    /// podman
    Podman,
    /// docker
    Docker,
}

impl EngineName {
    /// The name of its program.
    pub fn name(self) -> &'static str {
        match self {
            EngineName::Podman => "podman",
            EngineName::Docker => "docker",
        }
    }
}

/// The options of `serve`.
#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    /// Where the book is.
    #[command(flatten)]
    pub book: BookArgs,
    /// The address or name to listen on; other machines can then read the book [default: only this machine]
    #[arg(long)]
    pub host: Option<String>,
    /// The port to listen on; 0 for any that is free
    #[arg(long, default_value_t = 3000)]
    pub port: u16,
    /// Open the book in the browser
    #[arg(long)]
    pub open: bool,
    /// Check all files twice a second, where the system reports no changes (network drives)
    #[arg(long)]
    pub poll: bool,
}
