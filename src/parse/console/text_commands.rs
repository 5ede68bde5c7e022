//! Commands of a shell that take their arguments as text. Only in these is a reader's value quoted: what another program
//! makes of an argument, nobody knows.

/// Commands that take their arguments as text or as names of files, and run none of them; `git` has rules of its own.
pub const TAKES_TEXT: &str = "addgroup adduser basename cat cd chgrp chmod chown cp createdb createuser curl dirname dropdb \
    dropuser du echo file groupadd head hostname hostnamectl htpasswd ln ls mkdir mv printf rm rmdir \
    ssh-keygen stat tail touch useradd usermod wc";

/// Parts of the names of options whose values are run, or name what is run.
const RUNS_VALUE: &[&str] = &[
    "askpass", "cmd", "command", "conf", "editor", "eval", "exec", "filter", "hook", "pager", "prog", "rsh",
    "shell",
];

/// What stands for a field in the text of a word.
pub(super) const FIELD: char = '\0';

/// A word of a command.
#[derive(Default)]
pub(super) struct CommandWord {
    /// Its text without quotes, with [`FIELD`] for each field.
    pub(super) text: String,
    /// Whether a variable is replaced in it.
    pub(super) is_dynamic: bool,
}

/// Whether a command takes what a field in it holds as text.
pub(super) fn takes_text(words: &[CommandWord]) -> bool {
    let mut words = words;
    if words[0].text == "sudo" {
        words = &words[1..];
        while let [word, rest @ ..] = words
            && matches!(&*word.text, "-E" | "-H" | "-n")
        {
            words = rest;
        }
    }
    let [command, arguments @ ..] = words else { return false };
    if command.is_dynamic {
        return false;
    }

    let mut texts = arguments.iter().map(|word| &*word.text);
    match &*command.text {
        "git" => git_takes_text(&texts.collect::<Vec<_>>()),
        "printf" => {
            texts.all(|text| text != "-v" && text.split('%').skip(1).all(|form| form.starts_with('s')))
        }
        name => TAKES_TEXT.split(' ').any(|known| known == name) && !texts.any(names_runner),
    }
}

/// Whether a word is an option whose value is run.
fn names_runner(word: &str) -> bool {
    let name = word.split(['=', FIELD]).next().unwrap_or_default();
    name.starts_with('-') && RUNS_VALUE.iter().any(|part| name.contains(part))
}

/// Whether an author's name, an address or a message is given to git.
fn git_takes_text(arguments: &[&str]) -> bool {
    match arguments {
        ["config", rest @ ..] => {
            let rest: Vec<&str> = rest.iter().copied().filter(|word| !word.starts_with("--")).collect();
            matches!(rest[..], ["user.name" | "user.email", _])
        }
        ["commit" | "tag", options @ .., flag, _] => {
            matches!(*flag, "-m" | "-am" | "--message")
                && options.iter().all(|word| !word.contains(FIELD) && !names_runner(word))
        }
        _ => false,
    }
}
