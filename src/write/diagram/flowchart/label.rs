//! The texts of a flowchart as the library reads them: without line ends, and without Markdown.

use std::borrow::Cow;

/// A label in quotes without the signs of Markdown, if it has those that say that it is Markdown. The library shows no
/// emphasis.
pub fn unmarked(label: &str) -> Cow<'_, str> {
    let Some((before, rest)) = label.split_once("\"`") else { return label.into() };
    let Some((text, after)) = rest.rsplit_once("`\"") else { return label.into() };

    // A star between spaces is one that readers see.
    let mut out = String::with_capacity(label.len());
    for (at, c) in text.char_indices() {
        let is_space = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let (last, next) = (text[..at].chars().next_back(), text[at + c.len_utf8()..].chars().next());
        if c != '*' || (is_space(last) && is_space(next)) {
            out.push(c);
        }
    }
    format!("{before}\"{out}\"{after}").into()
}

/// A text of several lines as one. In quotes a line end is one of the label, outside it is this sign.
pub fn one_line(text: &str, sign: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split('\n').map(str::trim).filter(|line| !line.is_empty()) {
        let is_quoted = out.matches('"').count() % 2 == 1;
        let is_at_quote = is_quoted && (out.ends_with('"') || line.starts_with('"'));
        if !out.is_empty() && !is_at_quote {
            out.push_str(if is_quoted { "<br/>" } else { sign });
        }
        out.push_str(line);
    }

    // A space keeps a label apart from the line of its arrow.
    let edge = |is_space: bool| if is_space { " " } else { "" };
    let (start, end) = (text.starts_with(char::is_whitespace), text.ends_with(char::is_whitespace));
    format!("{}{out}{}", edge(start), edge(end))
}
