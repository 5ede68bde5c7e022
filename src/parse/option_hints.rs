//! What is said of options in info strings that mean nothing here: what they are in books for other tools, and what is
//! written instead.
//!
//! [`unknown_option`] is for one option, [`in_braces`] for what other tools write in braces, and [`words`] for several
//! words, which are mostly a title.

use super::{origin, step_options};
use crate::text::{Diagnostic, DiagnosticCode, nearest};

/// The options that can follow the language in an info string.
const OPTIONS: &[&str] =
    &["diff", "fold", "nofold", "nowrap", "numbers", "root", "wrap", "title=", "tab=", "machine="];

/// Options that mean the same in books for other tools, and what is written here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("hl_lines", "{1,4-6}"),
    ("emphasize-lines", "{1,4-6}"),
    ("mark", "{1,4-6}"),
    ("ins", "diff"),
    ("del", "diff"),
    ("name", "title="),
    ("filename", "title="),
    ("fileName", "title="),
    ("caption", "title="),
    ("label", "tab="),
    ("collapse", "fold"),
    ("expandable", "fold"),
    ("line-numbers", "numbers"),
    ("lineNumbers", "numbers"),
    ("linenos", "numbers"),
    ("linenums", "numbers"),
    ("showLineNumbers", "numbers"),
];

/// Options of other tools without a counterpart: every block has what they ask for, or nothing does.
const LEFT_OUT: &[&str] = &[
    "copy",
    "editable",
    "frame",
    "hide_lines",
    "ignore",
    "linenostart",
    "live",
    "no_run",
    "noInline",
    "should_panic",
    "twoslash",
];

/// The options of code that are read in parts.
fn options() -> impl Iterator<Item = &'static str> {
    [OPTIONS, origin::OPTIONS, step_options::OPTIONS].into_iter().flatten().copied()
}

/// Whether an option of ours has a name.
fn is_ours(key: &str) -> bool {
    options().any(|known| known.trim_end_matches('=') == key)
}

/// What is written here for an option of another tool.
fn elsewhere(key: &str) -> Option<&'static str> {
    ELSEWHERE.iter().find(|(theirs, _)| *theirs == key).map(|(_, here)| *here)
}

/// Whether an option is one of another tool that has a counterpart here.
pub fn is_elsewhere(option: &str) -> bool {
    elsewhere(key(option)).is_some()
}

/// Whether an option is one of another tool without a counterpart.
pub fn is_left_out(option: &str) -> bool {
    LEFT_OUT.contains(&key(option))
}

/// The name of an option, which may have a value.
fn key(option: &str) -> &str {
    option.split('=').next().unwrap_or(option).trim()
}

/// The value of an option, with its quotes; empty without one.
fn value(option: &str) -> &str {
    option.split_once('=').map_or("", |(_, value)| value.trim())
}

/// How the warning of an option that is none of ours begins.
const UNKNOWN: &str = "unknown option";

/// Whether a warning is about an option that is none of ours, and not about the value of one that is.
pub fn is_unknown(diagnostic: &Diagnostic) -> bool {
    diagnostic.code == DiagnosticCode::UnknownOption && diagnostic.message.starts_with(UNKNOWN)
}

/// Reports an option that is none of ours.
pub fn unknown_option(option: &str) -> Diagnostic {
    let key = key(option);
    let diagnostic =
        Diagnostic::new(DiagnosticCode::UnknownOption, format!("{UNKNOWN} `{key}` in the info string"));
    if let Some(known) = options().find(|known| known.strip_suffix('=') == Some(key)) {
        return diagnostic.hint(format!("write what it is after it: `{known}…`"));
    }

    // VitePress writes the title of code, or of its tab, in brackets.
    if let Some(title) = option.strip_prefix('[').and_then(|option| option.strip_suffix(']')) {
        return foreign_option("[…]")
            .hint(format!("here it is `title=\"{title}\"`, or `tab=\"{title}\"` for code in tabs"));
    }
    if let Some(here) = elsewhere(key) {
        return foreign_option(key).hint(match written(option) {
            None => format!("leave it out: without `{here}` it is off"),
            Some(written) => format!("here it is `{written}`"),
        });
    }
    if is_left_out(key) {
        return foreign_option(key).hint("leave it out: there is nothing like it here");
    }

    match nearest(key, options().map(|known| known.trim_end_matches('='))) {
        Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
        None if is_file_name(option) => {
            diagnostic.hint(format!("a title or a file's name is `title=\"{option}\"`"))
        }
        None => diagnostic.hint(format!(
            "the options are `{{1,4-6}}`, `#id`, `{}`",
            options().collect::<Vec<_>>().join("`, `")
        )),
    }
}

/// Whether an option looks like the name of a file: `src/app.py`.
fn is_file_name(option: &str) -> bool {
    let name = option.rsplit('/').next().unwrap_or_default();
    let is_plain = |c: char| c.is_alphanumeric() || "._-/".contains(c);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    option.chars().all(is_plain) && extension.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Reports several words that are no options, as one.
pub fn words(words: &str) -> Diagnostic {
    let message = format!("`{words}` in the info string is no option");
    Diagnostic::new(DiagnosticCode::UnknownOption, message)
        .hint(format!("as a title, write `title=\"{words}\"`; else leave them out"))
}

/// Whether a word of an info string can be one of a title: it has no value and no signs, and is not near to an option.
pub fn is_word(option: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || ".,:;!?()-_'’&".contains(c);
    let names = options().map(|known| known.trim_end_matches('='));
    let means_something =
        || is_elsewhere(option) || LEFT_OUT.contains(&option) || nearest(option, names).is_some();
    option.chars().all(is_plain) && !means_something()
}

/// Whether a word after a comma is for another tool: it has no value, and is not near to an option.
pub fn is_of_others(option: &str) -> bool {
    LEFT_OUT.contains(&option) || is_word(option)
}

/// The options of a list with commas between them, or white space: `linenos, hl_lines=3-4 8-9`. More numbers belong to the
/// option before them.
pub fn listed(list: &str) -> Vec<String> {
    let mut options: Vec<String> = Vec::new();
    for item in items(list, |c| c == ',' || c.is_whitespace()) {
        let is_numbers = item.chars().all(|c| c.is_ascii_digit() || c == '-');
        match options.last_mut().filter(|last| is_numbers && last.contains('=')) {
            Some(last) => *last = format!("{last} {item}"),
            None => options.push(item.to_owned()),
        }
    }
    options
}

/// Reports the language that Expressive Code has in `diff lang="js"`: here it comes first, `js diff`.
pub fn language_after(before: &str, option: &str) -> Option<Diagnostic> {
    let language = option.strip_prefix("lang=")?.trim_matches(['"', '\'']);
    Some(foreign_option("lang").hint(match before {
        "diff" => format!("the language comes first: `{language} diff`"),
        _ => format!("the language comes first, without `lang=`: `{language}`"),
    }))
}

/// Reports what is in braces and is no list of lines.
pub fn in_braces(option: &str, list: &str) -> Diagnostic {
    let no_lines = || {
        let message = format!("`{option}` is no list of lines");
        Diagnostic::new(DiagnosticCode::UnknownOption, message)
    };

    let items = items(list, |c| c == ',' || c.is_whitespace());
    let first = items.first().copied().unwrap_or_default();
    let is_copy = items
        .iter()
        .any(|item| origin::OPTIONS.iter().any(|ours| *ours != "file=" && item.starts_with(ours)));
    if is_ours(key(first)) && (is_copy || key(first) != "file") {
        return no_lines()
            .hint(format!("options have no braces around them: `{}`", here(&items, is_copy).0.join(" ")));
    }
    if !list.contains('=') && !list.starts_with(['.', '#']) {
        return no_lines().hint("write lines and ranges with commas: `{1,4-6}`");
    }

    // The values differ from block to block: all that begin with one option are one kind.
    let name = match first.split_once('=') {
        Some((key, _)) => format!("{{{key}=…}}"),
        None => option.to_owned(),
    };
    let (kept, left_out) = here(&items, is_copy);
    let left_out = match left_out.as_slice() {
        [] => String::new(),
        some => format!("leave out `{}`", some.join("`, `")),
    };
    foreign_option(&name).hint(match (kept.as_slice(), left_out.as_str()) {
        ([], _) => format!("{left_out}: there is nothing like it here"),
        (_, "") => format!("here it is `{}`, without braces", kept.join(" ")),
        (..) => format!("here it is `{}`, without braces; {left_out}", kept.join(" ")),
    })
}

/// The options in braces as they are written here, and those that are left out.
fn here<'o>(items: &[&'o str], is_copy: bool) -> (Vec<String>, Vec<&'o str>) {
    let (mut kept, mut left_out) = (Vec::new(), Vec::new());
    for item in items {
        let ours = match key(item) {
            // Without a part of it, a file is what is shown above the code.
            "file" if !is_copy => Some(format!("title={}", value(item))),
            key if is_ours(key) || key.starts_with('#') => Some((*item).to_owned()),
            _ => written(item),
        };
        match ours {
            Some(ours) => kept.push(ours),
            None => left_out.push(*item),
        }
    }
    (kept, left_out)
}

/// An option of another tool as it is written here; none if it has no counterpart, or is off.
fn written(option: &str) -> Option<String> {
    let ours = elsewhere(key(option))?;
    let value = value(option);
    match ours {
        _ if value.trim_matches(['"', '\'', '{', '}']) == "false" => None,
        _ if value.is_empty() => Some(ours.to_owned()),
        "{1,4-6}" => Some(lines_of(value)).filter(|lines| lines != "{}"),
        _ if ours.ends_with('=') => Some(format!("{ours}{value}")),
        _ => Some(ours.to_owned()),
    }
}

/// A list of lines in another form, such as `[3, "6-8"]`, as it is written here.
fn lines_of(list: &str) -> String {
    let ranges = list.split(|c: char| !c.is_ascii_digit() && c != '-').filter(|range| !range.is_empty());
    format!("{{{}}}", ranges.collect::<Vec<_>>().join(","))
}

/// The options of a list, without white space around them. What is between quotes, brackets or braces is not parted.
fn items(list: &str, parts: fn(char) -> bool) -> Vec<&str> {
    let mut items = Vec::new();
    let (mut start, mut close) = (0, None);
    for (at, c) in list.char_indices() {
        // In a word, these signs open nothing: `title=it's`.
        let is_first = || at == start || list[..at].ends_with('=');
        match (close, c) {
            (Some(end), c) if c == end => close = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if is_first() => close = Some(c),
            (None, '[') if is_first() => close = Some(']'),
            (None, '{') if is_first() => close = Some('}'),
            (None, c) if parts(c) => {
                items.push(list[start..at].trim());
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    items.push(list[start..].trim());
    items.retain(|item| !item.is_empty());
    items
}

/// The diagnostic for what is an option to another tool only.
pub fn foreign_option(option: &str) -> Diagnostic {
    let message = format!("`{option}` in an info string is an option of another tool");
    Diagnostic::new(DiagnosticCode::ForeignMarkup, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_other_tools_have_theirs_here() {
        for (option, hint) in [
            ("hl_lines=\"1 2-4\"", "here it is `{1,2-4}`"),
            ("hl_lines", "here it is `{1,4-6}`"),
            ("linenums=1", "here it is `numbers`"),
            ("filename=\"a b.js\"", "here it is `title=\"a b.js\"`"),
            ("showLineNumbers", "here it is `numbers`"),
            ("showLineNumbers={false}", "leave it out: without `numbers` it is off"),
            ("ins={3, 4-5}", "here it is `diff`"),
            ("[config.js]", "here it is `title=\"config.js\"`, or `tab=\"config.js\"` for code in tabs"),
        ] {
            assert_eq!(unknown_option(option).hint.as_deref(), Some(hint), "{option}");
        }
    }

    #[test]
    fn what_is_in_braces_has_its_form_here() {
        for (list, hint) in [
            (r#"file="layouts/page.html""#, r#"here it is `title="layouts/page.html"`, without braces"#),
            (
                r#"file="a b.html" copy=true"#,
                r#"here it is `title="a b.html"`, without braces; leave out `copy=true`"#,
            ),
            (r#"file="a.py" region=x"#, r#"options have no braces around them: `file="a.py" region=x`"#),
            (r#"title="a" numbers"#, r#"options have no braces around them: `title="a" numbers`"#),
            (
                r#"linenos=inline, hl_lines=[3, "6-8"], style=emacs"#,
                "here it is `numbers {3,6-8}`, without braces; leave out `style=emacs`",
            ),
            ("linenos=false", "leave out `linenos=false`: there is nothing like it here"),
            (".w-40", "leave out `.w-40`: there is nothing like it here"),
            ("#plan", "here it is `#plan`, without braces"),
            ("1-", "write lines and ranges with commas: `{1,4-6}`"),
        ] {
            assert_eq!(in_braces(&format!("{{{list}}}"), list).hint.as_deref(), Some(hint));
        }
    }
}
