//! Commands of a shell that take their arguments as text. Only in these is a reader's value quoted: what another program
//! makes of an argument, nobody knows.

/// Commands that take their arguments as text or as names of files, and run none of them; `git` has rules of its own.
pub const TAKES_TEXT: &str = "addgroup adduser basename cat cd chgrp chmod chown cp createdb createuser curl dirname dropdb \
    dropuser du echo file groupadd head hostname hostnamectl htpasswd ln ls mkdir mv printf rm rmdir \
    ssh-keygen stat tail touch useradd usermod wc";

/// Other commands that run nothing that they read.
const COMPANIONS: &str = "clear grep id pwd sleep sort true uname whoami";

/// Words of a shell that change what later commands mean, or evaluate a variable, and programs that run what is in files
/// or what they are given. No value is quoted in a script with one of them.
const RUNS_TEXT: &str = "! . [ [[ alias ash at awk bash batch bind builtin busybox bzsh case cmd command compgen complete \
    coproc crontab csh dash dc declare disable do docker done ed elif else enable env esac eval ex exec export fc fi find \
    fish flock for function gawk gdb getopts hash history if integer kubectl ksh let local lua m4 make mapfile mawk mksh \
    nice node nohup parallel perl php podman print python python2 python3 read readarray readonly repeat ruby script sed \
    select set setopt setsid sh shopt socat source sqlite3 ssh su sudo tar tclsh tcsh tee test then time timeout trap \
    typeset unalias unset until unsetopt vi vim watch while xargs zsh";

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

/// How a command is connected with others.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Connection {
    /// It reads and writes nothing but the terminal.
    None,
    /// It reads what another prints, or is read by another, or a file.
    Redirected,
}

/// Whether a command runs nothing that others made of a value. A program that is not known counts as one if all its words
/// are plain, and it reads nothing of others.
pub(super) fn is_harmless(words: &[CommandWord], connection: Connection) -> bool {
    let [command, arguments @ ..] = without_sudo(words) else { return false };
    let is_listed = |list: &str| list.split_ascii_whitespace().any(|known| known == command.text);
    let is_plain = !words.iter().any(|word| word.is_dynamic);
    match &*command.text {
        _ if command.is_dynamic => false,
        // A comment, read by a shell that has none.
        name if name.starts_with('#') => true,
        "ssh" => arguments.len() == 1 && is_plain,
        "git" => arguments.first().is_some_and(|first| !first.text.starts_with('-')),
        _ if is_listed(TAKES_TEXT) || is_listed(COMPANIONS) => true,
        name => {
            let is_name = name.starts_with(char::is_alphanumeric)
                && name.chars().all(|c| c.is_alphanumeric() || "-_+".contains(c));
            is_name && is_plain && connection == Connection::None && !is_listed(RUNS_TEXT)
        }
    }
}

/// A command without `sudo` and its plain options before it.
fn without_sudo(words: &[CommandWord]) -> &[CommandWord] {
    let [sudo, rest @ ..] = words else { return words };
    if sudo.text != "sudo" {
        return words;
    }
    let options = rest.iter().take_while(|word| matches!(&*word.text, "-E" | "-H" | "-n")).count();
    &rest[options..]
}

/// Whether a command takes what a field in it holds as text.
pub(super) fn takes_text(words: &[CommandWord]) -> bool {
    let [command, arguments @ ..] = without_sudo(words) else { return false };

    let mut texts = arguments.iter().map(|word| &*word.text);
    match &*command.text {
        "git" => git_takes_text(&texts.collect::<Vec<_>>()),
        "printf" => {
            let format = texts.next().unwrap_or_default();
            let is_text = format.split('%').skip(1).all(|form| form.starts_with('s'));
            !format.starts_with('-') && !format.contains(FIELD) && is_text
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
