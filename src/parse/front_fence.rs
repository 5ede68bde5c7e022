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
    let mut looks_like_yaml = false;
    for line in lines {
        let bare = line.trim_end();
        if bare == "---" || bare == "..." {
            let body = at + line.len();
            return Fence::Closed { yaml: Span::new(first.len(), at), body: Span::new(body, text.len()) };
        }
        looks_like_yaml |= at == first.len() && is_key(bare);
        at += line.len();
    }
    // A lone `---` at the top is a thematic break.
    if looks_like_yaml { Fence::Open } else { Fence::None }
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
        Fence::Closed { yaml, .. } => yaml,
        Fence::Toml { toml, .. } => toml,
        Fence::None | Fence::Open => return None,
    };

    // A heading can be between two lines, too.
    let is_ours =
        |line: &str| line.split_once([':', '=']).is_some_and(|(key, _)| KEYS.contains(&key.trim_end()));
    (at > 0 && bare[inner.start..inner.end].lines().any(is_ours)).then_some(at)
}

/// A text from the first place on at which something is seen.
fn after_nothing(text: &str) -> &str {
    let is_unseen =
        |c: char| c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}');
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(is_unseen);
        match rest.strip_prefix("<!--").and_then(|comment| comment.split_once("-->")) {
            Some((_, after)) => rest = after,
            None => return rest,
        }
    }
}

/// Whether a line of YAML begins with a key.
fn is_key(line: &str) -> bool {
    line.split_once(':').is_some_and(|(key, rest)| {
        let plain = |c: char| c.is_alphanumeric() || "_-".contains(c);
        !key.is_empty() && key.chars().all(plain) && (rest.is_empty() || rest.starts_with(' '))
    })
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
    let mut is_open = false;
    for line in text[start..].split_inclusive('\n') {
        let end = at;
        at += line.len();
        if line.trim_end() == "+++" {
            let (toml, body) = (Span::new(start, end), Span::new(at, text.len()));
            return if has_key { Fence::Toml { toml, body } } else { Fence::None };
        }
        has_key |= line.contains('=');
        is_open |= end == start && is_toml_key(line);
    }
    if is_open { Fence::Open } else { Fence::None }
}

/// Whether a line of TOML begins with a key.
fn is_toml_key(line: &str) -> bool {
    line.split_once('=').is_some_and(|(key, _)| {
        let key = key.trim_end();
        !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c))
    })
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
    }

    #[test]
    fn what_is_before_front_matter_is_found() {
        for (before, front) in [
            ("\n", "---\ndraft: true\n---\n"),
            (" ", "---\ndraft: true\n---\n"),
            ("\u{200B}", "---\ndraft: true\n---\n"),
            ("<!-- a\nb --> \n\n<!-- c -->\n", "---\ndraft: true\n---\n"),
            ("<!-- a -->\n", "+++\ndraft = true\n+++\n"),
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
