//! Files that only the text says of a block: its info string does not, so no step writes them. Where a command misses one of
//! them, [`hint`] says what does.

use super::code::FoundCode;
use crate::text::Source;
use crate::write::step_chain::PRINTED;

/// Names of files that have no ending.
const NAMES: [&str; 5] = ["Containerfile", "Dockerfile", "Gemfile", "Makefile", "Procfile"];

/// The name of a file that the paragraph right before a block has last; none for what a command prints.
pub fn before(found: &FoundCode<'_>, source: &Source) -> Option<String> {
    let language = found.code.info.as_ref().map(|info| info.language.as_str());
    language.filter(|language| !PRINTED.contains(language))?;
    let text = found.before.and_then(|before| source.text.get(before.start..before.end))?;
    // What is between backticks is every second part.
    let words = text.split('`').skip(1).step_by(2);
    words.filter(|word| is_file_name(word)).last().map(str::to_owned)
}

/// Whether a word is the name or the path of a file.
fn is_file_name(word: &str) -> bool {
    let last = word.rsplit('/').next().unwrap_or_default();
    let ending = last.rsplit_once('.').map(|(_, ending)| ending);
    let is_ending = |ending: &str| {
        (1..=8).contains(&ending.len())
            && ending.starts_with(|c: char| c.is_ascii_alphabetic())
            && ending.chars().all(|c| c.is_ascii_alphanumeric())
    };
    let is_path = word.chars().all(|c| c.is_alphanumeric() || "._/~-".contains(c));
    is_path && (NAMES.contains(&last) || ending.is_some_and(is_ending))
}

/// How the file is written that a command misses: its name is in what was typed or printed.
pub fn hint(named: &[String], script: &str, output: &str) -> Option<String> {
    let text = format!("{script}\n{output}").to_lowercase();
    let is_missed = |name: &&String| {
        let name = name.to_lowercase();
        text.match_indices(&name).any(|(at, _)| {
            let is_part = |c: char| c.is_alphanumeric() || "._-".contains(c);
            let after = text[at + name.len()..].trim_start_matches(['.', ':']);
            !text[..at].ends_with(is_part) && !after.starts_with(is_part)
        })
    };
    let name = named.iter().find(is_missed)?;
    Some(format!(
        "the text calls a block `{name}`: with `title=\"{name}\"` in its info string, the test writes that file"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_found() {
        for name in ["app.py", "src/main.rs", "Makefile", "~/.profile", "/etc/app.ini", "a-b.service"] {
            assert!(is_file_name(name), "{name}");
        }
        for word in ["make", "print()", "3.14", "a b.txt", "--file=x.y", ".", "src/", "v1.2"] {
            assert!(!is_file_name(word), "{word}");
        }
    }

    #[test]
    fn a_missing_file_is_recognised() {
        let named = ["hello.c", "Makefile"].map(str::to_owned);
        for (script, output, name) in [
            ("gcc hello.c", "gcc: error: hello.c: No such file or directory", Some("hello.c")),
            ("make", "make: *** No targets specified and no makefile found.  Stop.", Some("Makefile")),
            ("gcc othello.c", "no such file", None),
            ("gcc hello.cpp", "no such file", None),
        ] {
            let hint = hint(&named, script, output);
            assert_eq!(hint.is_some(), name.is_some(), "{script}");
            assert!(name.is_none_or(|name| hint.is_some_and(|hint| hint.contains(name))), "{script}");
        }
    }
}
