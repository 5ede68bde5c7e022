//! A chapter as Pagefind is given it: its text with its headings, without the page around it and without colours.
//!
//! Pagefind splits words at white space only, so words that signs join are parted here; the script that shows what was
//! found puts them together again.

use std::borrow::Cow;
use std::sync::Arc;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::letters::{self, Spelling};
use crate::text::html::{escape, escape_into};
use crate::write::{Document, Hole, Markup, SegmentKind};

/// A chapter that is searched.
#[derive(Clone, Debug, Hash)]
pub struct Page {
    /// The page's address.
    pub address: String,
    /// The part it is in.
    pub part: Option<String>,
    /// The text.
    pub document: Arc<Document>,
}

impl Page {
    /// The text as Pagefind reads it.
    pub(super) fn html(&self) -> String {
        let mut html = String::with_capacity(self.document.source.text.len() * 3 / 2);
        html.push_str("<html><body>");
        if let Some(part) = &self.part {
            html.push_str("<p data-pagefind-meta=part data-pagefind-ignore>");
            escape_into(&mut html, part);
            html.push_str("</p>");
        }
        html.push_str("<h1 data-pagefind-meta=title data-pagefind-ignore>");
        part_text(&mut html, &escape(&self.document.title.text));
        html.push_str("</h1>");
        push_text(&mut html, &self.document.text);
        html.push_str("</body></html>");
        html
    }
}

/// Appends a chapter's text as HTML, without what only matters on the page.
fn push_text(out: &mut String, markup: &Markup) {
    let mut holes = markup.holes.iter();
    let mut written = 0;
    for segment in &markup.segments {
        let start = segment.start as usize;
        out.push_str(&markup.html[written..start]);
        written = start;
        match segment.kind {
            SegmentKind::Prose(length) | SegmentKind::Text(length) | SegmentKind::Term(length) => {
                written += length as usize;
                part_text(out, &markup.html[start..written]);
            }
            SegmentKind::Hole => holes.next().into_iter().for_each(|hole| push_hole(out, hole)),
            SegmentKind::Level | SegmentKind::Id | SegmentKind::Address(_) | SegmentKind::Loading(_) => {}
            SegmentKind::Url(_) | SegmentKind::Href(_) => {}
        }
    }
    out.push_str(&markup.html[written..]);
}

/// Appends what fills a hole, as far as it is searched.
fn push_hole(out: &mut String, hole: &Hole) {
    match hole {
        Hole::Math(formula) => part_text(out, &escape(&formula.latex)),
        Hole::Diagram(drawing) => {
            for text in drawing.description.iter().chain([&drawing.text]) {
                part_text(out, &escape(text));
                out.push(' ');
            }
        }
        Hole::Code(block) => {
            out.push_str("<pre>");
            for text in block.title.iter().chain(&block.tab).chain([&block.text]) {
                part_text(out, &escape(text));
                out.push('\n');
            }
            out.push_str("</pre>");
        }
        Hole::Wording(_) | Hole::Number(_) | Hole::Reference(_) => {}
    }
}

/// What separates two words: a space after a character without width, so that the script can find it and take it out
/// of what readers see.
const PARTING: &str = "\u{2060} ";

/// Appends escaped text, and separates words that punctuation joins, as in `/etc/ssh/sshd_config` or `std::fs::read`,
/// and those that an elision joins: Pagefind splits words at white space only. Accents are part of their letters, and
/// letters are as they are typed, with the signs after the word that say which they are.
fn part_text(out: &mut String, text: &str) {
    let text: Cow<'_, str> = if is_nfc(text) { text.into() } else { text.nfc().collect::<String>().into() };
    let mut signs = String::new();
    let (mut before, mut earlier) = (' ', ' ');
    for (at, c) in text.char_indices() {
        let is_word = c.is_alphanumeric() || c == '_';
        let is_elided = matches!(before, '\'' | '’') && earlier.is_alphanumeric() && elides(&text[at..]);
        if is_word && (joins(before) || is_elided) {
            out.push_str(PARTING);
        }

        if !is_word {
            out.push_str(&std::mem::take(&mut signs));
        }
        match letters::spelling(c) {
            Some(Spelling { typed, sign }) => {
                out.push_str(typed);
                signs.push(sign);
            }
            None => {
                out.push(c);
                signs.extend((is_word && !signs.is_empty()).then_some(letters::SELF));
            }
        }
        (earlier, before) = (before, c);
    }
    out.push_str(&signs);
}

/// Whether an apostrophe before a text parts two words, as in `l’harmonie`: what follows in `don’t` or `we’re` is
/// shorter.
fn elides(text: &str) -> bool {
    text.chars().take_while(|c| c.is_alphanumeric()).take(3).count() == 3
}

/// Whether a character joins words that readers search for one by one. Hyphens are parts of words;
/// `&` begins a character reference.
fn joins(sign: char) -> bool {
    sign.is_ascii_punctuation() && !matches!(sign, '-' | '_' | '\'' | '&' | '#' | '>')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_as_they_are_typed() {
        let part = |text: &str| {
            let mut out = String::new();
            part_text(&mut out, text);
            out.replace('\u{2062}', "1").replace('\u{2064}', "2").replace('\u{2063}', "0")
        };
        assert_eq!(part("die Straße, große"), "die Strasse10, grosse10");
        assert_eq!(part("Æbler på søen"), "Aebler10000 på soen100");
        assert_eq!(part("Łódź, cœur, faðir"), "Lódź1000, coeur100, fadir200");
        assert_eq!(part("e\u{301}te\u{301} l’e\u{301}quilibre"), part("été l’équilibre"));
    }

    #[test]
    fn words_that_signs_join_are_parted() {
        let part = |text: &str| {
            let mut out = String::new();
            part_text(&mut out, text);
            out.replace(PARTING, "|")
        };
        assert_eq!(part("see /etc/ssh/sshd_config.d, I don't"), "see /|etc/|ssh/|sshd_config.|d, I don't");
        assert_eq!(part("std::fs::read(path)? x=1"), "std::|fs::|read(|path)? x=|1");
        assert_eq!(part("c&lt;ssh-copy-id&gt;"), "c&lt;|ssh-copy-id&gt;");
        assert_eq!(part("&amp;x &#39;y"), "&amp;|x &#39;|y");
        assert_eq!(part("l’harmonie, d'Apache, dell’albero"), "l’|harmonie, d'|Apache, dell’|albero");
        assert_eq!(part("we’re 'here’s’ one"), "we’re 'here’s’ one");
    }
}
