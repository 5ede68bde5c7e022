//! Tests in a real browser. Where there is no Chromium, the runner lists them as ignored, and says why.
//!
//! They are listed by hand, at the top of each file, because the standard test runner can neither ignore a test
//! while it runs nor end a Chromium that all tests share. A function that is on no list is dead code, which the
//! lints refuse.

use std::env;
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Completion, Trial};

use support::browser::{Browser, Chromium};

/// Tests and their names.
type Tests = &'static [(&'static str, fn(&mut Browser))];

/// The tests of a module by their names, such as `theme::terms_show_their_definitions`.
macro_rules! tests {
    ($module:ident: $($test:ident),+ $(,)?) => {
        &[$((concat!(stringify!($module), "::", stringify!($test)), $test)),+]
    };
}

mod access;
mod code;
mod missing;
mod offline;
mod preview;
mod reading;
mod search;
mod support;
mod theme;
mod values;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let chromium = Arc::new(Chromium::find());

    let no_chromium =
        (!chromium.is_installed()).then_some(Missing { what: "Chromium", variable: "BINDERY_BROWSER" });
    let no_axe = (!access::has_axe()).then_some(Missing { what: "axe", variable: "BINDERY_AXE" });

    let mut trials = Vec::new();
    for (name, test) in access::WITH_AXE {
        trials.push(trial(name, *test, &chromium, no_chromium.or(no_axe)));
    }
    for tests in [
        access::TESTS,
        code::TESTS,
        missing::TESTS,
        offline::TESTS,
        preview::TESTS,
        reading::TESTS,
        search::TESTS,
        theme::TESTS,
        values::TESTS,
    ] {
        for (name, test) in tests {
            trials.push(trial(name, *test, &chromium, no_chromium));
        }
    }

    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A program that is not installed, and the variable that makes it an error.
#[derive(Clone, Copy)]
struct Missing {
    what: &'static str,
    variable: &'static str,
}

fn trial(name: &str, test: fn(&mut Browser), chromium: &Arc<Chromium>, missing: Option<Missing>) -> Trial {
    let chromium = Arc::clone(chromium);
    Trial::ignorable_test(name, move || {
        if let Some(Missing { what, variable }) = missing {
            let message = format!("{what} is not installed");
            let is_required = env::var(variable).is_ok_and(|value| value == "required");
            return if is_required { Err(message.into()) } else { Ok(Completion::ignored_with(message)) };
        }

        test(&mut chromium.open());
        Ok(Completion::Completed)
    })
}
