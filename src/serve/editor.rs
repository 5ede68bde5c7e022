//! Opening a source in the author's editor.
//!
//! The command is the author's own: one of the [`EDITORS`] that `book.yaml` names, else `VISUAL`, else `EDITOR`. The
//! browser says which file of the book and which line, and never what to run; no shell reads the command.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::read::config_values::EDITORS;

/// How long an editor is watched for a failure.
const AT_ONCE: Duration = Duration::from_millis(600);

/// Editors that need a terminal, which the preview cannot give them.
const IN_TERMINALS: &[&str] =
    &["vi", "vim", "nvim", "nano", "pico", "micro", "helix", "hx", "kak", "joe", "ed", "emacs-nox", "mcedit"];

/// Opens a file at a line, from 1. `setting` is the `editor` of `book.yaml`.
///
/// # Errors
/// A sentence for the author, if there is no editor, or it cannot be started.
pub fn open(setting: Option<&str>, file: &Path, line: usize) -> Result<(), String> {
    const HOW: &str = "set `editor` in book.yaml, such as `editor: code`, or the variable `VISUAL`";

    let from_environment =
        || ["VISUAL", "EDITOR"].iter().find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
    let Some(command) = setting.map(str::to_owned).or_else(from_environment) else {
        return Err(format!("no editor is known: {HOW}"));
    };

    let words = words(&command, &file.display().to_string(), line)
        .ok_or_else(|| format!("`{command}` is not a command: {HOW}"))?;
    let (program, arguments) = words.split_first().ok_or_else(|| format!("the editor has no name: {HOW}"))?;

    if IN_TERMINALS.contains(&name(program)) {
        return Err(format!("`{program}` needs a terminal: {HOW}"));
    }

    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    // Ctrl-C ends the preview, and not the editor.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);

    let mut child = command.spawn().map_err(|error| format!("`{program}` cannot be started: {error}"))?;

    // An editor that ends at once may have failed. Others are waited for in the background, so that no zombie is left.
    let begun = Instant::now();
    while begun.elapsed() < AT_ONCE {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(format!("`{program}` ended with {status}")),
            _ => std::thread::sleep(Duration::from_millis(20)),
        }
    }
    std::thread::spawn(move || child.wait());
    Ok(())
}

/// The words of a command, with the file and the line put where it wants them, or where such editors do.
fn words(command: &str, file: &str, line: usize) -> Option<Vec<String>> {
    // On Windows, this sign is in every path.
    let command = if cfg!(windows) { command.replace('\\', "\\\\") } else { command.to_owned() };

    let mut words: Vec<String> = shlex::split(&command)?;
    if !command.contains("{file}") {
        let program = name(words.first()?).to_owned();
        let convention = EDITORS.iter().find(|(names, _)| names.contains(&program.as_str()));
        let (_, more) = convention.unwrap_or(&(&[], &["{file}"]));
        words.extend(more.iter().map(|word| (*word).to_owned()));
    }

    let line = line.max(1).to_string();
    // The file's name last, since it may hold the other sign.
    Some(words.iter().map(|word| word.replace("{line}", &line).replace("{file}", file)).collect())
}

/// The name of a program without its folder, and without the ending that Windows gives it.
fn name(program: &str) -> &str {
    let name = Path::new(program).file_name().and_then(|name| name.to_str()).unwrap_or(program);
    [".exe", ".cmd", ".bat"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn every_editor_is_told_in_its_own_way() {
        let said = |command| words(command, "/b/my chapter.md", 7).expect("a command").join("|");
        assert_eq!(said("code --goto {file}:{line}"), "code|--goto|/b/my chapter.md:7");
        assert_eq!(said("/usr/bin/code -n"), "/usr/bin/code|-n|--goto|/b/my chapter.md:7");
        assert_eq!(said("emacsclient -n"), "emacsclient|-n|+7|/b/my chapter.md");
        assert_eq!(said("'my editor'"), "my editor|/b/my chapter.md");
        assert_eq!(said("x; rm '{file}'"), "x;|rm|/b/my chapter.md");
        assert_eq!(words("an 'open quote", "/b", 1), None);
    }
}
