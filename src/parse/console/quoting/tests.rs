//! Where the values of placeholders are quoted.

use super::*;

/// How values are quoted at each `<x>` of a script: `a`, `d`, `s`, or `-`.
fn places(script: &str) -> String {
    let fields: Vec<_> = script.match_indices("<x>").map(|(at, field)| at..at + field.len()).collect();
    let letter = |quoting: Option<Quoting>| match quoting {
        Some(Quoting::Argument) => 'a',
        Some(Quoting::Double) => 'd',
        Some(Quoting::Single) => 's',
        None => '-',
    };
    quoting(script, &fields).into_iter().map(letter).collect()
}

#[test]
fn arguments_of_simple_commands() {
    for (script, expected) in [
        ("echo <x>", "a"),
        ("sudo -H adduser --gecos \"<x>\" <x>", "da"),
        ("git config --global user.name \"<x>\"", "d"),
        ("git commit -am '<x>'", "s"),
        ("mkdir -p /srv/<x>/a && cd /srv/<x>/a", "aa"),
        ("echo \"it's $HOME, ${USER}: <x>\"; echo '<x>'", "ds"),
        ("echo a \\\n  <x>\n# why\necho <x>", "aa"),
        ("printf '%s\\n' <x>", "a"),
        ("cd venv && \\\n  touch <x>", "a"),
        ("git init\ngit add .\ngit commit -m \"<x>\" >/dev/null 2>&1; git status\nmkdir <x>", "-a"),
        ("ssh-keygen -t ed25519 -C \"<x>\"", "d"),
    ] {
        assert_eq!(places(script), expected, "{script}");
    }
}

#[test]
fn places_where_nothing_is_quoted() {
    for script in [
        // Other things than arguments.
        "<x> a",
        "NAME=<x>",
        "export NAME=<x>",
        "echo a > <x>",
        "echo <x> >> ~/.bashrc",
        "echo <x> &> f",
        "echo <x> 2>&1",
        "NAME=a echo <x>",
        "# <x>",
        "echo a # <x>",
        "cat <<E\n<x>\nE",
        "cat <<< <x>",
        // What reads the value comes after it.
        "mkdir <x>\necho \"made !$\"",
        "echo <x>\necho \"!!\"",
        "ls -l \"a\"\ngit commit -m \"Title\n\n<x>\"",
        "git config user.name <x>\nsed -i \"s/a/$(git config user.name)/\" f",
        "git config user.name <x>\nsource .bashrc",
        "touch <x>\n[[ $f -gt 3 ]]",
        "touch <x>\ndeclare \"$d=1\"",
        "mkdir <x>\nls | /bin/sh",
        "mkdir <x>\nls | $SHELL",
        "mkdir <x>\nls > f\n./f",
        "mkdir <x>\nls | sed e",
        "mkdir <x>\nls > f\nsudo -u me sh f",
        "printf -v<x> a",
        "printf -<x> <x> a",
        "printf <x> <x>",
        "A=1 alias echo=eval\necho <x>",
        "ls . && \\\n  alias echo=eval\necho <x>",
        "echo <x> | sh",
        "echo <x> |\n  sh",
        "mkdir <x>\nls | sudo bash",
        "echo <x>\neval $_",
        "cd <x>\nssh host \"cd $PWD\"",
        "touch <x>\nfor f in *; do sh -c \"$f\"; done",
        "echo <x>; ls | xargs -n1",
        "mkdir <x>; ssh host \"ls $a\"",
        "mkdir <x>; ssh host \"ls $(ls)\"",
        // A program that is not known, or takes over the terminal.
        "pip install flask\ntouch <x>",
        "touch <x>\nionice -c3 sh -c 'ls | xargs -I% sh -c \"gzip -k %\"'",
        "git log\ngit tag v1 -m \"<x>\"",
        "git diff\nmkdir <x>",
        "git commit\ncd \"<x>\"",
        "less log.txt\nmkdir <x>",
        "ssh me@host\nmkdir <x>",
        // Names of files, and variables, that carry a value.
        "touch <x>\nscp * me@host:/srv/",
        "touch <x>\nls *",
        "touch <x>\nls a?",
        "mkdir -p <x> && cd <x>\necho $PWD",
        "mkdir <x>\nrm -rf $_/build",
        "cd <x>\nls $OLDPWD",
        // What git does for an author.
        "mkdir <x>\ngit rebase --root -x 'ls | xargs'",
        "touch <x>\ngit config alias.all '!ls | xargs'\ngit all",
        "git commit -m \"<x>\"\ngit rebase --root -x 'make'",
        // Options that load or run something.
        "ssh-keygen -D <x>",
        "useradd -R <x> me",
        "curl -s \"http://h/<x>[1-2].html\" -o \"#1\"",
        "curl -F \"title=<x>\" http://h",
        // Commands that run their arguments, or may do so.
        "ssh host <x>",
        "sh -c <x>",
        "sed s/a/<x>/ f",
        "awk <x>",
        "sudo -s <x>",
        "unknown <x>",
        "let y=<x>",
        "test -v <x>",
        "printf -v <x> a",
        "printf %d <x>",
        "git config alias.a <x>",
        "git -c <x> commit -m a",
        "touch --exec=<x> a",
        "env <x>",
        "sudo env <x>",
        "$RUN <x>",
        "vim <x>",
        "export PS4=<x>",
        // A part of the shell's language that is not known.
        "echo $(echo <x>)",
        "echo `echo <x>`",
        "echo ${y:-<x>}",
        "echo $'<x>'",
        "echo $<x>",
        "echo \"$<x>\"",
        "echo \\<x>",
        "echo ~<x>",
        "echo !<x>",
        "a=(<x>)",
        "echo {a,<x>}",
        "if true; then echo <x>; fi",
        "f() { echo <x>; }",
        "alias a=b; echo <x>",
        "echo $a[<x>]",
        "echo 'a <x>",
        "echo \"<x>",
        // zsh at a terminal knows no comments.
        "# don't\necho <x>\n# it's",
        "echo \\ #b's\necho 'x' <x>",
        // White space that is none to some shells.
        "echo \u{a0}# a <x>",
        "echo \u{3000}# <x>",
    ] {
        assert_eq!(places(script).replace('-', ""), "", "{script}");
    }
}

proptest::proptest! {
    #[test]
    fn every_script_is_read(pieces in proptest::collection::vec("[a$`'\"\\\\|&;<>(){}!~^# \n\u{a0}é-]|<x>|<<E\n", 0..40)) {
        let script = pieces.concat();
        let fields: Vec<_> = script.match_indices("<x>").map(|(at, field)| at..at + field.len()).collect();
        assert_eq!(quoting(&script, &fields).len(), fields.len());
    }
}
