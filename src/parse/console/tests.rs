//! Sessions, their prompts, and what belongs to a command.

// Whole sessions are cases in `tests/markdown/console.md`.
use super::*;

#[test]
fn prompts_tell_their_roles() {
    let role = |line: &str| {
        prompt::read(line, Signs { python: true, arrow: true, ..Signs::default() })
            .map(|prompt| (prompt.length, prompt.role))
    };

    let of = |interpreter| Role { interpreter, is_root: false };

    for (line, length, interpreter) in [
        ("PS> dir", 4, Interpreter::PowerShell),
        ("PS C:\\Program Files> dir", 21, Interpreter::PowerShell),
        ("C:\\>dir", 4, Interpreter::Cmd),
        ("C:\\Users\\x> dir", 12, Interpreter::Cmd),
        ("mysql> select 1;", 7, Interpreter::Sql),
        ("MariaDB [(none)]> select 1;", 18, Interpreter::Sql),
        ("postgres=# \\dt", 11, Interpreter::Sql),
        ("shop=> select 1;", 7, Interpreter::Sql),
        ("shop=*> select 1;", 8, Interpreter::Sql),
        ("shop=!# rollback;", 8, Interpreter::Sql),
        ("PS C:\\>dir", 7, Interpreter::PowerShell),
        ("(a) (b) $ ls", 10, Interpreter::Shell),
        ("me@box:/srv/my app$ ls", 20, Interpreter::Shell),
        ("me@box ~ % ls", 11, Interpreter::Shell),
        ("box:~ me$ ls", 10, Interpreter::Shell),
        ("~/x$ ls", 5, Interpreter::Shell),
        ("/srv/x $ ls", 9, Interpreter::Shell),
        (">>> 1", 4, Interpreter::Python),
        ("[sam@box app]$ ls", 15, Interpreter::Shell),
        ("[sam@arch app (main)]$ ls", 23, Interpreter::Shell),
        ("bash-5.1$ ls", 10, Interpreter::Shell),
        ("(venv)  $ ls", 10, Interpreter::Shell),
        ("(venv) PS C:\\x> dir", 16, Interpreter::PowerShell),
        ("❯ ls", 4, Interpreter::Shell),
        ("tux@linux:~> ls", 13, Interpreter::Shell),
        ("sam@box ~/x> ls", 13, Interpreter::Shell),
        ("irb(main):001:0> 1", 17, Interpreter::Ruby),
        ("irb(main):001> 1", 15, Interpreter::Ruby),
    ] {
        assert_eq!(role(line), Some((length, of(interpreter))), "{line}");
    }

    for line in [
        "C:\\a<b> x",
        "PSA> x",
        "a b=> c",
        "=> 1",
        "# x",
        "mysql>x",
        "x >>> y",
        "50% of it",
        "a@b.example 50% of",
        "PSX>y",
        "a:~/b $c",
        "sam@example.com # admin",
        "box$ ls",
        "bash-$ ls",
        "sam@example.com> wrote",
        "C:\\tools\\zip.exe > list.txt",
        "C:\\tools\\zip.exe>list.txt",
    ] {
        assert_eq!(role(line), None, "{line}");
    }
}

#[test]
fn programs_ask() {
    for prompt in ["shop=>", "shop=*#", "sqlite>", "MariaDB [(none)]> ", ">>>", "irb(main):001> ", "(gdb)"] {
        assert!(program(prompt).is_some() && !asks_for_more(prompt), "{prompt}");
    }
    for prompt in ["shop->", "shop(*> ", "shop'#", "shop$#", "    ->", "   ...>", "... ", "...(1)>", "|", "+"]
    {
        assert!(program(prompt).is_none() && asks_for_more(prompt), "{prompt}");
    }
    for text in ["$ ", "# ", "Loading...", "a -> b", "shop=> x", ""] {
        assert!(program(text).is_none() && !asks_for_more(text), "{text}");
    }
}

#[test]
fn folders_are_shown() {
    for (prompt, folder) in [
        ("you@server:~$ ", Some("~")),
        ("(venv) you@server:/srv/app$ ", Some("/srv/app")),
        ("root@server:/etc# ", Some("/etc")),
        ("[sam@arch app (main)]$ ", Some("app")),
        ("me@box ~/x % ", Some("~/x")),
        ("box:~ me$ ", Some("~")),
        ("~/x$ ", Some("~/x")),
        ("tux@linux:~> ", Some("~")),
        ("(venv) $ ", None),
        ("$ ", None),
        ("bash-5.1$ ", None),
    ] {
        assert_eq!(folder_shown(prompt), folder, "{prompt}");
    }
}

#[test]
fn names_are_prompts_where_the_language_is_a_sessions() {
    let named = |line: &str| prompt::read(line, Signs { named: true, ..Signs::default() });
    assert_eq!(named("box$ ls").map(|prompt| prompt.length), Some(5));
    assert_eq!(named("US$ 5"), None);
    assert_eq!(named("in total box$ 5"), None);
}

#[test]
fn long_sessions_are_read_in_one_go() {
    for line in ["# out", "$ cat <<EOF", "$ echo it's", "$ if a", "\t EOF <<EOF", "$ a |", "mysql> a ('"] {
        // Read line by line against all others, each would take minutes.
        let text = format!("{line}\n").repeat(100_000);
        assert!(!Session::parse(&text, Some("//"), Signs::default()).runs.is_empty(), "{line}");
    }
    for part in ["<<", "<<'", "\\a", " //a.b/", "“", "\"$(", "\"`", "${", "("] {
        let text = format!("$ {}{}", part.repeat(200_000), " ".repeat(200_000));
        assert!(!Session::parse(&text, Some("//"), Signs::default()).runs.is_empty(), "{part}");
    }
    let text = format!("{}E\n", "$ (cat <<E\n".repeat(100_000));
    assert_eq!(Session::parse(&text, None, Signs::default()).scripts().count(), 1);
}
