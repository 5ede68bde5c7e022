//! The forms of single settings: each function checks what an author wrote, and returns the value or what is wrong with it.

use crate::text::url::encode_authored;
use crate::text::{Severity, nearest};

/// Where a chapter's source can be edited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum EditUrl {
    /// Where its repository comes from, if that is a host that is known.
    #[default]
    OfRepository,
    /// Nowhere: pages have no such link.
    Nowhere,
    /// At a URL in which `{path}` is the file's path.
    At(String),
}

/// Whether unfinished content is in the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// Readers see it.
    Show,
    /// It is left out of pages, search and feeds.
    Hide,
}

/// How the output of commands is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OutputSetting {
    /// Below the command.
    #[default]
    Shown,
    /// Below the command, once a reader asks for it.
    Folded,
}

/// The editors that a book can name: their programs, and the arguments that open a file at a line, with `{file}` and
/// `{line}`. Any other command comes from the author's environment: a book may come from a stranger, so it cannot
/// choose commands to run.
pub const EDITORS: &[(&[&str], &[&str])] = &[
    (&["code", "code-insiders", "codium", "vscodium", "cursor", "windsurf"], &["--goto", "{file}:{line}"]),
    (&["subl", "sublime_text", "zed", "zeditor", "atom"], &["{file}:{line}"]),
    (
        &["idea", "pycharm", "webstorm", "phpstorm", "rubymine", "clion", "goland", "rustrover"],
        &["--line", "{line}", "{file}"],
    ),
    (&["gvim", "mvim", "emacs", "emacsclient", "gedit", "geany", "mousepad"], &["+{line}", "{file}"]),
    (&["kate", "kwrite"], &["--line", "{line}", "{file}"]),
    (&["mate"], &["--line", "{line}", "{file}"]),
];

pub(super) fn editor(command: String) -> Result<String, String> {
    let mut words = command.split_whitespace();
    let program = words.next().unwrap_or_default();
    let written: Vec<&str> = words.collect();

    // The program is enough. Its arguments are accepted only as the table has them.
    for (programs, arguments) in EDITORS {
        if programs.contains(&program) && (written.is_empty() || written == *arguments) {
            return Ok(program.to_owned());
        }
    }

    let known: Vec<&str> = EDITORS.iter().flat_map(|(programs, _)| *programs).copied().collect();
    Err(format!(
        "a book cannot name the editor `{command}`; set the variable `VISUAL` to your command, or name one of `{}`",
        known.join("`, `")
    ))
}

/// Checks the path of a file in `static/`.
pub(super) fn static_file(path: String) -> Result<String, String> {
    let is_inside = path.split('/').all(|name| !name.is_empty() && !name.starts_with('.'));
    if is_inside { Ok(path) } else { Err(format!("`{path}` is not the path of a file in `static/`")) }
}

/// Checks a link to a section of the page: `#` and an id.
pub fn anchor(link: String) -> Result<String, String> {
    match link.strip_prefix('#') {
        Some(id) if !id.is_empty() && !id.contains(char::is_whitespace) => Ok(link),
        _ => Err(format!("`{link}` is not a section such as `#when-it-goes-wrong`")),
    }
}

pub(super) fn output(word: String) -> Result<OutputSetting, String> {
    match word.as_str() {
        "show" => Ok(OutputSetting::Shown),
        "fold" => Ok(OutputSetting::Folded),
        _ => Err(format!("`{word}` is not `show` or `fold`")),
    }
}

pub(super) fn visibility(word: String) -> Result<Visibility, String> {
    match word.as_str() {
        "show" => Ok(Visibility::Show),
        "hide" => Ok(Visibility::Hide),
        _ => Err(format!("`{word}` is not `show` or `hide`")),
    }
}

pub(super) fn severity(word: String) -> Result<Severity, String> {
    match word.as_str() {
        "warning" => Ok(Severity::Warning),
        "error" => Ok(Severity::Error),
        _ => Err(format!("`{word}` is not `warning` or `error`")),
    }
}

/// Checks the form of a language tag (BCP 47). A language has two or three letters; the standard reserves longer ones.
pub(super) fn language(tag: String) -> Result<String, String> {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();

    let is_first = (2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_part =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_first && parts.all(is_part) {
        Ok(tag)
    } else {
        Err(format!("`{tag}` is not a language tag such as `en` or `pt-BR`"))
    }
}

/// Reads the URL that a book will be published at, and returns it encoded and with a `/` at its end.
///
/// # Errors
/// A message, if it is not an absolute URL.
pub fn base_url(url: &str) -> Result<String, String> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split('/').next()).unwrap_or_default();

    // Addresses of pages are appended, so it can have neither a query nor a fragment.
    if host.is_empty() || url.contains(['?', '#', ' ', '"', '<', '>']) || url.chars().any(char::is_control) {
        return Err(format!("`{url}` is not an absolute URL such as `https://example.com/book/`"));
    }
    Ok(format!("{}/", encode_authored(url.trim_end_matches('/'))))
}

pub(super) fn edit_url(url: String) -> Result<EditUrl, String> {
    if url == "false" {
        return Ok(EditUrl::Nowhere);
    }
    if !is_web(&url) {
        return Err(format!("`{url}` is not an absolute URL such as `https://example.com/edit/{{path}}`"));
    }
    let is_whole = url.contains("{path}");
    Ok(EditUrl::At(if is_whole { url } else { format!("{}/{{path}}", url.trim_end_matches('/')) }))
}

pub(super) fn source_url(url: String) -> Result<String, String> {
    if is_web(&url) {
        Ok(url)
    } else {
        Err(format!("`{url}` is not an absolute URL such as `https://example.com/{{file}}`"))
    }
}

fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

pub(super) fn theme_name(name: String) -> Result<String, String> {
    let is_folder = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\']);
    if is_folder { Ok(name) } else { Err(format!("`{name}` is not the name of a folder in `themes/`")) }
}

pub(super) fn out_folder(path: String) -> Result<String, String> {
    if path.trim().is_empty() { Err("the output folder needs a name".to_owned()) } else { Ok(path) }
}

pub(super) fn colour_theme(name: String) -> Result<String, String> {
    let known = two_face::theme::EmbeddedLazyThemeSet::theme_names();
    if known.iter().any(|theme| theme.as_name() == name) {
        return Ok(name);
    }

    let names: Vec<&str> = known.iter().map(|theme| theme.as_name()).collect();
    Err(match nearest(&name, names.iter().copied()) {
        Some(near) => format!("there is no colour theme `{name}`; did you mean `{near}`?"),
        None => format!("there is no colour theme `{name}`; there are: {}", names.join(", ")),
    })
}
