//! `book.yaml` and the options of a command, combined into one [`Config`].

use std::collections::BTreeMap;
use std::sync::Arc;

use super::accent::Accent;
use super::config_values::{
    EditUrl, OutputSetting, Visibility, anchor, base_url, colour_theme, edit_url, editor, language,
    out_folder, output, severity, source_url, static_file, theme_name, visibility,
};
use super::lints::Lints;
use super::machine::Machine;
use super::placeholder::Placeholder;
use super::proof::ProofSettings;
use crate::text::yaml::{YamlReader, YamlTable};
use crate::text::{Diagnostic, DiagnosticCode, Severity, Source, Span};

/// The settings of a book, with their defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The book's title; without one, the front page's title is used.
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
    /// Where a chapter's source can be edited.
    pub edit_url: EditUrl,
    /// The output folder, relative to the book's.
    pub out: String,
    /// Whether there is a page with the whole book, for print.
    pub print: bool,
    /// Whether the book can be read without a network.
    pub offline: bool,
    /// Whether each chapter's Markdown is published beside its page.
    pub markdown: bool,
    /// Whether text between dollar signs is math.
    pub math: bool,
    /// Whether quotes, dashes and spaces in prose are set as the language asks.
    pub typography: bool,
    /// How code is shown.
    pub code: CodeSettings,
    /// The placeholders with their names, in the author's order.
    pub placeholders: Vec<(String, Placeholder)>,
    /// The folders that code blocks are copied from, by name.
    pub sources: BTreeMap<String, SourceSettings>,
    /// The computers of the tutorial, in the author's order.
    pub machines: Vec<Machine>,
    /// How the tutorial is tested.
    pub proof: ProofSettings,
    /// The section for readers whose commands do something else: `#` and an id.
    pub stuck: Option<String>,
    /// Whether chapters, listings and tables are numbered.
    pub numbers: bool,
    /// The colour of the cover and of links: the name of a cloth, or a colour such as `#7a1f2b`.
    pub accent: Option<Accent>,
    /// The picture before the book's title: a file in `static/`.
    pub logo: Option<String>,
    /// A stylesheet after the theme's own: a file in `static/`.
    pub style: Option<String>,
    /// Whether TODO lists are in the book.
    pub todo: Visibility,
    /// Whether the author's notes are in the book.
    pub notes: Visibility,
    /// Whether drafts are in the book.
    pub drafts: Visibility,
    /// Whether each chapter has its own social image, besides the book's.
    pub social_images: bool,
    /// Whether readers can search.
    pub search: bool,
    /// The severity of a broken link.
    pub links: Severity,
    /// What becomes of warnings.
    pub lints: Lints,
    /// The editor that opens a source: a program of [`EDITORS`](super::config_values::EDITORS).
    pub editor: Option<String>,
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
    /// The marker of an author's comment in a console session; `None` if there are no comments.
    pub comment: Option<String>,
    /// Whether code is coloured at all.
    pub highlight: bool,
    /// Blocks with more lines than this are folded; `None` for never.
    pub fold: Option<usize>,
    /// Whether what commands print is folded.
    pub output: OutputSetting,
}

/// A folder of files that code blocks are copies of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SourceSettings {
    /// The folder, relative to the book's.
    pub path: String,
    /// Where readers can see lines of a file: a URL with `{rev}`, `{file}`, `{from}` and `{to}` in it.
    pub url: Option<String>,
    /// The revision for blocks that name none.
    pub rev: Option<String>,
}

/// Settings from the options of a command. They win over `book.yaml`.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--base-url`, as [`base_url`] reads it.
    pub base_url: Option<String>,
    /// `--drafts`: [`Visibility::Show`].
    pub drafts: Option<Visibility>,
    /// `--hide-todo`: [`Visibility::Hide`].
    pub todo: Option<Visibility>,
    /// `--deny`: the warnings that are errors.
    pub deny: Vec<DiagnosticCode>,
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
            edit_url: EditUrl::default(),
            out: "public".to_owned(),
            print: true,
            offline: false,
            markdown: true,
            math: false,
            typography: false,
            code: CodeSettings {
                light: None,
                dark: None,
                wrap: false,
                comment: Some("//".to_owned()),
                highlight: true,
                fold: None,
                output: OutputSetting::Shown,
            },
            placeholders: Vec::new(),
            sources: BTreeMap::new(),
            machines: Vec::new(),
            proof: ProofSettings::default(),
            stuck: None,
            numbers: false,
            accent: None,
            logo: None,
            style: None,
            todo: Visibility::Show,
            notes: Visibility::Show,
            drafts: Visibility::Hide,
            social_images: false,
            search: true,
            links: Severity::Warning,
            lints: Lints::default(),
            editor: None,
        }
    }
}

impl Config {
    /// Reads the settings. A faulty setting keeps its default.
    pub fn read(settings: Option<&Arc<Source>>, overrides: &Overrides) -> (Config, Vec<Diagnostic>) {
        let mut config = Config::default();
        let mut diagnostics = Vec::new();

        if let Some(source) = settings {
            let (mut reader, top) = YamlReader::new(source, Span::new(0, source.text.len()));
            config.fill(&mut reader, top);
            diagnostics = reader.finish();
        }

        if let Some(url) = &overrides.base_url {
            config.base_url = Some(url.clone());
        }
        set(&mut config.drafts, overrides.drafts);
        config.lints.deny(&overrides.deny);
        // `--hide-todo` hides notes too.
        set(&mut config.todo, overrides.todo);
        set(&mut config.notes, overrides.todo);

        (config, diagnostics)
    }

    fn fill(&mut self, reader: &mut YamlReader<'_>, mut top: YamlTable) {
        self.title = reader.take_text(&mut top, "title");
        self.author = reader.take_text(&mut top, "author");
        self.description = reader.take_text(&mut top, "description");
        set(&mut self.language, reader.take_with(&mut top, "language", language));
        self.base_url = reader.take_with(&mut top, "base_url", |url| base_url(&url));
        set(&mut self.theme, reader.take_with(&mut top, "theme", theme_name));
        set(&mut self.edit_url, reader.take_with(&mut top, "edit_url", edit_url));
        set(&mut self.out, reader.take_with(&mut top, "out", out_folder));
        set(&mut self.print, reader.take(&mut top, "print"));
        set(&mut self.offline, reader.take(&mut top, "offline"));
        set(&mut self.markdown, reader.take(&mut top, "markdown"));
        set(&mut self.math, reader.take(&mut top, "math"));
        set(&mut self.typography, reader.take(&mut top, "typography"));

        let code = reader.table(&mut top, "code");
        self.code.fill(reader, code);
        let placeholders = reader.table(&mut top, "placeholders");
        self.fill_placeholders(reader, placeholders);
        let mut sources = reader.table(&mut top, "sources");
        for (name, table) in reader.named(&mut sources, "path") {
            self.sources.insert(name, source(reader, table));
        }

        // What the tutorial is about, and how the book looks.
        let mut machines = reader.table(&mut top, "machines");
        for (name, table) in reader.named(&mut machines, "label") {
            self.machines.push(Machine::read(reader, name, table));
        }
        let proof = reader.table(&mut top, "proof");
        self.proof = ProofSettings::read(reader, proof, &self.placeholders);
        self.stuck = reader.take_with(&mut top, "stuck", anchor);
        set(&mut self.numbers, reader.take(&mut top, "numbers"));
        self.accent = reader.take_with(&mut top, "accent", |accent| Accent::read(&accent));
        self.logo = reader.take_with(&mut top, "logo", static_file);
        self.style = reader.take_with(&mut top, "style", static_file);

        set(&mut self.todo, reader.take_with(&mut top, "todo", visibility));
        // Notes follow the TODO lists unless they have a setting.
        self.notes = self.todo;
        set(&mut self.notes, reader.take_with(&mut top, "notes", visibility));
        set(&mut self.drafts, reader.take_with(&mut top, "drafts", visibility));
        set(&mut self.social_images, reader.take(&mut top, "social_images"));
        set(&mut self.search, reader.take(&mut top, "search"));
        set(&mut self.links, reader.take_with(&mut top, "links", severity));
        let lints = reader.table(&mut top, "lints");
        self.lints = Lints::read(reader, lints);
        self.editor = reader.take_with(&mut top, "editor", editor);

        reader.deny_rest(top);
    }

    fn fill_placeholders(&mut self, reader: &mut YamlReader<'_>, mut table: YamlTable) {
        for (name, settings) in reader.named(&mut table, "example") {
            let placeholder = Placeholder::read(reader, settings);

            // One word in code cannot be two placeholders.
            let same = |(_, other): &&(String, Placeholder)| {
                other.matches.is_some() && other.matches == placeholder.matches
            };
            if let Some((other, _)) = self.placeholders.iter().find(same) {
                reader.report(&table, &name, format!("`{name}` and `{other}` have the same `match`"));
            }

            if name.is_empty() || name.contains(|c: char| c.is_whitespace() || "<>&\"'`".contains(c)) {
                reader.report(&table, &name, format!("`{name}` cannot be written between `<` and `>`"));
            }

            self.placeholders.push((name, placeholder));
        }
    }
}

impl CodeSettings {
    fn fill(&mut self, reader: &mut YamlReader<'_>, mut table: YamlTable) {
        self.light = reader.take_with(&mut table, "light", colour_theme);
        self.dark = reader.take_with(&mut table, "dark", colour_theme);
        set(&mut self.wrap, reader.take(&mut table, "wrap"));
        set(&mut self.highlight, reader.take(&mut table, "highlight"));
        self.fold = reader.take(&mut table, "fold");
        set(&mut self.output, reader.take_with(&mut table, "output", output));

        // An empty text turns comments off.
        if let Some(comment) = reader.take::<String>(&mut table, "comment") {
            self.comment = Some(comment).filter(|comment| !comment.is_empty());
        }

        reader.deny_rest(table);
    }
}

fn source(reader: &mut YamlReader<'_>, mut table: YamlTable) -> SourceSettings {
    let settings = SourceSettings {
        path: reader.take(&mut table, "path").unwrap_or_else(|| ".".to_owned()),
        url: reader.take_with(&mut table, "url", source_url),
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
