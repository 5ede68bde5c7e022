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
    /// Where the first one stands.
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
    /// and strong emphasis", rules 1 to 8).
    pub fn flank(&mut self, before: char, after: char) {
        self.count = self.length;
        let left = !after.is_whitespace()
            && (!is_punctuation(after) || before.is_whitespace() || is_punctuation(before));
        let right = !before.is_whitespace()
            && (!is_punctuation(before) || after.is_whitespace() || is_punctuation(after));
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

    /// Whether what is left of the run can still pair.
    fn is_used_up(&self) -> bool {
        self.count < if self.character == b'=' { 2 } else { 1 }
    }
}

/// Builds the inline content that tokens are when they are [paired](pair).
pub fn build<'a>(tokens: Vec<InlineToken<'a>>) -> Text<'a> {
    let mut text = Vec::with_capacity(tokens.len());
    // The elements that are open: what they are, where they begin in the chapter, and the text before them.
    let mut open: Vec<(Style, usize, Text<'a>)> = Vec::new();
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
            let Some((style, start, before)) = open.pop() else { continue };
            let inside = std::mem::replace(&mut text, before);
            text.push(Inline::new(InlineKind::Styled(style, inside), Span::new(start, span.end)));
        }
        if delimiter.count > 0 {
            let rest = char::from(delimiter.character).to_string().repeat(delimiter.count);
            text.push(Inline::new(InlineKind::Text(rest.into()), span));
        }
        for style in delimiter.begins.iter().rev() {
            open.push((*style, span.start, std::mem::take(&mut text)));
        }
    }
    text
}

/// The specification's delimiter algorithm over the runs among the tokens.
pub fn pair(tokens: &mut [InlineToken<'_>]) {
    let mut stack: Vec<&mut Delimiter> = tokens
        .iter_mut()
        .filter_map(|token| match token {
            InlineToken::Delimiter(delimiter) => Some(delimiter),
            InlineToken::Other(_) => None,
        })
        .collect();
    let total = stack.len();
    // A doubly linked list in two arrays; `total` stands for "none" on both sides.
    let mut before: Vec<usize> = (0..total).map(|at| at.checked_sub(1).unwrap_or(total)).collect();
    let mut after: Vec<usize> = (1..=total).collect();
    // For each kind of closer, the run below which no opener is left.
    let mut bottoms = HashMap::new();
    let mut closer = 0;
    while closer < total {
        if !stack[closer].closes {
            closer = after[closer];
            continue;
        }
        let kind = (
            stack[closer].character,
            stack[closer].opens,
            stack[closer].length % 3,
            stack[closer].count.min(3),
        );
        let bottom = bottoms.get(&kind).copied();
        let mut opener = before[closer];
        let mut found = None;
        while opener != total && bottom.is_none_or(|bottom| opener > bottom) {
            if let Some(style) = Delimiter::style(stack[opener], stack[closer]) {
                found = Some(style);
                break;
            }
            opener = before[opener];
        }
        let Some(style) = found else {
            if before[closer] != total {
                bottoms.insert(kind, before[closer]);
            }
            let next = after[closer];
            if !stack[closer].opens {
                unlink(closer, &mut before, &mut after);
            }
            closer = next;
            continue;
        };
        let cost = stack[opener].cost(style);
        stack[opener].count -= cost;
        stack[opener].begins.push(style);
        stack[closer].count -= cost;
        stack[closer].ends.push(style);
        // Nothing between them can pair any more.
        after[opener] = closer;
        before[closer] = opener;
        if stack[opener].is_used_up() {
            unlink(opener, &mut before, &mut after);
        }
        if stack[closer].is_used_up() {
            let next = after[closer];
            unlink(closer, &mut before, &mut after);
            closer = next;
        }
    }
}

fn unlink(at: usize, before: &mut [usize], after: &mut [usize]) {
    let (left, right) = (before[at], after[at]);
    if left < after.len() {
        after[left] = right;
    }
    if right < before.len() {
        before[right] = left;
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
