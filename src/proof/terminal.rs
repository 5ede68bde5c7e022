//! A terminal: a program in a pty, whose shell prints [marks](super::marks).

mod editor;
mod leaving;

use std::collections::VecDeque;
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
use super::question;
use super::screen::{COLUMNS, ROWS, as_shown, has_printed, has_screen, last_line, says_how_to_stop};
use super::shell::{AnswerTo, CommandResult, Ending, ProofShell, TypedInput};
use crate::parse::console;
use crate::parse::step_options::Until;

/// The most output of a command that is kept, in bytes. Of more, the first part is lost.
const MOST_OUTPUT: usize = 4 << 20;

/// How long a shell may take until it asks for the first command.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a program prints nothing that has said by which keys it is stopped, and goes on running.
const SERVING: Duration = Duration::from_secs(2);

/// How long what a program shows stays as it is when it waits for keys.
const STILL: Duration = Duration::from_secs(3);

/// How long a shell may take until it begins the next command that is typed already.
const SETTLING: Duration = Duration::from_millis(100);

/// How long a program prints nothing when it waits for an answer.
const QUIET: Duration = Duration::from_millis(150);

/// A terminal with a shell.
pub struct BashTerminal {
    child: Child,
    /// What is typed.
    keys: Pty,
    /// What is shown.
    shown: Receiver<Vec<u8>>,
    marks: MarkReader,
    /// What was shown and is not yet read.
    events: VecDeque<TerminalEvent>,
    end: CommandEnd,
    /// What was printed since something was typed.
    output: Vec<u8>,
    /// Whether a program, and no shell, asks for the next command.
    is_in_program: bool,
    /// Whether the person who runs bindery wants to stop.
    stop: Arc<AtomicBool>,
}

/// Nobody answers.
fn no_answer(_: &str) -> Option<String> {
    None
}

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

        let mut terminal = BashTerminal {
            child,
            keys: pty,
            shown,
            marks: MarkReader::new(sign),
            events: VecDeque::new(),
            end: CommandEnd::default(),
            output: Vec::new(),
            is_in_program: false,
            stop,
        };
        let first = terminal.wait(&within(PATIENCE), &mut no_answer);
        match first.ending {
            Ending::Ended(_) => Ok(terminal),
            _ => Err(format!("the shell does not ask for a command: {}", first.output.trim())),
        }
    }

    /// Waits until a command ends, or what is typed is ready in another way.
    fn wait(&mut self, typed: &TypedInput<'_>, answer: &mut AnswerTo<'_>) -> CommandResult {
        let begin = Instant::now();
        let end = begin + typed.limit;
        let mut has_begun = self.is_in_program;
        // Whether the last line was looked at, so that no question is answered twice.
        let mut is_seen = false;
        let mut last_shown = begin;

        loop {
            match self.next_event(end.min(Instant::now() + QUIET)) {
                Ok(TerminalEvent::Begins) => {
                    has_begun = true;
                    self.output.clear();
                }
                Ok(TerminalEvent::Text(text)) => {
                    is_seen = false;
                    last_shown = Instant::now();
                    self.keep(&text);
                    if has_begun && self.is_ready(typed, begin) {
                        return self.result(Ending::GoesOn);
                    }
                }
                Ok(TerminalEvent::Ends(end)) => {
                    self.is_in_program = false;
                    self.end = end.clone();
                    let result = self.result(Ending::Ended(end));
                    // What the shell could not read has not begun: what was typed is above what it says of it.
                    return if has_begun { result } else { without_typed(result, typed.script) };
                }
                Err(Ending::TooLong { .. }) if !self.is_over(end) => {
                    if self.is_ready(typed, begin) {
                        return self.result(Ending::GoesOn);
                    }

                    let line = last_line(&self.output);
                    if let Some(prompt) =
                        self.prompt(&line, typed, last_shown.elapsed()).filter(|_| has_begun)
                    {
                        self.is_in_program = true;
                        return self.result(Ending::Asks(prompt));
                    }

                    let is_new = has_begun && !std::mem::replace(&mut is_seen, true);
                    if let Some(answer) = is_new.then(|| answer(&line)).flatten() {
                        self.type_keys(&format!("{answer}\r"));
                    } else if !has_begun && last_shown.elapsed() >= STILL && line.trim() == MORE {
                        return self.result(Ending::Incomplete { is_stopped: false });
                    } else if has_begun
                        && last_shown.elapsed() >= STILL
                        && (question::read(&line).is_some() || question::is_choice(&line))
                    {
                        return self.result(Ending::Unanswered { is_stopped: false });
                    } else if typed.until.is_none()
                        && has_begun
                        && last_shown.elapsed() >= SERVING
                        && says_how_to_stop(&self.output)
                    {
                        return self.result(Ending::GoesOn);
                    } else if typed.until.is_none()
                        && last_shown.elapsed() >= STILL
                        && has_screen(&self.output)
                    {
                        return self.result(Ending::Screen { is_left: false });
                    }
                }
                Err(ending) => return self.result(ending),
            }
        }
    }

    /// Whether a program that goes on running is ready.
    fn is_ready(&self, typed: &TypedInput<'_>, begin: Instant) -> bool {
        match typed.until {
            Some(Until::Printed(text)) => has_printed(&self.output, text),
            Some(Until::Seconds(seconds)) => begin.elapsed() >= Duration::from_secs(*seconds),
            None => false,
        }
    }

    /// The prompt of a program that asks for a command in this line, or for more of one. It may be another one than the
    /// chapter shows; one of another program is believed when nothing has changed for a time.
    fn prompt(&self, line: &str, typed: &TypedInput<'_>, still: Duration) -> Option<String> {
        let line = line.trim_end();
        let known = || typed.prompts.iter().any(|prompt| line == prompt.trim_end());
        let is_more = || self.is_in_program && console::asks_for_more(line);
        let is_another = || {
            let kind = console::program(line).filter(|_| !typed.prompts.is_empty());
            let is_expected =
                |kind| typed.prompts.iter().any(|prompt| console::program(prompt) == Some(kind));
            kind.is_some_and(|kind| is_expected(kind) || still >= STILL)
        };
        (known() || is_more() || is_another()).then(|| line.to_owned())
    }

    fn keep(&mut self, text: &[u8]) {
        self.output.extend(text);
        if self.output.len() > MOST_OUTPUT {
            self.output.drain(..self.output.len() - MOST_OUTPUT / 2);
        }
    }

    /// What was printed, without the prompt below it.
    fn result(&self, ending: Ending) -> CommandResult {
        let mut output = as_shown(&self.output);
        if matches!(ending, Ending::Asks(_)) {
            output.truncate(output.rfind('\n').unwrap_or_default());
        }
        CommandResult { output, ending }
    }

    fn is_over(&self, end: Instant) -> bool {
        Instant::now() >= end || self.stop.load(Ordering::Relaxed)
    }

    /// The next event until a time.
    fn next_event(&mut self, end: Instant) -> Result<TerminalEvent, Ending> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Ok(event);
            }
            if self.is_over(end) {
                return Err(Ending::TooLong { is_stopped: false });
            }
            match self.shown.recv_timeout(Duration::from_millis(20)) {
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

    /// Reads what is shown until nothing more comes for a time. Marks are left for later.
    fn settle(&mut self, time: Duration) {
        while let Ok(event) = self.next_event(Instant::now() + time) {
            match event {
                TerminalEvent::Text(text) => self.keep(&text),
                event => {
                    self.events.push_front(event);
                    return;
                }
            }
        }
    }

    /// Types keys. If the terminal is closed, the next event says so.
    fn type_keys(&mut self, keys: &str) {
        let _ = self.keys.write_all(keys.as_bytes());
    }

    /// Types something, and waits.
    fn type_line(&mut self, line: &str, typed: &TypedInput<'_>, answer: &mut AnswerTo<'_>) -> CommandResult {
        self.output.clear();
        self.type_keys(&format!("{line}\n"));
        self.wait(typed, answer)
    }

    /// Types commands into a shell. Of several lines, each can be a command of its own; the first that fails counts.
    fn run_in_shell(&mut self, typed: &TypedInput<'_>, answer: &mut AnswerTo<'_>) -> CommandResult {
        let script = typed.script.trim_end();
        let mut result = self.type_line(script, typed, answer);
        while script.contains('\n') && matches!(result.ending, Ending::Ended(_)) && self.has_begun() {
            let next = self.wait(typed, answer);
            result.output = format!("{}\n{}", result.output, next.output).trim().to_owned();
            match (&result.ending, &next.ending) {
                (Ending::Ended(end), Ending::Ended(_)) if end.status != 0 => {}
                _ => result.ending = next.ending,
            }
        }
        result
    }

    /// Types a command into a program, line by line: each is shown again where it asks for more.
    fn run_in_program(&mut self, typed: &TypedInput<'_>, answer: &mut AnswerTo<'_>) -> CommandResult {
        let mut printed = Vec::new();
        // An empty line ends what Python would go on with.
        let lines = typed.script.trim_end().lines().chain(["", ""]).collect::<Vec<_>>();
        let needed = lines.len() - 2;
        for (number, line) in lines.into_iter().enumerate() {
            let result = self.type_line(line, typed, answer);
            // The first line is what was typed.
            let output = result.output.split_once('\n').map_or("", |(_, output)| output);
            printed.extend((!output.is_empty()).then(|| output.to_owned()));

            let is_more = match &result.ending {
                Ending::Asks(prompt) => console::asks_for_more(prompt),
                _ => return CommandResult { output: printed.join("\n"), ..result },
            };
            if number + 1 >= needed && !is_more {
                return CommandResult { output: printed.join("\n"), ..result };
            }
        }
        CommandResult { output: printed.join("\n"), ending: Ending::TooLong { is_stopped: false } }
    }
}

/// With what a shell asks for more of a command.
const MORE: &str = ">";

/// What was shown below the last line that was typed. It can be there twice: before the shell asks, and again after its prompt.
fn without_typed(result: CommandResult, script: &str) -> CommandResult {
    let last = script.lines().last().unwrap_or_default().trim_end();
    let lines: Vec<&str> = result.output.lines().collect();
    let typed = lines.iter().rposition(|line| !last.is_empty() && line.ends_with(last));
    let output = lines[typed.map_or(0, |at| at + 1)..].join("\n");
    CommandResult { output, ..result }
}

impl ProofShell for BashTerminal {
    fn run(&mut self, typed: &TypedInput<'_>, answer: &mut AnswerTo<'_>) -> CommandResult {
        let result = match self.is_in_program {
            true => self.run_in_program(typed, answer),
            false => self.run_in_shell(typed, answer),
        };
        match result.ending {
            Ending::Screen { .. } => {
                let is_left = self.leave_screen();
                CommandResult { ending: Ending::Screen { is_left }, ..result }
            }
            Ending::Unanswered { .. } => {
                let is_stopped = matches!(self.stop().ending, Ending::Ended(_));
                CommandResult { ending: Ending::Unanswered { is_stopped }, ..result }
            }
            Ending::Incomplete { .. } => {
                let is_stopped = matches!(self.stop().ending, Ending::Ended(_));
                let result = without_typed(result, typed.script);
                CommandResult { ending: Ending::Incomplete { is_stopped }, ..result }
            }
            Ending::TooLong { .. } => {
                let is_stopped = matches!(self.stop().ending, Ending::Ended(_));
                CommandResult { ending: Ending::TooLong { is_stopped }, ..result }
            }
            _ => result,
        }
    }

    fn edit(&mut self, typed: &TypedInput<'_>, text: &str, answer: &mut AnswerTo<'_>) -> CommandResult {
        self.edit_file(typed, text, answer)
    }

    fn listen(&mut self, time: Duration) -> CommandResult {
        self.wait(&within(time), &mut no_answer)
    }

    fn stop(&mut self) -> CommandResult {
        self.stop_program()
    }

    fn place(&self) -> &CommandEnd {
        &self.end
    }
}

/// Nothing that is typed: waiting for so long.
fn within(limit: Duration) -> TypedInput<'static> {
    TypedInput { script: "", limit, until: None, prompts: &[] }
}

impl Drop for BashTerminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests;
