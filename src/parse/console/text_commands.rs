//! Commands of a shell that take their arguments as text. Only in these is a reader's value quoted, and only in a
//! script that has no other: what another program makes of an argument, of a file that is named after it, or of the
//! lines below it, nobody knows.

/// Commands that take their arguments as text or as names of files, run none of them, and leave the terminal to the
/// shell; `git` has rules of its own.
pub const TAKES_TEXT: &str = "addgroup adduser basename cat cd chgrp chmod chown cp createdb createuser dirname dropdb \
    dropuser du echo file groupadd head hostname htpasswd ln ls mkdir mv printf rm rmdir ssh-keygen stat touch useradd \
    usermod wc";

/// Other commands that can be in a script with values.
const COMPANIONS: &str = "clear date id pwd sleep true uname whoami";

/// Variables that no command of a script changes.
pub(super) const CONSTANTS: &[&str] = &["HOME", "LOGNAME", "USER"];

/// Parts of the names of options whose values are run, or name what is run or where programs are looked for.
const RUNS_VALUE: &[&str] = &[
    "askpass", "cmd", "command", "conf", "editor", "eval", "exec", "filter", "hook", "pager", "prefix",
    "prog", "root", "rsh", "shell",
];

/// The options that a command can have here, where others load or run something.
const OPTIONS: &[(&str, &str)] = &[
    ("addgroup", "--gid --system"),
    (
        "adduser",
        "--comment --disabled-login --disabled-password --gecos --gid --home --ingroup --system --uid",
    ),
    ("groupadd", "-g -r"),
    ("ssh-keygen", "-C -N -a -b -f -q -t"),
    ("useradd", "-G -M -c -d -g -m -r -u"),
    ("usermod", "-G -a -aG -c -d -g -l -m -u"),
];

/// What stands for a field in the text of a word.
pub(super) const FIELD: char = '\0';

/// Whether a command, as its words without quotes, is known to run nothing that a value can change.
pub(super) fn is_harmless(words: &[String]) -> bool {
    let [command, arguments @ ..] = without_sudo(words) else { return false };
    match &**command {
        // A comment, read by a shell that has none.
        name if name.starts_with('#') => true,
        "git" => is_harmless_git(&texts(arguments)),
        name => is_listed(TAKES_TEXT, name) || is_listed(COMPANIONS, name),
    }
}

/// Whether a command takes what a field in it holds as text.
pub(super) fn takes_text(words: &[String]) -> bool {
    let [command, arguments @ ..] = without_sudo(words) else { return false };
    let arguments = texts(arguments);
    match &**command {
        "git" => git_takes_text(&arguments),
        "printf" => {
            let format = arguments.first().copied().unwrap_or_default();
            let is_text = format.split('%').skip(1).all(|form| form.starts_with('s'));
            !format.starts_with('-') && !format.contains(FIELD) && is_text
        }
        name => {
            let options = OPTIONS.iter().find(|(command, _)| *command == name).map(|(_, options)| *options);
            let is_known = |word: &&str| {
                options.is_none_or(|options| is_listed(options, word.split('=').next().unwrap_or(word)))
            };
            let mut own = arguments.iter().filter(|word| word.starts_with('-'));
            is_listed(TAKES_TEXT, name) && own.all(|word| is_known(word) && !names_runner(word))
        }
    }
}

/// A command without `sudo` and its plain options before it.
fn without_sudo(words: &[String]) -> &[String] {
    let [sudo, rest @ ..] = words else { return words };
    if sudo != "sudo" {
        return words;
    }
    let options = rest.iter().take_while(|word| matches!(&***word, "-E" | "-H" | "-n")).count();
    &rest[options..]
}

/// Whether a word is an option whose value is run.
fn names_runner(word: &str) -> bool {
    let name = word.split(['=', FIELD]).next().unwrap_or_default();
    name.starts_with('-') && RUNS_VALUE.iter().any(|part| name.contains(part))
}

/// Whether git does what needs neither an editor nor a pager, and runs nothing that an author configured.
fn is_harmless_git(arguments: &[&str]) -> bool {
    match arguments {
        ["status"] => true,
        ["init", rest @ ..] => rest.iter().all(|word| !word.starts_with('-') || *word == "-q"),
        ["add", rest @ ..] => {
            rest.iter().all(|word| !word.starts_with('-') || matches!(*word, "-A" | "--all"))
        }
        _ => git_takes_text(arguments),
    }
}

/// Whether an author's name, an address or a message is given to git.
fn git_takes_text(arguments: &[&str]) -> bool {
    match arguments {
        ["config", rest @ ..] => {
            let rest: Vec<&str> =
                rest.iter().copied().filter(|word| !matches!(*word, "--global" | "--local")).collect();
            matches!(rest[..], ["user.name" | "user.email", value] if !value.starts_with('-'))
        }
        ["commit" | "tag", options @ .., flag, _] => {
            let is_known = |word: &&str| {
                let known = "-a -q -s --all --allow-empty --amend --quiet --signoff";
                !word.contains(FIELD) && (!word.starts_with('-') || is_listed(known, word))
            };
            matches!(*flag, "-m" | "-am" | "--message") && options.iter().all(is_known)
        }
        _ => false,
    }
}

fn is_listed(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == word)
}

fn texts(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}
