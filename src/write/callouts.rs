//! Callouts: `(1)`, `(2)` … in the comments of a code block, each explained by the item of that number in the
//! ordered list right after the block.

/// The callouts of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Callouts {
    /// The number of the block among those of the chapter that have some.
    pub block: usize,
    /// How many there are.
    pub count: usize,
}

/// What begins a comment in some language.
const SIGNS: &[&str] = &["#", "//", "--", "/*", "<!--", ";", "%", "{#", "\"", "REM"];

impl Callouts {
    /// The id of an explanation. Its colon keeps it apart from those of headings.
    pub fn id(self, number: usize) -> String {
        format!("c:{}-{number}", self.block)
    }

    /// The markers in a comment: where each is, and its number.
    pub fn find(self, comment: &str) -> impl Iterator<Item = (usize, usize, usize)> {
        markers(comment).filter(move |(.., number)| (1..=self.count).contains(number))
    }
}

/// How many callouts, numbered from 1, a block has.
pub fn count(code: &str) -> usize {
    let numbers: Vec<usize> = code.lines().flat_map(in_comment).collect();
    (1..).take_while(|number| numbers.contains(number)).count()
}

/// The numbers of the markers in the comment of a line.
fn in_comment(line: &str) -> impl Iterator<Item = usize> {
    let begins = |at: &usize| {
        let after_space = line[..*at].ends_with(char::is_whitespace) || *at == 0;
        after_space && SIGNS.iter().any(|sign| line[*at..].starts_with(sign))
    };
    let comment = line.char_indices().map(|(at, _)| at).find(begins).unwrap_or(line.len());
    markers(&line[comment..]).map(|(.., number)| number)
}

/// How many digits the number of a callout has at most.
const DIGITS: usize = 2;

/// The markers in a text: where each begins and ends, and its number.
fn markers(text: &str) -> impl Iterator<Item = (usize, usize, usize)> {
    text.match_indices('(').filter_map(|(at, _)| {
        let rest = &text[at + 1..];
        let length = rest.bytes().take(DIGITS + 1).take_while(u8::is_ascii_digit).count();
        let number = rest[..length].parse().ok().filter(|_| length <= DIGITS)?;
        rest[length..].starts_with(')').then_some((at, at + length + "()".len(), number))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callouts_stand_in_comments() {
        for (code, expected) in [
            ("a = f(1)  # (1)\nb  # why (2)\n", 2),
            ("a = f(1)\n", 0),
            ("listen 80; # (2)\n", 0),
            ("<p> <!-- (1) -->\n-- (2) (3)\n", 3),
            ("$ ls //(1)\n", 1),
            ("# () (x) (001) (1 (1) (\n", 1),
        ] {
            assert_eq!(count(code), expected, "{code}");
        }
    }
}
