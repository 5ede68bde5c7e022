//! Questions for passwords, as ssh, sudo and su ask them, which [`read`] reads, and those for yes or no.

/// A question for a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordQuestion<'q> {
    /// That of a user, else of the one who types, here or on another machine.
    Of {
        /// The user.
        user: Option<&'q str>,
        /// The other machine.
        host: Option<&'q str>,
    },
    /// That of root here, as `su` asks for it.
    OfRoot,
}

/// Reads a line; none, if it does not ask for a password.
pub fn read(line: &str) -> Option<PasswordQuestion<'_>> {
    let line = line.trim();
    // `root@203.0.113.10's password:`, `(root@203.0.113.10) Password:`
    let login =
        line.strip_suffix("'s password:").or_else(|| line.strip_prefix('(')?.strip_suffix(") Password:"));
    if let Some((user, host)) = login.and_then(|login| login.split_once('@')) {
        return Some(PasswordQuestion::Of { user: Some(user), host: Some(host) });
    }
    // `[sudo] password for sam:`
    if let Some(user) = line.strip_prefix("[sudo] password for ") {
        return Some(PasswordQuestion::Of { user: user.strip_suffix(':'), host: None });
    }
    (line == "Password:").then_some(PasswordQuestion::OfRoot)
}

/// What questions for yes or no end with.
const CHOICES: [&str; 8] =
    ["[y/n]", "(y/n)", "[y|n]", "(y|n)", "[yes/no]", "(yes/no)", "[y/n/?]", "(yes/no/[fingerprint])"];

/// Whether a line asks for yes or no, in whatever letters.
pub fn is_choice(line: &str) -> bool {
    let line = line.trim().trim_end_matches(['?', ':', '>']).trim_end().to_lowercase();
    CHOICES.iter().any(|choice| line.ends_with(choice))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_asked_for() {
        let of = |user, host| Some(PasswordQuestion::Of { user, host });
        assert_eq!(read("root@203.0.113.10's password: "), of(Some("root"), Some("203.0.113.10")));
        assert_eq!(read("(root@server) Password: "), of(Some("root"), Some("server")));
        assert_eq!(read("[sudo] password for sam: "), of(Some("sam"), None));
        assert_eq!(read("Password: "), Some(PasswordQuestion::OfRoot));
        assert_eq!(read("Enter the password: "), None);
    }

    #[test]
    fn yes_or_no_is_asked_for() {
        for line in ["Go on? [y/N] ", "Remove it (yes/no)? ", "Continue [Y/n]: "] {
            assert!(is_choice(line), "{line}");
        }
        for line in ["[yn] is a pattern", "done", "", "100%"] {
            assert!(!is_choice(line), "{line}");
        }
    }
}
