//! Placeholders: values that readers fill in, as `book.yaml` declares them.
//!
//! Scripts check the values in the reader's browser. So a `pattern` is a JavaScript regular expression; it is read
//! here by the same rules, and the author's own values are checked against it.

use regress::Regex;
use serde::{Deserialize, Serialize};

use crate::text::yaml::{YamlReader, YamlTable};

/// A placeholder. Scripts get it in its serialized form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Placeholder {
    /// The name that readers see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// An explanation for readers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// An example of a value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    /// The value until a reader changes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// The name of its type, one of [`TYPES`].
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// The regular expression of its type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<&'static str>,
    /// A JavaScript regular expression that the whole value must match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Whether values are never stored.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
    /// A plain word in code that is also this placeholder.
    #[serde(skip)]
    pub matches: Option<String>,
    /// Texts in which that word is not a placeholder.
    #[serde(skip)]
    pub except: Vec<String>,
}

/// The types of values, each with its JavaScript regular expression.
pub const TYPES: &[(&str, &str)] = &[
    ("text", r".*"),
    ("ipv4", r"((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?!$)|$)){4}"),
    (
        "ipv6",
        r"(?!(.*:){8})(([\da-fA-F]{1,4}:){7}[\da-fA-F]{1,4}|([\da-fA-F]{1,4}(:[\da-fA-F]{1,4})*)?::([\da-fA-F]{1,4}(:[\da-fA-F]{1,4})*)?)",
    ),
    (
        "domain",
        r"(?=.{1,253}$)([a-zA-Z\d]([a-zA-Z\d\-]{0,61}[a-zA-Z\d])?\.)+[a-zA-Z]([a-zA-Z\d\-]{0,61}[a-zA-Z\d])",
    ),
    ("unix-user", r"[a-z_][a-z\d_\-]{0,31}"),
    ("port", r"[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5]"),
    ("path", r"[^\0]+"),
    ("email", r#"[^\s@"'<>]+@[^\s@"'<>]+\.[^\s@"'<>]+"#),
];

impl Placeholder {
    /// Reads the settings of a placeholder.
    pub(super) fn read(reader: &mut YamlReader<'_>, mut table: YamlTable) -> Self {
        let kind = reader.take_with(&mut table, "type", kind);
        let mut placeholder = Placeholder {
            label: reader.take_text(&mut table, "label"),
            example: reader.take_text(&mut table, "example"),
            help: reader.take_text(&mut table, "help"),
            default: reader.take_text(&mut table, "default"),
            kind: kind.map(|(name, _)| name),
            form: kind.map(|(_, form)| form),
            pattern: reader.take_with(&mut table, "pattern", pattern),
            secret: reader.take(&mut table, "secret").unwrap_or(false),
            matches: reader.take_text(&mut table, "match"),
            except: reader.take(&mut table, "except").map(OneOrMore::into_list).unwrap_or_default(),
        };

        // A default that does not fit is dropped: readers could not submit it.
        for (key, value) in [("default", &placeholder.default), ("example", &placeholder.example)] {
            let Some(value) = value else { continue };
            if let Some(setting) = placeholder.misfit(value) {
                reader.report(
                    &table,
                    key,
                    format!("`{value}` does not fit the `{setting}` beside it: change one of them"),
                );
            }
        }
        placeholder.default = placeholder.default.take().filter(|value| placeholder.misfit(value).is_none());

        reader.deny_rest(table);
        placeholder
    }

    /// The setting that a value does not fit.
    fn misfit(&self, value: &str) -> Option<&'static str> {
        if let Some(form) = self.form
            && !whole(form).is_ok_and(|form| form.find(value).is_some())
        {
            return Some("type");
        }
        if let Some(pattern) = &self.pattern
            && !fits(pattern, value)
        {
            return Some("pattern");
        }
        None
    }
}

/// Whether a value fits an author's pattern.
///
/// A backtracking engine needs exponential time for some patterns, such as `(a+)+`. So the `regex` crate checks,
/// which takes linear time. Patterns that it does not support are checked only in the reader's browser.
fn fits(pattern: &str, value: &str) -> bool {
    // In a class, these are operators of `regex`, and plain characters in JavaScript.
    if ["&&", "--", "~~", "[["].iter().any(|sign| pattern.contains(sign)) {
        return true;
    }

    let form = regex::Regex::new(&format!("^(?:{})$", in_ascii(pattern)));
    form.map_or(true, |form| form.is_match(value))
}

/// Rewrites `\d`, `\w` and `\b` for ASCII, as JavaScript has them; in `regex` they are those of Unicode.
fn in_ascii(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }

        match chars.next() {
            Some('d') => out.push_str("[0-9]"),
            Some('D') => out.push_str("[^0-9]"),
            Some('w') => out.push_str("[0-9A-Za-z_]"),
            Some('W') => out.push_str("[^0-9A-Za-z_]"),
            Some('b') => out.push_str(r"(?-u:\b)"),
            Some('B') => out.push_str(r"(?-u:\B)"),
            other => out.extend(['\\'].into_iter().chain(other)),
        }
    }
    out
}

/// Writes placeholders for scripts: a JSON object whose keys keep the author's order.
pub fn to_json(placeholders: &[(String, Placeholder)]) -> String {
    let mut entries = Vec::new();
    for (name, placeholder) in placeholders {
        let name = serde_json::to_string(name).expect("a string is always JSON");
        let placeholder = serde_json::to_string(placeholder).expect("strings are always JSON");
        entries.push(format!("{name}:{placeholder}"));
    }
    format!("{{{}}}", entries.join(","))
}

/// One text or a list of texts.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a text or a list of texts")]
pub(super) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    pub(super) fn into_list(self) -> Vec<String> {
        match self {
            OneOrMore::One(text) => vec![text],
            OneOrMore::More(list) => list,
        }
    }
}

/// The name of a type and its regular expression.
fn kind(name: String) -> Result<(&'static str, &'static str), String> {
    if let Some(kind) = TYPES.iter().find(|(known, _)| *known == name) {
        return Ok(*kind);
    }

    let names: Vec<&str> = TYPES.iter().map(|(name, _)| *name).collect();
    Err(format!("there is no type `{name}`; there are: `{}`", names.join("`, `")))
}

fn pattern(pattern: String) -> Result<String, String> {
    // Compiled alone too: `a)(b` is valid only inside the group that `whole` adds.
    match compiled(&pattern).and_then(|_| whole(&pattern)) {
        Ok(_) => Ok(pattern),
        Err(error) => Err(format!(
            "`{pattern}` is not a regular expression: {error}; write it for JavaScript, with the flag `u`"
        )),
    }
}

fn compiled(pattern: &str) -> Result<Regex, regress::Error> {
    Regex::with_flags(pattern, "u")
}

/// Compiles a pattern so that it matches whole values only.
fn whole(pattern: &str) -> Result<Regex, regress::Error> {
    compiled(&format!("^(?:{pattern})$"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_scripts() {
        for yes in ["[a-z]+", r"(?<=a)\p{L}{2,}", "", "a|b", r"[^\0]"] {
            assert!(pattern(yes.to_owned()).is_ok(), "{yes}");
        }
        for no in ["[a-", "(", "a)(b", r"\-", "(?i)a", "*", r"\p{Nope}", "a{2,1}"] {
            assert!(pattern(no.to_owned()).is_err(), "{no}");
        }
    }

    #[test]
    fn values_fit_as_a_whole() {
        let misfit = |form: Option<&'static str>, pattern: Option<&str>, value: &str| {
            let pattern = pattern.map(str::to_owned);
            Placeholder { form, pattern, ..Placeholder::default() }.misfit(value)
        };
        for (name, form) in TYPES {
            assert!(whole(form).is_ok(), "{name}");
        }
        let port = TYPES.iter().find(|(name, _)| *name == "port").map(|(_, form)| *form);
        assert_eq!(misfit(port, None, "8000"), None);
        assert_eq!(misfit(port, None, "80 "), Some("type"));
        assert_eq!(misfit(port, Some("8.*"), "80"), None);
        assert_eq!(misfit(port, Some("8.*"), "9000"), Some("pattern"));
        assert_eq!(misfit(None, Some("a|b"), "ab"), Some("pattern"));
        // Letters and digits are those of JavaScript.
        assert_eq!(misfit(None, Some(r"\w+"), "müller"), Some("pattern"));
        assert_eq!(misfit(None, Some(r"[\w.-]+\b"), "a.b-c"), None);
        assert_eq!(misfit(None, Some(r"\d"), "٣"), Some("pattern"));
        assert_eq!(misfit(None, Some(r"\\d\D"), r"\dx"), None);
        // Only a browser judges these.
        assert_eq!(misfit(None, Some("(?=a)(a+)+"), &"a".repeat(99).replace("aa", "ab")), None);
    }
}
