//! Placeholders in code: `<your-user-name>` where the book declares it, and plain words that mean one.

use std::ops::Range;

use memchr::memchr;
use regex::Regex;

use crate::parse::Options;
use crate::text::html::{escape, escape_into};

/// A text that means a placeholder.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Token {
    /// The placeholder's name.
    pub name: String,
    /// The text.
    pub text: String,
    /// Whether it is a plain word, which must not be part of a longer one.
    is_word: bool,
    /// Texts in which the word is left alone; `*` is any run of letters without white space.
    except: Vec<String>,
}

/// Where a placeholder is in a text, and its name.
pub type Place<'t> = (Range<usize>, &'t str);

/// The tokens that occur in a text.
pub fn tokens(text: &str, options: &Options) -> Vec<Token> {
    let mut found = Vec::new();
    let has_tags = memchr(b'<', text.as_bytes()).is_some();
    for (name, placeholder) in &options.placeholders {
        let tag = has_tags.then(|| format!("<{name}>")).filter(|tag| text.contains(tag));
        if let Some(text) = tag {
            found.push(Token { name: name.clone(), text, is_word: false, except: Vec::new() });
        }
        let word = placeholder.matches.as_deref().filter(|word| !word.is_empty() && text.contains(word));
        if let Some(word) = word {
            let except = placeholder.except.clone();
            found.push(Token { name: name.clone(), text: word.to_owned(), is_word: true, except });
        }
    }
    found
}

/// Finds the tokens in a text, in order.
pub fn find<'t>(tokens: &'t [Token], text: &str) -> Vec<Place<'t>> {
    let mut found: Vec<Place<'t>> = Vec::new();
    for token in tokens {
        // Most texts do not have it, and it is expensive to find the places that are excluded.
        if !text.contains(&token.text) {
            continue;
        }

        let excluded = token.excluded_ranges(text);
        let is_free = |range: &Range<usize>| {
            !overlaps(&found, |(range, _)| range, range) && !overlaps(&excluded, |range| range, range)
        };

        let ranges = text.match_indices(&token.text).map(|(at, found)| at..at + found.len());
        let mut new: Vec<Place<'t>> = ranges
            .filter(|range| is_free(range) && (!token.is_word || is_whole(text, range)))
            .map(|range| (range, token.name.as_str()))
            .collect();
        found.append(&mut new);
        found.sort_by_key(|(range, _)| range.start);
    }
    found
}

/// Whether a range overlaps one of those that are in order and do not overlap each other.
fn overlaps<T>(others: &[T], range_of: impl Fn(&T) -> &Range<usize>, range: &Range<usize>) -> bool {
    let after = others.partition_point(|other| range_of(other).end <= range.start);
    others.get(after).is_some_and(|other| range_of(other).start < range.end)
}

/// Whether a word is not part of a longer one.
fn is_whole(text: &str, range: &Range<usize>) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    // `$sam` is a variable, not `sam`.
    !text[..range.start].ends_with(|c| is_letter(c) || c == '$') && !text[range.end..].starts_with(is_letter)
}

impl Token {
    /// Where the word is left alone. In a pattern, `*` is any run without white space.
    fn excluded_ranges(&self, text: &str) -> Vec<Range<usize>> {
        let pattern = |glob: &String| glob.split('*').map(regex::escape).collect::<Vec<_>>().join(r"\S*");
        let patterns: Vec<String> = self.except.iter().filter(|glob| !glob.is_empty()).map(pattern).collect();
        let Some(any) = (!patterns.is_empty()).then(|| Regex::new(&patterns.join("|")).ok()).flatten() else {
            return Vec::new();
        };
        any.find_iter(text).map(|found| found.range()).collect()
    }
}

/// What the element begins with in which a reader sees a value.
pub const FIELD: &str = "<var data-placeholder=\"";

/// The start tag of a placeholder in prose, with what the book says of it.
pub fn field(name: &str, options: &Options) -> String {
    let declared = options.placeholders.iter().find(|(declared, _)| declared == name);
    let placeholder = declared.map(|(_, placeholder)| placeholder);
    let mut title = placeholder.and_then(|placeholder| placeholder.label.clone()).unwrap_or_default();
    if let Some(example) = placeholder.and_then(|placeholder| placeholder.example.as_ref()) {
        title = if title.is_empty() { example.clone() } else { format!("{title} ({example})") };
    }
    let title = if title.is_empty() { title } else { format!(r#" title="{}""#, escape(&title)) };
    format!(r#"{FIELD}{name}"{title}>"#)
}

/// Writes a text in which placeholders are marked.
pub fn write(out: &mut String, text: &str, tokens: &[Token]) {
    let mut written = 0;
    for (range, name) in find(tokens, text) {
        escape_into(out, &text[written..range.start]);
        mark(out, name, &text[range.clone()]);
        written = range.end;
    }
    escape_into(out, &text[written..]);
}

/// Writes a placeholder as it is in the text.
pub fn mark(out: &mut String, name: &str, text: &str) {
    out.push_str(FIELD);
    escape_into(out, name);
    out.push_str("\">");
    escape_into(out, text);
    out.push_str("</var>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{Config, Placeholder};

    #[test]
    fn placeholders_in_code() {
        let mut config = Config::default();
        let except = vec!["sam.service".to_owned(), "/srv/*/sam".to_owned()];
        let matches = Some("sam".to_owned());
        let user = Placeholder { matches, except, ..Placeholder::default() };
        config.placeholders =
            vec![("user".to_owned(), user), ("your-host".to_owned(), Placeholder::default())];
        let options = Options::new(&config);
        for (text, expected) in [
            ("ssh sam@<your-host>", "ssh [sam]@[<your-host>]"),
            ("<user> <other-host>", "[<user>] <other-host>"),
            ("sample sam-2 _sam /home/sam/ sam.service", "sample sam-2 _sam /home/[sam]/ sam.service"),
            ("$sam ~sam {sam},(sam);'sam'=sam.", "$sam ~[sam] {[sam]},([sam]);'[sam]'=[sam]."),
            ("<user><your-host><user>", "[<user>][<your-host>][<user>]"),
            ("/srv/a/b/sam sam", "/srv/a/b/sam [sam]"),
        ] {
            let mut shown = text.to_owned();
            let tokens = tokens(text, &options);
            for (range, _) in find(&tokens, text).into_iter().rev() {
                shown.insert(range.end, ']');
                shown.insert(range.start, '[');
            }
            assert_eq!(shown, expected);
        }
    }
}
