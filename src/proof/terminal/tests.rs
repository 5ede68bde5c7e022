//! Terminals with a bash of this computer.

use super::*;
use crate::proof::marks::shell_variables;

fn bash() -> BashTerminal {
    let variables = shell_variables("s7").into_iter().map(|(name, value)| format!("{name}={value}"));
    let bash = ["TERM=xterm-256color", "bash", "--norc", "--noprofile"].map(str::to_owned);
    let args: Vec<String> = variables.chain(bash).collect();
    BashTerminal::open("env", &args, "s7", Arc::default()).expect("a terminal with bash")
}

fn typed(script: &str, limit: Duration) -> TypedInput<'_> {
    TypedInput { script, limit, until: None, prompts: &[] }
}

fn run(terminal: &mut BashTerminal, script: &str) -> (String, Option<i32>) {
    let result = terminal.run(&typed(script, Duration::from_secs(20)), &mut no_answer);
    match result.ending {
        Ending::Ended(end) => (result.output, Some(end.status)),
        _ => (result.output, None),
    }
}

#[test]
fn commands_have_output_and_a_status() {
    let mut terminal = bash();
    for (script, output, status) in [
        ("echo a; echo b >&2", "a\nb", 0),
        ("false", "", 1),
        ("cd /usr && pwd", "/usr", 0),
        ("cat <<END\n  one\n$((1 + 1))\nEND", "  one\n2", 0),
        ("echo a \\\n  b", "a b", 0),
        ("printf '10%%\\r100%%\\n\\e[31mred\\e[0m\\n'", "100%\nred", 0),
        ("printf %0200d 0", &"0".repeat(200), 0),
        ("printf 'no end'", "no end", 0),
        ("echo one\n(exit 3)\necho two", "one\ntwo", 3),
        ("printf '\\033]133;D;0;root;x;/\\007'; false", "", 1),
        ("seq 3000 | tail -n 2; (exit 7)", "2999\n3000", 7),
        ("echo a(b", "bash: syntax error near unexpected token `('", 2),
        ("if true; then\n  )", "bash: syntax error near unexpected token `)'", 2),
    ] {
        assert_eq!(run(&mut terminal, script), (output.to_owned(), Some(status)), "{script}");
    }
    assert_eq!(terminal.place().folder, "/usr");
    assert_eq!(run(&mut terminal, "seq 100").0.lines().count(), 100);
}

#[test]
fn what_goes_on_is_stopped_and_what_closes_is_noticed() {
    let mut terminal = bash();
    let result = terminal.run(&typed("echo begin; sleep 60", Duration::from_millis(500)), &mut no_answer);
    assert_eq!((result.output.as_str(), &result.ending), ("begin", &Ending::TooLong { is_stopped: true }));
    assert_eq!(run(&mut terminal, "echo still here"), ("still here".to_owned(), Some(0)));
    let pager = "trap '' INT; until read -rsn1 key && [ \"$key\" = q ]; do :; done; trap - INT";
    let result = terminal.run(&typed(pager, Duration::from_millis(200)), &mut no_answer);
    assert_eq!(result.ending, Ending::TooLong { is_stopped: true });
    // Keys that are left over are for no command.
    let screen =
        "printf '\\033[?1049h'; until read -rsn1 key && [ \"$key\" = : ]; do :; done; printf '\\033[?1049l'";
    let result = terminal.run(&typed(screen, Duration::from_secs(20)), &mut no_answer);
    assert_eq!(result.ending, Ending::Screen { is_left: true });
    assert_eq!(run(&mut terminal, "echo in step; (exit 3)"), ("in step".to_owned(), Some(3)));
    let exit = typed("exit", Duration::from_secs(20));
    assert_eq!(terminal.run(&exit, &mut no_answer).ending, Ending::Closed);
}

#[test]
fn an_unfinished_command_is_noticed() {
    let mut terminal = bash();
    for script in ["echo 'one", "echo one |", "echo $(echo one"] {
        let result = terminal.run(&typed(script, Duration::from_secs(20)), &mut no_answer);
        assert_eq!(result.ending, Ending::Incomplete { is_stopped: true }, "{script}");
    }
    assert_eq!(run(&mut terminal, "echo next"), ("next".to_owned(), Some(0)));
}

#[test]
fn questions_are_answered() {
    let mut terminal = bash();
    let mut asked = Vec::new();
    let mut answer = |line: &str| {
        asked.push(line.to_owned());
        line.starts_with("Name").then(|| "Sam".to_owned())
    };
    let script = "read -p 'Name: ' name; read -p 'Name again: ' again; echo \"$name $again\"";
    let result = terminal.run(&typed(script, Duration::from_secs(20)), &mut answer);
    assert_eq!(result.output, "Name: Sam\nName again: Sam\nSam Sam");
    assert_eq!(asked, ["Name:", "Name again:"]);

    let script = "read -p 'Remove it? [y/N] ' answer";
    let result = terminal.run(&typed(script, Duration::from_secs(20)), &mut no_answer);
    assert_eq!(result.ending, Ending::Unanswered { is_stopped: true });
}

#[test]
fn programs_go_on_and_ask() {
    let mut terminal = bash();
    let until = Until::Printed("ready".to_owned());
    let server = TypedInput { until: Some(&until), ..typed("echo ready; cat", Duration::from_secs(20)) };
    assert_eq!(terminal.run(&server, &mut no_answer).ending, Ending::GoesOn);
    assert_eq!(terminal.listen(Duration::from_millis(300)).output, "ready");
    assert!(matches!(terminal.stop().ending, Ending::Ended(_)));

    // A program with prompts, which asks for more after `:`.
    let program = r#"while read -p '>>> ' line; do while [ "${line%:}" != "$line" ]; do read -p '... ' line; done; echo "got $line"; done"#;
    let prompts = [">>> ".to_owned()];
    let mut run = |script: &str| {
        let typed = TypedInput { prompts: &prompts, ..typed(script, Duration::from_secs(20)) };
        terminal.run(&typed, &mut no_answer)
    };
    let asks =
        |output: &str| CommandResult { output: output.to_owned(), ending: Ending::Asks(">>>".to_owned()) };
    assert_eq!(run(program), asks(""));
    assert_eq!(run("1 + 1"), asks("got 1 + 1"));
    assert_eq!(run("def:\n    x"), asks("got x"));
    assert!(matches!(terminal.stop().ending, Ending::Ended(_)));
    assert_eq!(run_again(&mut terminal), ("back".to_owned(), Some(0)));
}

fn run_again(terminal: &mut BashTerminal) -> (String, Option<i32>) {
    run(terminal, "echo back")
}

#[test]
fn an_open_quote_is_asked_for() {
    let mut terminal = bash();
    let prompts = ["db=# ".to_owned()];
    let in_client = |script| TypedInput { prompts: &prompts, ..typed(script, Duration::from_secs(5)) };

    let client = in_client("for p in 'db=# ' \"db'# \" 'db=# '; do read -rep \"$p\" line; done");
    assert_eq!(terminal.run(&client, &mut no_answer).ending, Ending::Asks("db=#".to_owned()));
    let query = in_client("SELECT 'a\nb';");
    assert_eq!(terminal.run(&query, &mut no_answer).ending, Ending::Asks("db=#".to_owned()));
}

#[test]
fn another_prompt_than_the_one_shown_is_noticed() {
    let mut terminal = bash();
    let prompts = ["db=> ".to_owned()];
    let in_client = |script| TypedInput { prompts: &prompts, ..typed(script, Duration::from_secs(20)) };

    let client = in_client(
        "for p in 'db=# ' 'db=*# ' '>>> ' ; do printf 'Loading...'; sleep 0.5; echo; read -rep \"$p\" line; done",
    );
    for asks in ["db=#", "db=*#", ">>>"] {
        let typed = if asks == "db=#" { client } else { in_client("BEGIN;") };
        assert_eq!(terminal.run(&typed, &mut no_answer).ending, Ending::Asks(asks.to_owned()));
    }
}
