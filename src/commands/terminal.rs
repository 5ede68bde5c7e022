//! `bindery completions` and `bindery man`: what packages and shells need of the command line.

use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;

use super::outcome::Outcome;
use super::reporter::Reporter;
use crate::cli::Cli;
use crate::text::{Diagnostic, DiagnosticCode};

/// Prints the script with which a shell completes commands and options.
pub fn completions(shell: Shell, reporter: &Reporter) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "bindery", &mut script);
    reporter.print(&String::from_utf8_lossy(&script));
    Outcome::Clean
}

/// Prints the manual page of the program, or writes it and those of all commands into a folder.
pub fn man(folder: Option<&Path>, reporter: &Reporter) -> Outcome {
    let Some(folder) = folder else {
        let mut page = Vec::new();
        clap_mangen::Man::new(Cli::command()).render(&mut page).expect("memory can be written to");
        reporter.print(&String::from_utf8_lossy(&page));
        return Outcome::Clean;
    };

    let written =
        std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(Cli::command(), folder));
    match written {
        Ok(()) => Outcome::Clean,
        Err(error) => {
            let message = format!("the manual pages cannot be written to `{}`: {error}", folder.display());
            reporter.report(&[Diagnostic::new(DiagnosticCode::FailedOutput, message)]);
            Outcome::Failed
        }
    }
}
