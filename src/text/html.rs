//! Escaping text for HTML, and finding the [`Tags`] of HTML that authors wrote.

use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::Range;

use memchr::{memchr, memchr3, memmem};

use super::scan::first_escaped;

/// Appends text with `&`, `<`, `>` and `"` escaped, as in CommonMark's reference output.
pub fn escape_into(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = first_escaped(rest.as_bytes()) {
        out.push_str(&rest[..at]);
        out.push_str(entity(rest.as_bytes()[at]));
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// The same as [`escape_into`] for text between tags, where `"` needs no escape: code is full of them.
pub fn escape_code_into(out: &mut String, code: &str) {
    let mut rest = code;
    while let Some(at) = first_escaped(rest.as_bytes()) {
        out.push_str(&rest[..at]);
        out.push_str(if rest.as_bytes()[at] == b'"' { "\"" } else { entity(rest.as_bytes()[at]) });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// The same as [`escape_into`], for a writer.
///
/// # Errors
/// Those of the writer.
pub fn escape_to(out: &mut (impl Write + ?Sized), text: &str) -> io::Result<()> {
    let mut rest = text.as_bytes();
    while let Some(at) = first_escaped(rest) {
        out.write_all(&rest[..at])?;
        out.write_all(entity(rest[at]).as_bytes())?;
        rest = &rest[at + 1..];
    }
    out.write_all(rest)
}

/// The entity of a byte that is escaped.
fn entity(byte: u8) -> &'static str {
    match byte {
        b'&' => "&amp;",
        b'<' => "&lt;",
        b'>' => "&gt;",
        _ => "&quot;",
    }
}

/// Replaces the entities that [`escape_into`] writes, and numeric ones, by their characters.
pub fn unescape(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find('&') else { return Cow::Borrowed(text) };

    let mut out = text[..first].to_owned();
    let mut rest = &text[first..];
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];

        let end = rest.bytes().take(LONGEST_NAME).position(|byte| byte == b';');
        let found = end.and_then(|end| Some((character(&rest[..end])?, end + 1)));
        let (c, length) = found.unwrap_or(('&', 0));
        out.push(c);
        rest = &rest[length..];
    }
    (out + rest).into()
}

/// How far the end of an entity is looked for, in bytes. Names such as `#x10FFFF;` fit in.
const LONGEST_NAME: usize = 10;

/// The character of an entity, by its name without `&` and `;`.
fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

/// Escapes text for element content and for attribute values in double quotes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    escape_into(&mut out, text);
    out
}

/// A tag. Comments and declarations are tags without a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag<'h> {
    /// Where it is in the HTML.
    pub range: Range<usize>,
    /// The name as it is written; empty for the rest of a tag that began in the previous piece of HTML.
    pub name: &'h str,
    /// Whether it is an end tag.
    pub is_end: bool,
    /// Whether it ends with `/>`.
    pub is_self_closing: bool,
}

impl Tag<'_> {
    /// Whether it is a start tag.
    pub fn is_start(&self) -> bool {
        !self.is_end && !self.name.is_empty()
    }

    /// Whether it has a name, in upper or lower case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// In which construct a piece of HTML ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Within {
    /// In text.
    #[default]
    Text,
    /// In a tag; with a quote, in an attribute value that it began.
    Tag(Option<u8>),
    /// In a comment.
    Comment,
    /// In a declaration, or anything else that browsers skip up to `>`: after `<!`, `<?` and an invalid `</`.
    Declaration,
    /// In an element with this name, which contains only text.
    Raw(&'static str),
}

/// The elements that contain only text. `title` is such an element in HTML, but not in SVG, so it is left out.
const RAW: &[&str] = &["script", "style", "textarea", "xmp", "iframe", "noembed", "noframes"];

/// The tags of HTML as browsers find them, also in invalid HTML (HTML, "Tokenization"). Between two tags is text.
#[derive(Debug)]
pub struct Tags<'h> {
    html: &'h str,
    at: usize,
    within: Within,
}

impl<'h> Tags<'h> {
    /// The tags of a whole text.
    pub fn of(html: &'h str) -> Self {
        Tags::resumed(html, Within::Text)
    }

    /// The tags of a piece of HTML. `within` is where the piece before it ended.
    pub fn resumed(html: &'h str, within: Within) -> Self {
        Tags { html, at: 0, within }
    }

    /// Where the piece ends, once all tags were taken.
    pub fn within(&self) -> Within {
        self.within
    }

    /// Finds the beginning of the next tag, and moves to the end of its name.
    fn begin(&mut self) -> Option<Tag<'h>> {
        let tag = |range, name, is_end| Tag { range, name, is_end, is_self_closing: false };
        let mut from = match self.within {
            Within::Text => self.at,
            Within::Raw(name) => self.raw_end(name)?,
            // The rest of a tag that began in the piece before.
            _ => return (self.at < self.html.len()).then(|| tag(self.at..self.at, "", false)),
        };

        let bytes = self.html.as_bytes();
        loop {
            let start = from + memchr(b'<', &bytes[from..])?;
            let is_end = bytes.get(start + 1) == Some(&b'/');
            let name = start + 1 + usize::from(is_end);

            (self.within, self.at) = match bytes.get(name) {
                Some(letter) if letter.is_ascii_alphabetic() => (Within::Tag(None), name),
                Some(b'!') if bytes[name..].starts_with(b"!--") => (Within::Comment, name + 1),
                Some(b'!' | b'?') => (Within::Declaration, name),
                Some(_) if is_end => (Within::Declaration, name),
                // A `<` that is only text.
                _ => {
                    from = name;
                    continue;
                }
            };

            if self.within != Within::Tag(None) {
                return Some(tag(start..start, "", false));
            }
            let ends = |byte: &u8| byte.is_ascii_whitespace() || b"/>".contains(byte);
            self.at = bytes[name..].iter().position(ends).map_or(bytes.len(), |length| name + length);
            return Some(tag(start..start, &self.html[name..self.at], is_end));
        }
    }

    /// Where the end tag of an element that contains only text begins.
    fn raw_end(&self, name: &str) -> Option<usize> {
        let rest = &self.html.as_bytes()[self.at..];
        for at in memmem::find_iter(rest, b"</") {
            let (found, after) = rest[at + "</".len()..].split_at_checked(name.len())?;
            let is_whole =
                after.first().is_none_or(|byte| byte.is_ascii_whitespace() || b"/>".contains(byte));
            if is_whole && found.eq_ignore_ascii_case(name.as_bytes()) {
                return Some(self.at + at);
            }
        }
        None
    }

    /// Where the current tag, comment or declaration ends.
    fn end(&mut self) -> Option<usize> {
        let rest = &self.html.as_bytes()[self.at..];
        match self.within {
            Within::Comment => memmem::find(rest, b"-->").map(|end| self.at + end + "-->".len()),
            Within::Declaration => memchr(b'>', rest).map(|end| self.at + end + 1),
            _ => self.tag_end(),
        }
    }

    /// Where the current tag ends. A quote counts only at the beginning of a value: there is none in `title=it's`.
    fn tag_end(&mut self) -> Option<usize> {
        let bytes = self.html.as_bytes();
        loop {
            if let Within::Tag(Some(quote)) = self.within {
                self.at += memchr(quote, &bytes[self.at..])? + 1;
                self.within = Within::Tag(None);
            }

            self.at += memchr3(b'>', b'"', b'\'', &bytes[self.at..])?;
            match bytes[self.at] {
                b'>' => return Some(self.at + 1),
                quote if bytes[..self.at].trim_ascii_end().ends_with(b"=") => {
                    self.within = Within::Tag(Some(quote));
                }
                _ => {}
            }
            self.at += 1;
        }
    }
}

impl<'h> Iterator for Tags<'h> {
    type Item = Tag<'h>;

    fn next(&mut self) -> Option<Tag<'h>> {
        let Some(mut tag) = self.begin() else {
            self.at = self.html.len();
            return None;
        };

        match self.end() {
            None => self.at = self.html.len(),
            Some(end) => {
                self.at = end;
                let raw = RAW.iter().find(|raw| tag.is_start() && tag.is(raw));
                self.within = raw.map_or(Within::Text, |raw| Within::Raw(raw));
            }
        }

        tag.range.end = self.at;
        tag.is_self_closing = !tag.is_end && self.html[tag.range.clone()].ends_with("/>");
        Some(tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_entity_stands_for_is_found_wherever_it_is() {
        let naive = |text: &str| {
            text.chars().fold(String::new(), |out, c| match c {
                '&' => out + "&amp;",
                '<' => out + "&lt;",
                '>' => out + "&gt;",
                '"' => out + "&quot;",
                c => out + c.encode_utf8(&mut [0; 4]),
            })
        };
        for length in 0..20 {
            for at in 0..length {
                for signs in
                    ["&", "<", ">", "\"", "!", "#", "'", "=", "\u{1}", "?\"", "&\u{1}<", "é", "\u{a6}\u{bc}"]
                {
                    let text = format!("{}{signs}{}", "x".repeat(at), "\0y".repeat(length - at));
                    assert_eq!(escape(&text), naive(&text), "{text:?}");
                }
            }
        }
    }
    /// The tags of pieces that follow one another: the text of each, those that begin an element by their names too.
    fn tags(pieces: &[&str]) -> Vec<String> {
        let mut within = Within::Text;
        let mut found = Vec::new();
        for piece in pieces {
            let mut tags = Tags::resumed(piece, within);
            found.extend(tags.by_ref().map(|tag| {
                let sign = if tag.is_end { "/" } else { "" };
                format!("{sign}{}|{}", tag.name, &piece[tag.range.clone()])
            }));
            within = tags.within();
        }
        found
    }

    #[test]
    fn tags_are_those_that_browsers_see() {
        for (html, expected) in [
            ("a <b>b</b> 1 < 2 <3", vec!["b|<b>", "/b|</b>"]),
            ("<IMG alt=\"a > b\" src='>'>x", vec!["IMG|<IMG alt=\"a > b\" src='>'>"]),
            ("<p title=it's><br/>", vec!["p|<p title=it's>", "br|<br/>"]),
            ("<my-x a = \"<b>\">", vec!["my-x|<my-x a = \"<b>\">"]),
            ("<!-- a > <b> --><!--><i>", vec!["|<!-- a > <b> -->", "|<!-->", "i|<i>"]),
            ("<!doctype html><?x?></ y><u>", vec!["|<!doctype html>", "|<?x?>", "|</ y>", "u|<u>"]),
            (
                "<script>'</b>' < <!-- </scripts></SCRIPT ><b>",
                vec!["script|<script>", "/SCRIPT|</SCRIPT >", "b|<b>"],
            ),
            ("<style><b>", vec!["style|<style>"]),
            ("<b title=\"x><i>", vec!["b|<b title=\"x><i>"]),
            ("<!-- <b>", vec!["|<!-- <b>"]),
            ("<", vec![]),
        ] {
            assert_eq!(tags(&[html]), expected, "{html}");
        }
    }

    #[test]
    fn tags_go_on_in_the_next_piece() {
        let pieces = ["<a href=\"", "\" title='", ">'", "><b>", "<!-- ", "<i> --><u>", "<xmp>", "<i></xmp>"];
        let expected = [
            "a|<a href=\"",
            "|\" title='",
            "|>'",
            "|>",
            "b|<b>",
            "|<!-- ",
            "|<i> -->",
            "u|<u>",
            "xmp|<xmp>",
            "/xmp|</xmp>",
        ];
        assert_eq!(tags(&pieces), expected);
    }
}
