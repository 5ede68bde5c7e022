//! Where the lines of a code span may end: between words, and in a long word after a sign that parts it. Pure.
//!
//! Browsers would end a line after the first hyphens of `--debug`, and break a long path anywhere.

/// The longest word that is kept on one line, in characters: it fits on the smallest screens.
const WORD: usize = 24;

/// The longest code of several words that is kept on one line: `ls -la`.
const SHORT: usize = 12;

/// After these signs, a long word may go on in the next line.
const PARTING: [char; 8] = ['/', '=', '&', '?', ',', ';', '|', '@'];

/// A piece of a code span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodePiece<'c> {
    /// Text that browsers may break where they do.
    Text(&'c str),
    /// Text on one line.
    Unbroken(&'c str),
    /// A line may end here.
    Break,
}

/// Whether code as a whole is on one line.
pub fn is_whole(code: &str) -> bool {
    match code.contains(char::is_whitespace) {
        true => code.chars().count() <= SHORT,
        false => is_kept(code),
    }
}

/// Whether a word is kept on one line: it is short, and browsers could break it.
fn is_kept(word: &str) -> bool {
    word.contains(['-', '/', '?', '!', '|', '+']) && word.chars().count() <= WORD
}

/// The pieces of a code span that is not a whole.
pub fn pieces(code: &str) -> Vec<CodePiece<'_>> {
    let mut pieces = Vec::new();
    let mut plain = 0;
    let mut at = 0;
    for word in code.split_inclusive(char::is_whitespace) {
        let text = word.trim_end();
        let is_long = text.chars().count() > WORD;
        if is_long || is_kept(text) {
            push(&mut pieces, CodePiece::Text(&code[plain..at]));
            if is_long {
                part(text, &mut pieces)
            } else {
                pieces.push(CodePiece::Unbroken(text))
            }
            plain = at + text.len();
        }
        at += word.len();
    }

    push(&mut pieces, CodePiece::Text(&code[plain..]));
    pieces
}

/// Adds the pieces of a long word.
fn part<'c>(word: &'c str, pieces: &mut Vec<CodePiece<'c>>) {
    // The hyphens of an option are not left alone: `--without-`.
    let name = word.trim_start_matches('-');
    let dashes = word.len() - name.len();
    let head = match name.find(['-', '=']).filter(|_| dashes > 0) {
        Some(end) if end < WORD => dashes + end + 1,
        _ => 0,
    };
    if head > 0 {
        pieces.extend([CodePiece::Unbroken(&word[..head]), CodePiece::Break]);
    }

    let mut begin = head;
    for (at, sign) in word.char_indices().skip_while(|(at, _)| *at < head) {
        let next = at + sign.len_utf8();
        let goes_on = word[next..].chars().next().is_some_and(|c| !PARTING.contains(&c));
        // The scheme of a URL is not left alone.
        let is_scheme = word[..next].ends_with("://");
        if PARTING.contains(&sign) && goes_on && at > begin && !is_scheme {
            pieces.extend([CodePiece::Text(&word[begin..next]), CodePiece::Break]);
            begin = next;
        }
    }
    push(pieces, CodePiece::Text(&word[begin..]));
}

/// Adds text, if there is any.
fn push<'c>(pieces: &mut Vec<CodePiece<'c>>, piece: CodePiece<'c>) {
    if piece != CodePiece::Text("") {
        pieces.push(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The code with `[` and `]` around what is on one line, and `·` where a line may end.
    fn shown(code: &str) -> String {
        if is_whole(code) {
            return format!("[{code}]");
        }
        let piece = |piece| match piece {
            CodePiece::Text(text) => text.to_owned(),
            CodePiece::Unbroken(text) => format!("[{text}]"),
            CodePiece::Break => "·".to_owned(),
        };
        pieces(code).into_iter().map(piece).collect()
    }

    #[test]
    fn lines_end_between_words_and_after_signs() {
        for (code, expected) in [
            ("--debug", "[--debug]"),
            ("ls -la", "[ls -la]"),
            ("plain", "plain"),
            ("run --network none now", "run [--network] none now"),
            ("systemctl  status\ta-b", "systemctl  status\t[a-b]"),
            (
                "/etc/systemd/system/app.service.d/override.conf",
                "/etc/·systemd/·system/·app.service.d/·override.conf",
            ),
            (
                "URI=postgresql://app:secret@localhost:5432/app",
                "URI=·postgresql://app:secret@·localhost:5432/·app",
            ),
            ("--allow-unauthenticated-connections", "[--allow-]·unauthenticated-connections"),
            ("--directory=/var/lib/a/very/long/path", "[--directory=]·/var/·lib/·a/·very/·long/·path"),
            ("a_name_that_is_longer_than_one_line_is", "a_name_that_is_longer_than_one_line_is"),
            ("", ""),
        ] {
            assert_eq!(shown(code), expected, "{code}");
        }
    }
}
