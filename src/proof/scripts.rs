//! What can be told of a command by its words: whether it leaves a shell, turns a machine off, or changes the folder.

/// Programs that start a shell of another user or on another machine.
const MOVING: [&str; 3] = ["ssh", "su", "machinectl"];

/// The words of a command, without `sudo` and its options.
pub fn words(script: &str) -> impl Iterator<Item = &str> {
    let mut has_sudo = false;
    script.split_whitespace().skip_while(move |word| {
        has_sudo |= *word == "sudo";
        *word == "sudo" || has_sudo && word.starts_with('-')
    })
}

/// Whether a command leaves the shell that it is typed in.
pub fn leaves(script: &str) -> bool {
    matches!(words(script).next(), Some("exit" | "logout"))
}

/// Whether a command leaves a program that asks for commands.
pub fn leaves_program(script: &str) -> bool {
    let word = script.trim().trim_end_matches(';').trim_end_matches("()");
    ["exit", "quit", "\\q", ".exit", ".quit"].contains(&word)
}

/// Whether a command turns the machine off, perhaps to start it again.
pub fn turns_off(script: &str) -> bool {
    let mut words = words(script);
    match words.next() {
        Some("reboot" | "poweroff" | "halt" | "shutdown") => true,
        Some("systemctl") => words.any(|word| ["reboot", "poweroff", "halt", "soft-reboot"].contains(&word)),
        _ => false,
    }
}

/// Whether a command leads to another user or another machine.
pub fn moves(script: &str) -> bool {
    let is_sudo_shell = script.trim_start().starts_with("sudo")
        && script.split_whitespace().any(|word| ["-i", "-s", "--login", "--shell"].contains(&word));
    is_sudo_shell || words(script).next().is_some_and(|word| MOVING.contains(&word))
}

/// Whether a command lists names in as many columns as its terminal has room for, and in the order of the language.
pub fn lists_names(script: &str) -> bool {
    let is_long = |word: &str| {
        word.starts_with('-') && !word.starts_with("--") && word.contains(['l', 'R', 's', 'S', 't'])
    };
    let mut words = words(script);
    words.next() == Some("ls") && !script.contains(['|', ';', '&', '>']) && !words.any(is_long)
}

/// Whether a command changes the folder.
pub fn changes_folder(script: &str) -> bool {
    words(script).next() == Some("cd")
}

/// Whether a command changes the folder to one that does not depend on where it is typed.
pub fn goes_home(script: &str) -> bool {
    let mut words = words(script);
    words.next() == Some("cd") && words.next().is_none_or(|path| path.starts_with(['/', '~']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_told_by_their_words() {
        assert!(leaves("exit") && leaves("exit 0") && !leaves("exiting"));
        assert!(leaves_program("exit()") && leaves_program("\\q") && !leaves_program("print(quit)"));
        assert!(
            turns_off("sudo reboot")
                && turns_off("sudo -n systemctl reboot")
                && !turns_off("systemctl status")
        );
        assert!(moves("ssh you@server") && moves("sudo -i") && moves("sudo su - you") && !moves("sudo ls"));
        assert!(
            lists_names("ls")
                && lists_names("sudo ls -F app")
                && !lists_names("ls -l")
                && !lists_names("ls | wc")
        );
        assert!(changes_folder("cd app && ls") && !changes_folder("cdx"));
        assert!(goes_home("cd") && goes_home("cd ~/app") && goes_home("cd /srv") && !goes_home("cd app"));
    }
}
