//! Highlighting apart from books: what a grammar costs before its first line, and what the worst lines do.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use bindery::parse::language::GRAMMARS;
use bindery_highlight::Grammars;

use super::program::BenchError;

/// Grammars, from small to large, and a line for each.
const STARTS: &[(&str, &str)] = &[
    ("JSON", "{\"a\": [1, true]}\n"),
    ("Rust", "fn main() { let x = \"a\"; } // b\n"),
    ("Python", "def f(x): return 'a' # b\n"),
    ("HTML", "<p class=\"a\">b</p>\n"),
    ("TypeScript", "const f = (x: string) => `a${x}`;\n"),
];

/// What lines of 9,999 bytes are made of in which patterns match nowhere, or only at the end.
const PIECES: &[&str] = &["a", " ", "a, ", "(", "<", "\\", "a::b", "if ", "é "];

/// Writes the start-up of some grammars, and the slowest lines of all.
///
/// # Errors
/// If one of the grammars does not exist.
pub fn report(rounds: usize, text: &mut String) -> Result<(), BenchError> {
    writeln!(text, "highlighting, start-up: the first line in a grammar, median")?;
    for (name, line) in STARTS {
        let number = number(name)?;
        let once = |_| time(&Grammars::new(&GRAMMARS, &[]), number, line);
        let mut times: Vec<_> = (0..rounds).map(once).collect();
        times.sort_unstable();
        writeln!(text, "  {name:<38}{:>9.1} ms", milliseconds(times[rounds / 2]))?;
    }

    let grammars = Grammars::new(&GRAMMARS, &[]);
    let mut slowest = Vec::new();
    for (number, grammar) in (0..).zip(GRAMMARS.syntaxes()) {
        for piece in PIECES {
            let line = format!("{}\n", piece.repeat(9_998 / piece.len()));
            // The first time, patterns are made ready.
            time(&grammars, number, &line);
            slowest.push((time(&grammars, number, &line), &grammar.name, piece));
        }
    }
    slowest.sort_unstable();
    writeln!(text, "highlighting, the slowest of {} hostile lines (target: 20 ms):", slowest.len())?;
    for (time, name, piece) in slowest.iter().rev().take(3) {
        writeln!(text, "  {:<38}{:>9.1} ms", format!("{name}, {piece:?}"), milliseconds(*time))?;
    }
    Ok(())
}

/// The time that a text takes. That it cannot be read to its end is an answer too.
fn time(grammars: &Grammars, number: u16, text: &str) -> Duration {
    let begun = Instant::now();
    let _ = grammars.highlight(number, text);
    begun.elapsed()
}

fn number(name: &str) -> Result<u16, BenchError> {
    let number = GRAMMARS.syntaxes().iter().position(|grammar| grammar.name == name);
    Ok(u16::try_from(number.ok_or_else(|| format!("no grammar {name}"))?)?)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
