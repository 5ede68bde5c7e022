//! The author's comments, ` //like this`, which are no part of a command.

/// Whether text is an author's comment.
pub fn is_comment(text: &str, sign: Option<&str>) -> bool {
    sign.is_some_and(|sign| text.starts_with(sign)) && !is_url(text)
}

/// Whether text that begins with a comment sign is really an address: `//host.example/path`.
fn is_url(text: &str) -> bool {
    let word = text.trim_start_matches('/').split(char::is_whitespace).next().unwrap_or_default();
    let Some((host, _)) = word.split_once('/') else { return false };

    // Something without a dot is a host if nothing follows, or another word of a command; else it is two words with a
    // slash, and a remark goes on.
    let after = text.trim_start_matches('/')[word.len()..].trim_start();
    let goes_on = |c: char| "/~.-$'\"|<>&;".contains(c);
    text.starts_with("//")
        && (host.contains('.') || after.is_empty() || after.starts_with(goes_on))
        && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:".contains(c))
}

/// Where the author's comment on a line begins, with the space before it: outside of quotes, after white space.
pub fn start(line: &str, sign: Option<&str>) -> Option<usize> {
    let mut quote = None;
    let mut before = 'x';
    for (at, c) in line.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '\'' || c == '"' => quote = Some(c),
            None if before.is_whitespace() && is_comment(&line[at..], sign) => {
                return Some(line[..at].trim_end().len());
            }
            None => {}
        }
        before = c;
    }
    None
}

/// Whether a line is a remark in a shell's own way: `# so`, `#so`.
pub fn is_remark(line: &str) -> bool {
    let text = line.strip_prefix('#');
    text.is_some_and(|text| text.is_empty() || text.starts_with(|c: char| c == ' ' || c.is_alphabetic()))
}
