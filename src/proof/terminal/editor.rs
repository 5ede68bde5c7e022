//! Typing a file into a text editor.

use std::time::Duration;

use super::leaving::STOPPING;
use super::{BashTerminal, no_answer, within};
use crate::parse::step_options::Until;
use crate::proof::shell::{AnswerTo, CommandResult, Ending, TypedInput};

/// What a text editor shows that is known.
const EDITOR: &str = "GNU nano";

/// The keys that cut all text out in the editor: to the first line, set the mark, to the last line, cut.
const CUT_ALL: [&str; 4] = ["\u{1b}\\", "\u{1b}a", "\u{1b}/", "\u{b}"];

/// How long an editor may take to show what was typed.
const DRAWING: Duration = Duration::from_millis(20);

impl BashTerminal {
    /// Opens a text editor with a command, and has it save this text.
    pub(super) fn edit_file(
        &mut self,
        typed: &TypedInput<'_>,
        text: &str,
        answer: &mut AnswerTo<'_>,
    ) -> CommandResult {
        let shown = Until::Printed(EDITOR.to_owned());
        let opened = self.run_in_shell(&TypedInput { until: Some(&shown), ..*typed }, answer);
        if opened.ending != Ending::GoesOn {
            return CommandResult { ending: Ending::NoEditor, ..opened };
        }

        self.settle(10 * DRAWING);
        for keys in CUT_ALL {
            self.type_keys(keys);
            self.settle(2 * DRAWING);
        }
        // The editor adds the end of the last line.
        let lines: Vec<&str> = text.lines().collect();
        for (number, line) in lines.iter().enumerate() {
            self.type_keys(line);
            self.type_keys(if number + 1 < lines.len() { "\r" } else { "" });
            self.settle(DRAWING);
        }

        // Ctrl+O and Enter save, Ctrl+X leaves.
        for keys in ["\u{f}", "\r"] {
            self.type_keys(keys);
            self.settle(10 * DRAWING);
        }
        self.output.clear();
        self.type_keys("\u{18}");
        let mut left = self.wait(&within(STOPPING), &mut no_answer);
        // What an editor draws is no output.
        left.output.clear();
        if matches!(left.ending, Ending::TooLong { .. }) {
            left.ending = Ending::Screen { is_left: self.leave_screen() };
        }
        left
    }
}
