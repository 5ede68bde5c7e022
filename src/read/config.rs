//! `book.yaml` and the options of a command, made into one ready [`Config`].

use std::collections::BTreeMap;
use std::sync::Arc;

use super::placeholder::Placeholder;
use crate::text::url::encode_authored;
use crate::text::yaml::{YamlReader, YamlTable};
use crate::text::{Diagnostic, Severity, Source, Span};

/// The settings of a book, defaults filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The book's title; without one, its front page's title stands for it.
    pub title: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// One sentence about it.
    pub description: Option<String>,
    /// The language it is written in, as a BCP 47 tag.
    pub language: String,
    /// Where it will be published: an absolute URL that ends in `/`.
    pub base_url: Option<String>,
    /// The theme's name: a folder in `themes/`, or `default`.
    pub theme: String,
    /// Where a chapter's source can be edited: a URL in which `{path}` is the file's path.
    pub edit_url: Option<String>,
    /// The output folder, relative to the book's.
    pub out: String,
    /// Whether there is a page with the whole book, for print.
    pub print: bool,
    /// Whether each chapter's Markdown stands beside its page.
    pub markdown: bool,
    /// Whether what stands between dollar signs is math.
    pub math: bool,
    /// How code is shown.
    pub code: CodeSettings,
    /// What readers fill in, with their names, in the author's order.
    pub placeholders: Vec<(String, Placeholder)>,
    /// Where code blocks are copied from, by name.
    pub sources: BTreeMap<String, SourceSettings>,
    /// Whether TODO lists are in the book.
    pub todo: Visibility,
    /// Whether the author's notes are in the book.
    pub notes: Visibility,
    /// Whether drafts are in the book.
    pub drafts: Visibility,
    /// Whether each chapter has a social image of its own, beside the book's.
    pub social_images: bool,
    /// Whether readers can search.
    pub search: bool,
    /// How bad a broken link is.
    pub links: Severity,
    /// The editor that opens a source: the name of one of [`EDITORS`].
    pub editor: Option<String>,
}

/// Whether something unfinished is in the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// Readers see it.
    Show,
    /// It is left out of pages, search and feeds.
    Hide,
}

/// How code is shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CodeSettings {
    /// The colour theme on light pages; without one, the theme's own colours.
    pub light: Option<String>,
    /// The colour theme on dark pages; without one, the theme's own colours.
    pub dark: Option<String>,
    /// Whether long lines wrap.
    pub wrap: bool,
    /// What begins an author's comment in a console session; `None` for nothing.
    pub comment: Option<String>,
    /// Whether code is coloured at all.
    pub highlight: bool,
    /// Blocks with more lines than this are folded; `None` for never.
    pub fold: Option<usize>,
}

/// Files that code blocks are copies of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SourceSettings {
    /// Their folder, relative to the book's.
    pub path: String,
    /// Where lines of them can be seen: a URL with `{rev}`, `{file}`, `{from}` and `{to}` in it.
    pub url: Option<String>,
    /// The revision that blocks are from which name none.
    pub rev: Option<String>,
}

/// What the options of a command set, whatever `book.yaml` says.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--base-url`, as [`base_url`] reads it.
    pub base_url: Option<String>,
    /// `--drafts`: [`Visibility::Show`].
    pub drafts: Option<Visibility>,
    /// `--hide-todo`: [`Visibility::Hide`].
    pub todo: Option<Visibility>,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            title: None,
            author: None,
            description: None,
            language: "en".to_owned(),
            base_url: None,
            theme: "default".to_owned(),
            edit_url: None,
            out: "public".to_owned(),
            print: true,
            markdown: true,
            math: false,
            code: CodeSettings {
                light: None,
                dark: None,
                wrap: false,
                comment: Some("//".to_owned()),
                highlight: true,
                fold: None,
            },
            placeholders: Vec::new(),
            sources: BTreeMap::new(),
            todo: Visibility::Show,
            notes: Visibility::Show,
            drafts: Visibility::Hide,
            social_images: false,
            search: true,
            links: Severity::Warning,
            editor: None,
        }
    }
}

impl Config {
    /// Reads the settings. Faults leave the defaults standing.
    pub fn read(settings: Option<&Arc<Source>>, overrides: &Overrides) -> (Config, Vec<Diagnostic>) {
        let mut config = Config::default();
        let mut faults = Vec::new();
        if let Some(source) = settings {
            let (mut reader, top) = YamlReader::new(source, Span::new(0, source.text.len()));
            config.fill(&mut reader, top);
            faults = reader.finish();
        }
        if let Some(url) = &overrides.base_url {
            config.base_url = Some(url.clone());
        }
        config.drafts = overrides.drafts.unwrap_or(config.drafts);
        if let Some(todo) = overrides.todo {
            (config.todo, config.notes) = (todo, todo);
        }
        (config, faults)
    }

    fn fill(&mut self, reader: &mut YamlReader<'_>, mut top: YamlTable) {
        self.title = reader.take_text(&mut top, "title");
        self.author = reader.take_text(&mut top, "author");
        self.description = reader.take_text(&mut top, "description");
        set(&mut self.language, reader.take_with(&mut top, "language", language));
        self.base_url = reader.take_with(&mut top, "base_url", |url| base_url(&url));
        set(&mut self.theme, reader.take_with(&mut top, "theme", theme_name));
        self.edit_url = reader.take_with(&mut top, "edit_url", edit_url);
        set(&mut self.out, reader.take_with(&mut top, "out", out_folder));
        set(&mut self.print, reader.take(&mut top, "print"));
        set(&mut self.markdown, reader.take(&mut top, "markdown"));
        set(&mut self.math, reader.take(&mut top, "math"));
        let code = reader.table(&mut top, "code");
        self.code.fill(reader, code);
        let mut placeholders = reader.table(&mut top, "placeholders");
        for (name, table) in reader.named(&mut placeholders, "example") {
            let placeholder = Placeholder::read(reader, table);
            let same = |(_, other): &&(String, Placeholder)| {
                other.matches.is_some() && other.matches == placeholder.matches
            };
            if let Some((other, _)) = self.placeholders.iter().find(same) {
                reader.fault(
                    &placeholders,
                    &name,
                    format!("the `match` of `{name}` is that of `{other}` too"),
                );
            }
            if name.is_empty() || name.contains(|c: char| c.is_whitespace() || "<>&\"'`".contains(c)) {
                reader.fault(&placeholders, &name, format!("`{name}` cannot stand between `<` and `>`"));
            }
            self.placeholders.push((name, placeholder));
        }
        let mut sources = reader.table(&mut top, "sources");
        for (name, table) in reader.named(&mut sources, "path") {
            self.sources.insert(name, source(reader, table));
        }
        let visibility = |word: String| {
            choose("`show` or `hide`", &word, [("show", Visibility::Show), ("hide", Visibility::Hide)])
        };
        set(&mut self.todo, reader.take_with(&mut top, "todo", visibility));
        self.notes = self.todo;
        set(&mut self.notes, reader.take_with(&mut top, "notes", visibility));
        set(&mut self.drafts, reader.take_with(&mut top, "drafts", visibility));
        set(&mut self.social_images, reader.take(&mut top, "social_images"));
        set(&mut self.search, reader.take(&mut top, "search"));
        let severity = |word: String| {
            choose(
                "`warning` or `error`",
                &word,
                [("warning", Severity::Warning), ("error", Severity::Error)],
            )
        };
        set(&mut self.links, reader.take_with(&mut top, "links", severity));
        self.editor = reader.take_with(&mut top, "editor", editor);
        reader.deny_rest(top);
    }
}

impl CodeSettings {
    fn fill(&mut self, reader: &mut YamlReader<'_>, mut table: YamlTable) {
        self.light = reader.take_with(&mut table, "light", colour_theme);
        self.dark = reader.take_with(&mut table, "dark", colour_theme);
        set(&mut self.wrap, reader.take(&mut table, "wrap"));
        set(&mut self.highlight, reader.take(&mut table, "highlight"));
        self.fold = reader.take(&mut table, "fold");
        if let Some(comment) = reader.take::<String>(&mut table, "comment") {
            self.comment = Some(comment).filter(|comment| !comment.is_empty());
        }
        reader.deny_rest(table);
    }
}

/// Editors that a book can name, and how they are told a line: the names of their programs, and the words, in which
/// `{file}` and `{line}` are put. A book can come from somebody else, and is no place for commands: those are in the
/// author's environment.
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

fn editor(command: String) -> Result<String, String> {
    let mut words = command.split_whitespace();
    let program = words.next().unwrap_or_default();
    let rest: Vec<&str> = words.collect();
    let mut names = EDITORS.iter().filter(|(names, _)| names.contains(&program));
    if names.any(|(_, told)| rest.is_empty() || rest == *told) {
        return Ok(program.to_owned());
    }
    let known: Vec<&str> = EDITORS.iter().flat_map(|(names, _)| *names).copied().collect();
    Err(format!(
        "`{command}` is no editor that a book can name; set the variable `VISUAL` to a command of your own, or name one \
         of `{}`",
        known.join("`, `")
    ))
}

fn source(reader: &mut YamlReader<'_>, mut table: YamlTable) -> SourceSettings {
    let settings = SourceSettings {
        path: reader.take(&mut table, "path").unwrap_or_else(|| ".".to_owned()),
        url: reader.take_with(&mut table, "url", web_url),
        rev: reader.take_text(&mut table, "rev"),
    };
    reader.deny_rest(table);
    settings
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

fn choose<T: Copy>(allowed: &str, word: &str, choices: [(&str, T); 2]) -> Result<T, String> {
    let found = choices.iter().find(|(name, _)| *name == word);
    found.map(|(_, value)| *value).ok_or_else(|| format!("`{word}` is not {allowed}"))
}

/// Reads a language tag by its form (BCP 47). Languages have two or three letters; those of more are kept for later by
/// the standard.
fn language(tag: String) -> Result<String, String> {
    let (first, rest) = tag.split_once('-').map_or((tag.as_str(), None), |(first, rest)| (first, Some(rest)));
    let is_part =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_first = (2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic());
    if is_first && rest.is_none_or(|rest| rest.split('-').all(is_part)) {
        Ok(tag)
    } else {
        Err(format!("`{tag}` is not a language tag such as `en` or `pt-BR`"))
    }
}

/// Reads the address that a book will be published at: absolute, encoded, ending in `/`.
///
/// # Errors
/// A message, if it is not one.
pub fn base_url(url: &str) -> Result<String, String> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split('/').next()).unwrap_or_default();
    if host.is_empty() || url.contains(['?', '#', ' ', '"', '<', '>']) || url.chars().any(char::is_control) {
        return Err(format!("`{url}` is not an absolute URL such as `https://example.com/book/`"));
    }
    Ok(format!("{}/", encode_authored(url.trim_end_matches('/'))))
}

fn edit_url(url: String) -> Result<String, String> {
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return Err(format!("`{url}` is not an absolute URL such as `https://example.com/edit/{{path}}`"));
    }
    Ok(if url.contains("{path}") { url } else { format!("{}/{{path}}", url.trim_end_matches('/')) })
}

fn web_url(url: String) -> Result<String, String> {
    let is_one = url.starts_with("https://") || url.starts_with("http://");
    if is_one {
        Ok(url)
    } else {
        Err(format!("`{url}` is not an absolute URL such as `https://example.com/{{file}}`"))
    }
}

fn theme_name(name: String) -> Result<String, String> {
    let plain = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\']);
    if plain { Ok(name) } else { Err(format!("`{name}` is not the name of a folder in `themes/`")) }
}

fn out_folder(path: String) -> Result<String, String> {
    if path.trim().is_empty() { Err("the output folder needs a name".to_owned()) } else { Ok(path) }
}

fn colour_theme(name: String) -> Result<String, String> {
    let known = two_face::theme::EmbeddedLazyThemeSet::theme_names();
    if known.iter().any(|theme| theme.as_name() == name) {
        return Ok(name);
    }
    let names: Vec<&str> = known.iter().map(|theme| theme.as_name()).collect();
    Err(match crate::text::nearest(&name, names.iter().copied()) {
        Some(near) => format!("there is no colour theme `{name}`; did you mean `{near}`?"),
        None => format!("there is no colour theme `{name}`; there are: {}", names.join(", ")),
    })
}
