//! Where a reader's value of plain characters, which means nothing to a shell by itself, would change what is around
//! it: right after the name of a variable, and where it could end a here-document.

/// Whether the name of a variable ends where a field begins: the value would become a part of the name. Or a colon is
/// between them: in zsh, letters after it change what the variable stands for.
pub fn follows_variable(before: &str) -> bool {
    let before = before.strip_suffix(':').unwrap_or(before);
    let name = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    name.len() < before.len() && name.ends_with('$')
}

/// The words that end the here-documents of a script; `None` if one is written in a way that is not known.
pub fn delimiters(script: &str) -> Option<Vec<String>> {
    let is_split = script.contains("<\\\n");
    let word = |(at, _): (usize, &str)| {
        let rest =
            script[at..].trim_start_matches('<').trim_start_matches('-').trim_start_matches([' ', '\t']);
        let end = rest.find(|c: char| c.is_whitespace() || ";|&<>()".contains(c)).unwrap_or(rest.len());
        let quoted = &rest[..end];
        let unquoted = ['\'', '"'].iter().find_map(|quote| quoted.strip_prefix(*quote)?.strip_suffix(*quote));
        let word = unquoted.or_else(|| quoted.strip_prefix('\\')).unwrap_or(quoted);
        let is_plain = |c: char| c.is_alphanumeric() || "_-.".contains(c);
        word.chars().all(is_plain).then(|| word.to_owned())
    };
    let words: Option<Vec<String>> = script.match_indices("<<").map(word).collect();
    words.filter(|_| !is_split)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_and_here_documents() {
        assert!(follows_variable("echo $HOME") && follows_variable("$a1"));
        assert!(!follows_variable("echo ${HOME}") && !follows_variable("$") && !follows_variable("a"));
        let words = |script| delimiters(script).map(|words| words.join(" "));
        assert_eq!(words("cat <<-'E' <<\\EOF; cat << X").as_deref(), Some("E EOF X"));
        for odd in ["<<E\"O\"F", "<< \"END OF\"", "<\\\n<E", "<<E\\\nF", "<<'a|b'", "<<$'E'"] {
            assert_eq!(words(odd), None, "{odd}");
        }
    }
}
