//! `bindery test` in real containers. `BINDERY_PROOF_IMAGE` names an image that the engine has, with bash, git,
//! Python 3, curl, nano, sudo, systemd and an ssh server; where it is not set, these tests are ignored.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use libtest_mimic::Trial;

use crate::support::Book;
use crate::test;

const IMAGE: &str = "BINDERY_PROOF_IMAGE";

/// The tests.
pub fn tests() -> Vec<Trial> {
    let is_ignored = std::env::var_os(IMAGE).is_none();
    let tests = vec![
        test("containers::a_book_is_followed", a_book_is_followed),
        test(
            "containers::a_book_leads_from_one_machine_to_another",
            a_book_leads_from_one_machine_to_another,
        ),
        test(
            "containers::chapters_begin_where_the_one_before_has_ended",
            chapters_begin_where_the_one_before_has_ended,
        ),
        test(
            "containers::a_terminal_is_opened_where_a_step_does_not_work",
            a_terminal_is_opened_where_a_step_does_not_work,
        ),
        test("containers::images_are_made_of_files_of_the_book", images_are_made_of_files_of_the_book),
        test("containers::terminals_begin_as_the_image_says", terminals_begin_as_the_image_says),
        test("containers::reports_are_for_programs_too", reports_are_for_programs_too),
        test(
            "containers::addresses_that_the_host_uses_are_refused",
            addresses_that_the_host_uses_are_refused,
        ),
        test("containers::what_is_found_is_recorded", what_is_found_is_recorded),
        test(
            "containers::what_was_printed_is_written_into_chapters",
            what_was_printed_is_written_into_chapters,
        ),
        test(
            "containers::what_is_recorded_is_what_chapters_say_after_an_update",
            what_is_recorded_is_what_chapters_say_after_an_update,
        ),
        test("containers::output_of_any_kind_is_read", output_of_any_kind_is_read),
        test(
            "containers::states_that_cannot_be_kept_are_done_without",
            states_that_cannot_be_kept_are_done_without,
        ),
        test(
            "containers::a_state_that_another_test_removes_is_made_again",
            a_state_that_another_test_removes_is_made_again,
        ),
        test("containers::two_tests_make_an_image_once", two_tests_make_an_image_once),
        test(
            "containers::addresses_that_another_test_uses_are_named",
            addresses_that_another_test_uses_are_named,
        ),
        test("containers::a_machine_of_the_authors_own_is_used", a_machine_of_the_authors_own_is_used),
        test(
            "containers::several_machines_of_the_authors_own_are_used",
            several_machines_of_the_authors_own_are_used,
        ),
        test("containers::a_network_of_some_hosts_has_a_gate", a_network_of_some_hosts_has_a_gate),
        test(
            "containers::names_and_proxies_of_the_host_stay_outside",
            names_and_proxies_of_the_host_stay_outside,
        ),
        test(
            "containers::what_python_says_is_said_where_a_gate_does_not_start",
            what_python_says_is_said_where_a_gate_does_not_start,
        ),
        test("containers::a_hostile_book_stays_in_its_container", a_hostile_book_stays_in_its_container),
        test("containers::nothing_is_left_after_an_interruption", nothing_is_left_after_an_interruption),
        test("containers::a_second_interruption_ends_it_at_once", a_second_interruption_ends_it_at_once),
        test("containers::what_a_killed_process_left_is_removed", what_a_killed_process_left_is_removed),
        test("containers::an_image_that_is_not_there_is_reported", an_image_that_is_not_there_is_reported),
    ];
    let tests = tests.into_iter().map(|test| test.with_ignored_flag(is_ignored));
    // An engine that is a script needs no image.
    tests
        .chain([test("containers::what_is_gone_already_is_removed", what_is_gone_already_is_removed)])
        .collect()
}

fn book(chapter: &str) -> Book {
    let image = std::env::var(IMAGE).expect("the tests are ignored without it");
    let book = Book::of(&[("content/index.md", chapter)]);
    book.write("book.yaml", format!("proof: {{image: \"{image}\", network: none}}\n"));
    book
}

fn bindery(book: &Book) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bindery"));
    command.arg("test").current_dir(book.path()).env("NO_COLOR", "1");
    command.env("XDG_CACHE_HOME", book.path().join("cache"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The exit code, and what was printed: reports, then results.
fn said(output: &Output) -> (Option<i32>, String) {
    let printed = [&*output.stderr, &*output.stdout].concat();
    (output.status.code(), String::from_utf8_lossy(&printed).into_owned())
}

/// The name of the container of a process.
fn container(process: u32) -> String {
    format!("bindery-test-{process}")
}

/// The names of all containers; both engines have this command.
fn containers() -> String {
    let list =
        |engine: &str| Command::new(engine).args(["ps", "--all", "--format", "{{.Names}}"]).output().ok();
    let lists = ["podman", "docker"].into_iter().filter_map(list);
    lists.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).collect()
}

/// The names of all images.
fn images() -> String {
    let list =
        |engine: &str| Command::new(engine).args(["images", "--format", "{{.Repository}}"]).output().ok();
    let lists = ["podman", "docker"].into_iter().filter_map(list);
    lists.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).collect()
}

/// Starts a test of a book, and waits until its container runs a command that does not end.
fn start(book: &Book) -> Child {
    let mut child = bindery(book).spawn().expect("it runs");
    let end = Instant::now() + Duration::from_secs(60);
    while !containers().contains(&container(child.id())) {
        if child.try_wait().expect("it can be asked").is_some() {
            let (code, text) = said(&child.wait_with_output().expect("it ends"));
            panic!("it ends without a container, with code {code:?}: {text}");
        }
        assert!(Instant::now() < end, "there is no container: {}", containers());
        sleep(Duration::from_millis(100));
    }
    sleep(Duration::from_secs(2));
    child
}

fn signal(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
}

const CHAPTER: &str = r#"# Git

```console
$ mkdir demo && cd demo
$ git init --quiet && git config user.email sam@example.com && git config user.name Sam
```

```python title="src/app.py"
print("hello")
```

```console
$ python3 src/app.py
hello
$ git add src && git commit -m "First"  //the first one
[master (root-commit) 1234abc] First
 1 file changed, 1 insertion(+)
…
```

```python title="src/app.py" diff
-print("hello")
+print("bye")
```

```console
$ python3 src/app.py
hello
```

```console fails
$ cat gone.txt
cat: gone.txt: No such file or directory
```

```console timeout=1s
$ sleep 60
```

```console
$ git log --format=%s
First
$ pwd
/.../demo
$ python3
>>> 1 + 1
2
```
"#;

fn a_book_is_followed() {
    let service = "\n```ini title=\"/etc/systemd/system/app.service\"\n[Service]\nProtectSystem=full\n```\n";
    let (code, text) = said(&bindery(&book(&format!("{CHAPTER}{service}"))).output().expect("it runs"));
    assert_eq!(code, Some(1), "{text}");
    for expected in [
        "error[differing-output]: this is not what the command prints\n  --> content/index.md:28:1\n",
        "= note: shown and printed:\n           - hello\n           + bye\n",
        "= note: as `root` in `~/demo`, after `git add src && git commit -m \"First\"` in line 15\n",
        "error[failed-step]: this command did not end in 1 s\n  --> content/index.md:37:3\n",
        "2 errors and 0 warnings\n",
        "not checkable in a container: `ProtectSystem=full` (content/index.md:52)\n",
        "14 steps: 12 proven, 1 differing, 1 failed, in ",
    ] {
        assert!(text.contains(expected), "{expected} not in {text}");
    }
}

/// Two machines with systemd, whose image needs also sudo, nano and an ssh server.
const MACHINES: &str = r#"machines:
  laptop: {label: Your computer, user: sam, systemd: true, login: {sam: laptop-pass}}
  server: {label: Server, systemd: true, address: 203.0.113.130, user: keeper, login: {root: server-pass}}
"#;

/// What is typed on them.
const ANSWERS: &str = r#"answers: {"ew password:": keeper-pass, "[]:": "", "[sudo] password for keeper": keeper-pass, "keeper@203.0.113.130's password": keeper-pass}"#;

fn a_book_leads_from_one_machine_to_another() {
    let image = std::env::var(IMAGE).expect("the tests are ignored without it");
    let book = Book::of(&[("content/index.md", include_str!("containers/machines.md"))]);
    let proof = format!("proof: {{image: \"{image}\", network: none, {ANSWERS}}}\n");
    book.write("book.yaml", format!("{MACHINES}{proof}"));
    let (code, text) = said(&bindery(&book).output().expect("it runs"));
    assert_eq!(code, Some(1), "{text}");
    for expected in [
        "error[differing-prompt]: the prompt shows the folder `~`, but the terminal is in another one\n",
        "= note: on `server` as `keeper` in `~/app`, after `exit()` in line 80\n",
        "error[failed-step]: this command fails with status 2\n  --> content/index.md:87:15\n",
        "2 errors and 0 warnings\n",
        "29 steps: 27 proven, 1 differing, 1 failed, in ",
    ] {
        assert!(text.contains(expected), "{expected} not in {text}");
    }
}

/// What was printed for people, without the reports.
fn results(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn chapters_begin_where_the_one_before_has_ended() {
    let book = book("# One\n\n```console\n$ echo one > a.txt\n```\n");
    book.write("content/01-two.md", "# Two\n\n```console\n$ cat a.txt\none\n$ echo two >> a.txt\n```\n");
    book.write("content/02-three.md", "# Three\n\n```console\n$ tail -n 1 a.txt\ntwo\n$ date +%N\n…\n```\n");
    let run = |args: &[&str]| {
        let output = bindery(&book).args(args).output().expect("it runs");
        assert_eq!(output.status.code(), Some(0), "{:?}", said(&output));
        results(&output)
    };
    let followed = run(&[]);
    assert!(followed.contains("content/02-three.md: 2 of 2 steps proven, in "), "{followed}");

    // Nothing has changed, except for the text around the steps.
    book.write(
        "content/01-two.md",
        "# Two\n\nMore.\n\n```console\n$ cat a.txt\none\n$ echo two >> a.txt\n```\n",
    );
    let again = run(&[]);
    assert!(!again.contains("following the book"), "{again}");
    assert_eq!(again.matches(" ago\n").count(), 3, "{again}");

    // What has changed is followed, and what comes after it.
    book.write("content/01-two.md", "# Two\n\n```console\n$ cat a.txt\none\n$ echo  two >> a.txt\n```\n");
    let changed = run(&[]);
    assert!(changed.contains("content/index.md: 1 of 1 step proven, saved "), "{changed}");
    assert!(changed.contains("content/01-two.md: 2 of 2 steps proven, in "), "{changed}");
    assert!(changed.contains("content/02-three.md: 2 of 2 steps proven, in "), "{changed}");

    let one = run(&["02-three.md", "--min", "100%"]);
    assert!(
        one.contains("content/02-three.md: 2 of 2 steps proven, in ") && !one.contains("01-two.md: "),
        "{one}"
    );
    let fresh = run(&["--fresh", "--keep", "0MB"]);
    assert!(!fresh.contains(" ago\n"), "{fresh}");
    let states = images();
    let id = format!("bindery-test-state-{}", bindery::proof::saved::book_id(book.path()));
    assert!(!states.contains(&id), "{states}");
}

/// An image that is made of files of the book: with a `Containerfile`, and as a root folder.
fn images_are_made_of_files_of_the_book() {
    let image = std::env::var(IMAGE).expect("the tests are ignored without it");
    let book = book("# Made\n\n```console\n$ cat /made.txt\nmade\n```\n");
    book.write("machine/Containerfile", format!("FROM {image}\nCOPY made.txt /made.txt\n"));
    book.write("machine/made.txt", "made\n");
    let settings = "proof: {image: ./machine, network: none}\n";
    book.write("book.yaml", settings);
    let (code, text) = said(&bindery(&book).output().expect("it runs"));
    assert_eq!(code, Some(0), "{text}");

    // A file of the image has changed.
    book.write("machine/made.txt", "made again\n");
    let (code, text) = said(&bindery(&book).output().expect("it runs"));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("+ made again\n"), "{text}");

    for (path, reason) in [("gone", "No such file or directory"), ("content", "it has no `Containerfile`")] {
        book.write("book.yaml", settings.replace("machine", path));
        let (code, text) = said(&bindery(&book).output().expect("it runs"));
        assert_eq!(code, Some(2), "{text}");
        assert!(text.contains(reason), "{text}");
    }

    // What the build prints tells what is wrong.
    book.write("machine/Containerfile", format!("FROM {image}\nRUN cat /etc/gone.txt\n"));
    book.write("book.yaml", settings);
    let (code, text) = said(&bindery(&book).output().expect("it runs"));
    assert_eq!(code, Some(2), "{text}");
    for expected in [
        "the image `./machine` cannot be built: ",
        "/etc/gone.txt: No such file",
        "correct its `Containerfile`",
    ] {
        assert!(text.contains(expected), "{text}");
    }
}

/// A terminal opens in the folder that the image sets, and knows letters beyond ASCII.
fn terminals_begin_as_the_image_says() {
    let image = std::env::var(IMAGE).expect("the tests are ignored without it");
    let book = book("# Begin\n\n```console\n$ pwd\n/srv\n$ echo \"$LANG\"\nC.UTF-8\n```\n");
    book.write("machine/Containerfile", format!("FROM {image}\nWORKDIR /srv\n"));
    book.write("book.yaml", "proof: {image: ./machine, network: none}\n");
    let (code, text) = said(&bindery(&book).output().expect("it runs"));
    assert_eq!(code, Some(0), "{text}");
}

/// A terminal where the first step does not work; later ones are not reached.
fn a_terminal_is_opened_where_a_step_does_not_work() {
    let book = book("# Shell\n\n```console\n$ mkdir app && cd app\n$ false\n$ true\n```\n");
    let mut child = bindery(&book).arg("--shell").stdin(Stdio::piped()).spawn().expect("it runs");
    let mut typed = child.stdin.take().expect("a pipe");
    typed.write_all(b"echo \"in $PWD\"\n").expect("it reads");
    drop(typed);
    let (code, text) = said(&child.wait_with_output().expect("it ends"));
    assert_eq!(code, Some(1), "{text}");
    for expected in [
        "content/index.md:5: `false` does not work; here is a terminal in `/root/app`",
        "in /root/app\n",
        "= note: one later step needs this, and is not reached\n",
        "3 steps: 1 proven, 1 failed, 1 not reached, in ",
    ] {
        assert!(text.contains(expected), "{expected} not in {text}");
    }
}

/// The networks of tests.
fn networks() -> String {
    let list =
        |engine: &str| Command::new(engine).args(["network", "ls", "--format", "{{.Name}}"]).output().ok();
    let lists = ["podman", "docker"].into_iter().filter_map(list);
    lists.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).collect()
}

fn reports_are_for_programs_too() {
    let service = "```ini title=\"/etc/systemd/system/a.service\"\n[Service]\nProtectHome=yes\n```\n";
    let book = book(&format!("# One\n\n```console\n$ true\n$ false\n$ false\n```\n\n{service}"));
    let file = book.path().join("report.xml");
    let args = ["--message-format", "json", "--min", "90%", "--report", &format!("junit={}", file.display())];
    let output = bindery(&book).args(args).output().expect("it runs");
    let text = results(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains(r#""code":"unproven-book","message":"50.0 % of the steps are proven"#), "{text}");
    let all = r#"{"chapter":null,"steps":4,"proven":2,"differing":0,"failed":2,"not_reached":0,"#;
    assert!(text.contains(all) && text.contains(r#""not_enforced":["ProtectHome=yes"]"#), "{text}");
    let report = fs::read_to_string(file).expect("a report");
    assert!(
        report.contains(r#"<testsuite name="content/index.md" tests="4" failures="2" skipped="0""#),
        "{report}"
    );

    let output = bindery(&book).args(["--min", "50%"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{:?}", said(&output));
}

/// The host has a route to the addresses of its own network.
fn addresses_that_the_host_uses_are_refused() {
    let routes = fs::read_to_string("/proc/net/route").unwrap_or_default();
    let Some(used) = ["192.0.2", "198.51.100", "203.0.113"].iter().find(|net| {
        let octets: Vec<u8> = net.split('.').filter_map(|octet| octet.parse().ok()).collect();
        routes.contains(&format!("\t00{:02X}{:02X}{:02X}\t", octets[2], octets[1], octets[0]))
    }) else {
        return;
    };
    let book = book(ENDLESS);
    let settings = fs::read_to_string(book.path().join("book.yaml")).expect("settings");
    book.write("book.yaml", format!("{settings}machines: {{server: {{address: {used}.10}}}}\n"));
    let (code, text) = said(&bindery(&book).output().expect("it runs"));
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("this computer has a route to the addresses"), "{text}");
}

fn what_is_found_is_recorded() {
    let book = book("# A\n\n```console\n$ echo a > a\n$ cat a\na\n```\n\n```console\n$ false\n```\n");
    book.write("content/2.md", "# B\n\n```console\n$ cat a\na\n```\n");
    let (_, text) = said(&bindery(&book).arg("--record").output().expect("it runs"));
    assert!(text.contains("`proof.yaml` has the results of 2 chapters\n"), "{text}");

    let record = fs::read_to_string(book.path().join("proof.yaml")).expect("a record");
    assert_eq!(record.matches("{result: proven, steps: 2, on: \"Debian ").count(), 1, "{record}");
    assert_eq!(record.matches("{result: failed, steps: 0, on: \"Debian ").count(), 1, "{record}");
    assert_eq!(book.page("index.html").matches("Checked on Debian ").count(), 1);
    assert_eq!(book.page("2/index.html").matches("Checked on Debian ").count(), 1);

    // The same from saved results, on the day on which they were found; what is said of other chapters stays.
    let (_, text) = said(&bindery(&book).arg("--record").output().expect("it runs"));
    assert!(text.contains("proven, saved "), "{text}");
    assert_eq!(fs::read_to_string(book.path().join("proof.yaml")).expect("a record"), record);
    let (_, text) = said(&bindery(&book).args(["--record", "2.md"]).output().expect("it runs"));
    assert!(text.contains("`proof.yaml` has the results of 2 chapters\n"), "{text}");
    assert_eq!(fs::read_to_string(book.path().join("proof.yaml")).expect("a record"), record);
}

fn what_was_printed_is_written_into_chapters() {
    let chapter = "# A\n\nText.\n\n1. A list:\n\n   ```console\n   $ seq 3\n   1\n   …\n   4\n   $ date +%F\n   2020-01-01\n   ```\n";
    let book = book(chapter);
    let output = bindery(&book).arg("--update").output().expect("it runs");
    let (code, text) = said(&output);
    assert!(
        text.contains("-   4\n+   3\n") && text.contains("nothing is written without `--yes`\n"),
        "{text}"
    );
    let read = || fs::read_to_string(book.path().join("content/index.md")).expect("a chapter");
    assert_eq!((code, read().as_str()), (Some(1), chapter));

    // From saved results too.
    let (code, text) = said(&bindery(&book).args(["--update", "--yes"]).output().expect("it runs"));
    assert!(
        text.contains("proven, saved ") && text.contains("what 1 command printed is written\n"),
        "{text}"
    );
    assert_eq!((code, read()), (Some(0), chapter.replace("   4\n", "   3\n")), "{text}");
    let (code, text) = said(&bindery(&book).args(["--update", "--yes"]).output().expect("it runs"));
    assert!(text.contains("no chapter shows output that could be written anew\n"), "{text}");
    assert_eq!(code, Some(0), "{text}");
}

fn what_is_recorded_is_what_chapters_say_after_an_update() {
    let chapter = "# A\n\n```console\n$ seq 2\n1\n3\n```\n\n```console\n$ false\n```\n";
    let book = book(chapter);
    let record = || fs::read_to_string(book.path().join("proof.yaml")).expect("a record");
    let (code, text) = said(&bindery(&book).args(["--update", "--record"]).output().expect("it runs"));
    assert!(text.contains("nothing is written without `--yes`\n"), "{text}");
    assert_eq!((code, record().matches("failed").count()), (Some(1), 2), "{text}");

    let args = ["--update", "--yes", "--record"];
    let (code, text) = said(&bindery(&book).args(args).output().expect("it runs"));
    assert!(text.contains("`proof.yaml` has the results of 1 chapter\n"), "{text}");
    assert_eq!((code, record().matches("failed").count()), (Some(1), 1), "{text}");
    // It is what is found by a run of the chapter as it is now.
    let known = record();
    let (_, text) = said(&bindery(&book).args(["--fresh", "--record"]).output().expect("it runs"));
    assert_eq!(record(), known, "{text}");
}

fn output_of_any_kind_is_read() {
    let book = book(
        "# Output\n\n```console\n$ head -c 100000000 /dev/zero | tr '\\0' x | fold -w 100\n…\nxxx…\n\
         $ head -c 300000 /dev/urandom; reset; echo\n$ printf '\\033]133;D;0;root;x;/\\007'\n$ printf '\\033[?1049h other'\n\
         $ printf 'a\\rb\\n'; printf 'no end'\nb\nno end\n$ stty -echo; echo quiet\nquiet\n$ exit\n$ echo again\nagain\n```\n",
    );
    let (code, text) = said(&bindery(&book).output().expect("it runs"));
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("8 steps: 8 proven, in "), "{text}");
}

/// A folder with a program of this name, which comes before the others of that name.
fn program(name: &str, script: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join(name);
    fs::write(&file, format!("#!/bin/sh\n{script}\n")).expect("a file");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("a program");
    folder
}

/// The variable that has programs be looked for in this folder first.
fn path_with(folder: &Path) -> String {
    format!("{}:{}", folder.display(), std::env::var("PATH").expect("a path"))
}

fn states_that_cannot_be_kept_are_done_without() {
    let full = "[ \"$1\" = commit ] && echo 'no space left on device' >&2 && exit 125\nPATH=${PATH#*:} exec podman \"$@\"";
    let engine = program("podman", full);
    let book = book("# One\n\n```console\n$ echo 1 > one\n```\n");
    book.write("content/two.md", "# Two\n\n```console\n$ cat one\n1\n```\n");
    let (code, text) = said(&bindery(&book).env("PATH", path_with(engine.path())).output().expect("it runs"));
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("the state after `content/index.md` cannot be kept for the next time: no space left"),
        "{text}"
    );
    assert!(text.contains("2 steps: 2 proven, in "), "{text}");
}

fn a_state_that_another_test_removes_is_made_again() {
    let removes = "for word; do case \"$1 $word\" in run\\ localhost/bindery-test-state-*)\n\
                   mkdir \"$0.removed\" 2> /dev/null && PATH=${PATH#*:} podman rmi \"$word\" >&2\n\
                   esac; done\nPATH=${PATH#*:} exec podman \"$@\"";
    let engine = program("podman", removes);
    let book = book("# One\n\n```console\n$ echo 1 > one\n```\n");
    book.write("content/two.md", "# Two\n\n```console\n$ cat one\n1\n```\n");
    let (code, text) = said(&bindery(&book).env("PATH", path_with(engine.path())).output().expect("it runs"));
    assert!(engine.path().join("podman.removed").is_dir(), "nothing was removed: {text}");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("2 steps: 2 proven, in "), "{text}");
}

fn two_tests_make_an_image_once() {
    let counts =
        "[ \"$1\" = build ] && echo build >> \"$0.log\" && sleep 1\nPATH=${PATH#*:} exec podman \"$@\"";
    let engine = program("podman", counts);
    let image = std::env::var(IMAGE).expect("the tests are ignored without it");
    let book = book("# Made\n\n```console\n$ true\n```\n");
    // A file of this run alone: the engine keeps what it has made.
    let own = format!("FROM {image}\nCOPY made.txt /made-{}.txt\n", std::process::id());
    book.write("machine/Containerfile", own);
    book.write("machine/made.txt", "made\n");
    book.write("book.yaml", "proof: {image: ./machine, network: none}\n");

    let start = || bindery(&book).env("PATH", path_with(engine.path())).spawn().expect("it runs");
    for child in [start(), start()] {
        let (code, text) = said(&child.wait_with_output().expect("it ends"));
        assert_eq!(code, Some(0), "{text}");
    }
    assert_eq!(fs::read_to_string(engine.path().join("podman.log")).expect("a log"), "build\n");
}

fn addresses_that_another_test_uses_are_named() {
    let book = book(ENDLESS);
    let settings = fs::read_to_string(book.path().join("book.yaml")).expect("settings");
    book.write("book.yaml", format!("{settings}machines: {{server: {{address: 198.51.100.200}}}}\n"));
    let first = start(&book);
    let (code, text) = said(&bindery(&book).output().expect("it runs"));
    signal(&first, "-INT");
    let _ = first.wait_with_output();
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("uses the addresses 198.51.100.192/28 that this book needs"), "{text}");
}

/// A container with an ssh server, which stands for a machine of the author's. It is removed when it is dropped.
struct SshMachine {
    name: String,
    /// A folder with a program `ssh` that knows the machine as `box`.
    programs: tempfile::TempDir,
}

impl SshMachine {
    /// Starts one of this name.
    fn start(known: &str) -> Self {
        let image = std::env::var(IMAGE).expect("the tests are ignored without it");
        let machine = SshMachine {
            name: format!("bindery-own-{}-{known}", std::process::id()),
            programs: program("ssh", "PATH=${PATH#*:} exec ssh -F \"$(dirname \"$0\")/config\" \"$@\""),
        };
        let limits = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024", "--cap-add", "SYS_BOOT"];
        let init = ["--systemd=always", "--entrypoint", "/sbin/init", &image];
        engine(&[&["run", "--detach", "--name", &machine.name], &limits[..], &init[..]].concat());

        let folder = machine.programs.path();
        let key = folder.join("key");
        let made =
            Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key).status();
        assert!(made.expect("ssh-keygen runs").success());
        let public = fs::read_to_string(key.with_extension("pub")).expect("a key");
        let account = "until ss -ltn | grep -q ':22 '; do sleep 0.1; done; systemctl is-system-running --wait; useradd -m -s /bin/bash sam; mkdir -p ~sam/.ssh; \
                       echo \"$1\" > ~sam/.ssh/authorized_keys; echo 'sam ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/sam";
        engine(&["exec", &machine.name, "bash", "-c", account, "bash", public.trim()]);

        let format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
        let address = engine(&["inspect", "--format", format, &machine.name]);
        let config = format!(
            "Host {known}\nHostName {}\nUser sam\nIdentityFile {}\nStrictHostKeyChecking no\nUserKnownHostsFile /dev/null\n",
            address.trim(),
            key.display()
        );
        fs::write(folder.join("config"), config).expect("a file");
        machine
    }

    /// Follows a book on it.
    fn follow(&self, book: &Book) -> (Option<i32>, String) {
        let path = path_with(self.programs.path());
        said(&bindery(book).args(["--on", "ssh:box"]).env("PATH", path).output().expect("it runs"))
    }
}

impl Drop for SshMachine {
    fn drop(&mut self) {
        let _ = Command::new("podman").args(["rm", "--force", "--time", "0", &self.name]).output();
    }
}

/// Runs a command of podman, and returns what it prints.
fn engine(args: &[&str]) -> String {
    let output = Command::new("podman").args(args).output().expect("podman runs");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn a_machine_of_the_authors_own_is_used() {
    let machine = SshMachine::start("box");
    let book = book(
        "# One\n\n```console\nsam@box:~$ mkdir app && cd app\nsam@box:~/app$ sudo touch /root/made\n```\n\n\
         ```text title=\"notes.txt\"\nhello\n```\n\n```console\nsam@box:~/app$ cat notes.txt\nhello\n\
         sam@box:~/app$ sudo -i\nroot@box:~# ls\nmade\nroot@box:~# false\n```\n",
    );
    book.write("book.yaml", "machines: {box: {label: A box, user: sam}}\n");
    let (code, text) = machine.follow(&book);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("7 steps: 6 proven, 1 failed, in "), "{text}");

    // The steps have changed the machine itself.
    assert_eq!(engine(&["exec", &machine.name, "cat", "/home/sam/app/notes.txt"]), "hello\n");

    engine(&["stop", "--time", "0", &machine.name]);
    book.write("book.yaml", "title: A\n");
    let (code, text) = machine.follow(&book);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("the book cannot be followed on `box`: "), "{text}");
}

/// Answers requests of HTTP with their number and their first line, and whatever else with words.
fn serve(listener: &TcpListener) {
    let mut requests = 0;
    for connection in listener.incoming() {
        let Ok(mut connection) = connection else { continue };
        let _ = connection.set_read_timeout(Some(Duration::from_millis(500)));
        let mut sent = Vec::new();
        let mut some = [0; 4096];
        // What comes after the first request would be another one.
        while let Ok(count @ 1..) = connection.read(&mut some) {
            sent.extend(&some[..count]);
            let text = String::from_utf8_lossy(&sent).into_owned();
            let is_whole = text.contains("\r\n\r\n") && !text.starts_with("POST ")
                || text.ends_with("\r\n0\r\n\r\n")
                || text.ends_with("\n5000");
            if is_whole || sent.starts_with(&[22]) {
                let line = text.lines().next().unwrap_or_default().to_owned();
                requests += usize::from(is_whole);
                let body = match is_whole {
                    true => format!("request {requests}: {line}\n"),
                    false => "this is no TLS, but it came through\n".to_owned(),
                };
                let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
                let _ = connection.write_all(if is_whole { head.as_bytes() } else { b"" });
                let _ = connection.write_all(body.as_bytes());
                sent.clear();
            }
        }
    }
}

fn a_network_of_some_hosts_has_a_gate() {
    let listener = TcpListener::bind("0.0.0.0:0").expect("a port");
    let port = listener.local_addr().expect("an address").port().to_string();
    thread::spawn(move || serve(&listener));
    let address =
        engine(&["network", "inspect", "podman", "--format", "{{range .Subnets}}{{.Gateway}}{{end}}"]);

    let chapter = include_str!("containers/gate.md");
    let book = book(&chapter.replace("PORT", &port).replace("ADDRESS", address.trim()));
    let settings = fs::read_to_string(book.path().join("book.yaml")).expect("settings");
    let list = format!("[\"host.containers.internal:{port}\", \"*.example.com\"]");
    book.write("book.yaml", settings.replace("network: none", &format!("network: {list}")));

    let child = bindery(&book).spawn().expect("it runs");
    let name = container(child.id());

    // Packets of a machine that takes the gate for a router go nowhere.
    let forwards = ["exec", &format!("{name}-gate"), "cat", "/proc/sys/net/ipv4/ip_forward"];
    let forwarded = (0..200).find_map(|_| {
        thread::sleep(Duration::from_millis(50));
        let output = Command::new("podman").args(forwards).output().expect("podman runs");
        output.status.success().then_some(output.stdout)
    });
    assert_eq!(forwarded.as_deref(), Some(&b"0\n"[..]));

    let (code, text) = said(&child.wait_with_output().expect("it ends"));
    for expected in [
        &format!("with podman, network: only *.example.com, host.containers.internal:{port}\n"),
        "= note: the network of this book does not allow `example.org`\n",
        "= help: to allow it, add `example.org` to the list `network` in `proof`\n",
        "was refused: TLS begins without the name of a server\n",
        "= note: a connection at port 9418, probably to `host.containers.internal`, was refused: that is the port of Git, and \
         only HTTP and HTTPS pass\n",
        "= help: use a URL that begins with `https://`, or write `network: open`\n",
        "= note: the network of this book does not allow `host.containers.internal:8080`\n",
        "was refused: what it sends first takes longer than 10 s\n",
        "6 errors and 0 warnings\n",
        "26 steps: 20 proven, 6 failed, in ",
    ] {
        assert!(text.contains(expected), "{expected} not in {text}");
    }
    // What was refused is named where it was, and not again.
    assert_eq!(text.matches("= note: a connection at port ").count(), 3, "{text}");
    assert_eq!(text.matches("does not allow").count(), 2, "{text}");
    assert_eq!(code, Some(1), "{text}");
    assert!(!containers().contains(&name) && !networks().contains(&name), "{name} is left");

    let image = std::env::var(IMAGE).expect("the tests are ignored without it");
    book.write("machine/Containerfile", format!("FROM {image}\nRUN rm /usr/bin/python3*\n"));
    book.write("book.yaml", "proof: {image: ./machine, network: [example.org]}\n");
    let (code, text) = said(&bindery(&book).output().expect("it runs"));
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("needs an image with Python 3.8 or newer"), "{text}");
    assert!(text.contains("executable file"), "{text}");
}

/// With a gate, machines get neither the domain in which the host looks for names nor its proxy: no name of the host's network
/// is asked for, and nothing goes to a server that cannot be reached.
fn names_and_proxies_of_the_host_stay_outside() {
    let book = book(
        "# A\n\n```console\n$ grep -c corp.example /etc/resolv.conf; env | grep -c 'PROXY=http://proxy.corp.example'; true\n0\n0\n```\n",
    );
    let named = std::env::var_os("CONTAINERS_CONF").map(|path| fs::read_to_string(path).expect("settings"));
    let own = named.unwrap_or_default();
    // A section is only once in the file.
    if own.contains("[containers]") {
        return;
    }
    book.write("containers.conf", format!("{own}\n[containers]\ndns_searches = [\"corp.example\"]\n"));

    let settings = fs::read_to_string(book.path().join("book.yaml")).expect("settings");
    let follow = |network: &str| {
        book.write("book.yaml", settings.replace("network: none", network));
        let mut command = bindery(&book);
        command.env("CONTAINERS_CONF", book.path().join("containers.conf"));
        command.env("HTTPS_PROXY", "http://proxy.corp.example:3128");
        said(&command.output().expect("it runs"))
    };
    // A machine without a gate has both.
    let (_, text) = follow("network: open");
    assert_eq!(text.matches(" + 1\n").count(), 2, "{text}");
    let (_, text) = follow("network: [example.org]");
    assert!(text.contains("network: only example.org\n"), "{text}");
    assert!(text.contains("1 step: 1 proven, in "), "{text}");

    // Without a network, the name of a proxy would be in what programs say.
    book.write("content/index.md", "# A\n\n```console\n$ env | grep -c proxy.corp.example; true\n0\n```\n");
    let (_, text) = follow("network: none");
    assert!(text.contains("1 step: 1 proven, in "), "{text}");
}

fn what_python_says_is_said_where_a_gate_does_not_start() {
    let says = "[ \"$1 $2\" = 'start --attach' ] && printf 'Traceback\\nSyntaxError: old\\n' >&2 && exit 1\n\
                PATH=${PATH#*:} exec podman \"$@\"";
    let engine = program("podman", says);
    let book = book(ENDLESS);
    let settings = fs::read_to_string(book.path().join("book.yaml")).expect("settings");
    book.write("book.yaml", settings.replace("network: none", "network: [example.org]"));
    let child = bindery(&book).env("PATH", path_with(engine.path())).spawn().expect("it runs");
    let name = container(child.id());
    let (code, text) = said(&child.wait_with_output().expect("it ends"));
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains("the gate of the network does not start: SyntaxError: old; it needs an image with"),
        "{text}"
    );
    assert!(!containers().contains(&name) && !networks().contains(&name), "{name} is left");
}

fn several_machines_of_the_authors_own_are_used() {
    let (laptop, server) = (SshMachine::start("laptop"), SshMachine::start("server"));
    let settings = "machines: {one: {user: sam}, two: {user: sam}}\nproof: {network: none}\n";
    let book = book(
        "# Two\n\n```console machine=one\n$ echo one > own.txt\n```\n\n```console machine=two\n$ echo two > own.txt\n\
         $ cat own.txt\ntwo\n```\n\n```console machine=one\n$ cat own.txt\none\n```\n",
    );
    book.write("book.yaml", settings);
    let configs = [&laptop, &server].map(|machine| machine.programs.path().join("config"));
    let both = configs.map(|config| fs::read_to_string(config).expect("a file")).concat();
    fs::write(laptop.programs.path().join("config"), both).expect("a file");
    let follow = |args: &[&str]| {
        let path = path_with(laptop.programs.path());
        said(&bindery(&book).args(args).env("PATH", path).output().expect("it runs"))
    };

    let (code, text) = follow(&["--on", "two=ssh:server", "--on", "one=ssh:laptop"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("following the book on `laptop`, `server`, which changes them\n"), "{text}");
    assert!(text.contains("the setting `network` does not hold there\n"), "{text}");
    assert!(text.contains("4 steps: 4 proven, in "), "{text}");
    assert_eq!(engine(&["exec", &server.name, "cat", "/home/sam/own.txt"]), "two\n");

    for (args, reason) in [
        (&["--on", "ssh:laptop"][..], "this book has 2 machines, and `--on ssh:laptop` names none"),
        (&["--on", "one=ssh:laptop", "--on", "two=ssh:laptop"], "`laptop` and `laptop` are one machine"),
    ] {
        let (code, text) = follow(args);
        assert_eq!(code, Some(2), "{text}");
        assert!(text.contains(reason), "{text}");
    }
}

/// What a container must refuse, also to root: disks, the kernel's settings, the host's processes and the engine.
const HOSTILE: &str = r#"# Hostile

```console fails=all
$ mknod /tmp/disk b 254 0 && head -c 512 /tmp/disk > /dev/null
$ sh -c "mount -t tmpfs none /mnt"
$ echo '|/tmp/x' > /proc/sys/kernel/core_pattern
$ echo 1 > /sys/kernel/mm/ksm/run
$ nsenter --target 1 --mount --pid -- true
$ unshare --mount true
$ ls /var/run/docker.sock /run/podman/podman.sock
$ dmesg
$ sysctl -q kernel.hostname=taken
```

```console
$ ps -e -o comm= | grep -c -e podman -e conmon -e bindery
0
```

```console fails timeout=60s
$ timeout 10 bash -c 'for i in $(seq 700); do sleep 30 & done; wait'
…
…: fork: …Resource temporarily unavailable
…
```
"#;

fn a_hostile_book_stays_in_its_container() {
    let book = book(HOSTILE);
    let (code, text) = said(&bindery(&book).output().expect("it runs"));
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("11 steps: 11 proven, in "), "{text}");
}

/// A chapter with a command that does not end.
const ENDLESS: &str = "# Endless\n\n```console\n$ sleep 1000\n$ echo after\n```\n";

fn nothing_is_left_after_an_interruption() {
    for sent in ["-INT", "-TERM"] {
        let book = book(ENDLESS);
        let child = start(&book);
        let name = container(child.id());
        signal(&child, sent);
        let (code, text) = said(&child.wait_with_output().expect("it ends"));
        assert_eq!(code, Some(2), "{text}");
        assert!(text.contains("2 steps: 2 not reached, in "), "{text}");
        assert!(!containers().contains(&name), "{name} is left after {sent}");
    }
}

fn a_second_interruption_ends_it_at_once() {
    let hangs = "[ \"$1\" = run ] && trap '' INT && touch \"$0.hangs\" && exec sleep 30\nPATH=${PATH#*:} exec podman \"$@\"";
    let engine = program("podman", hangs);
    let book = book(ENDLESS);
    let mut child = bindery(&book).env("PATH", path_with(engine.path())).spawn().expect("it runs");
    let end = Instant::now() + Duration::from_secs(60);
    while !engine.path().join("podman.hangs").exists() {
        assert!(Instant::now() < end, "it never starts a container");
        sleep(Duration::from_millis(50));
    }

    signal(&child, "-INT");
    sleep(Duration::from_millis(500));
    assert!(child.try_wait().expect("it can be asked").is_none(), "it waits for the engine");
    signal(&child, "-INT");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
}

fn what_a_killed_process_left_is_removed() {
    let book = book(ENDLESS);
    let settings = fs::read_to_string(book.path().join("book.yaml")).expect("settings");
    let gated = settings.replace("network: none", "network: [example.org]");
    book.write("book.yaml", format!("{gated}machines: {{server: {{address: 198.51.100.150}}}}\n"));
    let mut child = start(&book);
    let name = container(child.id());
    assert!(networks().contains(&name), "its network is {name}");
    assert!(containers().contains(&format!("{name}-gate")), "it has a gate");
    child.kill().and_then(|()| child.wait()).expect("it ends");

    // Several processes find it at once.
    fs::write(book.path().join("content/index.md"), "# A\n\n```console\n$ true\n```\n").expect("a chapter");
    book.write("book.yaml", settings);
    let next: Vec<Child> = (0..4).map(|_| bindery(&book).spawn().expect("it runs")).collect();
    for child in next {
        let (code, text) = said(&child.wait_with_output().expect("it ends"));
        assert_eq!(code, Some(0), "{text}");
    }
    assert!(!containers().contains(&name), "{name} is left");
    assert!(!networks().contains(&name), "the network {name} is left");
}

/// An engine from which another process removes everything after it was listed.
const EMPTIED: &str = r#"
case "$1 $2" in
  "ps --quiet" | "image prune") ;;
  "ps --all") echo "4f2a bindery-test-1" ;;
  "network ls") echo "bindery-test-1" ;;
  "images --filter") echo "localhost/bindery-test-image:abc" ;;
  *) echo "Error: no such object" >&2; exit 125 ;;
esac
"#;

fn what_is_gone_already_is_removed() {
    let engine = program("podman", EMPTIED);
    let book = Book::of(&[("content/index.md", "# A\n")]);
    let args = ["--clean", "--engine", "podman"];
    let output = bindery(&book).args(args).env("PATH", path_with(engine.path())).output().expect("it runs");
    let (code, text) = said(&output);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("1 container and 1 image removed, and all saved results\n"), "{text}");
}

fn an_image_that_is_not_there_is_reported() {
    let book = book(ENDLESS);
    book.write("book.yaml", "proof: {image: \"localhost/bindery-no-such-image:1\"}\n");
    let (code, text) = said(&bindery(&book).output().expect("it runs"));
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("the image `localhost/bindery-no-such-image:1` is not there: "), "{text}");
}
