//! Themes: templates, one stylesheet, scripts, and other files.
//!
//! A theme is a folder `themes/NAME/` with `theme.yaml`, `templates/` and `assets/`. One that `extends`
//! another takes from it every file that it does not have itself; a template of its own can in turn extend
//! the other's, as `{% extends "NAME/chapter.html" %}`, and replace a block. `default` is embedded in the
//! program and ends every chain.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;

use super::template::{Ready, Template, Templates};
use super::unused::Unused;
use super::words::Words;
use super::{palette, scripts};
use crate::read::Config;
use crate::read::layout::{SETTINGS, THEMES};
use crate::read::{Asset, Body, Snapshot};
use crate::text::yaml::Reader;
use crate::text::{Diagnostic, DiagnosticCode, Digest, Hashed, Severity, Source, Span};

/// The files of the embedded theme: paths below its folder, and bytes.
pub(super) const EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/default_theme.rs"));
/// The name of the embedded theme.
const DEFAULT: &str = "default";

/// The templates that every theme must have, its own or another's.
pub const TEMPLATES: &[&str] = &["chapter.html", "front.html", "contents.html", "404.html", "redirect.html"];

/// A theme, ready to render with.
#[derive(Debug)]
pub struct Theme {
    templates: Templates,
    /// The words of the interface.
    pub words: Arc<Words>,
    /// The same as templates see them.
    pub shown_words: Ready<Words>,
    /// The address of the stylesheet.
    pub stylesheet: String,
    /// The addresses of the scripts that run before the page is shown.
    pub early: Vec<String>,
    /// The address of the script that all modules are put together in, if there are any.
    pub script: Option<String>,
    /// The address of the folder that all other files of the theme are in.
    pub folder: String,
    /// The stylesheet and the scripts, by address.
    pub texts: BTreeMap<String, Arc<Hashed<String>>>,
    /// All other files, by address.
    pub files: BTreeMap<String, Arc<Asset>>,
    /// What is wrong with it that does not keep it from being used.
    pub faults: Vec<Diagnostic>,
    /// The files that it does not use itself.
    unused: Unused,
    digest: Digest,
}

impl Hash for Theme {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digest.hash(state);
    }
}

/// A theme's own files, before those of the themes that it extends.
#[derive(Clone)]
pub(super) struct Layer {
    pub(super) name: String,
    /// Whether it came with the program.
    pub(super) is_built_in: bool,
    pub(super) settings: Settings,
    /// Templates, styles, scripts and words, by their paths below the theme's folder.
    pub(super) texts: BTreeMap<String, Arc<Source>>,
    /// Everything else below `assets/`, by the path below that.
    files: BTreeMap<String, Arc<Asset>>,
}

/// What `theme.yaml` says.
#[derive(Clone, Default)]
pub(super) struct Settings {
    extends: Option<(String, Span)>,
    pub(super) styles: Vec<String>,
    early: Vec<String>,
    scripts: Vec<String>,
}

impl Theme {
    /// Loads a theme and all that it extends.
    ///
    /// # Errors
    /// [`DiagnosticCode::InvalidTheme`] if one is not there or has no template that it needs; [`DiagnosticCode::InvalidTemplate`] if a
    /// template does not parse; faults in `theme.yaml`.
    pub fn load(snapshot: &Snapshot, config: &Config) -> Result<Theme, Vec<Diagnostic>> {
        let name = &config.theme;
        let embedded = embedded_layer()?;
        let layers = layers(name, snapshot, &embedded)?;
        let (words, faults) = read_words(&config.language, &layers, &embedded)?;
        let templates = templates(name, &layers)?;
        let style = stylesheet(&layers)? + &palette::stylesheet(&config.code);
        let mut assets = Assets::of(&layers);
        let early = assets.listed(name, &layers, |settings| &settings.early)?;
        let early = early.iter().map(|path| format!("{}/{path}", assets.folder)).collect();
        let entries = assets.listed(name, &layers, |settings| &settings.scripts)?;
        let script = match entries.first() {
            // Beside the first of its modules: what they load when it is needed, they find by relative paths.
            Some(first) => {
                let within = first.rfind('/').map_or("", |end| &first[..=end]);
                let script = scripts::bundle(&entries, &assets.scripts, &words, &config.placeholders)?;
                Some(assets.publish(within, "js", script))
            }
            None => None,
        };
        let stylesheet = assets.publish("", "css", style);
        let sources: Vec<(&String, &String)> =
            templates.iter().map(|(name, template)| (name, &template.source.text)).collect();
        let digest = Digest::of_value(&(sources, &words, &stylesheet, &early, &script, &assets.folder));
        Ok(Theme {
            templates: Templates::parse(templates, &words).map_err(|fault| vec![fault])?,
            shown_words: Ready::new(&words),
            words: Arc::new(words),
            faults,
            unused: Unused::of(&layers, snapshot),
            stylesheet,
            early,
            script,
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
        self.templates.render(template, view)
    }

    /// Renders a template that writes a piece of a page.
    ///
    /// # Errors
    /// [`DiagnosticCode::InvalidTemplate`] with its place if the template fails.
    pub fn piece(&self, template: &str, view: &impl Serialize) -> Result<String, Diagnostic> {
        self.templates.piece(template, view)
    }

    /// The faults of files that neither the theme nor a chapter uses, of which these are the templates that chapters
    /// name.
    pub fn unused(&self, named: &[&str]) -> Vec<Diagnostic> {
        self.unused.faults(named, &self.templates.names().collect::<Vec<_>>())
    }

    /// What stands for the theme where it is hashed.
    pub fn digest(&self) -> Digest {
        self.digest
    }
}

/// What is published of the `assets/` of all layers.
struct Assets<'l> {
    /// The folder's address, which names what is in it.
    folder: String,
    /// The scripts, by their paths below `assets/`.
    scripts: BTreeMap<&'l str, &'l Arc<Source>>,
    /// The scripts again, and what is put together, by address.
    texts: BTreeMap<String, Arc<Hashed<String>>>,
    /// All other files, by address.
    files: BTreeMap<String, Arc<Asset>>,
}

impl<'l> Assets<'l> {
    fn of(layers: &'l [Layer]) -> Self {
        let mut files = BTreeMap::new();
        let mut scripts = BTreeMap::new();
        for layer in layers.iter().rev() {
            files.extend(layer.files.iter().map(|(path, asset)| (path.as_str(), Arc::clone(asset))));
            let texts = layer.texts.iter().filter(|(path, _)| path.ends_with(".js"));
            scripts.extend(texts.filter_map(|(path, text)| Some((path.strip_prefix("assets/")?, text))));
        }
        // The name is published, so it is made of bytes that are the same everywhere.
        let of_files = files.iter().map(|(path, asset)| (*path, asset.digest));
        let of_scripts = scripts.iter().map(|(path, script)| (*path, Digest::of(script.text.as_bytes())));
        let list: String =
            of_files.chain(of_scripts).map(|(path, digest)| format!("{path} {digest:?}\n")).collect();
        let folder = format!("assets/theme.{}", Digest::of(list.as_bytes()).short());
        let text = |script: &Source| Arc::new(Hashed::new(script.text.clone()));
        let address = |path: &str| format!("{folder}/{path}");
        Assets {
            texts: scripts.iter().map(|(path, script)| (address(path), text(script))).collect(),
            files: files.into_iter().map(|(path, asset)| (address(path), asset)).collect(),
            scripts,
            folder,
        }
    }

    /// The scripts that the layers list.
    fn listed(
        &self,
        theme: &str,
        layers: &'l [Layer],
        list: fn(&Settings) -> &[String],
    ) -> Result<Vec<&'l str>, Vec<Diagnostic>> {
        let paths = in_order(layers, list);
        match paths.iter().find(|path| !self.scripts.contains_key(**path)) {
            Some(path) => {
                let fault = Diagnostic::new(
                    DiagnosticCode::InvalidTheme,
                    format!("there is no script `assets/{path}`"),
                );
                Err(vec![fault.on(format!("{THEMES}/{theme}"))])
            }
            None => Ok(paths),
        }
    }

    /// Adds what was put together to a folder within; tells its address.
    fn publish(&mut self, within: &str, ending: &str, text: String) -> String {
        let name = format!("book.{}.{ending}", Digest::of(text.as_bytes()).short());
        let address = format!("{}/{within}{name}", self.folder);
        self.texts.insert(address.clone(), Arc::new(Hashed::new(text)));
        address
    }
}

/// The templates of all layers, by the names that the engine knows them by.
fn templates(theme: &str, layers: &[Layer]) -> Result<BTreeMap<String, Template>, Vec<Diagnostic>> {
    let mut templates = BTreeMap::new();
    for layer in layers.iter().rev() {
        for (path, source) in &layer.texts {
            if let Some(template) = path.strip_prefix("templates/") {
                let full = format!("{}/{template}", layer.name);
                let written = Template { source: Arc::clone(source), is_built_in: layer.is_built_in };
                // Under its full name only where a template asks for that: components are known to the
                // whole engine, and would be defined twice.
                if is_named(&full, layers) {
                    templates.insert(full, written.clone());
                }
                templates.insert(template.to_owned(), written);
            }
        }
    }
    let missing: Vec<&str> =
        TEMPLATES.iter().copied().filter(|template| !templates.contains_key(*template)).collect();
    if missing.is_empty() {
        return Ok(templates);
    }
    let message = format!("the theme `{theme}` has no `{}`", missing.join("`, no `"));
    let fault = Diagnostic::new(DiagnosticCode::InvalidTheme, message).on(format!("{THEMES}/{theme}"));
    Err(vec![fault.hint("take the rest from another theme: `extends: default` in its `theme.yaml`")])
}

/// Reads the words of a language; where a theme and all that it extends have none, there are those of the
/// embedded theme.
fn read_words(
    language: &str,
    layers: &[Layer],
    embedded: &Layer,
) -> Result<(Words, Vec<Diagnostic>), Vec<Diagnostic>> {
    let files = |path: &str| {
        let of_layers = layers.iter().rev().filter_map(|layer| layer.texts.get(path));
        embedded.texts.get(path).into_iter().chain(of_layers).cloned().collect()
    };
    let (words, faults) = Words::read(language, files);
    let is_fit = faults.iter().all(|fault| fault.severity != Severity::Error);
    if is_fit { Ok((words, faults)) } else { Err(faults) }
}

/// Finds the chain of themes from the named one to its last ancestor.
fn layers(name: &str, snapshot: &Snapshot, embedded: &Layer) -> Result<Vec<Layer>, Vec<Diagnostic>> {
    let mut layers: Vec<Layer> = Vec::new();
    let mut wanted = (name.to_owned(), None::<(Arc<Source>, Span)>);
    loop {
        let (name, asked) = &wanted;
        // A theme `default` on disk comes before the embedded one, and can extend it.
        let on_disk = disk_layer(name, snapshot).filter(|_| layers.iter().all(|layer| layer.name != *name));
        let layer = match on_disk {
            Some(layer) => layer?,
            None if name == DEFAULT => embedded.clone(),
            None => {
                let (message, hint) = if layers.iter().any(|layer| layer.name == *name) {
                    (
                        format!("the theme `{name}` extends itself"),
                        "the chain must end at `default`".to_owned(),
                    )
                } else {
                    let folder = format!("{THEMES}/{name}/");
                    let hint = match snapshot.theme_files.contains_key(&format!("{folder}theme.yml")) {
                        true => format!("call its settings `{folder}theme.yaml`"),
                        false => format!("make the folder `{folder}` with a `theme.yaml`, or take `default`"),
                    };
                    (format!("there is no theme `{name}`"), hint)
                };
                let fault = Diagnostic::new(DiagnosticCode::InvalidTheme, message).hint(hint);
                let asked = asked.clone().or_else(|| {
                    let source = snapshot.settings.as_ref()?;
                    let (reader, settings) = Reader::new(source, Span::new(0, source.text.len()));
                    Some((Arc::clone(source), reader.value_span(&settings, "theme")))
                });
                return Err(vec![match asked {
                    Some((source, span)) => fault.at(&source, span),
                    None => fault.on(SETTINGS),
                }]);
            }
        };
        let extends = layer.settings.extends.clone();
        let settings = layer.texts.get("theme.yaml").cloned();
        layers.push(layer);
        match extends {
            Some((next, span)) => wanted = (next, settings.map(|source| (source, span))),
            None => return Ok(layers),
        }
    }
}

fn disk_layer(name: &str, snapshot: &Snapshot) -> Option<Result<Layer, Vec<Diagnostic>>> {
    let folder = format!("{THEMES}/{name}/");
    let inside = |path: &String| path.strip_prefix(&folder).map(str::to_owned);
    let texts: BTreeMap<String, Arc<Source>> = snapshot
        .theme_texts
        .iter()
        .filter_map(|(path, source)| Some((inside(path)?, Arc::clone(source))))
        .collect();
    let files: BTreeMap<String, Arc<Asset>> = snapshot
        .theme_files
        .iter()
        .filter_map(|(path, asset)| {
            Some((inside(path)?.strip_prefix("assets/")?.to_owned(), Arc::clone(asset)))
        })
        .collect();
    (!texts.is_empty() || !files.is_empty()).then(|| Layer::new(name, texts, files))
}

fn embedded_layer() -> Result<Layer, Vec<Diagnostic>> {
    let mut texts = BTreeMap::new();
    let mut files = BTreeMap::new();
    for (path, bytes) in EMBEDDED {
        let shown = format!("{THEMES}/{DEFAULT}/{path}");
        match (std::str::from_utf8(bytes), path.strip_prefix("assets/")) {
            (Ok(text), asset) if asset.is_none() || path.ends_with(".css") || path.ends_with(".js") => {
                texts.insert((*path).to_owned(), Arc::new(Source::new(format!("{shown} (built in)"), text)));
            }
            (_, Some(asset)) => {
                let body = Body::Embedded(bytes);
                let file = Asset { path: shown, digest: Digest::of(bytes), size: None, body };
                files.insert(asset.to_owned(), Arc::new(file));
            }
            _ => {}
        }
    }
    Ok(Layer { is_built_in: true, ..Layer::new(DEFAULT, texts, files)? })
}

impl Layer {
    fn new(
        name: &str,
        texts: BTreeMap<String, Arc<Source>>,
        files: BTreeMap<String, Arc<Asset>>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let settings = match texts.get("theme.yaml") {
            Some(source) => Settings::read(source)?,
            None => Settings::default(),
        };
        Ok(Layer { name: name.to_owned(), is_built_in: false, settings, texts, files })
    }
}

impl Settings {
    fn read(source: &Arc<Source>) -> Result<Self, Vec<Diagnostic>> {
        let (mut reader, mut top) = Reader::new(source, Span::new(0, source.text.len()));
        reader.take::<String>(&mut top, "name");
        let span = reader.value_span(&top, "extends");
        let settings = Settings {
            extends: reader.take(&mut top, "extends").map(|name| (name, span)),
            styles: reader.take(&mut top, "styles").unwrap_or_default(),
            early: reader.take(&mut top, "early").unwrap_or_default(),
            scripts: reader.take(&mut top, "scripts").unwrap_or_default(),
        };
        reader.deny_rest(top);
        let faults = reader.finish();
        if faults.is_empty() { Ok(settings) } else { Err(faults) }
    }
}

/// What all layers list, the ancestors' first, each once.
fn in_order(layers: &[Layer], list: fn(&Settings) -> &[String]) -> Vec<&str> {
    let mut order: Vec<&str> = Vec::new();
    for path in layers.iter().rev().flat_map(|layer| list(&layer.settings)) {
        if !order.contains(&path.as_str()) {
            order.push(path);
        }
    }
    order
}

/// Puts the styles of all layers together, the ancestors' first. A file that a theme has too replaces its
/// ancestor's in the ancestor's place.
fn stylesheet(layers: &[Layer]) -> Result<String, Vec<Diagnostic>> {
    let mut faults = Vec::new();
    let mut css = String::new();
    for path in in_order(layers, |settings| &settings.styles) {
        match layers.iter().find_map(|layer| layer.texts.get(&format!("assets/{path}"))) {
            Some(source) => {
                css.push_str(&source.text);
                css.push('\n');
            }
            None => faults.push(
                Diagnostic::new(DiagnosticCode::InvalidTheme, format!("there is no style `assets/{path}`"))
                    .on(format!("{THEMES}/{}", layers[0].name)),
            ),
        }
    }
    if faults.is_empty() { Ok(css) } else { Err(faults) }
}

/// Whether a template of any layer extends or includes one by its full name.
pub(super) fn is_named(full: &str, layers: &[Layer]) -> bool {
    let mut texts = layers.iter().flat_map(|layer| layer.texts.values());
    texts.any(|source| {
        source.text.contains(&format!("\"{full}\"")) || source.text.contains(&format!("'{full}'"))
    })
}
