//! The delimiter algorithm of the specification, with `==` as one more pair.

use std::collections::HashMap;

use crate::parse::tree::{Inline, InlineKind, Style, Text};
use crate::text::Span;
use crate::text::slug::is_word;

/// A run of one delimiter character.
#[derive(Debug, Default)]
pub struct Delimiter {
    /// The character.
    pub character: u8,
    /// How many of its characters are not yet used.
    count: usize,
    /// How many there were.
    pub length: usize,
    /// Where the first one is.
    pub start: usize,
    opens: bool,
    closes: bool,
    /// The elements that end here, the innermost first.
    ends: Vec<Style>,
    /// The elements that begin here, the innermost first.
    begins: Vec<Style>,
}

/// A piece of inline content.
#[derive(Debug)]
pub enum InlineToken<'a> {
    /// What cannot be one.
    Other(Inline<'a>),
    /// Delimiters.
    Delimiter(Delimiter),
}

impl Delimiter {
    /// A run of this length at a place of the text.
    pub fn new(character: u8, length: usize, start: usize) -> Self {
        Delimiter { character, length, start, ..Delimiter::default() }
    }

    /// Decides whether the run can open and close, by the characters around it (CommonMark, "Emphasis
    /// and strong emphasis", rules 1 to 8, and [`continues`]).
    pub fn flank(&mut self, before: char, after: char) {
        self.count = self.length;

        let is_edge = |inner: char, outer: char| {
            !inner.is_whitespace()
                && (!is_punctuation(inner)
                    || outer.is_whitespace()
                    || is_punctuation(outer)
                    || self.character != b'_' && continues(inner, outer, self.length))
        };
        let (left, right) = (is_edge(after, before), is_edge(before, after));

        (self.opens, self.closes) = match self.character {
            b'_' => (left && (!right || is_punctuation(before)), right && (!left || is_punctuation(after))),
            b'~' if self.length > 2 => (false, false),
            b'=' if self.length < 2 => (false, false),
            _ => (left, right),
        };
    }

    /// What an opener and a closer make of their remaining characters, if they match.
    fn style(opener: &Delimiter, closer: &Delimiter) -> Option<Style> {
        if opener.character != closer.character || !opener.opens {
            return None;
        }

        let (a, b) = (opener.count, closer.count);
        match closer.character {
            b'=' => (a >= 2 && b >= 2).then_some(Style::Mark),
            b'~' => (a == b).then_some(Style::Strikethrough),
            _ => {
                let both_ways = opener.closes || closer.opens;
                let (a0, b0) = (opener.length, closer.length);
                if both_ways && (a0 + b0) % 3 == 0 && (a0 % 3 != 0 || b0 % 3 != 0) {
                    return None;
                }
                Some(if a >= 2 && b >= 2 { Style::Strong } else { Style::Emphasis })
            }
        }
    }

    /// How many characters of a run an element takes.
    fn cost(&self, style: Style) -> usize {
        match style {
            Style::Emphasis => 1,
            Style::Strikethrough => self.count,
            Style::Strong | Style::Mark => 2,
        }
    }

    /// What of the run decides which openers it can pair with.
    fn kind(&self) -> (u8, bool, usize, usize) {
        (self.character, self.opens, self.length % 3, self.count.min(3))
    }

    /// Whether what is left of the run can pair no more.
    fn is_used_up(&self) -> bool {
        self.count < if self.character == b'=' { 2 } else { 1 }
    }
}

/// Whether a run between punctuation inside and a character outside is the edge of emphasis in Chinese, Japanese and
/// Korean, as in `**注意：**正文`. CommonMark's rule takes the spaces around words for granted, which these do not have. The
/// sign outside of a single `*` must be of them, too: `2*（3+4）*5` is a product.
fn continues(inner: char, outer: char, length: usize) -> bool {
    is_east_asian(outer) || length > 1 && is_east_asian(inner)
}

/// Whether a run of `*` or `~` between two characters is one that CommonMark's rule and [`continues`] may see differently.
pub fn is_in_east_asian_text(before: char, after: char) -> bool {
    let is_punctuated = is_punctuation(before) || is_punctuation(after);
    is_punctuated && (is_east_asian(before) || is_east_asian(after))
}

/// Whether a character is a letter or a punctuation mark of Chinese, Japanese or Korean.
fn is_east_asian(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x11FF | 0x2E80..=0x9FFF | 0xA960..=0xA97F | 0xAC00..=0xD7FF | 0xF900..=0xFAFF
        | 0xFE30..=0xFE4F | 0xFF01..=0xFFEF | 0x20000..=0x3FFFF)
}

/// Builds the inline content that tokens are when they are [paired](pair). What would be nested more than `most` levels
/// deep is left out, and what is in it put there; its place is added to `too_deep`.
pub fn build<'a>(tokens: Vec<InlineToken<'a>>, most: usize, too_deep: &mut Option<Span>) -> Text<'a> {
    let mut text = Vec::with_capacity(tokens.len());
    // The elements that are open: what they are, where they begin in the chapter, and the text before them; none for
    // those that are left out.
    let mut open: Vec<Option<(Style, usize, Text<'a>)>> = Vec::new();
    for token in tokens {
        let delimiter = match token {
            InlineToken::Other(inline) => {
                text.push(inline);
                continue;
            }
            InlineToken::Delimiter(delimiter) => delimiter,
        };
        let span = Span::new(delimiter.start, delimiter.start + delimiter.length);

        for _ in &delimiter.ends {
            let Some((style, start, before)) = open.pop().flatten() else { continue };
            let inside = std::mem::replace(&mut text, before);
            text.push(Inline::new(InlineKind::Styled(style, inside), Span::new(start, span.end)));
        }
        if delimiter.count > 0 {
            let rest = char::from(delimiter.character).to_string().repeat(delimiter.count);
            text.push(Inline::new(InlineKind::Text(rest.into()), span));
        }
        for style in delimiter.begins.iter().rev() {
            if open.len() < most {
                open.push(Some((*style, span.start, std::mem::take(&mut text))));
            } else {
                too_deep.get_or_insert(span);
                open.push(None);
            }
        }
    }
    text
}

/// Pairs the runs among the tokens, by the specification's delimiter algorithm.
pub fn pair(tokens: &mut [InlineToken<'_>]) {
    let mut runs: Vec<&mut Delimiter> = tokens
        .iter_mut()
        .filter_map(|token| match token {
            InlineToken::Delimiter(delimiter) => Some(delimiter),
            InlineToken::Other(_) => None,
        })
        .collect();
    let mut remaining = RemainingRuns::all(runs.len());

    // For each kind of closer, the run below which no opener is left.
    let mut bottoms = HashMap::new();
    let mut next = Some(0).filter(|_| !runs.is_empty());
    while let Some(closer) = next {
        next = remaining.after(closer);
        if !runs[closer].closes {
            continue;
        }

        let kind = runs[closer].kind();
        let Some((opener, style)) = opener(&runs, &remaining, closer, bottoms.get(&kind).copied()) else {
            if let Some(before) = remaining.before(closer) {
                bottoms.insert(kind, before);
            }
            if !runs[closer].opens {
                remaining.remove(closer);
            }
            continue;
        };

        let cost = runs[opener].cost(style);
        runs[opener].count -= cost;
        runs[opener].begins.push(style);
        runs[closer].count -= cost;
        runs[closer].ends.push(style);

        // Nothing between them can pair any more.
        remaining.join(opener, closer);
        if runs[opener].is_used_up() {
            remaining.remove(opener);
        }
        if runs[closer].is_used_up() {
            remaining.remove(closer);
        } else {
            next = Some(closer);
        }
    }
}

/// The nearest run that the closer can pair with, and what they make; none is looked for at or below `bottom`.
fn opener(
    runs: &[&mut Delimiter],
    remaining: &RemainingRuns,
    closer: usize,
    bottom: Option<usize>,
) -> Option<(usize, Style)> {
    let mut opener = remaining.before(closer);
    while let Some(at) = opener.filter(|at| bottom.is_none_or(|bottom| *at > bottom)) {
        if let Some(style) = Delimiter::style(runs[at], runs[closer]) {
            return Some((at, style));
        }
        opener = remaining.before(at);
    }
    None
}

/// The runs that can still pair, as a doubly linked list in two arrays. The number of all runs means "none".
struct RemainingRuns {
    before: Vec<usize>,
    after: Vec<usize>,
}

impl RemainingRuns {
    fn all(count: usize) -> Self {
        let before = (0..count).map(|at| at.checked_sub(1).unwrap_or(count)).collect();
        RemainingRuns { before, after: (1..=count).collect() }
    }

    fn before(&self, at: usize) -> Option<usize> {
        Some(self.before[at]).filter(|before| *before < self.before.len())
    }

    fn after(&self, at: usize) -> Option<usize> {
        Some(self.after[at]).filter(|after| *after < self.after.len())
    }

    /// Makes two runs neighbours: those between them go.
    fn join(&mut self, opener: usize, closer: usize) {
        self.after[opener] = closer;
        self.before[closer] = opener;
    }

    fn remove(&mut self, at: usize) {
        let (before, after) = (self.before[at], self.after[at]);
        if before < self.after.len() {
            self.after[before] = after;
        }
        if after < self.before.len() {
            self.before[after] = before;
        }
    }
}

/// Unicode punctuation and symbols, as CommonMark counts them (general categories P and S).
fn is_punctuation(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_punctuation();
    }
    // Letters, digits, marks and spaces are not; of what is left beyond ASCII, nearly all is.
    !is_word(c) && !c.is_numeric() && !c.is_whitespace() && !c.is_control()
}
