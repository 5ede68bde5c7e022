//! The keys that end a program, or leave it.

use std::time::{Duration, Instant};

use super::{BashTerminal, SETTLING, no_answer, within};
use crate::proof::marks::TerminalEvent;
use crate::proof::shell::{CommandResult, Ending};

/// What ends a program, and how long each may take, most of them first: Ctrl+C, twice for programs that ask whether it is meant,
/// the end of input, the key of pagers, and the end of input on an empty line.
const STOP_KEYS: [(&str, Duration); 5] = [
    ("\u{3}", Duration::from_secs(5)),
    ("\u{3}", Duration::from_secs(1)),
    ("\u{4}", Duration::from_secs(1)),
    ("q", Duration::from_secs(2)),
    ("\u{15}\u{4}", Duration::from_secs(2)),
];

/// The same for a program that asks for commands.
const EXIT_KEYS: [(&str, Duration); 3] = [("\u{4}", STOPPING), ("\u{3}", STOPPING), ("\u{4}", STOPPING)];

/// What leaves a program that shows a screen: the keys of nano, the key of pagers, those of vi, and Ctrl+C.
const LEAVE_KEYS: [&str; 5] = ["\u{18}", "n", "q", "\u{1b}:q!\r", "\u{3}"];

/// How long each of them may take.
const LEAVING: Duration = Duration::from_millis(700);

/// How long a program may take that asks for commands until it ends by a key.
pub(super) const STOPPING: Duration = Duration::from_secs(5);

impl BashTerminal {
    /// Leaves a program that shows a screen. Returns whether that is so.
    pub(super) fn leave_screen(&mut self) -> bool {
        LEAVE_KEYS.iter().any(|keys| {
            self.type_keys(keys);
            let is_left = matches!(self.wait(&within(LEAVING), &mut no_answer).ending, Ending::Ended(_));
            if is_left {
                self.discard();
            }
            is_left
        })
    }

    /// Leaves out what the shell says of keys that were meant for a program, and came too late: it would be taken for the result
    /// of the next command.
    pub(super) fn discard(&mut self) {
        while let Ok(event) = self.next_event(Instant::now() + 2 * SETTLING) {
            if let TerminalEvent::Ends(end) = event {
                self.end = end;
            }
        }
    }

    /// Stops what is running by the keys that end programs.
    pub(super) fn stop_program(&mut self) -> CommandResult {
        let all: &[(&str, Duration)] = if self.is_in_program { &EXIT_KEYS } else { &STOP_KEYS };
        let mut result = self.result(Ending::TooLong { is_stopped: false });
        for (keys, time) in all {
            self.type_keys(keys);
            result = self.wait(&within(*time), &mut no_answer);
            if matches!(result.ending, Ending::Ended(_) | Ending::Closed) {
                break;
            }
        }
        self.discard();
        result
    }
}
