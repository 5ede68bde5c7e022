//! Where the front matter of a chapter is: between lines of `---`, or of `+++` if it is TOML.

use crate::text::Span;

/// Whether and where a text has front matter.
pub enum Fence {
    /// It has none.
    None,
    /// It begins and never ends.
    Open,
    /// In YAML.
    Closed {
        /// What is between its lines of `---`.
        yaml: Span,
        /// The text after it.
        body: Span,
    },
    /// In TOML, as Hugo and Zola have it.
    Toml {
        /// What is between its lines of `+++`.
        toml: Span,
        /// The text after it.
        body: Span,
    },
}

/// Finds front matter at the beginning of a text.
pub fn find(text: &str) -> Fence {
    // As Zola does, white space before TOML is passed over.
    let bare = text.trim_start();
    if bare.starts_with("+++") {
        return toml(text, text.len() - bare.len());
    }

    let mut lines = text.split_inclusive('\n');
    let Some(first) = lines.next().filter(|first| first.trim_end() == "---") else { return Fence::None };
    let mut at = first.len();
    for line in lines {
        if ["---", "..."].contains(&line.trim_end()) {
            let body = at + line.len();
            return Fence::Closed { yaml: Span::new(first.len(), at), body: Span::new(body, text.len()) };
        }
        at += line.len();
    }
    // A lone `---` at the top is a thematic break.
    if has_keys(&text[first.len()..], ':') { Fence::Open } else { Fence::None }
}

/// The keys that chapters have.
const KEYS: &[&str] = &[
    "title",
    "path",
    "date",
    "updated",
    "description",
    "draft",
    "order",
    "aliases",
    "template",
    "toc",
    "glossary",
    "extra",
];

/// Where front matter begins that does not begin the text, but comes after blank lines, characters that are not seen, or
/// comments.
pub fn misplaced(text: &str) -> Option<usize> {
    let bare = after_nothing(text);
    let at = text.len() - bare.len();
    let inner = match find(bare) {
        Fence::Closed { yaml, .. } => &bare[yaml.start..yaml.end],
        Fence::Toml { toml, .. } => &bare[toml.start..toml.end],
        Fence::Open => &bare[3..],
        Fence::None => return None,
    };

    // A heading can be between two lines, too.
    let mut lines =
        inner.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', '[']));
    let is_ours =
        |line: &str| [':', '='].iter().any(|sign| key(line, *sign).is_some_and(|key| KEYS.contains(&key)));
    let begins = lines.clone().next().is_some_and(|line| key(line, ':').or(key(line, '=')).is_some());
    (at > 0 && begins && lines.any(is_ours)).then_some(at)
}

/// A text from the first place on at which something is seen.
fn after_nothing(text: &str) -> &str {
    let is_unseen = |c: char| {
        c.is_whitespace()
            || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
    };
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(is_unseen);
        match rest.strip_prefix("<!--").and_then(|comment| comment.split_once("-->")) {
            Some((_, after)) => rest = after,
            None => return rest,
        }
    }
}

/// Whether text begins with a key and a sign after it, or has one of the chapter's keys before its first empty line.
fn has_keys(text: &str, sign: char) -> bool {
    let mut lines = text.lines().take_while(|line| !line.trim().is_empty());
    let is_ours = |line: &str| key(line, sign).is_some_and(|key| KEYS.contains(&key));
    lines.clone().next().is_some_and(|line| key(line, sign).is_some()) || lines.any(is_ours)
}

/// The key that a line begins with, without quotes: `title: x`, `"title" = 'x'`.
fn key(line: &str, sign: char) -> Option<&str> {
    let (key, value) = line.split_once(sign)?;
    let key = key.trim().trim_matches(['"', '\'']);
    let is_plain = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
    (is_plain && (sign == '=' || value.trim_end().is_empty() || value.starts_with(' '))).then_some(key)
}

/// Finds the end of front matter in TOML. Without one, or without a key in it, the line above is text.
fn toml(text: &str, begin: usize) -> Fence {
    let first = text[begin..].split_inclusive('\n').next().unwrap_or_default();
    if first.trim_end() != "+++" {
        return Fence::None;
    }

    let start = begin + first.len();
    let mut at = start;
    let mut has_key = false;
    for line in text[start..].split_inclusive('\n') {
        let end = at;
        at += line.len();
        if line.trim_end() == "+++" {
            let (toml, body) = (Span::new(start, end), Span::new(at, text.len()));
            return if has_key { Fence::Toml { toml, body } } else { Fence::None };
        }
        has_key |= line.contains('=');
    }
    if has_keys(&text[start..], '=') { Fence::Open } else { Fence::None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences() {
        assert!(matches!(find("---\ntitle: x\n"), Fence::Open));
        assert!(matches!(find("---\n\ntext\n"), Fence::None));
        assert!(matches!(find("----\n"), Fence::None));
        assert!(matches!(find("---\r\na: b\r\n---\r\ntext"), Fence::Closed { .. }));
        assert!(matches!(find("---\n---"), Fence::Closed { .. }));
        assert!(matches!(find("+++\ntitle = 'x'\n+++\ntext"), Fence::Toml { .. }));
        assert!(matches!(find("+++\ntitle = 'x'\n\ntext = 1"), Fence::Open));
        assert!(matches!(find("\n\n+++\ntitle = 'x'\n+++\ntext"), Fence::Toml { .. }));
        assert!(matches!(find("+++\ntext\n"), Fence::None));
        assert!(matches!(find("+++ a\nb = 1\n+++\n"), Fence::None));
        for open in [
            "---\n# mine\ndraft: true\n\ntext",
            "+++\n[extra]\nx = 1\ndraft = true\n",
            "---\n\"draft\": true\n",
        ] {
            assert!(matches!(find(open), Fence::Open), "{open}");
        }
    }

    #[test]
    fn what_is_before_front_matter_is_found() {
        for (before, front) in [
            ("\n", "---\ndraft: true\n---\n"),
            (" ", "---\ndraft: true\n---\n"),
            ("\u{200B}", "---\ndraft: true\n---\n"),
            ("<!-- a\nb --> \n\n<!-- c -->\n", "---\ndraft: true\n---\n"),
            ("<!-- a -->\n", "+++\ndraft = true\n+++\n"),
            ("\u{200E}", "---\n# mine\ndraft: true\n---\n"),
            ("\n", "---\n\"draft\": true\n---\n"),
            ("<!-- a -->\n", "---\ndraft: true\n\n"),
            ("<!-- a -->\n", "+++\ndraft = true\n\n"),
        ] {
            assert_eq!(misplaced(&format!("{before}{front}text")), Some(before.len()), "{before:?}");
        }
        for text in
            ["---\ndraft: true\n---\n", "\n---\na heading: it\n---\n", "<!-- a", "a\n\n---\ndraft: x\n---\n"]
        {
            assert_eq!(misplaced(text), None, "{text:?}");
        }
    }
}
