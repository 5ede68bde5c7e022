//! Docusaurus, Starlight and VitePress: MDX with its imports and components, and what Vue reads.

use super::construct::{AS_TEXT, Construct, ConstructPlace, Sight, UNSEEN, near, word};
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
        is: |_| true,
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
            name.starts_with(|c: char| c.is_ascii_uppercase())
                && (!is_element(name) || is_used_as_component(sight))
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
    Construct {
        name: "vue-attribute",
        tool: "VitePress and others",
        what: "an attribute that Vue reads (`v-if`, `@click`)",
        here: "browsers do not know it",
        opens: "<",
        ends: ">",
        place: ConstructPlace::Tag,
        is: |sight| attributes(sight).is_some_and(has_vue),
        instead: Instead::Words("write what it shows as Markdown or HTML"),
    },
    Construct {
        name: "jsx-attribute",
        tool: "MDX (Docusaurus, Starlight) and Svelte",
        what: "an attribute with a value in braces (`style={{…}}`)",
        here: "browsers do not know it",
        opens: "<",
        ends: ">",
        place: ConstructPlace::Tag,
        is: |sight| attributes(sight).is_some_and(has_braces),
        instead: Instead::Words("write attributes of HTML: `class=\"…\"`, `style=\"color: red\"`"),
    },
    Construct {
        name: "vitepress-marker",
        tool: "VitePress",
        what: "a mark on a line of code (`[!code focus]`)",
        here: "here it is shown",
        opens: "[!code ",
        ends: "]",
        place: ConstructPlace::Code,
        is: |sight| {
            let kind = word(sight.rest["[!code ".len()..].trim_start_matches([' ', '+', '-']));
            kind.is_empty() || ["focus", "highlight", "hl", "word", "error", "warning"].contains(&kind)
        },
        instead: Instead::Words(
            "remove it; `{1,4-6}` after the language marks lines, `diff` shows what changed",
        ),
    },
    Construct {
        name: "docusaurus-marker",
        tool: "Docusaurus",
        what: "a mark on a line of code (`highlight-next-line`)",
        here: "here it is shown",
        opens: "highlight-",
        ends: "",
        place: ConstructPlace::Code,
        is: |sight| {
            let line = sight.before.rsplit('\n').next().unwrap_or_default().trim();
            ["//", "#", "/*", "{/*", "<!--", "--"].contains(&line)
                && ["highlight-next-line", "highlight-start", "highlight-end"].contains(&word(sight.rest))
        },
        instead: Instead::Words(
            "remove it, and write the numbers of the lines after the language: `{1,4-6}`",
        ),
    },
];

/// Whether a tag that has the name of an element is a component: one that was imported, or a link of a router.
fn is_used_as_component(sight: &Sight<'_>) -> bool {
    let name = sight.tag();
    let imports = |line: &str| {
        line.starts_with("import ") && line.split(|c: char| !c.is_alphanumeric()).any(|word| word == name)
    };
    name.bytes().any(|byte| byte.is_ascii_lowercase())
        && (name == "Link" && attributes(sight).is_some_and(|all| all.contains(" to="))
            || sight.before.lines().any(imports))
}

/// What a tag has after its name, up to its end, if the name begins in lower case or is that of a link.
fn attributes<'s>(sight: &Sight<'s>) -> Option<&'s str> {
    let tag = near(sight.rest)[1..].trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
    let ends = |(at, _): &(usize, &str)| !tag[..*at].ends_with('=');
    let end = tag.match_indices('>').find(ends).map_or(tag.len(), |(at, _)| at);
    Some(&tag[..end]).filter(|all| all.starts_with(char::is_whitespace))
}

/// Whether one of some attributes is one that Vue reads.
fn has_vue(attributes: &str) -> bool {
    let mut names = attributes.split_whitespace().filter_map(|attribute| attribute.split_once('='));
    let directives =
        ["v-if", "v-else", "v-for", "v-model", "v-show", "v-bind", "v-on", "v-html", "v-text", "v-slot"];
    names.any(|(name, _)| {
        let of = |name: &str| name.starts_with(|c: char| c.is_ascii_lowercase());
        let is_directive = directives.iter().any(|directive| {
            name.strip_prefix(directive)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '.', '-']))
        });
        is_directive || name.strip_prefix(['@', ':']).is_some_and(of)
    })
}

/// Whether one of some attributes has a value in braces, and not one of a template: `href={{ url }}`.
fn has_braces(attributes: &str) -> bool {
    attributes.match_indices("={").any(|(at, _)| {
        let (before, value) = (&attributes[..at], &attributes[at + 1..]);
        let is_template = value.starts_with("{%") || value.starts_with("{{ ") && !value.contains(':');
        let is_quoted = before.matches('"').count() % 2 == 1;
        before.ends_with(|c: char| c.is_ascii_alphanumeric()) && !is_template && !is_quoted
    })
}

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
