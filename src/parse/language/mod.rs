//! The languages that code can be in, under the names that authors write.
//!
//! The grammars are those that `two-face` packs (the ones `bat` ships). Their names are a table of ours: reading the
//! grammars' own index takes two milliseconds, for which only highlighting waits. Each grammar is unpacked when code
//! in its language is met.

use std::sync::LazyLock;

use syntect::parsing::{SyntaxReference, SyntaxSet};

static GRAMMARS: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// Names for code that has no language.
const PLAIN: &[&str] =
    &["text", "txt", "plain", "plaintext", "none", "output", "nohighlight", "no-highlight"];

/// A language that code can be highlighted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Language(u16);

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// A language.
    Known(Language),
    /// Plain text, by its name.
    Plain,
    /// Nothing.
    Unknown,
}

/// Every name in lower case, sorted, and the place of its grammar. A name of ours comes before a file extension, and
/// that before a grammar's own name. A test says what is to be in the table.
static NAMES: &[(&str, u16)] = include!("names.rs");

/// Looks a language up by the name in an info string, in any case.
pub fn find(name: &str) -> Lookup {
    let lower = name.to_ascii_lowercase();
    if PLAIN.contains(&lower.as_str()) {
        return Lookup::Plain;
    }
    match NAMES.binary_search_by_key(&lower.as_str(), |(name, _)| name) {
        Ok(at) => Lookup::Known(Language(NAMES[at].1)),
        Err(_) => Lookup::Unknown,
    }
}

/// All names that an author can write, for hints.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, _)| *name).filter(|name| name.len() > 1)
}

impl Language {
    /// The grammar, and the set that it is in.
    pub fn grammar(self) -> (&'static SyntaxReference, &'static SyntaxSet) {
        (&GRAMMARS.syntaxes()[usize::from(self.0)], &GRAMMARS)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fmt::Write as _;

    use super::*;

    /// Names that are neither a grammar's own nor one of its file extensions. One that is added here must be added
    /// to `names.rs` too: the test below says what is to be in it.
    const ALIASES: &[(&str, &str)] = &[
        ("apache", "Apache Conf"),
        ("bash-session", "Bourne Again Shell (bash)"),
        ("batch", "Batch File"),
        ("c#", "C#"),
        ("cmd", "Batch File"),
        ("console", "Bourne Again Shell (bash)"),
        ("cron", "Crontab"),
        ("csharp", "C#"),
        ("django", "HTML (Jinja2)"),
        ("docker", "Dockerfile"),
        ("dotenv", "DotENV"),
        ("elisp", "Lisp"),
        ("emacs-lisp", "Lisp"),
        ("fortran", "Fortran (Modern)"),
        ("fsharp", "F#"),
        ("golang", "Go"),
        ("hcl", "Terraform"),
        ("html+django", "HTML (Jinja2)"),
        ("html+jinja", "HTML (Jinja2)"),
        ("htmldjango", "HTML (Jinja2)"),
        ("http", "HTTP Request and Response"),
        ("ipython", "Python"),
        ("irb", "Ruby"),
        ("javascript", "JavaScript (Babel)"),
        ("jinja", "HTML (Jinja2)"),
        ("jinja2", "HTML (Jinja2)"),
        ("js", "JavaScript (Babel)"),
        ("json5", "JavaScript (Babel)"),
        ("jsonc", "JSON"),
        ("jsonl", "JSON"),
        ("jsx", "JavaScript (Babel)"),
        ("ksh", "Bourne Again Shell (bash)"),
        ("latex", "LaTeX"),
        ("make", "Makefile"),
        ("mysql", "SQL"),
        ("node", "JavaScript (Babel)"),
        ("objc", "Objective-C"),
        ("objective-c", "Objective-C"),
        ("pgsql", "SQL"),
        ("plist", "XML"),
        ("postgres", "SQL"),
        ("postgresql", "SQL"),
        ("powershell", "PowerShell"),
        ("ps1", "PowerShell"),
        ("psql", "SQL"),
        ("pwsh", "PowerShell"),
        ("py3", "Python"),
        ("pycon", "Python"),
        ("pytb", "Python"),
        ("python-repl", "Python"),
        ("python3", "Python"),
        ("requirements", "Requirements.txt"),
        ("scheme", "Lisp"),
        ("service", "INI"),
        ("shell", "Bourne Again Shell (bash)"),
        ("shellsession", "Bourne Again Shell (bash)"),
        ("sqlite", "SQL"),
        ("sqlite3", "SQL"),
        ("ssh-config", "SSH Config"),
        ("ssh_config", "SSH Config"),
        ("sshconfig", "SSH Config"),
        ("sshd-config", "SSHD Config"),
        ("sshd_config", "SSHD Config"),
        ("supervisor", "INI"),
        ("systemd", "INI"),
        ("timer", "INI"),
        ("toml", "TOML"),
        ("unit", "INI"),
        ("vim", "VimL"),
        ("viml", "VimL"),
        ("vimscript", "VimL"),
        ("vue", "HTML"),
        ("zsh", "Bourne Again Shell (bash)"),
    ];

    #[test]
    fn the_table_has_the_names_of_all_grammars() {
        let mut names = BTreeMap::new();
        let grammars = || (0..).zip(GRAMMARS.syntaxes()).filter(|(_, grammar)| !grammar.hidden);
        for (at, grammar) in grammars() {
            names.insert(grammar.name.to_ascii_lowercase(), at);
        }
        for (at, grammar) in grammars() {
            names.extend(grammar.file_extensions.iter().map(|name| (name.to_ascii_lowercase(), at)));
        }
        for (alias, name) in ALIASES {
            let grammar = grammars().find(|(_, grammar)| grammar.name == *name);
            let (at, _) = grammar.unwrap_or_else(|| panic!("{alias}: no grammar `{name}`"));
            names.insert((*alias).to_owned(), at);
        }
        let table = names.iter().fold(String::new(), |mut table, (name, at)| {
            let _ = writeln!(table, "    ({name:?}, {at}),");
            table
        });
        assert_eq!(include_str!("names.rs"), format!("&[\n{table}]\n"), "`names.rs` is to be:\n&[\n{table}]");
    }

    #[test]
    fn names_are_those_that_authors_write() {
        for name in [
            "sh",
            "py",
            "conf",
            "nginx",
            "ini",
            "yaml",
            "yml",
            "toml",
            "sql",
            "dockerfile",
            "Dockerfile",
            "ts",
            "typescript",
            "tsx",
            "html",
            "css",
            "diff",
            "rust",
            "rs",
            "go",
            "c++",
            "rb",
            "kt",
            "Bash",
        ] {
            assert!(matches!(find(name), Lookup::Known(_)), "{name}");
        }
        assert_eq!(find("text"), Lookup::Plain);
        assert_eq!(find("klingon"), Lookup::Unknown);
    }
}
