//! A terminal: a program in a pty, whose shell prints [marks](super::marks).

use std::io::{Read, Write};
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use rustix::io::dup;

use super::marks::{CommandEnd, MarkReader, TerminalEvent};
use super::shell::{CommandResult, Ending, ProofShell};

/// The size of the terminal: wide enough that programs do not cut their lines off.
const COLUMNS: u16 = 120;
const ROWS: u16 = 40;

/// The most output of a command that is kept, in bytes. Of more, the first part is lost.
const MOST_OUTPUT: usize = 4 << 20;

/// How long a shell may take until it asks for the first command.
const PATIENCE: Duration = Duration::from_secs(20);

/// What ends a program, most of them first: Ctrl+C, the key of pagers, and the end of input.
const STOP_KEYS: [&str; 3] = ["\u{3}", "q", "\u{4}"];

/// How long a program may take until it ends by one of these.
const STOPPING: Duration = Duration::from_secs(5);

/// A terminal with a shell.
pub struct BashTerminal {
    child: Child,
    /// What is typed.
    keys: Pty,
    /// What is shown.
    shown: Receiver<Vec<u8>>,
    marks: MarkReader,
    /// What was shown and is not yet read.
    events: std::collections::VecDeque<TerminalEvent>,
    end: CommandEnd,
    /// Whether the person who runs bindery wants to stop.
    stop: Arc<AtomicBool>,
}

/// How long a shell may take until it begins the next command that is typed already.
const SETTLING: Duration = Duration::from_millis(100);

impl BashTerminal {
    /// Opens a terminal with a program, and waits until its shell asks for a command. Its marks have this sign.
    ///
    /// # Errors
    /// Why it cannot be opened.
    pub fn open(program: &str, args: &[String], sign: &str, stop: Arc<AtomicBool>) -> Result<Self, String> {
        let failed = |error: &dyn std::error::Error| format!("no terminal can be opened: {error}");
        let (pty, pts) = open().map_err(|error| failed(&error))?;
        pty.resize(Size::new(ROWS, COLUMNS)).map_err(|error| failed(&error))?;
        let child = Command::new(program).args(args).spawn(pts).map_err(|error| failed(&error))?;

        // Both sides of a pty are one file, which is read in a thread of its own.
        let mut screen = std::fs::File::from(dup(&pty).map_err(|error| failed(&error))?);
        let (sender, shown) = sync_channel(64);
        thread::spawn(move || {
            let mut bytes = vec![0; 1 << 16];
            while let Ok(length @ 1..) = screen.read(&mut bytes) {
                if sender.send(bytes[..length].to_vec()).is_err() {
                    return;
                }
            }
        });

        let (marks, events) = (MarkReader::new(sign), Default::default());
        let mut terminal =
            BashTerminal { child, keys: pty, shown, marks, events, end: CommandEnd::default(), stop };
        let first = terminal.wait(PATIENCE);
        match first.ending {
            Ending::Ended(_) => Ok(terminal),
            _ => Err(format!("the shell does not ask for a command: {}", first.output.trim())),
        }
    }

    /// Waits until a command ends.
    fn wait(&mut self, limit: Duration) -> CommandResult {
        let end = Instant::now() + limit;
        let mut output = Vec::new();
        loop {
            match self.next_event(end) {
                Ok(TerminalEvent::Begins) => output.clear(),
                Ok(TerminalEvent::Text(text)) => {
                    output.extend(text);
                    if output.len() > MOST_OUTPUT {
                        output.drain(..output.len() - MOST_OUTPUT / 2);
                    }
                }
                Ok(TerminalEvent::Ends(end)) => {
                    self.end = end.clone();
                    return CommandResult { output: as_shown(&output), ending: Ending::Ended(end) };
                }
                Err(ending) => return CommandResult { output: as_shown(&output), ending },
            }
        }
    }

    /// The next event until a time.
    fn next_event(&mut self, end: Instant) -> Result<TerminalEvent, Ending> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Ok(event);
            }
            if Instant::now() >= end || self.stop.load(Ordering::Relaxed) {
                return Err(Ending::TooLong { is_stopped: false });
            }
            match self.shown.recv_timeout(Duration::from_millis(50)) {
                Ok(bytes) => self.events.extend(self.marks.read(&bytes)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(Ending::Closed),
            }
        }
    }

    /// Whether another command begins right after one has ended.
    fn has_begun(&mut self) -> bool {
        let end = Instant::now() + SETTLING;
        loop {
            match self.next_event(end) {
                Ok(TerminalEvent::Begins) => {
                    self.events.push_front(TerminalEvent::Begins);
                    return true;
                }
                Ok(_) => {}
                Err(_) => return false,
            }
        }
    }

    /// Types keys. If the terminal is closed, the next event says so.
    fn type_keys(&mut self, keys: &str) {
        let _ = self.keys.write_all(keys.as_bytes());
    }
}

impl ProofShell for BashTerminal {
    fn run(&mut self, script: &str, limit: Duration) -> CommandResult {
        let script = script.trim_end();
        self.type_keys(&format!("{script}\n"));
        let mut result = self.wait(limit);

        // Of several lines, each can be a command of its own. The first that fails counts.
        while script.contains('\n') && matches!(result.ending, Ending::Ended(_)) && self.has_begun() {
            let next = self.wait(limit);
            result.output = format!("{}\n{}", result.output, next.output).trim().to_owned();
            match (&result.ending, &next.ending) {
                (Ending::Ended(end), Ending::Ended(_)) if end.status != 0 => {}
                _ => result.ending = next.ending,
            }
        }
        if !matches!(result.ending, Ending::TooLong { .. }) {
            return result;
        }

        // A program that none of these keys ends keeps the terminal.
        let is_stopped = STOP_KEYS.iter().any(|keys| {
            self.type_keys(keys);
            matches!(self.wait(STOPPING).ending, Ending::Ended(_))
        });
        CommandResult { ending: Ending::TooLong { is_stopped }, ..result }
    }

    fn folder(&self) -> &str {
        &self.end.folder
    }
}

impl Drop for BashTerminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a terminal shows of some output, line by line, whatever moved its cursor.
fn as_shown(output: &[u8]) -> String {
    let Ok(mut screen) = avt::Terminal::with_scrollback(COLUMNS.into(), ROWS.into(), None) else {
        return String::new();
    };
    screen.feed(&*String::from_utf8_lossy(output));
    let lines = screen.primary_screen().text();
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    lines.join("\n").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::marks::shell_variables;

    fn bash() -> BashTerminal {
        let variables = shell_variables("s7").into_iter().map(|(name, value)| format!("{name}={value}"));
        let bash = ["TERM=xterm-256color", "bash", "--norc", "--noprofile"].map(str::to_owned);
        let args: Vec<String> = variables.chain(bash).collect();
        BashTerminal::open("env", &args, "s7", Arc::default()).expect("a terminal with bash")
    }

    fn run(terminal: &mut BashTerminal, script: &str) -> (String, Option<i32>) {
        let result = terminal.run(script, Duration::from_secs(20));
        match result.ending {
            Ending::Ended(end) => (result.output, Some(end.status)),
            _ => (result.output, None),
        }
    }

    #[test]
    fn commands_have_output_and_a_status() {
        let mut terminal = bash();
        for (script, output, status) in [
            ("echo a; echo b >&2", "a\nb", 0),
            ("false", "", 1),
            ("cd /usr && pwd", "/usr", 0),
            ("cat <<END\n  one\n$((1 + 1))\nEND", "  one\n2", 0),
            ("echo a \\\n  b", "a b", 0),
            ("printf '10%%\\r100%%\\n\\e[31mred\\e[0m\\n'", "100%\nred", 0),
            ("printf %0200d 0", &"0".repeat(200), 0),
            ("printf 'no end'", "no end", 0),
            ("echo one\n(exit 3)\necho two", "one\ntwo", 3),
            ("printf '\\033]133;D;0;root;x;/\\007'; false", "", 1),
            ("seq 3000 | tail -n 2; (exit 7)", "2999\n3000", 7),
        ] {
            assert_eq!(run(&mut terminal, script), (output.to_owned(), Some(status)), "{script}");
        }
        assert_eq!(terminal.folder(), "/usr");
        assert_eq!(run(&mut terminal, "seq 100").0.lines().count(), 100);
    }

    #[test]
    fn what_goes_on_is_stopped_and_what_closes_is_noticed() {
        let mut terminal = bash();
        let result = terminal.run("echo begin; sleep 60", Duration::from_millis(500));
        assert_eq!(
            (result.output.as_str(), &result.ending),
            ("begin", &Ending::TooLong { is_stopped: true })
        );
        assert_eq!(run(&mut terminal, "echo still here"), ("still here".to_owned(), Some(0)));
        let pager = "trap '' INT; until read -rsn1 key && [ \"$key\" = q ]; do :; done; trap - INT";
        let result = terminal.run(pager, Duration::from_millis(200));
        assert_eq!(result.ending, Ending::TooLong { is_stopped: true });
        assert_eq!(terminal.run("exit", Duration::from_secs(20)).ending, Ending::Closed);
    }
}
