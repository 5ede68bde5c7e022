//! Commands that start another interpreter, whose prompts come below them.
//!
//! `>>> ` is Python's prompt, and also what other programs begin lines of their output with. It counts where Python
//! was started.

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

/// What frameworks call a Python that knows the application: `flask shell`.
const SHELLS: &[&str] = &["shell", "shell_plus"];

/// Whether a command starts Python.
pub fn starts_python(script: &str) -> bool {
    script.split([';', '&', '|', '\n']).any(is_python)
}

/// Whether a simple command starts Python.
fn is_python(command: &str) -> bool {
    let is_before =
        |word: &&str| word.contains('=') || word.starts_with('-') || WRAPPERS.contains(&name(word));
    let mut words = command.split_whitespace().skip_while(is_before);

    let Some(program) = words.next().map(name) else { return false };
    PYTHONS.contains(&program)
        || words
            .any(|word| SHELLS.contains(&word) || RUNNERS.contains(&program) && PYTHONS.contains(&name(word)))
}

/// The name of a program without folder, version, and the tag of its image: `/usr/bin/python3.12`, `python:3-slim`.
fn name(word: &str) -> &str {
    let file = word.rsplit(['/', '\\']).next().unwrap_or_default();
    let file = file.split(':').next().unwrap_or_default();
    file.strip_suffix(".exe").unwrap_or(file).trim_end_matches(|c: char| c.is_ascii_digit() || c == '.')
}

#[cfg(test)]
mod tests {
    use super::starts_python;

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
