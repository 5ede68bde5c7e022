//! Comments that say what to do between the blocks of a chapter, for `bindery test` alone: `<!-- test: stop -->`.
//!
//! They are not on the page. [`read`] is the entry point.

use super::tree::{Inline, InlineKind};
use crate::text::{Diagnostic, DiagnosticCode, nearest};

/// What a comment says to do.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TestNote {
    /// `get http://203.0.113.10/ contains "The light is on"`: a page has a text.
    Get {
        /// The page.
        url: String,
        /// The text, if it matters.
        contains: Option<String>,
    },
    /// `run COMMAND`, `on server: COMMAND`, `on root@server: COMMAND`: a command that the reader does not see.
    Run {
        /// The machine, if it says so.
        machine: Option<String>,
        /// The user, if it says so.
        user: Option<String>,
        /// The command.
        script: String,
    },
    /// `stop`: Ctrl+C for the program that goes on running.
    Stop,
}

impl TestNote {
    /// The machine that it names.
    pub fn machine(&self) -> Option<&str> {
        match self {
            TestNote::Run { machine, .. } => machine.as_deref(),
            TestNote::Get { .. } | TestNote::Stop => None,
        }
    }
}

/// The words that a comment can begin with.
pub const WORDS: &[&str] = &["get", "on", "run", "stop"];

/// Reads a block of raw HTML; none, if it is no such comment.
pub fn read(lines: &[Inline<'_>]) -> Option<Result<TestNote, Diagnostic>> {
    let mut text = String::new();
    for inline in lines {
        match &inline.kind {
            InlineKind::Html(html) => text.push_str(html),
            InlineKind::Placeholder(name) => text.extend(["<", name, ">"]),
            InlineKind::Text(more) => text.push_str(more),
            _ => return None,
        }
    }
    let comment = text.trim().strip_prefix("<!--")?.strip_suffix("-->")?;
    let note = comment.trim().strip_prefix("test:")?;
    Some(
        note_of(note.trim())
            .map_err(|(message, hint)| Diagnostic::new(DiagnosticCode::InvalidTest, message).hint(hint)),
    )
}

/// Reads what is after `test:`. An error is a message and a hint.
fn note_of(note: &str) -> Result<TestNote, (String, String)> {
    let (word, rest) = note.split_once(char::is_whitespace).unwrap_or((note, ""));
    let rest = rest.trim();
    let missing = |form: &str| Err((format!("`{note}` is not complete"), format!("write `{form}`")));
    match word {
        "stop" if rest.is_empty() => Ok(TestNote::Stop),
        "stop" => missing("stop"),
        "run" if rest.is_empty() => missing("run COMMAND"),
        "run" => Ok(TestNote::Run { machine: None, user: None, script: rest.to_owned() }),
        "on" => on(rest).map_or_else(|| missing("on MACHINE: COMMAND"), Ok),
        "get" => get(rest).map_or_else(|| missing("get URL contains \"TEXT\""), Ok),
        _ => {
            let hint = match nearest(word, WORDS.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it begins with `{}`", WORDS.join("`, `")),
            };
            Err((format!("a comment for tests cannot begin with `{word}`"), hint))
        }
    }
}

/// Reads `MACHINE: COMMAND`, where the machine can be `USER@MACHINE`.
fn on(text: &str) -> Option<TestNote> {
    let (place, script) = text.split_once(": ")?;
    let (user, machine) =
        place.split_once('@').map_or((None, place), |(user, machine)| (Some(user), machine));
    let script = script.trim();

    let (machine, user) = (Some(machine.trim().to_owned()), user.map(|user| user.trim().to_owned()));
    (!script.is_empty()).then(|| TestNote::Run { machine, user, script: script.to_owned() })
}

/// Reads `URL contains "TEXT"`, or a URL alone.
fn get(text: &str) -> Option<TestNote> {
    let (url, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    if !url.starts_with("http") {
        return None;
    }

    let contains = match rest.trim() {
        "" => None,
        rest => {
            let quoted = rest.strip_prefix("contains ")?.trim().strip_prefix('"')?.strip_suffix('"')?;
            Some(quoted.to_owned()).filter(|text| !text.is_empty()).map(Some)?
        }
    };
    Some(TestNote::Get { url: url.to_owned(), contains })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_read() {
        let run = |machine: Option<&str>, user: Option<&str>, script: &str| {
            let owned = |text: Option<&str>| text.map(str::to_owned);
            Ok(TestNote::Run { machine: owned(machine), user: owned(user), script: script.to_owned() })
        };
        assert_eq!(note_of("stop"), Ok(TestNote::Stop));
        assert_eq!(note_of("run cd ~/app"), run(None, None, "cd ~/app"));
        assert_eq!(note_of("on server: systemctl reboot"), run(Some("server"), None, "systemctl reboot"));
        assert_eq!(note_of("on root@server: echo a: b"), run(Some("server"), Some("root"), "echo a: b"));
        let get = |contains: Option<&str>| {
            Ok(TestNote::Get { url: "http://a/".to_owned(), contains: contains.map(str::to_owned) })
        };
        assert_eq!(note_of("get http://a/"), get(None));
        assert_eq!(note_of("get http://a/ contains \"b c\""), get(Some("b c")));
        for note in
            ["", "stopp", "stop it", "run", "on server", "on server: ", "get", "get a", "get http://a/ has b"]
        {
            assert!(note_of(note).is_err(), "{note}");
        }
    }
}
