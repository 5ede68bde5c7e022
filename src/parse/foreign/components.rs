//! Docusaurus, Starlight and VitePress: MDX with its imports and components, and what Vue reads.

use super::construct::{AS_TEXT, Construct, ConstructPlace, UNSEEN, word};
use super::instead::{INSERT, Instead, TABS};
use crate::text::elements::is_element;

/// What becomes of a component.
const COMPONENT: &str = "here it is no element, and what is in its attributes is not seen";

/// The constructs.
pub const ALL: &[Construct] = &[
    Construct {
        name: "mdx-import",
        tool: "MDX (Docusaurus, Starlight)",
        what: "an import of a component",
        here: AS_TEXT,
        opens: "import ",
        ends: "",
        place: ConstructPlace::Line,
        is: |sight| is_import(sight.line(), sight.rest),
        instead: Instead::Words("remove the line, and write what the component shows as Markdown"),
    },
    Construct {
        name: "mdx-export",
        tool: "MDX (Docusaurus, Starlight)",
        what: "an export of a value",
        here: AS_TEXT,
        opens: "export ",
        ends: "",
        place: ConstructPlace::Line,
        is: |sight| is_export(sight.line()),
        instead: Instead::Words("remove it, and write what it shows as Markdown"),
    },
    Construct {
        name: "mdx-comment",
        tool: "MDX (Docusaurus, Starlight)",
        what: "a comment (`{/* … */}`)",
        here: AS_TEXT,
        opens: "{/*",
        ends: "*/}",
        place: ConstructPlace::Text,
        is: |sight| sight.between("{/*", "*/}").is_some(),
        instead: Instead::Words(
            "write `<!-- … -->`; a note to yourself is a paragraph that begins with `//`",
        ),
    },
    Construct {
        name: "vitepress-snippet",
        tool: "VitePress",
        what: "the code of another file (`<<<`)",
        here: AS_TEXT,
        opens: "<<<",
        ends: "",
        place: ConstructPlace::Insert,
        is: |sight| sight.line()[3..].trim_start().starts_with(['@', '.', '/', '~']),
        instead: INSERT,
    },
    Construct {
        name: "vitepress-include",
        tool: "VitePress",
        what: "the text of another file (`<!--@include: …-->`)",
        here: UNSEEN,
        opens: "<!--",
        ends: "-->",
        place: ConstructPlace::Comment,
        is: |sight| sight.rest["<!--".len()..].trim_start().starts_with("@include"),
        instead: Instead::Words("write the text where it belongs, and link to it from the other chapters"),
    },
    Construct {
        name: "component-tabs",
        tool: "Docusaurus, Starlight and others",
        what: "tabs (`<Tabs>`)",
        here: COMPONENT,
        opens: "<",
        ends: ">",
        place: ConstructPlace::Tag,
        is: |sight| {
            [
                "Tabs",
                "TabItem",
                "Tab",
                "CodeGroup",
                "CodeGroupItem",
                "CodeTabs",
                "PackageManagers",
                "PackageManagerTabs",
            ]
            .contains(&sight.tag())
        },
        instead: TABS,
    },
    Construct {
        name: "component-aside",
        tool: "Docusaurus, Starlight and others",
        what: "a box (`<Aside>`)",
        here: COMPONENT,
        opens: "<",
        ends: ">",
        place: ConstructPlace::Tag,
        is: |sight| BOXES.contains(&sight.tag()),
        instead: Instead::Alert(box_kind),
    },
    Construct {
        name: "component-steps",
        tool: "Starlight",
        what: "steps (`<Steps>`)",
        here: COMPONENT,
        opens: "<",
        ends: ">",
        place: ConstructPlace::Tag,
        is: |sight| ["Steps", "Step", "Stepper"].contains(&sight.tag()),
        instead: Instead::Words(
            "a list with numbers is enough: remove the tags; readers can tick off sections called `Step 1`, or all with `steps: true`",
        ),
    },
    Construct {
        name: "component-listing",
        tool: "mdBook",
        what: "the frame of a listing (`<Listing>`)",
        here: COMPONENT,
        opens: "<",
        ends: ">",
        place: ConstructPlace::Tag,
        is: |sight| sight.tag() == "Listing",
        instead: Instead::Words(
            "write `title=\"…\"` after the language of the code, and `#id` for links to it; remove the tags",
        ),
    },
    Construct {
        name: "component-card",
        tool: "Docusaurus, Starlight and others",
        what: "a card (`<Card>`)",
        here: COMPONENT,
        opens: "<",
        ends: ">",
        place: ConstructPlace::Tag,
        is: |sight| {
            [
                "Card",
                "CardGrid",
                "Cards",
                "LinkCard",
                "LinkButton",
                "CardGroup",
                "DocCard",
                "DocCardList",
                "FeatureCard",
            ]
            .contains(&sight.tag())
        },
        instead: Instead::Words("write a list of links, each with a sentence"),
    },
    Construct {
        name: "component-files",
        tool: "Starlight and others",
        what: "a tree of files (`<FileTree>`)",
        here: COMPONENT,
        opens: "<",
        ends: ">",
        place: ConstructPlace::Tag,
        is: |sight| ["FileTree", "Files", "Folder", "Tree"].contains(&sight.tag()),
        instead: Instead::Words("write a list, or a code block in the language `text`"),
    },
    Construct {
        name: "component",
        tool: "MDX or Vue",
        what: "a component",
        here: COMPONENT,
        opens: "<",
        ends: ">",
        place: ConstructPlace::Tag,
        is: |sight| {
            let name = sight.tag();
            name.starts_with(|c: char| c.is_ascii_uppercase()) && !is_element(name)
        },
        instead: Instead::Words("write what it shows as Markdown or HTML, also the text in its attributes"),
    },
    Construct {
        name: "vue-script",
        tool: "VitePress",
        what: "the script of a page (`<script setup>`)",
        here: "browsers cannot run it",
        opens: "<script",
        ends: ">",
        place: ConstructPlace::Tag,
        is: |sight| {
            sight
                .between("<script", ">")
                .is_some_and(|inner| inner.split_whitespace().any(|word| word == "setup"))
        },
        instead: Instead::Words("remove it, and write what its components show as Markdown"),
    },
];

/// Components that are boxes.
const BOXES: &[&str] = &[
    "Aside",
    "Admonition",
    "Callout",
    "Note",
    "Tip",
    "Info",
    "Warning",
    "Caution",
    "Danger",
    "Hint",
    "Important",
    "Alert",
];

/// The kind of a box: its attribute `type`, else its name.
fn box_kind(line: &str) -> &str {
    let kind = line.split_once("type=").map(|(_, kind)| word(kind.trim_start_matches(['"', '\'', '{'])));
    kind.filter(|kind| !kind.is_empty()).unwrap_or_else(|| word(line.trim_start_matches('<')))
}

/// Whether a line is an import of JavaScript: `import X from 'y'`, `import 'y'`, or the beginning of one over several.
fn is_import(line: &str, rest: &str) -> bool {
    let what = line["import ".len()..].trim_start();
    let ends = |line: &str| line.trim_end_matches(';').ends_with(['"', '\'']);
    if what.starts_with(['"', '\'']) {
        return ends(line);
    }
    let is_name = what.starts_with(|c: char| c.is_ascii_alphabetic() || "{*$_".contains(c));
    let from = |text: &str| text.contains(" from '") || text.contains(" from \"");
    let whole = || rest.split(';').next().and_then(|import| import.split("\n\n").next()).unwrap_or_default();
    is_name && (from(line) && ends(line) || line.ends_with(['{', ',']) && from(whole()))
}

/// Whether a line exports a value of JavaScript.
fn is_export(line: &str) -> bool {
    let what = line["export ".len()..].trim_start();
    match word(what) {
        "const" | "let" | "var" => line.contains('='),
        "function" | "async" | "class" => line.contains(['(', '{']),
        "default" => line.contains(['(', '{', '=']),
        "" => what.starts_with(['{', '*']) && line.contains(" from "),
        _ => false,
    }
}
