//! Sphinx, MyST, Pandoc, Quarto and kramdown: roles, targets, attributes, citations.

use super::construct::{AS_TEXT, Construct, ConstructPlace, Sight, is_word, word};
use super::instead::Instead;
use crate::parse::attributes::table_caption;
use crate::parse::image;
use crate::parse::named_places::name_in;

/// The constructs.
pub const ALL: &[Construct] = &[
    Construct {
        name: "myst-role",
        tool: "MyST and Sphinx",
        what: "a role (`` {ref}`…` ``)",
        here: "here its name is text, and the rest is code",
        opens: "{",
        ends: "`",
        place: ConstructPlace::Text,
        is: |sight| {
            let rest =
                sight.rest[1..].trim_start_matches(|c: char| c.is_alphanumeric() || ":.+_-".contains(c));
            let name = &sight.rest[1..sight.rest.len() - rest.len()];
            rest.starts_with("}`")
                && name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.trim_end_matches(':').split([':', '.', '+']).all(is_word)
        },
        instead: ROLE,
    },
    Construct {
        name: "sphinx-role",
        tool: "Sphinx",
        what: "a role (`` :ref:`…` ``)",
        here: "here its name is text, and the rest is code",
        opens: ":",
        ends: "`",
        place: ConstructPlace::Text,
        is: |sight| {
            let names =
                sight.rest[1..].trim_start_matches(|c: char| c.is_ascii_alphanumeric() || ":_-".contains(c));
            let names = &sight.rest[1..sight.rest.len() - names.len()];
            let ends_in_code = sight.rest[1 + names.len()..].starts_with('`');
            let name = names.strip_suffix(':').filter(|_| ends_in_code).unwrap_or_default();
            let is_apart = !sight.byte_before().is_ascii_alphanumeric();
            is_apart && name.starts_with(|c: char| c.is_ascii_lowercase()) && name.split(':').all(is_word)
        },
        instead: ROLE,
    },
    Construct {
        name: "myst-target",
        tool: "MyST and Sphinx",
        what: "a target of links (`(name)=`)",
        here: AS_TEXT,
        opens: "(",
        ends: ")=",
        place: ConstructPlace::Line,
        is: |sight| name_in(sight.line()).is_some(),
        instead: Instead::Words("write the id after the heading: `## Title {#name}`"),
    },
    Construct {
        name: "myst-comment",
        tool: "MyST",
        what: "a comment (`% …`)",
        here: AS_TEXT,
        opens: "% ",
        ends: "",
        place: ConstructPlace::Line,
        is: |sight| {
            sight.before.is_empty() || sight.before.ends_with("\n\n") || sight.before.ends_with("---\n")
        },
        instead: Instead::Words(
            "write `<!-- … -->`; a note to yourself is a paragraph that begins with `//`",
        ),
    },
    Construct {
        name: "display-formula",
        tool: "Pandoc, MkDocs and GitHub",
        what: "a formula (`$$ … $$`)",
        here: AS_TEXT,
        opens: "$$",
        ends: "$$",
        place: ConstructPlace::Line,
        is: |sight| {
            // The shell's own number begins with the same signs. Where formulas are on, those that are whole are some.
            let formula = sight.rest[2..].split_once("$$").map_or("", |(formula, _)| formula);
            let is_whole = formula.matches('{').count() == formula.matches('}').count();
            is_whole && formula.contains(['\\', '^', '_', '=']) && !formula.contains("\n\n")
        },
        instead: Instead::Words(
            "set `math: true` in `book.yaml`, and take away an indent of four spaces or more, which makes it code",
        ),
    },
    Construct {
        name: "rst-directive",
        tool: "Sphinx",
        what: "a directive (`.. name::`)",
        here: AS_TEXT,
        opens: ".. ",
        ends: "",
        place: ConstructPlace::Head,
        is: |sight| {
            let words = sight.line()[2..].trim_start();
            words.starts_with(|c: char| c.is_ascii_lowercase())
                && words[word(words).len()..].starts_with("::")
        },
        instead: Instead::Words(
            "write what it shows as Markdown: a box is a quote that begins with `> [!NOTE]`",
        ),
    },
    Construct {
        name: "image-attributes",
        tool: "MkDocs, Pandoc, Quarto and Jekyll",
        what: "other attributes of an image than those here (`{align=left}`)",
        here: AS_TEXT,
        opens: "{",
        ends: "}",
        place: ConstructPlace::Text,
        is: |sight| is_after_image(sight.before) && is_attributes(sight) && image::read(sight.rest).is_none(),
        instead: Instead::Words(
            "here are `{#id .class width=300 height=200}`, and `width=50%`; large images are fitted to the page",
        ),
    },
    Construct {
        name: "attributes",
        tool: "MkDocs, Pandoc, Quarto and Jekyll",
        what: "attributes (`{: .class }`)",
        here: AS_TEXT,
        opens: "{",
        ends: "}",
        place: ConstructPlace::Text,
        is: |sight| is_attached(sight) && is_attributes(sight) && !is_after_image(sight.before),
        instead: Instead::Words(
            "leave them out: here, headings and code blocks have attributes; for other text write HTML, `<p class=\"…\">`",
        ),
    },
    Construct {
        name: "pandoc-citation",
        tool: "Pandoc and Quarto",
        what: "a citation (`[@key]`)",
        here: AS_TEXT,
        opens: "@",
        ends: "]",
        place: ConstructPlace::Text,
        is: |sight| {
            if !sight.before.ends_with('[') {
                return false;
            }
            let is_link = sight.line().split_once(']').is_none_or(|(_, after)| after.starts_with(['(', '[']));
            let key = sight.between("@", "]").filter(|_| !is_link);
            let key = key.unwrap_or_default();
            let has_year = key.as_bytes().windows(4).any(|four| four.iter().all(u8::is_ascii_digit));
            has_year || key.contains("; @") || is_key(key) && is_of_pandoc(sight)
        },
        instead: Instead::Words(
            "write a footnote, `[^key]`, and below it the source: `[^key]: Author, Title`",
        ),
    },
    Construct {
        name: "quarto-reference",
        tool: "Quarto",
        what: "a reference to a figure or table (`@fig-name`)",
        here: AS_TEXT,
        opens: "@",
        ends: "",
        place: ConstructPlace::Text,
        is: |sight| {
            let kinds = ["fig-", "tbl-", "sec-", "eq-", "lst-"];
            kinds.iter().any(|kind| sight.rest[1..].starts_with(kind))
                && !sight.byte_before().is_ascii_alphanumeric()
        },
        instead: Instead::Words("write a link: `[](#name)` to a listing, a table or a heading with `#name`"),
    },
    Construct {
        name: "pandoc-note",
        tool: "Pandoc and Quarto",
        what: "a footnote in the text (`^[…]`)",
        here: AS_TEXT,
        opens: "^[",
        ends: "]",
        place: ConstructPlace::Text,
        is: |sight| {
            let is_exponent = sight.byte_before() == b'\\' || sight.byte_before().is_ascii_digit();
            !is_exponent && sight.between("^[", "]").is_some_and(|text| text.contains(' '))
        },
        instead: Instead::Words("write `[^1]`, and the text on a line of its own: `[^1]: …`"),
    },
    Construct {
        name: "obsidian-embed",
        tool: "Obsidian",
        what: "a file that is shown in the page (`![[…]]`)",
        here: AS_TEXT,
        opens: "![[",
        ends: "]]",
        place: ConstructPlace::Line,
        is: |sight| sight.between("![[", "]]").is_some(),
        instead: Instead::Words("write `![what it shows](file.png)`"),
    },
    Construct {
        name: "wiki-link",
        tool: "Obsidian and wikis",
        what: "a link to a page (`[[Page name]]`)",
        here: AS_TEXT,
        opens: "[[",
        ends: "]]",
        place: ConstructPlace::Text,
        is: is_wiki_link,
        instead: Instead::Words("write the path of the file: `[text](../part/page.md)`"),
    },
    Construct {
        name: "bookdown-reference",
        tool: "bookdown",
        what: "a reference (`\\@ref(name)`)",
        here: AS_TEXT,
        opens: "@ref(",
        ends: ")",
        place: ConstructPlace::Escaped,
        is: |sight| sight.line().contains(')'),
        instead: Instead::Words("write a link: `[](#name)` to a listing, a table or a heading with `#name`"),
    },
    Construct {
        name: "latex-command",
        tool: "Pandoc, Quarto and bookdown",
        what: "a command of LaTeX (`\\index{…}`)",
        here: AS_TEXT,
        opens: "\\",
        ends: "}",
        place: ConstructPlace::Text,
        is: |sight| {
            let name = word(&sight.rest[1..]);
            let rest = &sight.rest[1 + name.len()..];
            let is_alone = rest.trim_start_matches([' ', '\r']).starts_with('\n') || rest.is_empty();
            ["index", "indexc", "indexf", "cite", "citep", "citet", "footnote", "vspace"].contains(&name)
                && rest.starts_with('{')
                || ["newpage", "pagebreak", "clearpage", "noindent", "mainmatter", "appendix"].contains(&name)
                    && is_alone
        },
        instead: Instead::Words(
            "leave it out: there are no pages and no index; a source is a footnote, `[^key]`",
        ),
    },
    Construct {
        name: "knitr-value",
        tool: "knitr and Quarto",
        what: "a value that is computed in the text (`` `r …` ``)",
        here: "here it is code, and nothing is computed",
        opens: "`r ",
        ends: "`",
        place: ConstructPlace::CodeInText,
        is: |sight| {
            sight.byte_before() != b'`' && (sight.before.contains("```{r") || sight.rest.contains("```{r"))
        },
        instead: Instead::Words("write the value"),
    },
    Construct {
        name: "myst-break",
        tool: "MyST and Jupyter Book",
        what: "a break between cells (`+++`)",
        here: AS_TEXT,
        opens: "+++",
        ends: "",
        place: ConstructPlace::Line,
        is: |sight| {
            let rest = sight.line()[3..].trim();
            (rest.is_empty() || rest.starts_with('{') && rest.ends_with('}'))
                && sight.before.contains("```{code-cell}")
        },
        instead: Instead::Words("leave it out"),
    },
    Construct {
        name: "pandoc-subscript",
        tool: "MkDocs, Pandoc and Quarto",
        what: "a subscript (`H~2~O`)",
        here: "here it is struck through",
        opens: "~",
        ends: "~",
        place: ConstructPlace::Text,
        is: |sight| is_index(sight, '~'),
        instead: Instead::Words("write `H<sub>2</sub>O`"),
    },
    Construct {
        name: "pandoc-superscript",
        tool: "MkDocs, Pandoc and Quarto",
        what: "a superscript (`2^10^`)",
        here: AS_TEXT,
        opens: "^",
        ends: "^",
        place: ConstructPlace::Text,
        is: |sight| is_index(sight, '^'),
        instead: Instead::Words("write `2<sup>10</sup>`"),
    },
];

/// Whether brackets hold the name of a page: of several words, with a text of its own or a place in the page.
fn is_wiki_link(sight: &Sight<'_>) -> bool {
    let inner = sight.line()[2..].split_once("]]");
    let Some((inner, after)) = inner.filter(|_| !matches!(sight.byte_before(), b'!' | b'[')) else {
        return false;
    };
    inner.starts_with(char::is_alphanumeric)
        && inner.contains([' ', '|', '#'])
        && !inner.contains(['[', ']', '(', ')', '"', '=', '{', '$'])
        && !after.starts_with(['(', '[', ':', ']'])
        && inner.contains(char::is_alphabetic)
}

/// Whether a text is the key of a source: `knuth-1984`, `hadley:ggplot2`.
fn is_key(key: &str) -> bool {
    let key = key.split([',', ' ']).next().unwrap_or_default();
    key.starts_with(|c: char| c.is_ascii_alphabetic()) && key.split([':', '.', '/']).all(is_word)
}

/// Whether a chapter has what is only in books of Pandoc's: `@name` in brackets can also be somebody's name.
fn is_of_pandoc(sight: &Sight<'_>) -> bool {
    const SIGNS: &[&str] =
        &["```{r", "```{python", "```{julia", "\\@ref(", "\\index{", "@sec-", "@fig-", "@tbl-"];
    SIGNS.iter().any(|sign| sight.before.contains(sign) || sight.rest.contains(sign))
}

/// Whether signs hold an index of what comes before: a number, a letter or an ordinal.
fn is_index(sight: &Sight<'_>, sign: char) -> bool {
    if !sight.byte_before().is_ascii_alphanumeric() {
        return false;
    }
    let Some((inner, after)) = sight.line()[1..].split_once(sign) else { return false };
    let digits = inner.trim_start_matches(['+', '-', '−']);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_short =
        is_number && inner.len() <= 4 || ["st", "nd", "rd", "th", "n", "i", "®", "TM"].contains(&inner);
    is_short && !after.starts_with(sign)
}

/// What is written instead of a role.
const ROLE: Instead = Instead::Words(
    "links are `[text](page.md#id)`, terms `[term]{.term}`, formulas `$…$`, keys `<kbd>Ctrl</kbd>`; code stays without the role",
);

/// Whether what comes before is an image.
fn is_after_image(before: &str) -> bool {
    let Some(text) = before.strip_suffix(')') else { return false };
    let text = text.rsplit("\n\n").next().unwrap_or_default();
    let Some(open) = text.rfind("](") else { return false };

    // The text of the image can have brackets too.
    let mut depth = 1;
    let open = text[..open].char_indices().rev().find(|(_, c)| {
        depth += i32::from(*c == ']') - i32::from(*c == '[');
        depth == 0
    });
    open.is_some_and(|(at, _)| text[..at].ends_with('!'))
}

/// Whether braces are where attributes are: right after an element, at the end of a line, or on a line of their own.
fn is_attached(sight: &Sight<'_>) -> bool {
    let before = sight.byte_before();
    let is_kramdown = sight.rest.starts_with("{:");
    if b")]*_`".contains(&before) || is_kramdown || before == b':' && sight.rest.starts_with("{ ") {
        return true;
    }

    let ends_line = || sight.line().split_once('}').is_none_or(|(_, after)| after.trim().is_empty());
    before.is_ascii_whitespace()
        && ends_line()
        && (sight.rest[1..].trim_start().starts_with(['.', '#'])
            || sight.before.trim_end_matches([' ', '\t', '>']).ends_with('\n'))
}

/// Whether braces hold attributes: classes, ids and pairs, and nothing else. A marked term and the id of a table are ours.
fn is_attributes(sight: &Sight<'_>) -> bool {
    let Some(mut words) = inner(sight.rest) else { return false };
    let is_term = words.trim() == ".term" && sight.byte_before() == b']';
    let paragraph = sight.before.rsplit("\n\n").next().unwrap_or_default().trim_start();
    let is_id_of_table = words.starts_with('#') && table_caption(paragraph).is_some();
    if is_term || is_id_of_table {
        return false;
    }
    let is_kramdown = words.starts_with(':');
    words = words.trim_start_matches(':').trim();
    if words.is_empty() {
        return false;
    }

    while !words.is_empty() {
        let name = words.trim_start_matches(['.', '#']);
        let sign = &words[..words.len() - name.len()];
        let key = word(name);
        let rest = &name[key.len()..];
        let is_known = sign.len() == 1 || key.starts_with("data-") || is_kramdown || key == "annotate";

        words = match rest.strip_prefix('=') {
            Some(value) if sign.is_empty() && !key.is_empty() => after_value(value),
            // The name of a class can hold other signs: `.sm:w-1/2`.
            _ if is_known && !key.is_empty() => {
                rest.trim_start_matches(|c: char| !c.is_whitespace()).trim_start()
            }
            _ => return false,
        };
    }
    true
}

/// What is in braces, over a few lines at most; signs in quotes do not end it.
fn inner(rest: &str) -> Option<&str> {
    let mut quote = None;
    for (at, c) in rest.char_indices().skip(1).take(1000) {
        match (quote, c) {
            (None, '}') => return Some(&rest[1..at]),
            (None, '{') => return None,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    None
}

/// What comes after a value, in quotes or without.
fn after_value(value: &str) -> &str {
    match value.chars().next().filter(|quote| ['"', '\''].contains(quote)) {
        Some(quote) => value[1..].split_once(quote).map_or("", |(_, rest)| rest).trim_start(),
        None => value.split_once(char::is_whitespace).map_or("", |(_, rest)| rest).trim_start(),
    }
}
