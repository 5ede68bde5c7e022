//! What a reader types where a program asks. [`Answers`] knows it from the settings, from the passwords of the machines, and
//! from the chapter itself, where it shows the question with the answer behind it.

use std::collections::BTreeMap;

use super::question::{self, PasswordQuestion};
use crate::read::Machine;

/// The most questions of one command that are answered.
const MOST: usize = 40;

/// The answers to the questions of one command.
#[derive(Debug)]
pub struct Answers<'a> {
    /// A part of the question, and the answer.
    given: &'a [(String, String)],
    machines: &'a [Machine],
    /// What the chapter shows of the command.
    shown: Vec<&'a str>,
    /// The machine and the user of the terminal.
    here: (usize, &'a str),
    /// How many were asked.
    asked: usize,
}

impl<'a> Answers<'a> {
    /// The answers for a command in the terminal of this machine and user.
    pub fn new(
        given: &'a [(String, String)],
        machines: &'a [Machine],
        shown: &'a str,
        here: (usize, &'a str),
    ) -> Self {
        Answers { given, machines, shown: shown.lines().collect(), here, asked: 0 }
    }

    /// The answer to what a program has printed in the last line; none, if that is no question or its answer is not known.
    pub fn to(&mut self, line: &str) -> Option<String> {
        if self.asked >= MOST || line.trim().is_empty() {
            return None;
        }
        let given = self.given.iter().find(|(question, _)| line.contains(question.as_str()));
        let answer = given
            .map(|(_, answer)| answer.clone())
            .or_else(|| self.in_chapter(line))
            .or_else(|| self.password(&question::read(line)?))
            .or_else(|| usual(line).map(str::to_owned))
            .or_else(|| self.is_shown_alone(line).then(String::new))?;
        self.asked += 1;
        Some(answer)
    }

    /// What the chapter shows after the question.
    fn in_chapter(&mut self, line: &str) -> Option<String> {
        let question = line.trim_end();
        // A sign alone is the prompt of a program that is not known, and what is typed there are commands.
        if !question.contains(char::is_alphabetic) {
            return None;
        }
        let rest = |shown: &&str| {
            let rest = shown.strip_prefix(question)?.trim();
            (rest.chars().any(char::is_alphanumeric) && !rest.contains('…')).then(|| rest.to_owned())
        };
        // Of two questions that are the same, each has its own answer.
        let at = self.shown.iter().position(|shown| rest(shown).is_some())?;
        rest(&self.shown.remove(at))
    }

    /// Whether the chapter shows a question and nothing after it: readers press Enter.
    fn is_shown_alone(&self, line: &str) -> bool {
        let question = line.trim_end();
        question.ends_with([':', '?', ']', ')'])
            && self.shown.iter().any(|shown| shown.trim() == question.trim())
    }

    /// The password that a question is about.
    fn password(&self, question: &PasswordQuestion<'_>) -> Option<String> {
        let (here, own) = self.here;
        let logins =
            |at: usize| -> Option<&BTreeMap<String, String>> { Some(&self.machines.get(at)?.setup.login) };
        match question {
            PasswordQuestion::Of { user, host: None } => logins(here)?.get(user.unwrap_or(own)).cloned(),
            PasswordQuestion::Of { user, host: Some(host) } => {
                let at = self.machines.iter().position(|machine| {
                    machine.is_host(host)
                        || machine.setup.address.is_some_and(|address| address.to_string() == *host)
                })?;
                logins(at)?.get(user.unwrap_or(own)).cloned()
            }
            PasswordQuestion::OfRoot => logins(here)?.get("root").cloned(),
        }
    }
}

/// What questions end with where Enter means yes; the last two are those of npm.
const DEFAULT_YES: [&str; 6] = ["[Y/n]", "[Y/n]?", "(Y/n)", "(Y/n)?", "? (y)", "? (yes)"];

/// Answers that all readers give.
fn usual(line: &str) -> Option<&'static str> {
    let line = line.trim_end();
    match () {
        () if line.ends_with("(yes/no/[fingerprint])?") => Some("yes"),
        () if DEFAULT_YES.iter().any(|end| line.ends_with(end)) => Some(""),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::machine::MachineSetup;

    #[test]
    fn questions_are_answered() {
        let setup = |address: &str, login: &[(&str, &str)]| MachineSetup {
            address: address.parse().ok(),
            login: login
                .iter()
                .map(|(user, password)| ((*user).to_owned(), (*password).to_owned()))
                .collect(),
            ..MachineSetup::default()
        };
        let machine = |name: &str, setup| Machine { name: name.to_owned(), setup, ..Machine::default() };
        let machines = [
            machine("laptop", setup("203.0.113.2", &[("sam", "one")])),
            machine("server", setup("203.0.113.10", &[("root", "two")])),
        ];
        let given = [("New password".to_owned(), "three".to_owned()), ("Room".to_owned(), String::new())];
        let shown = "Proceed (y|n)? y\nProceed (y|n)? n\nFile to save (/home/x):\nSHA256:…\nName: …\nKey:\n";

        let mut answers = Answers::new(&given, &machines, shown, (0, "sam"));
        for (line, answer) in [
            ("New password: ", Some("three")),
            ("\tRoom []: ", Some("")),
            ("Proceed (y|n)? ", Some("y")),
            ("Proceed (y|n)? ", Some("n")),
            ("Proceed (y|n)? ", None),
            ("File to save (/home/x): ", Some("")),
            ("root@203.0.113.10's password: ", Some("two")),
            ("sam@server's password: ", None),
            ("[sudo] password for sam: ", Some("one")),
            ("(root@server) Password: ", Some("two")),
            ("Are you sure you want to continue connecting (yes/no/[fingerprint])? ", Some("yes")),
            ("Do you want to continue? [Y/n] ", Some("")),
            ("Ok to proceed? (y) ", Some("")),
            ("Is this OK? (yes) ", Some("")),
            ("Delete it? (no) ", None),
            ("Name: ", None),
            ("Reading package lists... 50%", None),
            ("", None),
        ] {
            assert_eq!(answers.to(line).as_deref(), answer, "{line}");
        }
    }
}
