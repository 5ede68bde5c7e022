//! Containers between lines of `:::`: Docusaurus, Starlight, VitePress, Pandoc, Quarto, the Carpentries and MyST.

use super::construct::{AS_TEXT, Construct, ConstructPlace, Sight, is_word, word};
use super::directives;
use super::instead::{DETAILS, Instead, TABS};
use crate::parse::alert;

/// The constructs. The last one takes all that the others leave.
pub const ALL: &[Construct] = &[
    Construct {
        name: "quarto-callout",
        tool: "Quarto",
        what: "a callout (`::: {.callout-note}`)",
        here: AS_TEXT,
        opens: ":::",
        ends: "",
        place: ConstructPlace::Line,
        is: |sight| braces(sight).contains(".callout-") || name(sight).starts_with("callout-"),
        instead: Instead::Alert(kind),
    },
    Construct {
        name: "quarto-tabset",
        tool: "Quarto",
        what: "tabs (`::: {.panel-tabset}`)",
        here: AS_TEXT,
        opens: ":::",
        ends: "",
        place: ConstructPlace::Line,
        is: |sight| braces(sight).contains(".panel-tabset"),
        instead: TABS,
    },
    Construct {
        name: "pandoc-div",
        tool: "Pandoc and Quarto",
        what: "a block with attributes (`::: {.class}`)",
        here: AS_TEXT,
        opens: ":::",
        ends: "",
        place: ConstructPlace::Line,
        is: |sight| braces(sight).contains(['.', '#', '=']) && !is_word(braces(sight)),
        instead: Instead::Words(
            "remove both lines; if the style matters, write `<div class=\"…\">`, an empty line, the text and `</div>`",
        ),
    },
    Construct {
        name: "myst-colon-box",
        tool: "MyST and Sphinx",
        what: "a box (`:::{note}`)",
        here: AS_TEXT,
        opens: ":::",
        ends: "",
        place: ConstructPlace::Line,
        is: |sight| directives::is_box(braces(sight)),
        instead: Instead::Alert(kind),
    },
    Construct {
        name: "myst-colon-directive",
        tool: "MyST and Sphinx",
        what: "a directive (`:::{name}`)",
        here: AS_TEXT,
        opens: ":::",
        ends: "",
        place: ConstructPlace::Line,
        is: |sight| !braces(sight).is_empty(),
        instead: Instead::Words("write what it shows as Markdown or HTML, without the lines of colons"),
    },
    Construct {
        name: "container-details",
        tool: "VitePress, Docusaurus and others",
        what: "a box that opens (`:::details`)",
        here: AS_TEXT,
        opens: ":::",
        ends: "",
        place: ConstructPlace::Line,
        is: |sight| ["details", "spoiler", "solution", "collapse", "expand"].contains(&name(sight)),
        instead: DETAILS,
    },
    Construct {
        name: "container-tabs",
        tool: "VitePress and others",
        what: "tabs (`:::code-group`)",
        here: AS_TEXT,
        opens: ":::",
        ends: "",
        place: ConstructPlace::Line,
        is: |sight| {
            ["code-group", "code-group-item", "tabs", "tab", "group-tab", "code-tabs"].contains(&name(sight))
        },
        instead: TABS,
    },
    Construct {
        name: "carpentries-box",
        tool: "the Carpentries",
        what: "a box of a lesson (`::: challenge`)",
        here: AS_TEXT,
        opens: ":::",
        ends: "",
        place: ConstructPlace::Line,
        is: |sight| LESSON.contains(&name(sight)),
        instead: Instead::Words(
            "write a heading, or a quote that begins with `> [!NOTE]` and its title; a solution is `<details>`",
        ),
    },
    Construct {
        name: "container-box",
        tool: "Docusaurus, Starlight and VitePress",
        what: "a box (`:::note`)",
        here: AS_TEXT,
        opens: ":::",
        ends: "",
        place: ConstructPlace::Line,
        is: |sight| alert::meant(name(sight)).is_some(),
        instead: Instead::Alert(kind),
    },
    Construct {
        name: "mkdocstrings",
        tool: "mkdocstrings",
        what: "a reference made from source (`::: package.name`)",
        here: AS_TEXT,
        opens: ":::",
        ends: "",
        place: ConstructPlace::Line,
        is: |sight| {
            let path = body(sight);
            path.split('.').count() > 1 && path.split('.').all(is_word)
        },
        instead: Instead::Words("there is nothing like it here: write the reference, or link to it"),
    },
    Construct {
        name: "container",
        tool: "Docusaurus, VitePress, Pandoc and others",
        what: "a container (`:::name`)",
        here: AS_TEXT,
        opens: ":::",
        ends: "",
        place: ConstructPlace::Line,
        is: |sight| !name(sight).is_empty(),
        instead: Instead::Words("remove both lines of colons, or write what it shows as Markdown or HTML"),
    },
];

/// The boxes of the Carpentries that no other tool has.
const LESSON: &[&str] = &[
    "challenge",
    "prereq",
    "objectives",
    "questions",
    "keypoints",
    "discussion",
    "instructor",
    "testimonial",
    "checklist",
    "callout",
    "overview",
    "resources",
];

/// What is on the line besides colons.
fn body<'s>(sight: &Sight<'s>) -> &'s str {
    sight.line().trim_matches(':').trim()
}

/// The word after the colons.
fn name<'s>(sight: &Sight<'s>) -> &'s str {
    word(body(sight))
}

/// What is in braces after the colons.
fn braces<'s>(sight: &Sight<'s>) -> &'s str {
    let inner = body(sight).strip_prefix('{').and_then(|rest| rest.split_once('}'));
    inner.map_or("", |(inner, _)| inner.trim())
}

/// The kind of a box: the word after its colons, in braces too.
fn kind(line: &str) -> &str {
    let words = line.trim_start_matches([':', ' ', '{']);
    let words = words.split_once("callout-").map_or(words, |(_, kind)| kind);
    word(words)
}
