//! Commands that start another interpreter, whose prompts come below them.
//!
//! `>>> ` is Python's prompt, and also what other programs begin lines of their output with. It counts where Python
//! was started; and so it is with the prompts of other clients (`client.rs`).

/// Interpreters of Python, without version.
const PYTHONS: &[&str] =
    &["bpython", "ipython", "micropython", "mpremote", "ptpython", "py", "pypy", "pyspark", "python"];

/// Programs that run the command after them.
const WRAPPERS: &[&str] = &["command", "env", "exec", "rlwrap", "sudo", "time", "winpty"];

/// Programs that run another one somewhere else, which is among their arguments.
const RUNNERS: &[&str] = &[
    "conda",
    "docker",
    "docker-compose",
    "flatpak",
    "hatch",
    "heroku",
    "kubectl",
    "nix-shell",
    "pdm",
    "pipenv",
    "podman",
    "poetry",
    "ssh",
    "uv",
];

/// Programs that open a shell of their own, or another user's.
const OPENERS: &[&str] =
    &["chroot", "distrobox", "lxc", "machinectl", "nsenter", "ssh", "su", "telnet", "toolbox"];

/// What the runners above have before a program that a reader can type to.
const INTERACTIVE: &[&str] = &["-it", "-ti", "-i", "-t", "--interactive", "--tty", "attach"];

/// What frameworks call a Python that knows the application: `flask shell`.
const SHELLS: &[&str] = &["shell", "shell_plus"];

/// Whether a command starts Python.
pub fn starts_python(script: &str) -> bool {
    let is_shell = |command| words(command).skip(1).any(|word| SHELLS.contains(&word));
    started(script).iter().any(|program| PYTHONS.contains(program)) || simple(script).any(is_shell)
}

/// The programs that a command starts, itself or somewhere else. Of a program that runs another one, all arguments are
/// among them.
pub fn started(script: &str) -> Vec<&str> {
    let mut programs = Vec::new();
    for command in simple(script) {
        let mut words = words(command);
        let Some(program) = words.next().map(name) else { continue };
        programs.push(program);
        if RUNNERS.contains(&program) {
            programs.extend(words.map(name));
        }
    }
    programs
}

/// Options with which a program prints something, or runs what is written after them, and ends.
const ENDING: &[&str] = &[
    "-V",
    "-c",
    "-e",
    "-h",
    "-p",
    "-v",
    "--check",
    "--eval",
    "--help",
    "--print",
    "--run",
    "--test",
    "--version",
];

/// Whether a command ends by starting one of some programs with nothing to do, so that a reader types to it: `node`,
/// `deno repl`, `docker run -it node:22`.
pub fn waits_in(script: &str, programs: &[&str]) -> bool {
    let mut words = words(simple(script).last().unwrap_or_default());
    let Some(program) = words.next().map(name) else { return false };
    let (options, others): (Vec<&str>, Vec<&str>) = words.partition(|word| word.starts_with('-'));
    if options.iter().any(|option| ENDING.contains(option)) && !RUNNERS.contains(&program) {
        return false;
    }
    match others[..] {
        [] | ["repl"] => programs.contains(&program),
        [.., last] => {
            RUNNERS.contains(&program)
                && program != "ssh"
                && options.iter().any(|option| INTERACTIVE.contains(option))
                && programs.contains(&name(last))
        }
    }
}

/// Whether a command leads into another system, or to a program there that a reader can type to.
pub fn goes_elsewhere(script: &str) -> bool {
    simple(script).any(|command| {
        let mut words = words(command);
        let Some(program) = words.next().map(name) else { return false };
        OPENERS.contains(&program)
            || RUNNERS.contains(&program) && words.any(|word| INTERACTIVE.contains(&word))
            || program == "docker-compose" && command.contains(" exec ")
            || program == "docker" && command.contains(" compose exec ")
    })
}

/// Whether a command opens a shell of root's, whose prompt may be no more than `# `.
pub fn opens_root(script: &str) -> bool {
    let last = simple(script).filter(|command| !command.trim().is_empty()).last().unwrap_or_default();
    let mut words = last.split_whitespace();
    let mut program = words.next().map(name);
    let is_sudo = matches!(program, Some("sudo" | "doas"));
    if is_sudo {
        program = words.next();
    }

    // What is piped into a shell is not typed.
    let options: &[&str] = match program.map(name) {
        Some("su") => &["-", "-l", "--login", "root"],
        Some("bash" | "sh" | "zsh") if is_sudo => &["-i", "-l", "--login"],
        _ if is_sudo && ["-i", "-s", "--login", "--shell"].map(Some).contains(&program) => &[],
        _ => return false,
    };
    !script.contains('|') && words.all(|word| options.contains(&word))
}

/// The simple commands of a script.
fn simple(script: &str) -> impl Iterator<Item = &str> {
    script.split([';', '&', '|', '\n'])
}

/// The words of a simple command, from its program on.
fn words(command: &str) -> impl Iterator<Item = &str> {
    let is_before =
        |word: &&str| word.contains('=') || word.starts_with('-') || WRAPPERS.contains(&name(word));
    command.split_whitespace().skip_while(is_before)
}

/// The name of a program without folder, version, and the tag of its image: `/usr/bin/python3.12`, `python:3-slim`.
fn name(word: &str) -> &str {
    let file = word.rsplit(['/', '\\']).next().unwrap_or_default();
    let file = file.split(':').next().unwrap_or_default();
    file.strip_suffix(".exe").unwrap_or(file).trim_end_matches(|c: char| c.is_ascii_digit() || c == '.')
}

#[cfg(test)]
mod tests {
    use super::{opens_root, starts_python};

    #[test]
    fn root_shells_are_opened() {
        for script in ["sudo -i", "su", "su -", "su -l root", "sudo su -", "cd /srv && sudo -s", "sudo bash"]
        {
            assert!(opens_root(script), "{script}");
        }
        for script in [
            "su sam",
            "sudo -i -u sam",
            "sudo -i ls",
            "su -c id",
            "curl x | sudo sh",
            "sudo bash --version",
            "sudo ls",
            "sudo bash -c ls",
            "sudo sh x.sh",
            "",
        ] {
            assert!(!opens_root(script), "{script}");
        }
    }

    #[test]
    fn python_is_started() {
        for script in [
            "python",
            "python3.12 -i app.py",
            "/usr/bin/env python3",
            "PYTHONPATH=. ipython",
            "cd app && ../venv/bin/python",
            "sudo -E bpython",
            "C:\\Python313\\python.exe",
            "docker run -it python:3.13-slim",
            "docker compose exec web python3",
            "uv run python",
            "flask --app light shell",
            "./manage.py shell_plus",
        ] {
            assert!(starts_python(script), "{script}");
        }
        for script in ["sudo emerge python", "apt install ipython3", "cat app.py", "make copy", "shell", ""] {
            assert!(!starts_python(script), "{script}");
        }
    }
}
