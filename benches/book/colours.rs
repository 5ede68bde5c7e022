//! Highlighting apart from books: what a grammar costs before its first line, what a small book costs beside syntect, and
//! what the worst lines do.

use std::fmt::Write as _;
use std::fs;
use std::time::{Duration, Instant};

use bindery::parse::language::{GRAMMARS, Lookup, find};
use bindery_highlight::Grammars;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use walkdir::WalkDir;

use super::code;
use super::program::BenchError;
use super::words::Words;

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

/// The blocks of a small book.
const SMALL: usize = 40;

/// Writes the start-up of some grammars, the time for a small book, and the slowest lines of all.
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

    let [ours, syntect] = median_times(&small_book()?, rounds);
    writeln!(text, "highlighting, {SMALL} small blocks, start-up included, median")?;
    writeln!(text, "  {:<38}{ours:>9.1} ms", "bindery")?;
    writeln!(text, "  {:<38}{syntect:>9.1} ms, {:.1} times (target: 5)", "syntect", syntect / ours)?;

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

/// Writes how long the code of real books takes, each book by itself, beside syntect.
///
/// # Errors
/// If a folder cannot be read.
pub fn books(folders: &[&str], rounds: usize, text: &mut String) -> Result<(), BenchError> {
    writeln!(
        text,
        "blocks     code   bindery   syntect   times   book (start-up included, one thread, median)"
    )?;
    for folder in folders {
        let blocks = blocks_in(folder)?;
        let bytes: usize = blocks.iter().map(|(_, code)| code.len()).sum();
        let [ours, syntect] = median_times(&blocks, rounds);
        let (count, kilobytes, times) = (blocks.len(), bytes / 1000, syntect / ours);
        writeln!(
            text,
            "{count:>6} {kilobytes:>5} kB {ours:>6.1} ms {syntect:>6.1} ms {times:>7.1}   {folder}"
        )?;
    }
    Ok(())
}

/// The code of all chapters of a folder.
fn blocks_in(folder: &str) -> Result<Vec<(u16, String)>, BenchError> {
    let mut blocks = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        if entry.path().extension().is_some_and(|extension| extension == "md") {
            blocks.extend(blocks_of(&String::from_utf8_lossy(&fs::read(entry.path())?))?);
        }
    }
    Ok(blocks)
}

/// The fenced code blocks of a chapter that name a language, and the numbers of their grammars.
fn blocks_of(chapter: &str) -> Result<Vec<(u16, String)>, BenchError> {
    // Sessions are coloured as shells are.
    let shell = number("Bourne Again Shell (bash)")?;
    let mut blocks = Vec::new();
    let mut grammar = None;
    let mut code = String::new();
    for event in Parser::new(chapter) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let name = info.split([' ', ',', '{']).next().unwrap_or_default();
                grammar = match find(name) {
                    Lookup::Known(language) => Some(language.grammar()),
                    _ if ["console", "shell-session"].contains(&name) => Some(shell),
                    _ => None,
                };
                code.clear();
            }
            Event::Text(text) => code.push_str(&text),
            Event::End(TagEnd::CodeBlock) => {
                blocks.extend(grammar.take().map(|number| (number, code.clone())));
            }
            _ => {}
        }
    }
    Ok(blocks)
}

/// The median times that blocks take here and with syntect, in milliseconds.
fn median_times(blocks: &[(u16, String)], rounds: usize) -> [f64; 2] {
    let mut times: [Vec<Duration>; 2] = [Vec::new(), Vec::new()];
    for _ in 0..rounds {
        let [ours, syntect] = small_times(blocks);
        times[0].push(ours);
        times[1].push(syntect);
    }
    times.map(|mut times| {
        times.sort_unstable();
        milliseconds(times[rounds / 2])
    })
}

/// The code of a small book.
fn small_book() -> Result<Vec<(u16, String)>, BenchError> {
    let mut words = Words::new(1);
    // The first numbers of blocks in a chapter are console sessions.
    let blocks = (0..SMALL).map(|number| code::block(&mut words, number / 8, number % 8));
    blocks_of(&blocks.collect::<Vec<_>>().join("\n"))
}

/// The times that blocks take here and with syntect, both without what was read before.
fn small_times(blocks: &[(u16, String)]) -> [Duration; 2] {
    // Syntect keeps what it has read in its set of grammars.
    let packed = Box::leak(Box::new(two_face::syntax::extra_newlines()));
    let grammars = Grammars::new(packed, &[]);
    let ours = blocks.iter().map(|(number, text)| time(&grammars, *number, text)).sum();
    let with_syntect = |(number, text): &(u16, String)| {
        let begun = Instant::now();
        let _ = grammars.highlight_with_syntect(*number, text);
        begun.elapsed()
    };
    [ours, blocks.iter().map(with_syntect).sum()]
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
