//! Blocks of code that the text before them calls a file, though their info string does not: bindery writes no such file, but can
//! say how it would where a command misses it. [`NamedBlock::read`] finds them, and [`hint`] says it.

use super::code::FoundCode;
use crate::text::Source;

/// Names of files that have no ending.
const NAMES: [&str; 5] = ["Containerfile", "Dockerfile", "Gemfile", "Makefile", "Procfile"];

/// A block of code that the text before it calls a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedBlock {
    /// The names of files in that text.
    pub names: Vec<String>,
    /// The line of the chapter that the block begins in.
    pub line: usize,
}

impl NamedBlock {
    /// The names that the paragraph right before a block has; none if no file is named in it.
    pub fn read(found: &FoundCode<'_>, source: &Source) -> Option<Self> {
        let before = found.before?;
        // What is between backticks is every second part.
        let parts = source.text.get(before.start..before.end)?.split('`').skip(1).step_by(2);
        let names: Vec<String> = parts.filter(|part| is_file_name(part)).map(str::to_owned).collect();
        (!names.is_empty()).then(|| NamedBlock { names, line: source.position(found.span.start).line })
    }
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
pub fn hint(blocks: &[NamedBlock], script: &str, output: &str) -> Option<String> {
    let text = format!("{script}\n{output}").to_lowercase();
    let is_named = |name: &&String| {
        let name = name.to_lowercase();
        text.match_indices(&name).any(|(at, _)| {
            let is_part = |c: char| c.is_alphanumeric() || "._-".contains(c);
            let after = text[at + name.len()..].trim_start_matches(['.', ':']);
            !text[..at].ends_with(is_part) && !after.starts_with(is_part)
        })
    };
    let (name, line) =
        blocks.iter().find_map(|block| Some((block.names.iter().find(is_named)?, block.line)))?;
    Some(format!(
        "the text calls the block in line {line} `{name}`: with `title=\"{name}\"` in its info string, the test writes that file"
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
        let blocks = [("hello.c", 7), ("Makefile", 20)]
            .map(|(name, line)| NamedBlock { names: vec![name.to_owned()], line });
        let line = |script, output| {
            let hint = hint(&blocks, script, output)?;
            Some(hint.contains("in line 7 `hello.c`"))
        };
        assert_eq!(line("gcc hello.c", "gcc: error: hello.c: No such file or directory"), Some(true));
        assert_eq!(line("make", "make: *** No targets specified and no makefile found.  Stop."), Some(false));
        assert_eq!(line("gcc othello.c", "no such file"), None);
        assert_eq!(line("gcc hello.cpp", "no such file"), None);
    }
}
