//! The program in a process of its own, as authors run it: a cold build includes its start and the reading of
//! grammars, and its memory can be measured. The floor runs in a process of its own too, so that the two can be
//! compared.

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::floor::Threads;

/// What went wrong while measuring.
pub type BenchError = Box<dyn Error + Send + Sync>;

/// Builds a book to a folder that must not exist yet, and returns how long that took.
///
/// # Errors
/// If the program cannot be run, or finds anything wrong with the book.
pub fn build(root: &Path, out: &Path) -> Result<Duration, BenchError> {
    let begun = Instant::now();
    finish(start(root, out, &["--strict"])?)?;
    Ok(begun.elapsed())
}

/// The same for a book that may have warnings.
///
/// # Errors
/// If the program cannot be run, or the book has errors.
pub fn build_any(root: &Path, out: &Path) -> Result<Duration, BenchError> {
    let begun = Instant::now();
    finish(start(root, out, &[])?)?;
    Ok(begun.elapsed())
}

/// Runs the [floor](floor::convert) of a book in a process of its own, and returns how long that took.
///
/// # Errors
/// If this program cannot be run again, or those of the file system.
pub fn floor(root: &Path, out: &Path, threads: Threads) -> Result<Duration, BenchError> {
    let begun = Instant::now();
    let mut command = Command::new(env::current_exe()?);
    command.args(["--bench", "floor", threads.name()]).args([root, out]);
    finish(spawn(command)?)?;
    Ok(begun.elapsed())
}

/// Builds a book and returns the program's peak memory in bytes; `None` if the system does not report it.
///
/// # Errors
/// If the program cannot be run, or the book has errors.
pub fn peak_memory(root: &Path, out: &Path) -> Result<Option<u64>, BenchError> {
    let mut child = start(root, out, &[])?;
    let mut peak = None;
    // The system records the peak, so the last value before the end of the process is right.
    while child.try_wait()?.is_none() {
        peak = high_water_mark(child.id()).or(peak);
        thread::sleep(Duration::from_millis(1));
    }
    finish(child)?;
    Ok(peak)
}

fn start(root: &Path, out: &Path, options: &[&str]) -> Result<Child, BenchError> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bindery"));
    command.args(["build", "--quiet", "--root"]).arg(root).arg("--out").arg(out).args(options);
    spawn(command)
}

fn spawn(mut command: Command) -> Result<Child, BenchError> {
    Ok(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?)
}

fn finish(child: Child) -> Result<(), BenchError> {
    let output = child.wait_with_output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!(
        "the program ended with {}:\n{}",
        output.status,
        said.lines().take(12).collect::<Vec<_>>().join("\n")
    )
    .into())
}

/// `VmHWM` of a process, its peak memory so far. Only Linux has it.
fn high_water_mark(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
