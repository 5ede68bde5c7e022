//! Readers' values in code that is copied: real shells take them as they are and run none, and what the browser stores
//! is not trusted.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fs};

use serde_json::{Value, json};

use crate::Tests;
use crate::support::Book;
use crate::support::browser::Browser;
use crate::support::preview::Preview;

pub const TESTS: Tests = tests![values:
    plain_values_go_anywhere,
    a_shell_takes_a_value_as_it_is,
    no_shell_runs_a_value,
    a_value_that_could_be_code_is_refused,
    a_selection_is_copied_like_the_command,
    stored_values_of_other_shapes_are_left_out,
    stored_places_are_pages_of_the_book,
];

/// A book in which each of these blocks has the language and the code of a pair, and `<x>` is a placeholder.
fn book_of<'a>(blocks: impl IntoIterator<Item = (&'a str, &'a str)>) -> Book {
    let mut chapter = "# A\n".to_owned();
    for (language, code) in blocks {
        chapter.push_str(&format!("\n~~~~{language}\n{}\n~~~~\n", code.replace("<x>", "<your-value>")));
    }
    Book::of(&[
        ("book.yaml", "search: false\nplaceholders:\n  your-value: {label: Your value}\n"),
        ("content/a.md", &chapter),
    ])
}

/// Opens the chapter. What its buttons copy is kept in `last` instead of the clipboard.
fn open(browser: &mut Browser, book: &Book) -> Preview {
    let preview = Preview::of(book.path());
    browser.go(&preview.url("/a/"));
    browser.eval(
        "Object.defineProperty(navigator.clipboard, 'writeText', { value: async (text) => { window.last = text } }); true",
    );
    preview
}

/// What the button of each block copies with a value; `None` if it is refused.
fn copied(browser: &mut Browser, value: &str) -> Vec<Option<String>> {
    let expression = format!(
        "(() => {{
          localStorage['bindery:/:values'] = JSON.stringify({{ 'your-value': {} }});
          dispatchEvent(new StorageEvent('storage', {{ key: 'bindery:/:values' }}));
          return [...document.querySelectorAll('.code > .copy')].map((button) => {{
            window.last = null;
            button.click();
            return window.last;
          }});
        }})()",
        json!(value)
    );
    let texts = browser.eval(&expression);
    let texts = texts.as_array().expect("a list");
    texts.iter().map(|text| text.as_str().map(str::to_owned)).collect()
}

/// Values that mean nothing special to any shell.
const PLAIN: &[&str] =
    &["sam", "192.0.2.7", "2001:db8::a", "/srv/a", "sam@example.org", "a,b+c-d_e", "Łukasz", "山田"];

/// Languages and code in which a value is not quoted.
const NOT_QUOTED: &[(&str, &str)] = &[
    ("fish", "echo <x>"),
    ("powershell", "New-Item <x>"),
    ("sql", "CREATE USER <x>;"),
    ("python", "print('<x>')"),
    ("make", "a:\n\techo <x>"),
    ("ini", "name = <x>"),
    ("", "sudo adduser <x>"),
    ("console", "PS C:\\> New-Item <x>"),
    ("console", ">>> print('<x>')"),
    ("bash", "cat <<EOF\nname <x>\nEOF"),
    ("bash", "NAME=<x>"),
    ("bash", "# <x>"),
    ("bash", "echo <x> | sh"),
    ("bash", "ssh host <x>"),
    ("bash", "sed -i s/a/<x>/ file"),
    ("console", "$ mkdir <x>\n$ ls | sh"),
];

fn plain_values_go_anywhere(browser: &mut Browser) {
    let book = book_of(NOT_QUOTED.iter().copied());
    let _preview = open(browser, &book);
    for value in PLAIN {
        for ((language, code), text) in NOT_QUOTED.iter().zip(copied(browser, value)) {
            let text = text.unwrap_or_else(|| panic!("{language}: {code} refuses {value}"));
            assert!(text.contains(value), "{text}");
        }
    }
}

fn a_value_that_could_be_code_is_refused(browser: &mut Browser) {
    let more = [("bash", "echo $HOME<x>"), ("bash", "cat <<E\"O\"F\n<x>\ntouch x\nEOF"), ("bash", "rm <x>")];
    let book = book_of(NOT_QUOTED.iter().copied().chain(more));
    let _preview = open(browser, &book);
    let refused = |browser: &mut Browser, value| {
        copied(browser, value).iter().map(|text| if text.is_some() { '+' } else { '-' }).collect::<String>()
    };
    let others = "-".repeat(NOT_QUOTED.len());
    for value in ["a b", "it's", "$HOME", "a;b", "~/a", "a*", "a=b", "(a)", "#a", "a\\b", "%a%"] {
        assert_eq!(refused(browser, value), format!("{others}--+"), "{value}");
    }
    for value in ["-rf", "+a", "@file", ":a", ",a"] {
        assert_eq!(refused(browser, value), format!("{others}---"), "{value}");
    }
    assert_eq!(refused(browser, "abc"), format!("{}--+", "+".repeat(NOT_QUOTED.len())));
    assert!(refused(browser, "EOF").ends_with("--+"));

    // The page says which value, and why.
    browser.allow_clipboard();
    copied(browser, "a b");
    browser.eval("document.querySelectorAll('.copy')[0].click()");
    browser.until("document.querySelector('.toast')", "refused");
    let message = browser.eval("document.querySelector('.toast').textContent");
    assert_eq!(message, "Not copied: the value of “Your value” could be taken for code here.");
}

/// A value with every character that means something to a shell.
const NASTY: &str = "it's $HOME `id` \"a\" \\ ; # * ? [x] {a,b} ~ ! !! & | > < (b) \\";

fn a_shell_takes_a_value_as_it_is(browser: &mut Browser) {
    let scripts = [
        ("bash", "printf '%s' <x>"),
        ("bash", "printf '%s' \"<x>\""),
        ("Bash", "printf '%s' '<x>'"),
        ("ZSH", "printf '%s' 'a b' \"c d\" \\\" $HOME >/dev/null; printf '%s' <x>"),
        (".bashrc", "# why\nprintf '%s' \\\n  <x>"),
        ("dash", "printf '%s%s' '' \"\"<x>''"),
        ("console", "$ cd /tmp\n$ printf '%s' \"<x>\"  //a comment"),
    ];
    let book = book_of(scripts);
    let _preview = open(browser, &book);
    let folder = tempfile::tempdir().expect("a temporary folder");
    for value in ["a b", NASTY, "$HOME", "it's", "Léa O'Hara", "a;b", "100 %", "\\", "!", "=a"] {
        for ((_, script), copied) in scripts.iter().zip(copied(browser, value)) {
            let copied = copied.unwrap_or_else(|| panic!("{script}: {value}"));
            for shell in shells() {
                assert_eq!(ran(shell, &copied, folder.path()), value, "{shell:?}: {copied}");
            }
        }
    }

    // The user's folder stays what it is.
    let home = copied(browser, "~/a b");
    assert_eq!(home[0].as_deref(), Some("printf '%s' ~/'a b'"));
}

/// The shells that are installed, each with the options for a terminal too.
fn shells() -> Vec<&'static [&'static str]> {
    const ALL: &[&[&str]] = &[
        &["bash", "--norc"],
        &["bash", "--norc", "-i"],
        &["dash"],
        &["zsh", "-f"],
        &["zsh", "-f", "-i"],
        &["ksh"],
    ];
    let path = env::var_os("PATH").unwrap_or_default();
    let is_installed = |name: &str| env::split_paths(&path).any(|folder| folder.join(name).is_file());
    ALL.iter().copied().filter(|shell| is_installed(shell[0])).collect()
}

/// What a shell prints that reads a script as from a terminal. Programs in `bin` of the folder come first.
fn ran(shell: &[&str], script: &str, folder: &Path) -> String {
    let bin = folder.join("bin");
    let path = format!("{}:{}", bin.display(), env::var("PATH").unwrap_or_default());
    let mut child = Command::new(shell[0])
        .args(&shell[1..])
        .current_dir(folder)
        .env_clear()
        .env("PATH", path)
        .env("HOME", folder)
        .env("TERM", "dumb")
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the shell starts");
    // A script that ends the shell leaves input unread.
    let _ = child.stdin.take().expect("its input").write_all(format!("{script}\n").as_bytes());
    let output = child.wait_with_output().expect("the shell ends");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Values that make a file if a shell or another program runs a part of them.
const HOSTILE: &[&str] = &[
    "; touch PWNED #",
    "$(touch PWNED)",
    "`touch PWNED`",
    "a[$(touch PWNED)]",
    "'; touch PWNED; '",
    "\"; touch PWNED; \"",
    "a' & touch PWNED & 'b",
    "x\\'; touch PWNED #",
    "x/;1e touch PWNED;s/x/y",
    "BEGIN{system(\"touch PWNED\")}",
    "__import__('os').system('touch PWNED')",
    "--checkpoint-action=exec=touch PWNED",
    "a | touch PWNED",
    "a && touch PWNED",
    "$'\\x3b' touch PWNED",
    "\u{a0}; touch PWNED",
];

/// Scripts from all combinations of these parts, of which some are chosen.
fn generated() -> Vec<String> {
    let before = [
        "",
        "cd . && ",
        "true; ",
        "if true; then ",
        "( ",
        "{ ",
        "a=1 ",
        "echo a | ",
        "sudo ",
        "# a\n",
        "# don't\n",
    ];
    let commands = [
        "echo",
        "mkdir -p",
        "touch",
        "git config user.name",
        "printf '%s\\n'",
        "printf",
        "cat",
        "eval",
        "sh -c",
        "ssh host",
        "xargs -n1 echo",
        "sed s/a/",
        "awk",
        "python3 -c",
        "perl -e",
        "env",
        "test -v",
        "let",
        "declare -i",
        "export A=",
        "A=",
        "exec",
        "find . -exec",
        "tar cf /dev/null bin --checkpoint=1 --checkpoint-action=",
        "bash <<<",
        "trap",
        "cd",
        "adduser --gecos",
        "unknown",
        "source",
        "read -p",
        "mapfile -C",
        "$(echo",
        "`echo",
        "flock l -c",
        "timeout 1",
        "touch --exec=",
        "PS4=",
        "alias x=",
        "git -c core.pager=",
        "curl -K",
        "script -qc",
        "command",
        "builtin",
        "[ -v",
    ];
    let fields = [
        "<x>",
        " <x>",
        " \"<x>\"",
        " '<x>'",
        " a<x>b",
        " \"a $HOME <x>\"",
        " \"$(echo <x>)\"",
        " \"`echo <x>`\"",
        " $<x>",
        " \"$<x>\"",
        " \\<x>",
        " $'<x>'",
        " ${A:-<x>}",
        " --a=<x>",
        " \\\n <x>",
        " {a,<x>}",
        " <x> <x>",
        " \"a\"'b'<x>",
        " \u{a0}# <x>",
        " a\\ #b's\necho 'x' <x>",
        " \"a\\\"<x>\"",
        " 'it'\\''s <x>'",
        " ~<x>",
        " !<x>",
        " \"!<x>\"",
    ];
    let after = [
        "",
        " | sh",
        " | sudo bash",
        " > f; . ./f",
        " >> .bashrc; . ~/.bashrc",
        "; eval $_",
        " # <x>",
        "; fi",
        " )",
        "; }",
        "\ncat <<E\n<x>\nE",
        "\nfor f in *; do sh -c \"$f\"; done",
        "\nls | xargs -I{} sh -c {}",
        "\nssh host \"echo $A\"",
        " &> f; sh f",
        "\nssh host \"cd $PWD\"",
        " file",
        "\n!!",
        " |\nsh",
    ];

    // A step through all combinations that has no factor in common with their number.
    let all = before.len() * commands.len() * fields.len() * after.len();
    let script = |n: usize| {
        let (n, before_) = (n / before.len(), before[n % before.len()]);
        let (n, command) = (n / commands.len(), commands[n % commands.len()]);
        let (n, field) = (n / fields.len(), fields[n % fields.len()]);
        format!("{before_}{command}{field}{}", after[n % after.len()])
    };
    let mut scripts: Vec<String> = (0..1200).map(|n| script(n * 104_729 % all)).collect();

    // Each way to write a field, and each way to go on, after a command that takes its arguments as text.
    for field in fields {
        scripts.extend(after.iter().map(|after| format!("echo{field}{after}")));
    }
    scripts
}

fn no_shell_runs_a_value(browser: &mut Browser) {
    let scripts = generated();
    let book = book_of(scripts.iter().map(|script| ("bash", script.as_str())));
    let _preview = open(browser, &book);
    let copied: Vec<_> = HOSTILE.iter().map(|value| copied(browser, value)).collect();
    assert!(copied.iter().all(|texts| texts.len() == scripts.len()));

    // Programs that pass their arguments on, as the real ones do.
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(folder.path().join("bin")).expect("a folder");
    for (name, text) in [
        ("ssh", "shift; exec sh -c \"$*\""),
        ("sudo", "exec \"$@\""),
        ("adduser", ":"),
        ("unknown", "eval \"$*\""),
    ] {
        let program = folder.path().join("bin").join(name);
        fs::write(&program, format!("#!/bin/sh\n{text}\n")).expect("a program");
        let made = Command::new("chmod").arg("+x").arg(&program).status();
        assert!(made.expect("chmod runs").success());
    }

    let mut written = 0;
    for (number, script) in scripts.iter().enumerate() {
        for turn in 0..2 {
            let value = (number * 7 + turn * 5) % HOSTILE.len();
            let Some(text) = &copied[value][number] else { continue };
            written += 1;
            let shells = shells();
            let shell = shells[(number + turn) % shells.len()];
            ran(shell, text, folder.path());
            // A file whose name has the words in it is what the command was for.
            assert!(!folder.path().join("PWNED").exists(), "{shell:?} runs a value in {script:?}: {text:?}");
        }
    }
    assert!(written > 30, "{written} scripts were copied");
}

/// What the browser copies of a range of the page, without a clipboard: what a listener gets that comes last.
fn selected(browser: &mut Browser, range: &str) -> Value {
    let expression = format!(
        "(() => {{
          const range = document.createRange();
          {range}
          getSelection().removeAllRanges();
          getSelection().addRange(range);
          const event = new ClipboardEvent('copy', {{ bubbles: true, cancelable: true }});
          return document.dispatchEvent(event) ? getSelection().toString() : null;
        }})()"
    );
    browser.eval(&expression)
}

fn a_selection_is_copied_like_the_command(browser: &mut Browser) {
    let book = book_of([
        ("console", "$ mkdir <x>\n$ echo \"<x>\" a"),
        ("bash", "echo <x>\necho '<x>'"),
        ("ini", "a = <x>"),
    ]);
    let _preview = open(browser, &book);
    let part =
        |selector: &str| format!("range.selectNodeContents(document.querySelectorAll('{selector}')[0]);");

    copied(browser, "it's a");
    assert_eq!(selected(browser, &part(".command")), "mkdir 'it'\\''s a'");
    assert_eq!(selected(browser, &part(".language-bash")), "echo 'it'\\''s a'\necho 'it'\\''s a'");
    assert_eq!(selected(browser, &part(".language-ini")), Value::Null);
    assert_eq!(selected(browser, &part("pre.console")), Value::Null);
    // Of a part of a command, only plain values are copied: the quotes around them may be missing.
    assert_eq!(selected(browser, &part(".command var")), Value::Null);
    let tail = "range.selectNodeContents(document.querySelector('.language-bash')); range.setStart(range.startContainer.firstChild, 1);";
    assert_eq!(selected(browser, tail), Value::Null);
    // What the system copies by itself has no such value in it.
    let style = "getComputedStyle(document.querySelector('.command var')).userSelect";
    assert_eq!(browser.eval(style), "none");
    // The page shows the value as it was.
    browser.until("document.querySelector('.command var').textContent === 'it\\'s a'", "restored");

    copied(browser, "plain");
    assert_eq!(selected(browser, &part(".command var")), "plain");
    assert_eq!(selected(browser, &part(".language-ini")), "a = plain");
    assert_eq!(browser.eval(style), "auto");
}

/// A front page, a chapter with tabs, and one with a field.
fn stored_book() -> Book {
    Book::of(&[
        ("book.yaml", "placeholders:\n  your-value: {label: Your value}\n"),
        ("content/index.md", "# Front\n"),
        ("content/one/a.md", "# A\n\n```sh tab=\"A\"\na\n```\n\n```sh tab=\"B\"\nb <your-value>\n```\n"),
        ("content/two/b.md", "# B\n"),
    ])
}

fn stored_values_of_other_shapes_are_left_out(browser: &mut Browser) {
    let book = stored_book();
    let preview = Preview::of(book.path());
    for (name, value) in [
        ("reading", "{\"read\":{}}"),
        ("reading", "{\"place\":{\"path\":\"http://[\",\"title\":\"x\"}}"),
        ("reading", "[]"),
        ("tabs", "{}"),
        ("tabs", "[1,null,{}]"),
        ("parts", "{\"includes\":1}"),
        ("slash", "{}"),
        ("colours", "no such colours"),
        ("values", "{\"your-value\":{\"toString\":5}}"),
        ("values", "\"text\""),
        ("values", "not JSON"),
    ] {
        for page in ["/", "/one/a/"] {
            browser.go(&preview.url(page));
            browser
                .eval(&format!("localStorage.clear(); localStorage['bindery:/:{name}'] = {}", json!(value)));
            browser.go(&preview.url(page));
            // What is set up last works.
            browser
                .until("document.querySelector('.to-search').ariaKeyShortcuts?.includes('Control+K')", value);
            assert_eq!(browser.eval("document.querySelectorAll('.go-on').length"), json!(0), "{value}");
        }
        assert_eq!(browser.eval("document.querySelector('[data-placeholder]').textContent"), "<your-value>");
        assert_eq!(browser.eval("document.querySelectorAll('[role=tab]').length"), json!(2));
    }
}

fn stored_places_are_pages_of_the_book(browser: &mut Browser) {
    let book = stored_book();
    let preview = Preview::of(book.path());
    let mut offered = |path: &str, hash: Value| {
        browser.go(&preview.url("/"));
        let reading = json!({ "read": [], "place": { "path": path, "title": "x", "hash": hash } });
        browser.eval(&format!("localStorage['bindery:/:reading'] = {}", json!(reading.to_string())));
        browser.go(&preview.url("/"));
        // The list of chapters is fetched where it is needed.
        browser.eval("new Promise((done) => setTimeout(done, 300))");
        browser.eval("document.querySelector('.go-on')?.getAttribute('href') ?? ''")
    };
    for path in [
        "javascript:document.body.append(1)",
        "//evil.example/",
        "https://evil.example/",
        "../x/",
        "/one/a/",
        "no/page/",
        "one/a/?x",
    ] {
        assert_eq!(offered(path, Value::Null), "", "{path}");
    }
    assert_eq!(offered("one/a/", json!("javascript:x")), "");
    assert_eq!(offered("one/a/", json!("#x")), preview.url("/one/a/#x"));
    assert_eq!(offered("two/b/", Value::Null), "");
    assert_eq!(offered("two/b/", json!("")), preview.url("/two/b/"));
}
