//! The cases that criterion measures, each alone and many times. They show whether a change made one step faster or
//! slower. The [report](super::report) compares cases with each other.

use std::time::Duration;

use criterion::{Criterion, Throughput};

use super::Bench;
use super::program::{self, BenchError};
use super::warm::{Edit, EditedBook};

/// Runs the cases that the command line selects.
///
/// # Errors
/// If the book cannot be built.
pub fn run(bench: &Bench) -> Result<(), BenchError> {
    let criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(5));
    let mut criterion = criterion.configure_from_args();
    let mut edited = EditedBook::new(&bench.book, &bench.chapter)?;
    let bytes: usize = edited.edition().documents.iter().map(|document| document.source.text.len()).sum();
    let group = format!("{} chapters", bench.chapters);
    case(&mut criterion, &group, "parse, one thread", bytes, || Ok(edited.parse()))?;
    case(&mut criterion, &group, "bind", 0, || Ok(edited.bind()))?;
    case(&mut criterion, &group, "plan", 0, || edited.plan())?;
    case(&mut criterion, &group, "edit a paragraph", 0, || Ok(edited.answer(Edit::Paragraph)?.whole()))?;
    case(&mut criterion, &group, "edit a title", 0, || Ok(edited.answer(Edit::Title)?.whole()))?;
    drop(edited);
    case(&mut criterion, "10 chapters", "cold build", 0, || program::build(&bench.ten, &bench.fresh()))?;
    criterion.final_summary();
    Ok(())
}

/// Measures a function that returns its own time, because some of what it does (saving a chapter) does not count.
fn case(
    criterion: &mut Criterion,
    group: &str,
    name: &str,
    bytes: usize,
    mut run: impl FnMut() -> Result<Duration, BenchError>,
) -> Result<(), BenchError> {
    let mut error = None;
    let mut group = criterion.benchmark_group(group);
    if bytes > 0 {
        group.throughput(Throughput::Bytes(bytes as u64));
    }
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|times| {
            let once = |_| {
                run().unwrap_or_else(|found| {
                    error = Some(found);
                    // Criterion does not accept zero.
                    Duration::from_nanos(1)
                })
            };
            (0..times).map(once).sum()
        });
    });
    group.finish();
    error.map_or(Ok(()), Err)
}
