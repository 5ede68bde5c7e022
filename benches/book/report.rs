//! The report, which compares the program with the project's targets. Times that are compared are measured
//! alternately (A B C, A B C, …) in one run, and their medians are compared, so that a machine that is busy for
//! some time affects all of them.

use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use bindery::write::Hole;
use walkdir::WalkDir;

use super::Bench;
use super::colours;
use super::floor::Threads;
use super::generate::{self, Extent};
use super::program::{self, BenchError};
use super::warm::{Answer, Edit, EditedBook};

/// A case that is measured more than once.
type Case<'c> = (&'static str, Box<dyn FnMut() -> Result<Duration, BenchError> + 'c>);

/// The times of a case, the shortest first.
struct Times(Vec<Duration>);

/// Measures everything and returns the text.
///
/// # Errors
/// If the book cannot be built.
pub fn write(bench: &Bench, rounds: usize) -> Result<String, BenchError> {
    let mut text = String::new();
    cold(bench, rounds, &mut text)?;
    output(bench, &mut text)?;
    memory(bench, &mut text)?;
    warm(bench, rounds * 3, &mut text)?;
    colours::report(rounds, &mut text)?;
    Ok(text)
}

/// Cold builds beside the floor.
fn cold(bench: &Bench, rounds: usize, text: &mut String) -> Result<(), BenchError> {
    let floor = |threads| move || program::floor(&bench.book, &bench.fresh(), threads);
    let build = |book, extent| {
        move || -> Result<Duration, BenchError> {
            generate::set(book, extent)?;
            program::build(book, &bench.fresh())
        }
    };
    let plain = in_turn(
        rounds,
        &mut [
            ("floor, one thread", Box::new(floor(Threads::One))),
            ("floor, all threads", Box::new(floor(Threads::All))),
            ("pages, code plain", Box::new(build(&bench.book, Extent::Pages))),
        ],
    )?;
    let ten = in_turn(rounds, &mut [("10 chapters, the whole", Box::new(build(&bench.ten, Extent::Whole)))])?;
    let more = in_turn(
        rounds.div_ceil(3),
        &mut [
            ("pages, code plain", Box::new(build(&bench.book, Extent::Pages))),
            ("pages, code coloured", Box::new(build(&bench.book, Extent::Coloured))),
            ("the whole", Box::new(build(&bench.book, Extent::Whole))),
        ],
    )?;
    let of = |times: &[(&str, Times)], case: usize| times[case].1.median().as_secs_f64();
    writeln!(
        text,
        "cold builds of {} chapters, {} threads, {rounds} rounds: medians",
        bench.chapters,
        rayon::current_num_threads()
    )?;
    for (name, times) in plain.iter().chain(&ten).chain(&more[1..]) {
        let fastest = times.0.first().copied().unwrap_or_default().as_secs_f64() * 1e3;
        line(text, name, times.median(), &format!("(fastest {fastest:.1})"))?;
    }
    let (one, all, pages) = (of(&plain, 0), of(&plain, 1), of(&plain, 2));
    writeln!(
        text,
        "code plain: {:.2} × the floor of one thread (target: 1.5), {:.2} × that of all",
        pages / one,
        pages / all
    )?;
    writeln!(text, "coloured: {:.2} × code plain in the same rounds", of(&more, 1) / of(&more, 0))?;
    writeln!(text, "the whole: {:.2} × the coloured pages alone", of(&more, 2) / of(&more, 1))?;
    writeln!(text, "10 chapters: {:.0} ms (target: 100)", of(&ten, 0) * 1e3)?;
    Ok(())
}

/// The size of what a highlighted build writes.
fn output(bench: &Bench, text: &mut String) -> Result<(), BenchError> {
    generate::set(&bench.book, Extent::Coloured)?;
    let out = bench.fresh();
    program::build(&bench.book, &out)?;
    let (mut files, mut bytes, mut inside, mut blocks) = (0, 0, 0, 0);
    for entry in WalkDir::new(&out).into_iter().filter_entry(|entry| entry.file_name() != ".bindery") {
        let entry = entry?;
        if !entry.file_type().is_file() {
            continue;
        }
        files += 1;
        bytes += entry.metadata()?.len();
        if entry.path().extension().is_some_and(|extension| extension == "html") {
            let (contents, whole) = code_bytes(&fs::read_to_string(entry.path())?);
            inside += contents;
            blocks += whole;
        }
    }
    let edited = EditedBook::new(&bench.book, &bench.chapter)?;
    let documents = &edited.edition().documents;
    let code: usize = documents.iter().flat_map(|document| &document.text.holes).map(code_length).sum();
    let source: usize = documents.iter().map(|document| document.source.text.len()).sum();
    let count = bench.chapters.max(1);
    writeln!(text, "a chapter has {}, {} of them code", kilobytes(source / count), kilobytes(code / count))?;
    writeln!(
        text,
        "written: {files} files, {:.1} MB, {:.2} × the source",
        megabytes(bytes),
        bytes as f64 / source as f64
    )?;
    let share = |part: usize| part as f64 / code.max(1) as f64;
    writeln!(
        text,
        "inside of `<pre>`: {:.2} × the code (target: 4); with the tags and what is copied: {:.2} ×",
        share(inside),
        share(blocks)
    )?;
    Ok(())
}

fn code_length(hole: &Hole) -> usize {
    match hole {
        Hole::Code(block) => block.text.len(),
        _ => 0,
    }
}

/// The number of bytes inside `<pre>` elements, without and with their tags.
fn code_bytes(page: &str) -> (usize, usize) {
    let (mut inside, mut whole) = (0, 0);
    for block in page.split("<pre").skip(1) {
        let block = block.split("</pre>").next().unwrap_or_default();
        let start = block.find('>').map_or(0, |at| at + 1);
        inside += block.len() - start;
        whole += "<pre".len() + block.len() + "</pre>".len();
    }
    (inside, whole)
}

/// The peak memory of cold builds.
fn memory(bench: &Bench, text: &mut String) -> Result<(), BenchError> {
    let extents =
        [("code plain", Extent::Pages), ("coloured", Extent::Coloured), ("the whole", Extent::Whole)];
    for (name, extent) in extents {
        generate::set(&bench.book, extent)?;
        match program::peak_memory(&bench.book, &bench.fresh())? {
            Some(bytes) => writeln!(text, "peak memory, {name}: {:.0} MB (target: 200)", megabytes(bytes))?,
            None => writeln!(text, "peak memory, {name}: this system does not report it")?,
        }
    }
    Ok(())
}

/// The time of an edit, step by step.
fn warm(bench: &Bench, rounds: usize, text: &mut String) -> Result<(), BenchError> {
    let mut edited = EditedBook::new(&bench.book, &bench.chapter)?;
    for edit in [Edit::Paragraph, Edit::Title] {
        let mut answers = Vec::with_capacity(rounds);
        let (mut binds, mut plans) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            answers.push(edited.answer(edit)?);
            binds.push(edited.bind());
            plans.push(edited.plan()?);
        }
        let of = |part: fn(&Answer) -> Duration| Times::new(answers.iter().map(part).collect()).median();
        let (scan, edition) = (of(|answer| answer.scan), of(|answer| answer.edition));
        let (bind, plan) = (Times::new(binds).median(), Times::new(plans).median());
        let renewed = answers.last().map_or(0, |answer| answer.renewed);
        writeln!(
            text,
            "an edit of one {edit:?}, {renewed} of {} outputs promised again:",
            edited.edition().site.promises.len()
        )?;
        line(text, "  scan + edition", scan + edition, "(target for a paragraph: 15 ms)")?;
        line(text, "    scan", scan, "")?;
        line(text, "    edition", edition, "of which, measured alone:")?;
        line(text, "      bind", bind, "")?;
        line(text, "      plan", plan, "")?;
        line(
            text,
            "      the rest",
            edition.saturating_sub(bind + plan),
            "(settings, what to parse, the theme's key)",
        )?;
        line(text, "  the page", of(|answer| answer.page), "")?;
        line(text, "  letting go of the edition before", of(|answer| answer.dropping), "(after the page)")?;
    }
    Ok(())
}

/// Runs the cases alternately. A first round, which does not count, brings the book's files into memory.
fn in_turn(rounds: usize, cases: &mut [Case<'_>]) -> Result<Vec<(&'static str, Times)>, BenchError> {
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); cases.len()];
    for round in 0..=rounds {
        for ((name, case), times) in cases.iter_mut().zip(&mut times) {
            let time = case().map_err(|error| format!("{name}: {error}"))?;
            times.extend((round > 0).then_some(time));
        }
    }
    Ok(cases.iter().map(|(name, _)| *name).zip(times.into_iter().map(Times::new)).collect())
}

impl Times {
    fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Times(times)
    }

    /// The median; zero if there are no times.
    fn median(&self) -> Duration {
        self.0.get(self.0.len() / 2).copied().unwrap_or_default()
    }
}

fn line(text: &mut String, name: &str, time: Duration, more: &str) -> Result<(), BenchError> {
    Ok(writeln!(text, "{name:<40}{:>9.1} ms  {more}", time.as_secs_f64() * 1e3)?)
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn kilobytes(bytes: usize) -> String {
    format!("{:.1} kB", bytes as f64 / 1e3)
}
