//! Ends what would never end, or take all memory. A template can loop without writing anything, or double a value until
//! memory is full, and the engine has no limit for either. A thread cannot be stopped from outside. So outputs are
//! watched from beside rendering: [`watch`] reports the one that takes too long or too much.

use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant};

use crate::render::site::Renderer;
use crate::text::{Diagnostic, DiagnosticCode};

/// The longest time that one output may take. The page for print of a book of 1,000 chapters takes about a second.
pub const LONGEST: Duration = Duration::from_secs(60);

/// How often the outputs are looked at. A value that doubles fills some 2 GB in a second.
const INTERVAL: Duration = Duration::from_millis(200);

/// The most memory, in bytes, that the program may take up while one output is made; half of the machine's, if that is
/// less. All outputs of a book of 1,000 chapters take some 100 MB.
const MOST_MEMORY: u64 = 4 << 30;

/// Watches the outputs that a renderer makes, for as long as there is one. `end` gets the error of an output that takes
/// longer than the limit, or too much memory; it reports the error and ends the program.
pub fn watch(renderer: &Arc<Renderer>, longest: Duration, end: impl Fn(Diagnostic) + Send + 'static) {
    let renderer = Arc::downgrade(renderer);
    // Where the system starts no threads, nothing is watched, and the command reports that itself.
    let _ = thread::Builder::new().name("watchdog".to_owned()).spawn(move || look(&renderer, longest, &end));
}

fn look(renderer: &Weak<Renderer>, longest: Duration, end: &dyn Fn(Diagnostic)) {
    let most = MOST_MEMORY.min(memory::of_machine().unwrap_or(u64::MAX) / 2);
    let mut oldest = None;
    let mut since = Instant::now();
    let mut memory_before = 0;
    loop {
        thread::sleep(INTERVAL);
        let Some(renderer) = renderer.upgrade() else { return };
        let found = renderer.oldest();
        if found != oldest {
            oldest = found;
            since = Instant::now();
            memory_before = memory::in_use().unwrap_or_default();
            continue;
        }

        let Some((_, origin)) = &oldest else { continue };
        let stuck = |message: String, hint: &str| {
            Diagnostic::new(DiagnosticCode::InvalidTemplate, message).on(origin).hint(hint)
        };
        if since.elapsed() > longest {
            let message = format!("this takes more than {} seconds to render", longest.as_secs());
            return end(stuck(message, "a loop in its template may never end"));
        }
        if memory::in_use().is_some_and(|in_use| in_use.saturating_sub(memory_before) > most) {
            let message = format!("this takes more than {} MB of memory to render", most >> 20);
            return end(stuck(message, "its template may double a value again and again"));
        }
    }
}

/// How much memory there is. Only Linux tells it in files.
mod memory {
    use std::fs;

    /// What the program takes up, in bytes.
    pub fn in_use() -> Option<u64> {
        kilobytes("/proc/self/status", "VmRSS:")
    }

    /// What the machine has, in bytes.
    pub fn of_machine() -> Option<u64> {
        kilobytes("/proc/meminfo", "MemTotal:")
    }

    /// The number of a line such as `MemTotal:  16 kB`, in bytes.
    fn kilobytes(file: &str, name: &str) -> Option<u64> {
        let text = fs::read_to_string(file).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        let number: u64 = line.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
        Some(number << 10)
    }
}
