//! Quotes, dashes, ellipses and narrow spaces as the language of the book sets them, in place of what keyboards have.
//!
//! [`set`] changes prose only: no code, also not between raw tags such as `<code>`, no formula, placeholder, tag or
//! address. What the author escaped, as `\"` or `&quot;`, stays. A block is read as one run of characters, because a
//! quote can begin before `*emphasis*` and end inside of it. Headings have got their ids before.

use std::sync::Arc;

use pulldown_cmark::LinkType;

use super::heading::{ChapterTitle, TitleContent};
use super::plain::{self, Purpose};
use super::tree::{Block, Inline, InlineKind};
use super::visit::for_each_text_mut;
use crate::text::Source;

/// The quotes of a language: outer and inner, each with its space inside if there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Quotes {
    outer: [&'static str; 2],
    inner: [&'static str; 2],
}

/// Languages by their tag or its first part.
const QUOTES: &[(&[&str], Quotes)] = &[
    (&["en", "pt", "nl", "tr", "id"], Quotes { outer: ["“", "”"], inner: ["‘", "’"] }),
    (&["de", "cs", "sk", "sl", "et", "is"], Quotes { outer: ["„", "“"], inner: ["‚", "‘"] }),
    (&["de-ch", "it-ch"], Quotes { outer: ["«", "»"], inner: ["‹", "›"] }),
    (&["fr"], Quotes { outer: ["«\u{202F}", "\u{202F}»"], inner: ["“", "”"] }),
    (&["es", "it", "pt-pt", "ca", "gl"], Quotes { outer: ["«", "»"], inner: ["“", "”"] }),
    (&["no", "nb", "nn", "el"], Quotes { outer: ["«", "»"], inner: ["‘", "’"] }),
    (&["ru", "uk", "be"], Quotes { outer: ["«", "»"], inner: ["„", "“"] }),
    (&["pl", "ro", "hu"], Quotes { outer: ["„", "”"], inner: ["«", "»"] }),
    (&["sv", "fi"], Quotes { outer: ["”", "”"], inner: ["’", "’"] }),
    (&["da"], Quotes { outer: ["»", "«"], inner: ["›", "‹"] }),
];

/// English words that begin with an apostrophe.
const SHORT: &[&str] = &["n", "em", "tis", "twas", "til", "cause", "bout", "round", "cuz"];

/// The quotes of a language, if they are known here.
fn quotes(language: &str) -> Option<Quotes> {
    let language = language.to_ascii_lowercase();
    let of = |tag: &str| QUOTES.iter().find(|(tags, _)| tags.contains(&tag)).map(|(_, quotes)| *quotes);
    of(&language).or_else(|| of(language.split('-').next()?))
}

/// Sets the prose of a chapter. Nothing changes in a language whose rules are not known here.
pub fn set<'a>(
    language: &str,
    source: &'a Arc<Source>,
    title: &mut ChapterTitle<'a>,
    blocks: &mut [Block<'a>],
) {
    let Some(quotes) = quotes(language) else { return };
    let rules = ProseRules::new(language, quotes);
    let set = |text: &mut Vec<Inline<'a>>| {
        let mut run = ProseRun { source: &source.text, ..ProseRun::default() };
        run.gather(text);
        let forms = rules.forms(&run.glyphs);
        write(text, &mut run.glyphs.iter().zip(forms));
    };

    // Code in a heading stays as it is, so the title as plain text is made from the heading again.
    match &mut title.content {
        TitleContent::Lifted(text) | TitleContent::OfHeading(text) if !text.is_empty() => {
            set(text);
            title.text = plain::text(text, Purpose::Name).trim().to_owned();
        }
        _ => title.text = rules.apply(&title.text),
    }

    for_each_text_mut(blocks, &mut |text| set(text));
}

/// A character of a block's text.
#[derive(Clone, Copy, Debug)]
struct Glyph {
    letter: char,
    /// Whether it stays as it is.
    is_fixed: bool,
}

impl Glyph {
    fn prose(letter: char) -> Self {
        Glyph { letter, is_fixed: false }
    }

    /// In place of something that is no text.
    fn other(letter: char) -> Self {
        Glyph { letter, is_fixed: true }
    }
}

/// What a character becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Same,
    Text(&'static str),
}

impl Form {
    fn push(self, letter: char, text: &mut String) {
        match self {
            Form::Same => text.push(letter),
            Form::Text(form) => text.push_str(form),
        }
    }
}

/// The text of a block as it is gathered.
#[derive(Default)]
struct ProseRun<'t> {
    source: &'t str,
    glyphs: Vec<Glyph>,
    /// How many raw elements that hold code are open.
    code: usize,
}

/// Raw elements whose text is code.
const CODE: &[&str] = &["code", "kbd", "pre", "samp", "script", "style", "tt", "var", "svg", "math"];

impl ProseRun<'_> {
    fn gather(&mut self, text: &[Inline<'_>]) {
        for inline in text {
            match &inline.kind {
                InlineKind::Text(text) => self.push_text(text, inline),
                InlineKind::MarkedTerm(term) => self.glyphs.extend(term.chars().map(Glyph::prose)),
                InlineKind::SoftBreak | InlineKind::HardBreak | InlineKind::TaskMarker(_) => {
                    self.glyphs.push(Glyph::other(' '));
                }
                InlineKind::Html(html) => self.pass_tag(html),
                InlineKind::Code(_) | InlineKind::Math(..) | InlineKind::Placeholder(_) => {
                    self.glyphs.push(Glyph::other('x'));
                }
                InlineKind::FootnoteReference(_) => {}
                InlineKind::Styled(_, text) | InlineKind::Image(_, text) => self.gather(text),
                InlineKind::Link(_, kind, text) => {
                    let from = self.glyphs.len();
                    self.gather(text);
                    // The text is the address.
                    if matches!(kind, LinkType::Autolink | LinkType::Email) {
                        self.fix(from);
                    }
                }
            }
        }
    }

    fn push_text(&mut self, text: &str, inline: &Inline<'_>) {
        let from = self.glyphs.len();
        self.glyphs.extend(text.chars().map(Glyph::prose));

        // What the author wrote in another way, as an entity, is meant as it is; so is what is escaped.
        let written = self.source.get(inline.span.start..inline.span.end);
        if self.code > 0 || written.is_some_and(|written| written.starts_with('&') && written != text) {
            self.fix(from);
        } else if self.source[..inline.span.start.min(self.source.len())].ends_with('\\')
            && let Some(first) = self.glyphs.get_mut(from)
        {
            first.is_fixed = true;
        }

        // Addresses that are no links.
        let mut at = from;
        for word in text.split_inclusive(char::is_whitespace) {
            let end = at + word.chars().count();
            if word.contains("://") || word.starts_with("www.") {
                self.glyphs[at..end].iter_mut().for_each(|glyph| glyph.is_fixed = true);
            }
            at = end;
        }
    }

    fn pass_tag(&mut self, html: &str) {
        let name = html.trim_start_matches(['<', '/']).split(|c: char| !c.is_ascii_alphanumeric()).next();
        if name.is_some_and(|name| CODE.iter().any(|code| name.eq_ignore_ascii_case(code))) {
            self.code = if html.starts_with("</") { self.code.saturating_sub(1) } else { self.code + 1 };
        }
    }

    fn fix(&mut self, from: usize) {
        self.glyphs[from..].iter_mut().for_each(|glyph| glyph.is_fixed = true);
    }
}

/// Writes the characters back into the texts that they came from.
fn write<'g>(text: &mut [Inline<'_>], glyphs: &mut impl Iterator<Item = (&'g Glyph, Form)>) {
    for inline in text {
        match &mut inline.kind {
            InlineKind::Text(text) => {
                if let Some(new) = formed(text, glyphs) {
                    *text = new.into();
                }
            }
            InlineKind::MarkedTerm(term) => {
                if let Some(new) = formed(term, glyphs) {
                    *term = new;
                }
            }
            InlineKind::Html(_) | InlineKind::FootnoteReference(_) => {}
            InlineKind::Styled(_, text) | InlineKind::Image(_, text) | InlineKind::Link(_, _, text) => {
                write(text, glyphs);
            }
            _ => {
                glyphs.next();
            }
        }
    }
}

/// A text with what its characters become; `None` if it stays as it is.
fn formed<'g>(text: &str, glyphs: &mut impl Iterator<Item = (&'g Glyph, Form)>) -> Option<String> {
    let mut new = String::with_capacity(text.len());
    for (glyph, form) in glyphs.take(text.chars().count()) {
        form.push(glyph.letter, &mut new);
    }
    (new != text).then_some(new)
}

/// The rules of a language.
struct ProseRules {
    quotes: Quotes,
    is_french: bool,
    is_english: bool,
}

impl ProseRules {
    fn new(language: &str, quotes: Quotes) -> Self {
        let primary = language.split('-').next().unwrap_or_default();
        let is = |tag: &str| primary.eq_ignore_ascii_case(tag);
        ProseRules { quotes, is_french: is("fr"), is_english: is("en") }
    }

    /// Sets a text that is nothing but prose.
    fn apply(&self, text: &str) -> String {
        let glyphs: Vec<Glyph> = text.chars().map(Glyph::prose).collect();
        let mut out = String::with_capacity(text.len());
        for (glyph, form) in glyphs.iter().zip(self.forms(&glyphs)) {
            form.push(glyph.letter, &mut out);
        }
        out
    }

    /// What each character becomes.
    fn forms(&self, glyphs: &[Glyph]) -> Vec<Form> {
        let mut forms = vec![Form::Same; glyphs.len()];
        let mut open = Vec::new();
        for at in 0..glyphs.len() {
            if glyphs[at].is_fixed || forms[at] != Form::Same {
                continue;
            }
            match glyphs[at].letter {
                '"' => self.double(glyphs, at, &mut open, &mut forms),
                '\'' => self.single(glyphs, at, &mut open, &mut forms),
                '-' => dashes(glyphs, at, &mut forms),
                '.' => ellipsis(glyphs, at, &mut forms),
                ' ' if self.is_french && is_narrow(glyphs, at) => forms[at] = Form::Text("\u{202F}"),
                _ => {}
            }
        }
        // A quote that nothing ends is none: the sign of an inch, or an apostrophe.
        for (at, letter) in open {
            forms[at] = if letter == '\'' { Form::Text("’") } else { Form::Same };
        }
        forms
    }

    fn double(&self, glyphs: &[Glyph], at: usize, open: &mut Vec<(usize, char)>, forms: &mut [Form]) {
        if opens(glyphs, at, open) {
            forms[at] = Form::Text(self.quotes.outer[0]);
            open.push((at, '"'));
        } else if let Some(position) = open.iter().rposition(|(_, letter)| *letter == '"') {
            forms[at] = Form::Text(self.quotes.outer[1]);
            close(open, position, forms);
        }
    }

    fn single(&self, glyphs: &[Glyph], at: usize, open: &mut Vec<(usize, char)>, forms: &mut [Form]) {
        let before = letter(glyphs, at.checked_sub(1));
        let after = letter(glyphs, Some(at + 1));
        let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);

        // Feet and minutes: 5'10.
        let is_measure =
            before.is_some_and(|c| c.is_ascii_digit()) && !after.is_some_and(char::is_alphabetic);
        let position = open.iter().rposition(|(_, letter)| *letter == '\'');
        if is_letter(before) && is_letter(after) && !is_measure {
            forms[at] = Form::Text("’");
        } else if opens(glyphs, at, open) && !self.is_short(glyphs, at) {
            forms[at] = Form::Text(self.quotes.inner[0]);
            open.push((at, '\''));
        } else if let Some(position) = position {
            forms[at] = Form::Text(self.quotes.inner[1]);
            close(open, position, forms);
        } else if !is_measure {
            forms[at] = Form::Text("’");
        }
    }

    /// Whether a word follows that begins with an apostrophe: a decade, or a short form that is known.
    fn is_short(&self, glyphs: &[Glyph], at: usize) -> bool {
        let word: String =
            glyphs[at + 1..].iter().map(|glyph| glyph.letter).take_while(|c| c.is_alphanumeric()).collect();
        let is_decade =
            word.len() == 3 && word.ends_with('s') && word[..2].bytes().all(|b| b.is_ascii_digit());
        is_decade || (self.is_english && SHORT.contains(&word.to_lowercase().as_str()))
    }
}

/// Takes a quote from those that are open, and with it what was opened inside and not closed: apostrophes.
fn close(open: &mut Vec<(usize, char)>, position: usize, forms: &mut [Form]) {
    for (at, letter) in open.drain(position..).skip(1) {
        forms[at] = if letter == '\'' { Form::Text("’") } else { Form::Same };
    }
}

fn letter(glyphs: &[Glyph], at: Option<usize>) -> Option<char> {
    glyphs.get(at?).map(|glyph| glyph.letter)
}

/// Whether a quote at this place begins something: nothing is before it that it could end.
fn opens(glyphs: &[Glyph], at: usize, open: &[(usize, char)]) -> bool {
    let before = letter(glyphs, at.checked_sub(1));
    let after = letter(glyphs, Some(at + 1));
    let is_free = match before {
        Some('"' | '\'' | '’') if follows_elision(glyphs, at) => true,
        Some('"' | '\'') => open.last().is_some_and(|(last, _)| last + 1 == at),
        Some(c) => c.is_whitespace() || "([{-–—/«“‘„‚=¿¡".contains(c),
        None => true,
    };
    is_free && after.is_some_and(|c| !c.is_whitespace())
}

/// Whether a double quote is between an article that has lost its vowel and a word: `l'"école"`.
fn follows_elision(glyphs: &[Glyph], at: usize) -> bool {
    let is = |at: Option<usize>, test: fn(char) -> bool| letter(glyphs, at).is_some_and(test);
    glyphs[at].letter == '"'
        && is(at.checked_sub(1), |c| "'’".contains(c))
        && is(at.checked_sub(2), char::is_alphabetic)
        && is(Some(at + 1), char::is_alphanumeric)
}

/// Two or three hyphens between words, or with a space on both sides. An option such as `--debug` has none after it.
fn dashes(glyphs: &[Glyph], at: usize, forms: &mut [Form]) {
    let length = glyphs[at..].iter().take_while(|glyph| glyph.letter == '-' && !glyph.is_fixed).count();
    let before = letter(glyphs, at.checked_sub(1));
    let after = letter(glyphs, Some(at + length));
    let is_space = |c: Option<char>| c.is_none_or(char::is_whitespace);

    let dash = match length {
        2 => "–",
        3 => "—",
        _ => "",
    };
    let is_dash =
        !dash.is_empty() && before.is_some() && before != Some('-') && is_space(before) == is_space(after);
    for (offset, form) in forms[at..at + length].iter_mut().enumerate() {
        *form = if !is_dash { Form::Text("-") } else { Form::Text(if offset == 0 { dash } else { "" }) };
    }
}

/// Three full stops that are no path, as `./...` is one.
fn ellipsis(glyphs: &[Glyph], at: usize, forms: &mut [Form]) {
    let length = glyphs[at..].iter().take_while(|glyph| glyph.letter == '.' && !glyph.is_fixed).count();
    let sides = [letter(glyphs, at.checked_sub(1)), letter(glyphs, Some(at + length))];
    let is_ellipsis = length == 3 && !sides.iter().flatten().any(|c| "/\\".contains(*c));
    for (offset, form) in forms[at..at + length].iter_mut().enumerate() {
        *form = if !is_ellipsis { Form::Text(".") } else { Form::Text(if offset == 0 { "…" } else { "" }) };
    }
}

/// Whether a space is before a sign, or after a quote, that French sets apart by a narrow one.
fn is_narrow(glyphs: &[Glyph], at: usize) -> bool {
    let is_before = letter(glyphs, Some(at + 1)).is_some_and(|c| ";:!?»".contains(c));
    let follows_word = letter(glyphs, at.checked_sub(1)).is_some_and(|c| !c.is_whitespace());
    (is_before && follows_word) || letter(glyphs, at.checked_sub(1)) == Some('«')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typeset(language: &str, text: &str) -> String {
        let quotes = quotes(language).expect("a known language");
        ProseRules::new(language, quotes).apply(text)
    }

    #[test]
    fn each_language_has_its_quotes() {
        for (language, text, expected) in [
            ("en", "\"It's 'so',\" he said.", "“It’s ‘so’,” he said."),
            ("en-GB", "'Who said \"no\"?'", "‘Who said “no”?’"),
            ("de", "\"Das ist 'so'\", sagt er.", "„Das ist ‚so‘“, sagt er."),
            ("de-CH", "\"so\"", "«so»"),
            (
                "fr",
                "\"Pourquoi ?\" dit-elle ; l'eau",
                "«\u{202F}Pourquoi\u{202F}?\u{202F}» dit-elle\u{202F}; l’eau",
            ),
            ("fr", "« Oui » : 12:30 http: //", "«\u{202F}Oui\u{202F}»\u{202F}: 12:30 http: //"),
            ("fr", "l'\"eau\"", "l’«\u{202F}eau\u{202F}»"),
            ("it", "dell’\"acqua\", l'\"'io'\"", "dell’«acqua», l’\"’io’\""),
            ("FR", "\"Oui ?\"", "«\u{202F}Oui\u{202F}?\u{202F}»"),
            ("es", "\"sí\" (\"no\") ¿\"qué\"?", "«sí» («no») ¿«qué»?"),
        ] {
            assert_eq!(typeset(language, text), expected, "{text}");
        }
        assert_eq!(quotes("ja"), None);
    }

    #[test]
    fn an_apostrophe_is_no_quote() {
        for (text, expected) in [
            ("it's the '90s, rock 'n' roll", "it’s the ’90s, rock ’n’ roll"),
            ("the authors' 'own' words", "the authors’ ‘own’ words"),
            ("5'10\" tall, 6\" wide", "5'10\" tall, 6\" wide"),
            ("'twas so, 'til now", "’twas so, ’til now"),
            ("\"open 'and\" so", "“open ’and” so"),
        ] {
            assert_eq!(typeset("en", text), expected, "{text}");
        }
    }

    #[test]
    fn dashes_are_between_words() {
        for (text, expected) in [
            ("a -- b, 1--2, a---b", "a – b, 1–2, a—b"),
            ("use --debug or -- ; a----b", "use --debug or – ; a----b"),
            ("wait... ./... a.b.. ....", "wait… ./... a.b.. ...."),
        ] {
            assert_eq!(typeset("en", text), expected, "{text}");
        }
    }
}
