//! Ends what would never end. A template can loop without writing anything, and a thread cannot be stopped from outside;
//! rendering itself has no clock. So outputs are watched from beside it: [`watch`] reports the one that takes too long.

use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant};

use crate::render::site::Renderer;
use crate::text::{Diagnostic, DiagnosticCode};

/// The longest time that one output may take. The page for print of a book of 1,000 chapters takes about a second.
pub const LONGEST: Duration = Duration::from_secs(60);

/// How often the outputs are looked at.
const INTERVAL: Duration = Duration::from_millis(500);

/// Watches the outputs that a renderer makes, for as long as there is one. `end` gets the error of an output that takes
/// longer than the limit; it reports the error and ends the program.
pub fn watch(renderer: &Arc<Renderer>, longest: Duration, end: impl Fn(Diagnostic) + Send + 'static) {
    let renderer = Arc::downgrade(renderer);
    // Where the system starts no threads, nothing is watched, and the command reports that itself.
    let _ = thread::Builder::new().name("watchdog".to_owned()).spawn(move || look(&renderer, longest, &end));
}

fn look(renderer: &Weak<Renderer>, longest: Duration, end: &dyn Fn(Diagnostic)) {
    let mut oldest = None;
    let mut since = Instant::now();
    loop {
        thread::sleep(INTERVAL);
        let Some(renderer) = renderer.upgrade() else { return };
        let found = renderer.oldest();
        if found != oldest {
            oldest = found;
            since = Instant::now();
        } else if let Some((_, origin)) = &oldest
            && since.elapsed() > longest
        {
            let message = format!("this takes more than {} seconds to render", longest.as_secs());
            let diagnostic = Diagnostic::new(DiagnosticCode::InvalidTemplate, message).on(origin);
            return end(diagnostic.hint("a loop in its template may never end"));
        }
    }
}
