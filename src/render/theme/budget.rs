//! What the templates of a book may cost: loops in loops, includes that double and values that double come to an end.
//!
//! The template engine runs a template for as long as it takes. So the templates of a book are given to it with calls
//! of [`BOUNDED`] wherever work can multiply: around what a loop goes through and what a variable is set to, and
//! behind each tag that stands for more template. What passes there is counted, and a page that has spent its steps
//! ends. What a page says is the same with the calls as without, and [`Counted::written_at`] leads a fault
//! back to what the author wrote. The embedded theme needs none: it does only what a book gives it to do.

use std::cell::Cell;

use tera::{Kwargs, State, TeraResult, Value};

/// The function and the filter that count.
pub const BOUNDED: &str = "bounded";

/// How many steps the templates of one page can take: rounds of loops, tags that stand for more, items of lists, and
/// [`TEXT_STEP`] bytes of text each. The engine takes a tenth of a second for most of them, and seconds for components.
const BUDGET: usize = 4_000_000;

/// So many bytes of a text are one step.
const TEXT_STEP: usize = 64;

thread_local! {
    /// The steps of the page that this thread renders.
    static SPENT: Cell<usize> = const { Cell::new(0) };
}

/// Begins a page, which has spent nothing.
pub fn begin() {
    SPENT.set(0);
}

/// Counts steps.
///
/// # Errors
/// If the page has no more of them.
fn spend(steps: usize) -> TeraResult<()> {
    let spent = SPENT.get().saturating_add(steps);
    SPENT.set(spent);
    if spent <= BUDGET {
        return Ok(());
    }
    Err(tera::Error::message(format!("this goes on for more than {BUDGET} steps in one page")))
}

/// The function `bounded(of=…)`, which gives back what it was given.
///
/// # Errors
/// If the page has no more steps.
pub fn function(arguments: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    bounded(arguments.get::<Value>("of")?.unwrap_or_else(Value::undefined))
}

/// The filter, which does the same.
///
/// # Errors
/// If the page has no more steps.
pub fn filter(value: Value, _: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    bounded(value)
}

fn bounded(value: Value) -> TeraResult<Value> {
    let size = match value.as_str() {
        Some(text) => text.len() / TEXT_STEP,
        None => value.len().unwrap_or_default(),
    };
    spend(size + 1)?;
    Ok(value)
}

/// A template with its calls.
#[derive(Debug)]
pub struct Counted {
    /// What the engine gets.
    pub text: String,
    /// What was put in, in order.
    added: Vec<Added>,
    /// The templates that this one extends or includes, and where.
    pub named: Vec<(String, usize)>,
}

/// A piece that was put into a template.
#[derive(Debug)]
struct Added {
    /// Where, in the author's text.
    at: usize,
    text: String,
    /// Where the author looks for a fault of it.
    shown_at: usize,
}

impl Counted {
    /// Puts the calls into a template. One that cannot be read to its end is left as it is from there on: the engine
    /// will say why.
    pub fn new(template: &str) -> Self {
        let mut tags = TemplateTags { template, at: 0 };
        let mut added = Vec::new();
        let mut named = Vec::new();
        while let Some(tag) = tags.next_tag() {
            tag.count(&mut added);
            named.extend(tag.named());
        }
        added.sort_by_key(|piece| piece.at);
        let mut text = String::with_capacity(template.len() + 32 * added.len());
        let mut done = 0;
        for piece in &added {
            text += &template[done..piece.at];
            text += &piece.text;
            done = piece.at;
        }
        text += &template[done..];
        Counted { text, added, named }
    }

    /// Where the author wrote what is at an offset of [`Counted::text`].
    pub fn written_at(&self, offset: usize) -> usize {
        let mut before = 0;
        for piece in &self.added {
            let start = piece.at + before;
            if offset < start {
                break;
            }
            if offset < start + piece.text.len() {
                return piece.shown_at;
            }
            before += piece.text.len();
        }
        offset - before
    }
}

/// A tag or an expression of a template, in tokens.
struct TemplateTag<'t> {
    tokens: Vec<TemplateToken<'t>>,
    /// Whether it is a tag.
    is_tag: bool,
    /// Whether it takes the white space behind it.
    trims: bool,
    /// Where it ends.
    end: usize,
}

/// A token: a word, a sign, or a string. Of a string only the place matters.
struct TemplateToken<'t> {
    text: &'t str,
    at: usize,
}

impl TemplateToken<'_> {
    fn end(&self) -> usize {
        self.at + self.text.len()
    }
}

impl TemplateTag<'_> {
    /// Puts calls into this tag and behind it.
    fn count(&self, added: &mut Vec<Added>) {
        let word = |at: usize| self.tokens.get(at).map(|token| token.text);
        for (at, token) in self.tokens.iter().enumerate() {
            if token.text == "for" {
                let names = if word(at + 2) == Some(",") { 3 } else { 1 };
                if word(at + names + 1) == Some("in") {
                    let first = at + names + 2;
                    wrap(&self.tokens[first..self.end_of_loop(first, self.is_tag && at == 0)], added);
                }
            }
        }
        match word(0).filter(|_| self.is_tag) {
            Some("set" | "set_global") if word(2) == Some("=") => wrap(&self.tokens[3..], added),
            Some("set" | "set_global") => {
                if let Some(last) = self.tokens.last() {
                    added.push(Added {
                        at: last.end(),
                        text: format!(" | {BOUNDED}"),
                        shown_at: self.tokens[0].at,
                    });
                }
            }
            Some("include" | "block" | "component") => added.push(Added {
                at: self.end,
                text: format!("{{% if {BOUNDED}(of=0) %}}{{% endif {}%}}", if self.trims { "-" } else { "" }),
                shown_at: self.tokens[0].at,
            }),
            _ => {}
        }
    }

    /// The template that the tag extends or includes.
    fn named(&self) -> Option<(String, usize)> {
        match &self.tokens[..] {
            [tag, name, ..] if self.is_tag && matches!(tag.text, "extends" | "include") => {
                Some((name.text.trim_matches(['"', '\'', '`']).to_owned(), name.at))
            }
            _ => None,
        }
    }

    /// Where what a loop goes through ends: in a list that is written as a loop, before its `if` or its bracket.
    fn end_of_loop(&self, first: usize, is_tag: bool) -> usize {
        let mut depth = 0_usize;
        for (at, token) in self.tokens.iter().enumerate().skip(first) {
            match token.text {
                "(" | "[" | "{" | "?[" => depth += 1,
                ")" | "]" | "}" if depth > 0 => depth -= 1,
                "]" | "if" if depth == 0 && !is_tag => return at,
                _ => {}
            }
        }
        self.tokens.len()
    }
}

/// Puts a call around tokens.
fn wrap(tokens: &[TemplateToken<'_>], added: &mut Vec<Added>) {
    if let [first, ..] = tokens
        && let [.., last] = tokens
    {
        let shown_at = first.at;
        added.push(Added { at: first.at, text: format!("{BOUNDED}(of="), shown_at });
        added.push(Added { at: last.end(), text: ")".to_owned(), shown_at });
    }
}

/// The tags and expressions of a template, by the rules of the engine's own lexer.
struct TemplateTags<'t> {
    template: &'t str,
    at: usize,
}

impl<'t> TemplateTags<'t> {
    fn rest(&self) -> &'t str {
        &self.template[self.at..]
    }

    fn next_tag(&mut self) -> Option<TemplateTag<'t>> {
        loop {
            let start =
                self.rest().as_bytes().windows(2).position(|sign| matches!(sign, b"{{" | b"{%" | b"{#"))?;
            self.at += start;
            let is_tag = self.rest().starts_with("{%");
            if self.rest().starts_with("{#") {
                self.at += self.rest().find("#}")? + 2;
            } else if let Some(length) = bare_tag(self.rest(), "raw") {
                self.at += length;
                while bare_tag(self.rest(), "endraw").is_none() {
                    self.at += 1 + self.rest().get(1..)?.find("{%")?;
                }
            } else {
                self.at += if self.rest()[2..].starts_with('-') { 3 } else { 2 };
                return self.tokens(is_tag);
            }
        }
    }

    fn tokens(&mut self, is_tag: bool) -> Option<TemplateTag<'t>> {
        let end = if is_tag { "%}" } else { "}}" };
        let mut tokens = Vec::new();
        loop {
            self.at += self.rest().len() - self.rest().trim_ascii_start().len();
            let rest = self.rest();
            let trims = rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(end));
            if trims || rest.starts_with(end) {
                self.at += end.len() + usize::from(trims);
                return Some(TemplateTag { tokens, is_tag, trims, end: self.at });
            }
            let text = &rest[..token_length(rest)?];
            tokens.push(TemplateToken { text, at: self.at });
            self.at += text.len();
        }
    }
}

/// The length of a tag of one word.
fn bare_tag(text: &str, name: &str) -> Option<usize> {
    let rest = text.strip_prefix("{%")?;
    let rest =
        rest.strip_prefix('-').unwrap_or(rest).trim_ascii_start().strip_prefix(name)?.trim_ascii_start();
    let rest = rest.strip_prefix('-').unwrap_or(rest).strip_prefix("%}")?;
    Some(text.len() - rest.len())
}

/// The length of the token that a text begins with.
fn token_length(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    match first {
        '"' | '\'' | '`' => {
            let mut is_escaped = false;
            let inside = text[1..].find(|letter| {
                let ends = letter == first && !is_escaped;
                is_escaped = letter == '\\' && !is_escaped;
                ends
            })?;
            Some(inside + 2)
        }
        '_' | 'a'..='z' | 'A'..='Z' => {
            let is_other = |letter: char| letter != '_' && !letter.is_ascii_alphanumeric();
            Some(text.find(is_other).unwrap_or(text.len()))
        }
        _ if ["==", "!=", ">=", "<=", "?["].iter().any(|sign| text.starts_with(sign)) => Some(2),
        _ => Some(first.len_utf8()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The template with its calls, `bounded` written short.
    fn counted(template: &str) -> String {
        Counted::new(template).text.replace(BOUNDED, "§")
    }

    #[test]
    fn calls_stand_wherever_work_can_multiply() {
        for (template, expected) in [
            ("{% for a in x.y -%} {{ a }}{% endfor %}", "{% for a in §(of=x.y) -%} {{ a }}{% endfor %}"),
            ("{%- for k, v in x if y else z %}", "{%- for k, v in §(of=x if y else z) %}"),
            (
                "{{ [a ~ \"]\" for a in x[0] if a] | join }}",
                "{{ [a ~ \"]\" for a in §(of=x[0]) if a] | join }}",
            ),
            (
                "{{ f(of=[a for a in [b for b in [1, 2]]]) }}",
                "{{ f(of=[a for a in §(of=[b for b in §(of=[1, 2])])]) }}",
            ),
            ("{% set x = x ~ 'a%}' %}", "{% set x = §(of=x ~ 'a%}') %}"),
            ("{% set_global x|upper %}a{% endset %}", "{% set_global x|upper | § %}a{% endset %}"),
            ("{% include \"a\" -%} b", "{% include \"a\" -%}{% if §(of=0) %}{% endif -%} b"),
            ("{% block a %} b", "{% block a %}{% if §(of=0) %}{% endif %} b"),
            ("{{ loop.for in x }}", "{{ loop.for in x }}"),
            (
                "{# {% set x = 1 %} #}{% raw %}{% set x = 1 %}{%- endraw -%}",
                "{# {% set x = 1 %} #}{% raw %}{% set x = 1 %}{%- endraw -%}",
            ),
            ("{% set x = \"unclosed", "{% set x = \"unclosed"),
        ] {
            assert_eq!(counted(template), expected);
        }
    }

    #[test]
    fn faults_lead_back_to_what_was_written() {
        let template = "é {% set a = X %}{% include \"Y\" %}{% for d in Z %}";
        let counted = Counted::new(template);
        let in_both = |piece: &str| (counted.text.rfind(piece), template.rfind(piece));
        for piece in ["é", "X", "%}{% include", "Y", "{% for", "Z", " %}"] {
            let (there, here) = in_both(piece);
            assert_eq!(there.map(|there| counted.written_at(there)), here, "{piece}");
        }
        let call = counted.text.rfind(BOUNDED).map(|call| counted.written_at(call));
        assert_eq!(call, template.rfind('Z'), "a call leads to what it is around");
    }
}
