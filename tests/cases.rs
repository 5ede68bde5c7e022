//! Tests that are text files: each case is a test of its own, which the runner lists and runs by its name, such as
//! `diagnostics::raw-html`. `tests/README.md` says how cases are written and named.

#[cfg(unix)]
mod containers;
mod diagnostics;
mod edits;
mod expect;
mod files;
mod frame;
mod gate;
mod markdown;
mod steps;
mod support;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    // The slowest first, so that the others run beside them.
    let mut tests = edits::tests();
    tests.extend(frame::tests());
    tests.extend(files::tests());
    tests.extend(diagnostics::tests());
    tests.extend(markdown::tests());
    tests.extend(steps::tests());
    #[cfg(unix)]
    tests.extend(containers::tests());
    tests.extend(gate::tests());
    tests.extend(expect::tests());
    libtest_mimic::run(&Arguments::from_args(), tests).exit_code()
}

/// A test that is a function.
fn test(name: &str, run: fn()) -> Trial {
    Trial::test(name, move || {
        run();
        Ok(())
    })
}
