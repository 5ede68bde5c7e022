//! Hugo, Zola, Jekyll and GitBook: shortcodes, and the tags and values of templates.

use super::construct::{AS_TEXT, Construct, ConstructPlace, Sight, UNSEEN, word};
use super::instead::{DETAILS, INSERT, Instead, TABS};
use crate::parse::alert;

/// The constructs.
pub const ALL: &[Construct] = &[
    shortcode(
        "hugo-figure",
        "Hugo",
        "an image (`{{< figure >}}`)",
        |sight| named(sight, &["figure", "img", "image", "imgproc"]),
        Instead::Words("write `![what it shows](file.png \"the text below it\")`"),
    ),
    shortcode(
        "hugo-highlight",
        "Hugo",
        "a code block (`{{< highlight >}}`)",
        |sight| named(sight, &["highlight", "code"]),
        Instead::Words("write a code block between lines of three backticks"),
    ),
    shortcode(
        "hugo-reference",
        "Hugo",
        "a link to a page (`{{< ref >}}`)",
        |sight| named(sight, &["ref", "relref"]),
        Instead::Words("write the path of the file: `[text](../part/page.md)`"),
    ),
    shortcode(
        "hugo-tabs",
        "Hugo",
        "tabs (`{{< tabs >}}`)",
        |sight| named(sight, &["tabs", "tab", "tabpane", "code-toggle"]),
        TABS,
    ),
    shortcode(
        "hugo-details",
        "Hugo",
        "a box that opens (`{{< details >}}`)",
        |sight| named(sight, &["details", "expand", "collapse", "accordion"]),
        DETAILS,
    ),
    shortcode(
        "hugo-box",
        "Hugo",
        "a box (`{{< note >}}`)",
        |sight| alert::meant(shortcode_name(sight)).is_some(),
        Instead::Alert(shortcode_kind),
    ),
    shortcode(
        "hugo-include",
        "Hugo and Quarto",
        "the text of another file (`{{< include >}}`)",
        |sight| named(sight, &["include", "readfile", "embed", "code-file"]),
        Instead::Words(
            "write the text where it belongs; code gets `file=\"path\"` after its language, which has it compared with the file",
        ),
    ),
    shortcode(
        "hugo-video",
        "Hugo and Quarto",
        "a video (`{{< video >}}`)",
        |sight| named(sight, &["video", "youtube", "vimeo"]),
        Instead::Words("write a link to it, or `<video controls src=\"…\"></video>`"),
    ),
    shortcode(
        "shortcode",
        "Hugo and Quarto",
        "a shortcode (`{{< name >}}`)",
        |sight| !shortcode_name(sight).is_empty(),
        Instead::Words("write what it shows as Markdown or HTML"),
    ),
    tag(
        "gitbook-hint",
        "GitBook",
        "a box (`{% hint %}`)",
        |sight| {
            tagged(
                sight,
                &["hint", "admonition", "callout", "note", "tip", "warning", "info", "danger", "alert"],
            )
        },
        Instead::Alert(hint_kind),
    ),
    tag("gitbook-tabs", "GitBook", "tabs (`{% tabs %}`)", |sight| tagged(sight, &["tabs", "tab"]), TABS),
    tag(
        "gitbook-code",
        "GitBook",
        "the frame of a code block (`{% code %}`)",
        |sight| tagged(sight, &["code", "filename", "codeblock"]),
        Instead::Words(
            "write `title=\"…\"` and `numbers` after the language of the code block; remove the tags",
        ),
    ),
    tag(
        "gitbook-link",
        "GitBook",
        "a link to a page or a file (`{% content-ref %}`)",
        |sight| tagged(sight, &["content-ref", "page-ref", "file", "embed", "youtube", "video", "vimeo"]),
        Instead::Words("write a link: `[text](address)`"),
    ),
    tag(
        "gitbook-steps",
        "GitBook",
        "steps (`{% stepper %}`)",
        |sight| tagged(sight, &["stepper", "step"]),
        Instead::Words("write headings, with `steps: true` in the front matter, or a list with numbers"),
    ),
    tag(
        "jekyll-highlight",
        "Jekyll",
        "a code block (`{% highlight %}`)",
        |sight| tagged(sight, &["highlight"]),
        Instead::Words(
            "write a code block between lines of three backticks, with the language after the first",
        ),
    ),
    tag(
        "jekyll-link",
        "Jekyll",
        "a link to a page (`{% link %}`)",
        |sight| tagged(sight, &["link", "post_url"]),
        Instead::Words("write the path of the file: `[text](../part/page.md)`"),
    ),
    tag(
        "jekyll-include",
        "Jekyll and Honkit",
        "the text of another file (`{% include %}`)",
        |sight| {
            tagged(sight, &["include", "include_relative", "include_cached", "import", "render", "partial"])
        },
        Instead::Words("write the text where it belongs: nothing is included here"),
    ),
    tag(
        "template-raw",
        "Jekyll and others",
        "text that no template reads (`{% raw %}`)",
        |sight| tagged(sight, &["raw", "verbatim"]),
        Instead::Words("remove the tags: no chapter is read as a template here"),
    ),
    tag(
        "template-tag",
        "Jekyll, Zola, GitBook and others",
        "a tag of a template (`{% … %}`)",
        |sight| !tag_name(sight).is_empty(),
        Instead::Words(
            "write what it shows as Markdown or HTML; show the tag itself as code: `` `{% … %}` ``",
        ),
    ),
    Construct {
        name: "template-value",
        tool: "Jekyll, Zola, MkDocs, VitePress and others",
        what: "a value of a template (`{{ … }}`)",
        here: AS_TEXT,
        opens: "{{",
        ends: "}}",
        place: ConstructPlace::Text,
        is: is_value,
        instead: Instead::Words(
            "write the value; what readers fill in is a placeholder; show the braces themselves as code: `` `{{ … }}` ``",
        ),
    },
    Construct {
        name: "gitbook-section",
        tool: "GitBook",
        what: "a section that opens (`<!--sec-->`)",
        here: "here all of it is always shown, without its title",
        opens: "<!--",
        ends: "-->",
        place: ConstructPlace::Comment,
        is: |sight| {
            let inner = sight.rest["<!--".len()..].trim_start();
            inner.starts_with("sec ") && inner.contains("data-")
        },
        instead: DETAILS,
    },
    Construct {
        name: "docsify-tabs",
        tool: "docsify",
        what: "tabs (`<!-- tabs:start -->`)",
        here: UNSEEN,
        opens: "<!--",
        ends: "-->",
        place: ConstructPlace::Comment,
        is: |sight| sight.rest["<!--".len()..].trim_start().starts_with("tabs:start"),
        instead: TABS,
    },
    Construct {
        name: "docsify-include",
        tool: "docsify",
        what: "the code of another file (`[…](… ':include')`)",
        here: "here it is a link",
        opens: "':include",
        ends: "'",
        place: ConstructPlace::Text,
        is: |_| true,
        instead: INSERT,
    },
    Construct {
        name: "docsify-option",
        tool: "docsify",
        what: "an option of a link or an image (`[…](… ':size=50')`)",
        here: "here it is the title",
        opens: "':",
        ends: "'",
        place: ConstructPlace::Text,
        is: |sight| {
            // The title of a link is after its address.
            let line = sight.before.rsplit('\n').next().unwrap_or_default();
            let address = line.rsplit_once("](").map_or("", |(_, address)| address);
            address.ends_with(' ')
                && !address.contains(')')
                && ["ignore", "target", "disabled", "crossorigin", "class", "id", "size", "no"]
                    .contains(&word(&sight.rest[2..]))
        },
        instead: Instead::Words("remove it; the size of an image is `![a plan](plan.png){width=50}`"),
    },
    Construct {
        name: "docsify-tip",
        tool: "docsify",
        what: "a tip (`?>`)",
        here: AS_TEXT,
        opens: "?>",
        ends: "",
        place: ConstructPlace::Line,
        is: |sight| sight.rest[2..].starts_with(' '),
        instead: Instead::Alert(|_| "tip"),
    },
    Construct {
        name: "docsify-important",
        tool: "docsify",
        what: "a box (`!>`)",
        here: AS_TEXT,
        opens: "!>",
        ends: "",
        place: ConstructPlace::Line,
        is: |sight| sight.rest[2..].starts_with(' '),
        instead: Instead::Alert(|_| "important"),
    },
    Construct {
        name: "docsify-id",
        tool: "docsify",
        what: "the id of a heading (`:id=name`)",
        here: AS_TEXT,
        opens: ":id=",
        ends: "",
        place: ConstructPlace::Text,
        is: |sight| sight.before.rsplit('\n').next().is_some_and(|line| line.starts_with('#')),
        instead: Instead::Words("write `{#name}` after the heading"),
    },
];

/// An entry for a shortcode.
const fn shortcode(
    name: &'static str,
    tool: &'static str,
    what: &'static str,
    is: fn(&Sight<'_>) -> bool,
    instead: Instead,
) -> Construct {
    Construct {
        name,
        tool,
        what,
        here: AS_TEXT,
        opens: "{{",
        ends: "}}",
        place: ConstructPlace::Text,
        is,
        instead,
    }
}

/// An entry for a tag of a template.
const fn tag(
    name: &'static str,
    tool: &'static str,
    what: &'static str,
    is: fn(&Sight<'_>) -> bool,
    instead: Instead,
) -> Construct {
    Construct {
        name,
        tool,
        what,
        here: AS_TEXT,
        opens: "{%",
        ends: "%}",
        place: ConstructPlace::Text,
        is,
        instead,
    }
}

/// The name of a shortcode; empty for its end, for one that is shown as it is, and for what is none.
fn shortcode_name<'s>(sight: &Sight<'s>) -> &'s str {
    let inner = sight.between("{{<", ">}}").or_else(|| sight.between("{{%", "%}}"));
    inner.map_or("", word)
}

/// Whether a shortcode has one of these names.
fn named(sight: &Sight<'_>, names: &[&str]) -> bool {
    names.contains(&shortcode_name(sight))
}

/// The kind of a box: a word after its name that is one, else its name.
fn shortcode_kind(line: &str) -> &str {
    let words = line.trim_start_matches(['{', '<', '%', ' ']);
    let mut all = words.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    let own = all.next().unwrap_or_default();
    all.take_while(|word| *word != own).find(|word| alert::meant(word).is_some()).unwrap_or(own)
}

/// The name of a tag of a template; empty for one that ends another.
fn tag_name<'s>(sight: &Sight<'s>) -> &'s str {
    let inner = sight.between("{%", "%}").map(|inner| inner.trim_start_matches(['-', '+']).trim_start());
    let name = inner.map_or("", word);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.starts_with("end");
    if is_name && !["else", "elif", "elsif", "when"].contains(&name) { name } else { "" }
}

/// Whether a tag has one of these names.
fn tagged(sight: &Sight<'_>, names: &[&str]) -> bool {
    names.contains(&tag_name(sight))
}

/// The kind of a box: its style, else its name.
fn hint_kind(line: &str) -> &str {
    let style = ["style=", "type="].iter().find_map(|key| line.split_once(key));
    match style {
        Some((_, style)) => word(style.trim_start_matches(['"', '\''])),
        None => word(line.trim_start_matches(['{', '%', '-', ' '])),
    }
}

/// Whether braces hold a value: a name, a call or a text, and not what LaTeX has there.
fn is_value(sight: &Sight<'_>) -> bool {
    let Some(inner) = sight.between("{{", "}}") else { return false };
    let inner = inner.trim_start_matches('-').trim();
    let is_jsx = sight.byte_before() == b'=' && inner.contains(':');
    let is_latex = b"\\^_}{".contains(&sight.byte_before()) || inner.contains('\\');
    let is_name = inner.starts_with(|c: char| c.is_ascii_alphabetic() || "$.'\"_".contains(c));
    !is_latex && !is_jsx && is_name && inner.len() > 1 && !inner.contains(['{', '}'])
}

/// Whether a destination has a tag or a value of a template in it: where it leads is not known.
pub fn is_made_by_template(destination: &str) -> bool {
    ["{{", "{%"].iter().any(|opens| destination.contains(opens))
}
