//! The marks that a shell prints before and after each command: OSC 133, as terminals know it. They tell when a command
//! begins to print and when it ends, with its status, its user, its machine and its folder, so that no prompt is guessed.
//!
//! [`shell_variables`] makes bash print them. [`MarkReader`] takes them out of what a terminal shows.

/// The variables that make bash print the marks, also in shells that are started from it. The sign is in each mark, so that
/// nothing that a command prints by chance is taken for one.
pub fn shell_variables(sign: &str) -> [(&'static str, String); 2] {
    let ends = r#""$?" "$(id -un 2>&1)" "${HOSTNAME:-}" "$$" "${VIRTUAL_ENV:-}" "${HOME:-}" "$PWD""#;
    [
        ("PS0", format!(r"\e]133;C;{sign}\a")),
        ("PROMPT_COMMAND", format!(r"printf '\033]133;D;{sign};%s;%s;%s;%s;%s;%s;%s\007' {ends}")),
    ]
}

/// A script for the files that shells read when they begin, so that those of a login print the marks too.
pub fn shell_script(sign: &str, variables: &[&str]) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
    let mut script = "case $- in *i*)\n".to_owned();
    for (name, value) in shell_variables(sign) {
        script += &format!("{name}={}\n", quoted(&value));
    }
    for variable in variables {
        script += &format!("export {variable}\n");
    }
    script + ";;\nesac\n"
}

/// What a terminal shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TerminalEvent {
    /// Something was printed.
    Text(Vec<u8>),
    /// A command begins: what comes now is its output.
    Begins,
    /// A command has ended, and the shell asks for the next one.
    Ends(CommandEnd),
}

/// Where a shell is after a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandEnd {
    /// The status of the command.
    pub status: i32,
    /// The user.
    pub user: String,
    /// The machine.
    pub host: String,
    /// The number of the shell's process.
    pub process: String,
    /// The virtual environment of Python that is active; empty, if there is none.
    pub environment: String,
    /// The user's home folder.
    pub home: String,
    /// The folder.
    pub folder: String,
}

impl CommandEnd {
    /// Whether it is that of the same shell.
    pub fn is_of_shell(&self, other: &CommandEnd) -> bool {
        (&self.host, &self.process, &self.user) == (&other.host, &other.process, &other.user)
    }
}

/// Takes marks out of bytes that come in pieces.
#[derive(Debug)]
pub struct MarkReader {
    /// The sign of the marks.
    sign: String,
    /// The beginning of what may become a mark.
    held: Vec<u8>,
}

/// What a mark begins with.
const MARK: &[u8] = b"\x1b]133;";
/// What it ends with.
const BELL: u8 = 7;
/// The longest mark: a folder's path has at most 4,096 bytes.
const LONGEST: usize = 8192;

impl MarkReader {
    /// Makes a reader of the marks with this sign.
    pub fn new(sign: &str) -> Self {
        MarkReader { sign: sign.to_owned(), held: Vec::new() }
    }

    /// Reads the next bytes. What may be the beginning of a mark is held until more is there.
    pub fn read(&mut self, bytes: &[u8]) -> Vec<TerminalEvent> {
        self.held.extend_from_slice(bytes);
        let bytes = std::mem::take(&mut self.held);

        let mut events = Vec::new();
        let mut rest = &bytes[..];
        let mut text = Vec::new();
        while let Some(at) = rest.iter().position(|byte| *byte == MARK[0]) {
            text.extend_from_slice(&rest[..at]);
            rest = &rest[at..];
            let is_mark = rest.starts_with(MARK);
            let end = rest.iter().take(LONGEST).position(|byte| *byte == BELL);
            match end {
                Some(end) if is_mark => {
                    let read = mark(&rest[MARK.len()..end], &self.sign);
                    events.extend(
                        read.into_iter().flat_map(|event| flushed(&mut text).into_iter().chain([event])),
                    );
                    rest = &rest[end + 1..];
                }
                None if is_mark && rest.len() < LONGEST || MARK.starts_with(rest) => {
                    self.held = rest.to_vec();
                    rest = &[];
                }
                _ => {
                    text.push(rest[0]);
                    rest = &rest[1..];
                }
            }
        }
        text.extend_from_slice(rest);
        events.extend(flushed(&mut text));
        events
    }
}

/// The text so far, if there is some.
fn flushed(text: &mut Vec<u8>) -> Option<TerminalEvent> {
    (!text.is_empty()).then(|| TerminalEvent::Text(std::mem::take(text)))
}

/// Reads what is in a mark. Marks of other kinds, and those without the sign, are left out.
fn mark(mark: &[u8], sign: &str) -> Option<TerminalEvent> {
    let mark = String::from_utf8_lossy(mark);
    let mut fields = mark.splitn(9, ';');
    let kind = fields.next()?;
    if fields.next()? != sign {
        return None;
    }
    match kind {
        "C" => Some(TerminalEvent::Begins),
        "D" => {
            let status = fields.next()?.parse().ok()?;
            let mut field = || fields.next().unwrap_or_default().to_owned();
            Some(TerminalEvent::Ends(CommandEnd {
                status,
                user: field(),
                host: field(),
                process: field(),
                environment: field(),
                home: field(),
                folder: field(),
            }))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> TerminalEvent {
        TerminalEvent::Text(text.as_bytes().to_vec())
    }

    #[test]
    fn marks_are_found_in_pieces_of_any_size() {
        let shown = "$ ls\x1b]133;C;s7\x07a\x1b[1mb\x1b]0;title\x07\x1b]133;D;s7;1;sam;server;9;/venv;/home/sam;/a;b\x07$ \x1b]133;A\x07x\x1b]133;D;0;root;x;/\x07y";
        let end = CommandEnd {
            status: 1,
            user: "sam".into(),
            host: "server".into(),
            process: "9".into(),
            environment: "/venv".into(),
            home: "/home/sam".into(),
            folder: "/a;b".into(),
        };
        let expected = [
            text("$ ls"),
            TerminalEvent::Begins,
            text("a\x1b[1mb\x1b]0;title\x07"),
            TerminalEvent::Ends(end),
            text("$ xy"),
        ];

        for size in 1..shown.len() {
            let mut reader = MarkReader::new("s7");
            let mut joined: Vec<TerminalEvent> = Vec::new();
            for event in shown.as_bytes().chunks(size).flat_map(|piece| reader.read(piece)) {
                match (joined.last_mut(), event) {
                    (Some(TerminalEvent::Text(before)), TerminalEvent::Text(more)) => before.extend(more),
                    (_, event) => joined.push(event),
                }
            }
            assert_eq!(joined, expected, "in pieces of {size}");
        }
    }

    #[test]
    fn what_never_ends_is_text() {
        let endless = format!("\x1b]133;D;0;{}", "x".repeat(LONGEST));
        assert_eq!(MarkReader::new("s7").read(endless.as_bytes()), [text(&endless)]);
        assert_eq!(MarkReader::new("s7").read(b"\x1b]133;D;s7;none\x07"), []);
    }
}
