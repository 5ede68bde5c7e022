//! Themes: templates, one stylesheet, scripts, and other files.
//!
//! A theme is a folder `themes/NAME/` with `theme.yaml`, `templates/` and `assets/`. One that `extends`
//! another takes from it every file that it does not have itself; a template of its own can in turn extend
//! the other's, as `{% extends "NAME/chapter.html" %}`, and replace a block. `default` is embedded in the
//! program and ends every chain.

pub mod assets;
pub mod cloth;
pub mod contrast;
pub mod layers;
pub mod palette;
pub mod script;
pub mod scripts;
pub mod style;
pub mod template;
pub mod unused;
pub mod words;

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;

use assets::ThemeAssets;
use layers::{ThemeLayer, embedded_layer, in_order, is_named, layers};
use scripts::Entries;
use template::{EngineValue, Templates};
use unused::UnusedFiles;
use words::InterfaceWords;

use crate::read::accent::Accent;
use crate::read::config::CodeSettings;
use crate::read::layout::THEMES;
use crate::read::{Asset, Config, Placeholder, Snapshot};
use crate::text::{Diagnostic, DiagnosticCode, Digest, Hashed, Severity, Source};

/// The templates that every theme must have, its own or another's.
pub const TEMPLATES: &[&str] = &["chapter.html", "front.html", "contents.html", "404.html", "redirect.html"];

/// What of the settings a theme depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ThemeOptions {
    /// The theme's name.
    pub theme: String,
    /// The colour of the book.
    pub accent: Option<Accent>,
    /// The colour themes of code.
    pub code: CodeSettings,
    /// The language of its words.
    pub language: String,
    /// What readers fill in, which its scripts know.
    pub placeholders: Vec<(String, Placeholder)>,
}

impl ThemeOptions {
    /// Takes from the settings what a theme depends on.
    pub fn new(config: &Config) -> Self {
        ThemeOptions {
            theme: config.theme.clone(),
            accent: config.accent,
            code: config.code.clone(),
            language: config.language.clone(),
            placeholders: config.placeholders.clone(),
        }
    }
}

/// A theme, ready to render with.
#[derive(Debug)]
pub struct Theme {
    templates: Templates,
    /// The words of the interface.
    pub words: Arc<InterfaceWords>,
    /// The same as templates see them.
    pub shown_words: EngineValue<InterfaceWords>,
    /// The address of the stylesheet.
    pub stylesheet: String,
    /// The addresses of the scripts that run before the page is shown.
    pub early: Vec<String>,
    /// The address of the script that all modules are put together in, if there are any.
    pub script: Option<String>,
    /// The address of the script that can wait until the page is shown, if there is one.
    pub late: Option<String>,
    /// The address of the folder that all other files of the theme are in.
    pub folder: String,
    /// The stylesheet and the scripts, by address.
    pub texts: BTreeMap<String, Arc<Hashed<String>>>,
    /// All other files, by address.
    pub files: BTreeMap<String, Arc<Asset>>,
    /// Its diagnostics, none of which prevents its use.
    pub diagnostics: Vec<Diagnostic>,
    /// Its files that it does not use itself.
    unused: UnusedFiles,
    digest: Digest,
}

impl Hash for Theme {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digest.hash(state);
    }
}

impl Theme {
    /// Loads a theme of a snapshot, and all that it extends.
    ///
    /// # Errors
    /// [`DiagnosticCode::InvalidTheme`] if one is not there or has no template that it needs;
    /// [`DiagnosticCode::InvalidTemplate`] if a template does not parse; errors in `theme.yaml`.
    pub fn load(snapshot: &Snapshot, options: &ThemeOptions) -> Result<Theme, Vec<Diagnostic>> {
        let name = &options.theme;
        let embedded = embedded_layer()?;
        let layers = layers(name, snapshot, &embedded)?;
        let (words, diagnostics) = read_words(&options.language, &layers, &embedded)?;
        let templates = templates(name, &layers)?;
        let style =
            cloth::stylesheet(options.accent) + &stylesheet(&layers)? + &palette::stylesheet(&options.code);

        // The scripts that run before the page is shown, and all others as one.
        let mut assets = ThemeAssets::of(&layers);
        let early = assets.listed(name, &layers, |settings| &settings.early)?;
        let early = early.iter().map(|path| format!("{}/{path}", assets.folder)).collect();
        let entries = assets.listed(name, &layers, |settings| &settings.scripts)?;
        let late = assets.listed(name, &layers, |settings| &settings.late)?;
        let (script, late) = match entries.first() {
            // In the folder of the first module, so that relative paths in the modules lead to the same files.
            Some(path) => {
                let within = path.rfind('/').map_or("", |end| &path[..=end]);
                let entries = Entries { first: &entries, late: &late };
                let bundled = scripts::bundle(entries, &assets.scripts, &words, &options.placeholders)?;
                assets.leave_out(&bundled.modules, templates.values());
                let late = bundled.late.map(|late| assets.publish(within, "js", late));
                (Some(assets.publish(within, "js", bundled.first)), late)
            }
            None => (None, None),
        };
        let stylesheet = assets.publish("", "css", style);

        let sources: Vec<(&String, &String)> =
            templates.iter().map(|(name, source)| (name, &source.text)).collect();
        let digest =
            Digest::of_value(&(sources, &words, &stylesheet, &early, (&script, &late), &assets.folder));

        Ok(Theme {
            templates: Templates::parse(templates, &words.plural).map_err(|diagnostic| vec![diagnostic])?,
            shown_words: EngineValue::new(&words),
            words: Arc::new(words),
            diagnostics,
            unused: UnusedFiles::of(&layers, snapshot),
            stylesheet,
            early,
            script,
            late,
            folder: assets.folder + "/",
            texts: assets.texts,
            files: assets.files,
            digest,
        })
    }

    /// Whether the theme has a template of this name.
    pub fn has(&self, template: &str) -> bool {
        self.templates.has(template)
    }

    /// Renders a template with a view.
    ///
    /// # Errors
    /// [`DiagnosticCode::InvalidTemplate`] with its place if the template fails.
    pub fn render(&self, template: &str, view: &impl Serialize) -> Result<Bytes, Diagnostic> {
        self.templates.render(template, view, 0)
    }

    /// Renders a template with a view in which there is text of this length, in bytes.
    ///
    /// # Errors
    /// [`DiagnosticCode::InvalidTemplate`] with its place if the template fails.
    pub fn render_text(
        &self,
        template: &str,
        view: &impl Serialize,
        text: usize,
    ) -> Result<Bytes, Diagnostic> {
        self.templates.render(template, view, text)
    }

    /// Renders a template that writes a piece of a page.
    ///
    /// # Errors
    /// [`DiagnosticCode::InvalidTemplate`] with its place if the template fails.
    pub fn piece(&self, template: &str, view: &impl Serialize) -> Result<String, Diagnostic> {
        self.templates.piece(template, view)
    }

    /// The diagnostics for files that neither the theme nor a chapter uses. `named` are the templates that chapters
    /// name.
    pub fn unused(&self, named: &[&str]) -> Vec<Diagnostic> {
        self.unused.diagnostics(named, &self.templates.names().collect::<Vec<_>>())
    }

    /// The digest of all that pages take from the theme.
    pub fn digest(&self) -> Digest {
        self.digest
    }
}

/// The templates of all layers, by the names that the engine knows them by.
fn templates(theme: &str, layers: &[ThemeLayer]) -> Result<BTreeMap<String, Arc<Source>>, Vec<Diagnostic>> {
    let mut templates = BTreeMap::new();
    for layer in layers.iter().rev() {
        for (path, source) in &layer.texts {
            if let Some(template) = path.strip_prefix("templates/") {
                let full = format!("{}/{template}", layer.name);
                // Components are known to the whole engine, so each template is added once, unless another asks for it
                // by its full name.
                if is_named(&full, layers) {
                    templates.insert(full, Arc::clone(source));
                }
                templates.insert(template.to_owned(), Arc::clone(source));
            }
        }
    }

    let missing: Vec<&str> =
        TEMPLATES.iter().copied().filter(|template| !templates.contains_key(*template)).collect();
    if missing.is_empty() {
        return Ok(templates);
    }

    let message = format!("the theme `{theme}` has no `{}`", missing.join("`, no `"));
    let diagnostic = Diagnostic::new(DiagnosticCode::InvalidTheme, message).on(format!("{THEMES}/{theme}"));
    Err(vec![diagnostic.hint("take the rest from another theme: `extends: default` in its `theme.yaml`")])
}

/// Reads the words of a language. Those that a theme and all that it extends do not have are the embedded theme's.
fn read_words(
    language: &str,
    layers: &[ThemeLayer],
    embedded: &ThemeLayer,
) -> Result<(InterfaceWords, Vec<Diagnostic>), Vec<Diagnostic>> {
    let files = |path: &str| {
        let of_layers = layers.iter().rev().filter_map(|layer| layer.texts.get(path));
        embedded.texts.get(path).into_iter().chain(of_layers).cloned().collect()
    };
    let (words, diagnostics) = InterfaceWords::read(language, files);
    let is_fit = diagnostics.iter().all(|diagnostic| diagnostic.severity != Severity::Error);
    if is_fit { Ok((words, diagnostics)) } else { Err(diagnostics) }
}

/// Joins the styles of all layers, the ancestors' first. A file of a theme replaces one of the same name of its
/// ancestor, at the ancestor's position.
fn stylesheet(layers: &[ThemeLayer]) -> Result<String, Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    let mut css = String::new();
    for path in in_order(layers, |settings| &settings.styles) {
        match layers.iter().find_map(|layer| layer.texts.get(&format!("assets/{path}"))) {
            Some(source) => {
                css.push_str(&source.text);
                css.push('\n');
            }
            None => diagnostics.push(
                Diagnostic::new(DiagnosticCode::InvalidTheme, format!("there is no style `assets/{path}`"))
                    .on(format!("{THEMES}/{}", layers[0].name)),
            ),
        }
    }
    if diagnostics.is_empty() { Ok(css) } else { Err(diagnostics) }
}
