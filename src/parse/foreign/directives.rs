//! What info strings in braces name: the directives of MyST, and the cells that Quarto, Jupyter Book and knitr run.

use super::construct::{Construct, ConstructPlace, Sight, word};
use super::instead::{INSERT, Instead, TABS};
use crate::parse::alert;
use crate::parse::language::{self, Lookup};

/// What becomes of a directive.
const AS_BLOCK: &str = "here its text is shown as code";

/// The constructs, whose signs are what is in the braces. The last one takes all that the others leave.
pub const ALL: &[Construct] = &[
    Construct {
        name: "myst-box",
        tool: "MyST and Sphinx",
        what: "a box (`{note}`)",
        here: AS_BLOCK,
        opens: "{",
        ends: "}",
        place: ConstructPlace::Line,
        is: |sight| is_box(word(&sight.rest[1..])),
        instead: Instead::Alert(|info| word(info.trim_start_matches('{'))),
    },
    Construct {
        name: "myst-code",
        tool: "MyST and Sphinx",
        what: "a code block (`{code-block}`)",
        here: "here its options are shown as code",
        opens: "{",
        ends: "}",
        place: ConstructPlace::Line,
        is: |sight| {
            ["code-block", "code", "sourcecode", "prompt", "parsed-literal"].contains(&word(&sight.rest[1..]))
        },
        instead: Instead::Words(
            "write the language alone: `python`; `:caption:` is `title=\"…\"`, `:linenos:` is `numbers`, `:emphasize-lines:` is `{1,4-6}`",
        ),
    },
    Construct {
        name: "myst-insert",
        tool: "MyST and Sphinx",
        what: "the text of another file (`{include}`, `{literalinclude}`)",
        here: AS_BLOCK,
        opens: "{",
        ends: "}",
        place: ConstructPlace::Line,
        is: |sight| ["include", "literalinclude"].contains(&word(&sight.rest[1..])),
        instead: INSERT,
    },
    Construct {
        name: "myst-tabs",
        tool: "MyST and Sphinx",
        what: "tabs (`{tab-set}`)",
        here: AS_BLOCK,
        opens: "{",
        ends: "}",
        place: ConstructPlace::Line,
        is: |sight| {
            ["tab-set", "tab-item", "tabbed", "tabs", "tab", "tab-set-code"].contains(&word(&sight.rest[1..]))
        },
        instead: TABS,
    },
    Construct {
        name: "myst-image",
        tool: "MyST and Sphinx",
        what: "an image (`{figure}`)",
        here: AS_BLOCK,
        opens: "{",
        ends: "}",
        place: ConstructPlace::Line,
        is: |sight| ["figure", "image"].contains(&word(&sight.rest[1..])),
        instead: Instead::Words("write `![what it shows](file.png \"the text below it\")`"),
    },
    Construct {
        name: "myst-contents",
        tool: "MyST and Sphinx",
        what: "a list of chapters (`{toctree}`)",
        here: AS_BLOCK,
        opens: "{",
        ends: "}",
        place: ConstructPlace::Line,
        is: |sight| ["toctree", "contents", "tableofcontents"].contains(&word(&sight.rest[1..])),
        instead: Instead::Words(
            "remove it: the order is that of the file names, of `order:`, or of `SUMMARY.md`",
        ),
    },
    Construct {
        name: "myst-math",
        tool: "MyST and Sphinx",
        what: "a formula (`{math}`)",
        here: AS_BLOCK,
        opens: "{",
        ends: "}",
        place: ConstructPlace::Line,
        is: |sight| word(&sight.rest[1..]) == "math",
        instead: Instead::Words("write it between lines of `$$`, with `math: true` in `book.yaml`"),
    },
    Construct {
        name: "diagram-cell",
        tool: "Quarto and MyST",
        what: "a diagram (`{mermaid}`)",
        here: AS_BLOCK,
        opens: "{",
        ends: "}",
        place: ConstructPlace::Line,
        is: |sight| word(&sight.rest[1..]) == "mermaid",
        instead: Instead::Words(
            "write the language without braces: `mermaid`; lines of `%%|` go, `alt=\"…\"` says what it shows",
        ),
    },
    Construct {
        name: "executed-cell",
        tool: "Quarto, Jupyter Book and knitr",
        what: "code that is run when the book is built (`{python}`)",
        here: "here nothing is run, and the code has no colours",
        opens: "{",
        ends: "}",
        place: ConstructPlace::Line,
        is: |sight| is_cell(&sight.rest[1..]),
        instead: Instead::Words(
            "write the language without braces, `python`, and the output in a block of its own in the language `text`",
        ),
    },
    Construct {
        name: "raw-block",
        tool: "Pandoc and Quarto",
        what: "a block for one kind of output (`{=html}`)",
        here: AS_BLOCK,
        opens: "{=",
        ends: "}",
        place: ConstructPlace::Line,
        is: |_| true,
        instead: Instead::Words("write the HTML itself, without the fence; remove what is for LaTeX"),
    },
    Construct {
        name: "myst-directive",
        tool: "MyST and Sphinx",
        what: "a directive (`{name}`)",
        here: AS_BLOCK,
        opens: "{",
        ends: "}",
        place: ConstructPlace::Line,
        is: |sight| sight.rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()),
        instead: Instead::Words("write what it shows as Markdown or HTML, without the fence"),
    },
];

/// The construct that an info string in braces is, such as `{note} Title`, and where it ends.
pub fn find(info: &str) -> Option<(&str, &'static Construct)> {
    let sight = Sight { before: "", rest: info };
    let mut all = ALL.iter();
    let construct = all.find(|construct| info.starts_with(construct.opens) && (construct.is)(&sight))?;
    Some((&info[..sight.extent(construct)], construct))
}

/// Whether a directive is a box.
pub(super) fn is_box(name: &str) -> bool {
    !["quote", "cite", "todo"].contains(&name) && alert::meant(name).is_some()
        || [
            "versionadded",
            "versionchanged",
            "deprecated",
            "dropdown",
            "exercise",
            "solution",
            "topic",
            "margin",
        ]
        .contains(&name)
}

/// Whether what is in braces names a language whose code is run.
fn is_cell(inner: &str) -> bool {
    let name = word(inner);
    matches!(name, "code-cell" | "ojs" | "r" | "R" | "julia" | "dot" | "sql" | "stata" | "webr-r" | "pyodide")
        || !name.is_empty() && matches!(language::find(&name.to_ascii_lowercase()), Lookup::Known(_))
}
