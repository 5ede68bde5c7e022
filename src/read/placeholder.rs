//! What readers fill in: the placeholders that `book.yaml` declares, and what their values look like.
//!
//! Values are judged by scripts, in the reader's browser. So a `pattern` is a regular expression of JavaScript's;
//! it is read here by the same rules, and held against the values that the author gives.

use regress::Regex;
use serde::{Deserialize, Serialize};

use crate::text::yaml::{YamlReader, YamlTable};

/// Something that readers fill in. As it is serialized, scripts see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Placeholder {
    /// What it is, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What a reader may want to know of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// A value as it could be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    /// The value until a reader gives another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// What values of its type look like: an expression of [`TYPES`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<&'static str>,
    /// What a value must look like, as a regular expression of JavaScript's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Whether a value is never to be kept.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
    /// A plain word in code that stands for it too.
    #[serde(skip)]
    pub matches: Option<String>,
    /// Texts in which that word is left alone.
    #[serde(skip)]
    pub except: Vec<String>,
}

/// The types of values that readers fill in, and what such values look like: regular expressions of JavaScript's.
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
    /// Reads the settings of one.
    pub(super) fn read(reader: &mut YamlReader<'_>, mut table: YamlTable) -> Self {
        let mut placeholder = Placeholder {
            label: reader.take_text(&mut table, "label"),
            example: reader.take_text(&mut table, "example"),
            help: reader.take_text(&mut table, "help"),
            default: reader.take_text(&mut table, "default"),
            form: reader.take_with(&mut table, "type", form),
            pattern: reader.take_with(&mut table, "pattern", pattern),
            secret: reader.take(&mut table, "secret").unwrap_or(false),
            matches: reader.take_text(&mut table, "match"),
            except: reader.take(&mut table, "except").map(OneOrMore::into_list).unwrap_or_default(),
        };
        for (key, value) in [("default", &placeholder.default), ("example", &placeholder.example)] {
            let Some(value) = value else { continue };
            if let Some(setting) = placeholder.misfit(value) {
                reader.fault(
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

    /// Which of its settings a value does not fit.
    fn misfit(&self, value: &str) -> Option<&'static str> {
        let is_of_type = |form: &str| whole(form).is_ok_and(|form| form.find(value).is_some());
        if self.form.is_some_and(|form| !is_of_type(form)) {
            return Some("type");
        }
        self.pattern.as_deref().filter(|pattern| !fits(pattern, value)).map(|_| "pattern")
    }
}

/// Whether a value fits an author's pattern, where that can be told in time. Some patterns, such as `(a+)+`, take
/// longer than anybody lives where one way after another is tried. So a library judges that does not do so; what it
/// cannot read, only the reader's browser judges.
fn fits(pattern: &str, value: &str) -> bool {
    // What means something else to the library.
    if ["&&", "--", "~~", "[["].iter().any(|sign| pattern.contains(sign)) {
        return true;
    }
    let form = regex::Regex::new(&format!("^(?:{})$", in_ascii(pattern)));
    form.map_or(true, |form| form.is_match(value))
}

/// A pattern with the classes that JavaScript means: their letters and digits are those of ASCII.
fn in_ascii(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut signs = pattern.chars();
    while let Some(sign) = signs.next() {
        match (sign, (sign == '\\').then(|| signs.next()).flatten()) {
            (_, Some('d')) => out.push_str("[0-9]"),
            (_, Some('D')) => out.push_str("[^0-9]"),
            (_, Some('w')) => out.push_str("[0-9A-Za-z_]"),
            (_, Some('W')) => out.push_str("[^0-9A-Za-z_]"),
            (_, Some(wall @ ('b' | 'B'))) => out.extend(["(?-u:\\", wall.encode_utf8(&mut [0; 4]), ")"]),
            (sign, next) => out.extend([sign].into_iter().chain(next)),
        }
    }
    out
}

/// Writes placeholders for scripts, in their order.
pub fn to_json(placeholders: &[(String, Placeholder)]) -> String {
    let entry = |(name, placeholder): &(String, Placeholder)| {
        let [name, placeholder] = [serde_json::to_string(name), serde_json::to_string(placeholder)];
        let expected = "texts are always JSON";
        format!("{}:{}", name.expect(expected), placeholder.expect(expected))
    };
    format!("{{{}}}", placeholders.iter().map(entry).collect::<Vec<_>>().join(","))
}

/// A text, or a list of them.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a text or a list of texts")]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn into_list(self) -> Vec<String> {
        match self {
            OneOrMore::One(text) => vec![text],
            OneOrMore::More(list) => list,
        }
    }
}

fn form(name: String) -> Result<&'static str, String> {
    let known = TYPES.iter().find(|(known, _)| *known == name);
    let names: Vec<&str> = TYPES.iter().map(|(name, _)| *name).collect();
    known
        .map(|(_, form)| *form)
        .ok_or_else(|| format!("`{name}` is no type of a value; there are: `{}`", names.join("`, `")))
}

fn pattern(pattern: String) -> Result<String, String> {
    // By itself too: with what is put around it, `a)(b` would be one.
    match compiled(&pattern).and_then(|_| whole(&pattern)) {
        Ok(_) => Ok(pattern),
        Err(error) => Err(format!(
            "`{pattern}` is no regular expression: {error}; write one as JavaScript has them, with its flag `u`"
        )),
    }
}

fn compiled(pattern: &str) -> Result<Regex, regress::Error> {
    Regex::with_flags(pattern, "u")
}

/// A pattern of whole values.
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
