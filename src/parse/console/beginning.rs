//! What code begins with, by which a session is told from other code.

use std::borrow::Cow;

use super::comment;
use super::prompt::{self, Signs};
use super::session::Interpreter;
use super::visible::plain;

/// Whether text without a language is a session: some line begins with `$ `, or the first one with a prompt that
/// nothing else begins with.
pub fn looks_like_session(text: &str) -> bool {
    let has_dollar = plain(text).lines().any(|line| {
        let command = line.trim_start().strip_prefix('$');
        command.is_some_and(|command| command.starts_with([' ', '\t']) && !command.trim().is_empty())
    });
    has_dollar || begins_with_prompt(text).is_some()
}

/// The first line of code that is neither empty nor a remark, nor says that something is left out.
fn first_line(text: &str) -> Option<Cow<'_, str>> {
    let is_code = |line: &Cow<'_, str>| {
        let line = line.trim_start();
        let is_remark = comment::is_remark(line)
            || line.starts_with("##") && line.trim_start_matches('#').starts_with([' ', '\t'])
            || ["//", "-- "].iter().any(|sign| line.starts_with(sign));
        !["", "##", "..."].contains(&line) && !is_remark
    };
    text.lines().map(plain).find(is_code)
}

/// The interpreter whose prompt, with a command after it, is the first line of code that is neither empty nor a remark.
pub fn begins_with_prompt(text: &str) -> Option<Interpreter> {
    let line = first_line(text)?;
    let prompt = prompt::read(&line, Signs { python: true, arrow: true, ..Signs::default() })?;
    prompt::is_full(&line, prompt).then_some(prompt.role.interpreter)
}

/// Whether code begins with the prompt of a shell that names its user and computer, and a command after it.
pub fn begins_with_host(text: &str) -> bool {
    let Some(line) = first_line(text) else { return false };
    let prompt = prompt::read(&line, Signs::default());
    prompt.is_some_and(|prompt| {
        let account = prompt::account(&line[..prompt.length]);
        prompt.role.interpreter == Interpreter::Shell
            && prompt::is_full(&line, prompt)
            && line[..prompt.length].contains('@')
            && account.host.is_some()
    })
}

/// Whether code of a shell begins with `% ` and what looks like a command.
pub fn begins_with_percent(text: &str) -> bool {
    let line = first_line(text).unwrap_or_default();
    let command = line.trim_start().strip_prefix("% ");
    command.is_some_and(|command| command.starts_with(|c: char| c.is_ascii_alphabetic() || "./~".contains(c)))
}

/// The interpreter that asks in code which begins with the command that starts it: `$ psql shop`, and `shop=> ` below it.
pub fn begins_with_start(text: &str) -> Option<Interpreter> {
    if !begins_with_dollar(text) {
        return None;
    }
    let mut lines = text.lines().map(plain).skip_while(|line| line.trim().is_empty()).skip(1);
    lines.find_map(|line| {
        let prompt = prompt::read(&line, Signs { python: true, ..Signs::default() })?;
        let interpreter = prompt.role.interpreter;
        (interpreter != Interpreter::Shell && prompt::is_full(&line, prompt)).then_some(interpreter)
    })
}

/// Whether code begins with `$ ` and what looks like a command: a lower-case name of a program or a path.
pub fn begins_with_dollar(text: &str) -> bool {
    let first = text.lines().map(plain).find(|line| !line.trim().is_empty()).unwrap_or_default();
    let first = first.trim();
    let Some(command) = first.strip_prefix("$ ").filter(|_| !first.ends_with('$')) else { return false };

    let (program, rest) = command.split_once(' ').unwrap_or((command, ""));
    let is_path = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._/~-".contains(c);
    program.starts_with(|c: char| c.is_ascii_lowercase() || "./~".contains(c))
        && program.chars().all(is_path)
        && !rest.starts_with(['=', '+', '*', ':', '?'])
}

#[cfg(test)]
mod tests {
    use super::looks_like_session;

    #[test]
    fn prose_is_no_session() {
        assert!(looks_like_session("x\n  $ ls\n"));
        assert!(!looks_like_session("costs 5 $ or so\n$\n$HOME\n"));
    }
}
