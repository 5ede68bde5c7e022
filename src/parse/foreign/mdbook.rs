//! mdBook and its preprocessors.

use super::construct::{AS_TEXT, AS_WRITTEN, Construct, ConstructPlace, word};
use super::instead::{INSERT, Instead};

/// The constructs.
pub const ALL: &[Construct] = &[
    Construct {
        name: "mdbook-include",
        tool: "mdBook",
        what: "the text of another file (`{{#include}}`)",
        here: AS_WRITTEN,
        opens: "{{#",
        ends: "}}",
        place: ConstructPlace::Insert,
        is: |sight| helper(sight.line(), &["include", "rustdoc_include", "shiftinclude", "webinclude"]),
        instead: INSERT,
    },
    Construct {
        name: "mdbook-playground",
        tool: "mdBook",
        what: "code that readers run (`{{#playground}}`)",
        here: AS_WRITTEN,
        opens: "{{#",
        ends: "}}",
        place: ConstructPlace::Insert,
        is: |sight| helper(sight.line(), &["playground", "playpen"]),
        instead: INSERT,
    },
    Construct {
        name: "mdbook-title",
        tool: "mdBook",
        what: "the title of the page (`{{#title}}`)",
        here: AS_TEXT,
        opens: "{{#",
        ends: "}}",
        place: ConstructPlace::Text,
        is: |sight| helper(sight.line(), &["title"]),
        instead: Instead::Words("write `title:` in the front matter, between lines of `---`"),
    },
    Construct {
        name: "mdbook-preprocessor",
        tool: "mdBook",
        what: "a directive for a preprocessor",
        here: AS_TEXT,
        opens: "{{#",
        ends: "}}",
        place: ConstructPlace::Text,
        is: |sight| {
            !sight.before.ends_with('\\') && names_file(sight.between("{{#", "}}").unwrap_or_default())
        },
        instead: Instead::Words(
            "write what it brings as Markdown or HTML; code in tabs gets `tab=\"Title\"`",
        ),
    },
    Construct {
        name: "mdbook-course",
        tool: "mdBook",
        what: "a directive for a preprocessor of courses",
        here: AS_TEXT,
        opens: "{{%",
        ends: "}}",
        place: ConstructPlace::Text,
        is: |sight| {
            let inner = sight.between("{{%", "}}").unwrap_or_default();
            ["session", "segment", "course", "slide"].contains(&word(inner)) && !inner.ends_with('%')
        },
        instead: Instead::Words("leave it out: each part lists its chapters"),
    },
    Construct {
        name: "mdbook-hidden-line",
        tool: "mdBook",
        what: "a hidden line of code (`# `)",
        here: "here it is shown",
        opens: "#",
        ends: "",
        place: ConstructPlace::RustCode,
        is: |sight| sight.line() == "#" || sight.line().starts_with("# "),
        instead: Instead::Words("remove the lines that readers need not see; `#[…]` stays"),
    },
];

/// Whether a line begins with one of these helpers.
fn helper(line: &str, names: &[&str]) -> bool {
    let inner = line.strip_prefix("{{#").map(str::trim_start).unwrap_or_default();
    names.contains(&word(inner)) && line.contains("}}")
}

/// Whether what is in braces is a helper of a preprocessor: not one of Handlebars, which templates have.
fn names_file(inner: &str) -> bool {
    ["tabs", "tab", "quiz", "template", "aquascope", "embed", "author", "trpl", "check", "cmdrun", "ref"]
        .contains(&word(inner))
}

/// The languages of code about Markdown and templates, which shows such markup and does not use it.
pub const ABOUT: &[&str] = &[
    "",
    "md",
    "markdown",
    "mdx",
    "hbs",
    "handlebars",
    "html",
    "jinja",
    "jinja2",
    "django",
    "liquid",
    "twig",
    "tera",
    "go-html-template",
    "gotmpl",
    "rst",
    "diff",
    "qmd",
    "vue",
];
