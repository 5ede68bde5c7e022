//! Themes: templates, one stylesheet, scripts, and other files.
//!
//! A theme is a folder `themes/NAME/` with `theme.yaml`, `templates/` and `assets/`. One that `extends`
//! another takes from it every file that it does not have itself; a template of its own can in turn extend
//! the other's, as `{% extends "NAME/chapter.html" %}`, and replace a block. `default` is embedded in the
//! program and ends every chain.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::Serialize;
use tera::{ErrorKind, Kwargs, State, Tera, TeraResult};

use super::palette;
use crate::read::config::CodeSettings;
use crate::read::layout::THEMES;
use crate::read::{Asset, Body, Snapshot};
use crate::text::yaml::Reader;
use crate::text::{Code, Diagnostic, Digest, Hashed, Source, Span};

/// The files of the embedded theme: paths below its folder, and bytes.
const EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/default_theme.rs"));
/// The name of the embedded theme.
const DEFAULT: &str = "default";

/// The templates that every theme must have, its own or another's.
pub const TEMPLATES: &[&str] = &["chapter.html", "front.html", "contents.html", "404.html", "redirect.html"];

/// A theme, ready to render with.
#[derive(Debug)]
pub struct Theme {
    engine: Tera,
    /// The sources of the templates, by the engine's names.
    templates: BTreeMap<String, Arc<Source>>,
    /// The stylesheet.
    pub stylesheet: Arc<Hashed<String>>,
    /// The stylesheet's address.
    pub stylesheet_address: String,
    /// The addresses of the entry scripts.
    pub scripts: Vec<String>,
    /// The address of the folder that all other files of the theme are in.
    pub folder: String,
    /// All other files, by address.
    pub files: BTreeMap<String, Arc<Asset>>,
    digest: Digest,
}

impl Hash for Theme {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digest.hash(state);
    }
}

/// A theme's own files, before those of the themes that it extends.
struct Layer {
    name: String,
    settings: Settings,
    /// Templates and styles, by their paths below the theme's folder.
    texts: BTreeMap<String, Arc<Source>>,
    /// Everything else below `assets/`, by the path below that.
    files: BTreeMap<String, Arc<Asset>>,
}

/// What `theme.yaml` says.
#[derive(Default)]
struct Settings {
    extends: Option<(String, Span)>,
    styles: Vec<String>,
    scripts: Vec<String>,
}

impl Theme {
    /// Loads a theme and all that it extends.
    ///
    /// # Errors
    /// [`Code::Theme`] if one is not there or has no template that it needs; [`Code::Template`] if a
    /// template does not parse; faults in `theme.yaml`.
    pub fn load(name: &str, snapshot: &Snapshot, code: &CodeSettings) -> Result<Theme, Vec<Diagnostic>> {
        let layers = layers(name, snapshot)?;
        let mut templates = BTreeMap::new();
        for layer in layers.iter().rev() {
            for (path, source) in &layer.texts {
                if let Some(template) = path.strip_prefix("templates/") {
                    let full = format!("{}/{template}", layer.name);
                    // Under its full name only where a template asks for that: components are known to the
                    // whole engine, and would be defined twice.
                    if is_named(&full, &layers) {
                        templates.insert(full, Arc::clone(source));
                    }
                    templates.insert(template.to_owned(), Arc::clone(source));
                }
            }
        }
        let missing: Vec<&str> =
            TEMPLATES.iter().copied().filter(|template| !templates.contains_key(*template)).collect();
        if !missing.is_empty() {
            let fault = Diagnostic::new(
                Code::Theme,
                format!("the theme `{name}` has no `{}`", missing.join("`, no `")),
            );
            return Err(vec![
                fault
                    .on(format!("{THEMES}/{name}"))
                    .hint("take the rest from another theme: `extends: default` in its `theme.yaml`"),
            ]);
        }
        let engine = engine(&templates)?;
        let stylesheet = stylesheet(&layers)? + &palette::stylesheet(code);
        let mut files = BTreeMap::new();
        for layer in layers.iter().rev() {
            files.extend(layer.files.iter().map(|(path, asset)| (path.as_str(), Arc::clone(asset))));
        }
        // The name is published, so it is made of bytes that are the same everywhere.
        let list: String = files.iter().map(|(path, asset)| format!("{path} {:?}\n", asset.digest)).collect();
        let of_files = Digest::of(list.as_bytes());
        let folder = format!("assets/theme.{}", of_files.short());
        let mut scripts: Vec<String> = Vec::new();
        for path in layers.iter().rev().flat_map(|layer| &layer.settings.scripts) {
            let address = format!("{folder}/{path}");
            if !files.contains_key(path.as_str()) {
                let fault = Diagnostic::new(Code::Theme, format!("there is no script `assets/{path}`"));
                return Err(vec![fault.on(format!("{THEMES}/{name}"))]);
            }
            if !scripts.contains(&address) {
                scripts.push(address);
            }
        }
        let of_styles = Digest::of(stylesheet.as_bytes());
        let stylesheet_address = format!("{folder}/book.{}.css", of_styles.short());
        let texts: Vec<(&String, &String)> =
            templates.iter().map(|(name, source)| (name, &source.text)).collect();
        let digest = Digest::of_value(&(texts, &stylesheet_address, &scripts, &folder));
        let files = files.into_iter().map(|(path, asset)| (format!("{folder}/{path}"), asset)).collect();
        let stylesheet = Arc::new(Hashed::new(stylesheet));
        Ok(Theme {
            engine,
            templates,
            stylesheet,
            stylesheet_address,
            scripts,
            folder: folder + "/",
            files,
            digest,
        })
    }

    /// Whether the theme has a template of this name.
    pub fn has(&self, template: &str) -> bool {
        self.templates.contains_key(template)
    }

    /// Renders a template with a view; `body` is finished HTML under `page.body`.
    ///
    /// # Errors
    /// [`Code::Template`] with its place if the template fails.
    pub fn render(&self, template: &str, view: &impl Serialize) -> Result<String, Diagnostic> {
        let context = tera::Context::from_serialize(view).map_err(|error| self.fault(template, &error))?;
        NUMBERS.set(0);
        let mut page = Page(Vec::new());
        self.engine.render_to(template, &context, &mut page).map_err(|error| self.fault(template, &error))?;
        String::from_utf8(page.0)
            .map_err(|_| Diagnostic::new(Code::Template, format!("`{template}` writes what is not UTF-8")))
    }

    fn fault(&self, template: &str, error: &tera::Error) -> Diagnostic {
        template_fault(&self.templates, template, error)
    }
}

/// The longest page, in bytes. A template that writes more is in a loop.
const LONGEST_PAGE: usize = 256 << 20;

/// A page in the making, which ends a template that never would.
struct Page(Vec<u8>);

impl std::io::Write for Page {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > LONGEST_PAGE {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// How many numbers `range` gives in one page. Loops in loops that count would take hours.
const MOST_NUMBERS: i64 = 1_000_000;

thread_local! {
    /// How many numbers `range` has given in the page that this thread renders.
    static NUMBERS: Cell<i64> = const { Cell::new(0) };
}

/// The engine's own `range(start, end, step_by)`, but with an end to all that a page can count.
fn range(arguments: Kwargs, _: &State<'_>) -> TeraResult<Vec<i64>> {
    let start = arguments.get::<i64>("start")?.unwrap_or(0);
    let end = arguments.must_get::<i64>("end")?;
    let step = arguments.get::<i64>("step_by")?.unwrap_or(1);
    if step == 0 || (start > end && step > 0) {
        return Err(tera::Error::message("`range` never ends: it counts away from its `end`"));
    }
    let length =
        if step > 0 { (end.saturating_sub(start)) / step } else { start.saturating_sub(end) / -step };
    let given = NUMBERS.get().saturating_add(length).saturating_add(1);
    NUMBERS.set(given);
    if given > MOST_NUMBERS {
        return Err(tera::Error::message(format!(
            "`range` gives more than {MOST_NUMBERS} numbers in one page"
        )));
    }
    let numbers = std::iter::successors(Some(start), |number| number.checked_add(step));
    Ok(numbers.take_while(|number| if step > 0 { *number < end } else { *number > end }).collect())
}

/// Finds the chain of themes from the named one to its last ancestor.
fn layers(name: &str, snapshot: &Snapshot) -> Result<Vec<Layer>, Vec<Diagnostic>> {
    let mut layers: Vec<Layer> = Vec::new();
    let mut wanted = (name.to_owned(), None::<(Arc<Source>, Span)>);
    loop {
        let (name, asked) = &wanted;
        // A theme `default` on disk comes before the embedded one, and can extend it.
        let on_disk = disk_layer(name, snapshot).filter(|_| layers.iter().all(|layer| layer.name != *name));
        let layer = match on_disk {
            Some(layer) => layer?,
            None if name == DEFAULT => embedded_layer()?,
            None => {
                let (message, hint) = if layers.iter().any(|layer| layer.name == *name) {
                    (
                        format!("the theme `{name}` extends itself"),
                        "the chain must end at `default`".to_owned(),
                    )
                } else {
                    (
                        format!("there is no theme `{name}`"),
                        format!("make the folder `{THEMES}/{name}/` with a `theme.yaml`, or take `default`"),
                    )
                };
                let fault = Diagnostic::new(Code::Theme, message).hint(hint);
                return Err(vec![match asked {
                    Some((source, span)) => fault.at(source, *span),
                    None => fault.on("book.yaml"),
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
            (Ok(text), asset) if asset.is_none() || path.ends_with(".css") => {
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
    Layer::new(DEFAULT, texts, files)
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
        Ok(Layer { name: name.to_owned(), settings, texts, files })
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
            scripts: reader.take(&mut top, "scripts").unwrap_or_default(),
        };
        reader.deny_rest(top);
        let faults = reader.finish();
        if faults.is_empty() { Ok(settings) } else { Err(faults) }
    }
}

/// Puts the styles of all layers together, the ancestors' first. A file that a theme has too replaces its
/// ancestor's in the ancestor's place.
fn stylesheet(layers: &[Layer]) -> Result<String, Vec<Diagnostic>> {
    let mut order: Vec<&str> = Vec::new();
    let mut faults = Vec::new();
    for layer in layers.iter().rev() {
        for path in &layer.settings.styles {
            if !order.contains(&path.as_str()) {
                order.push(path);
            }
        }
    }
    let mut css = String::new();
    for path in order {
        match layers.iter().find_map(|layer| layer.texts.get(&format!("assets/{path}"))) {
            Some(source) => {
                css.push_str(&source.text);
                css.push('\n');
            }
            None => faults.push(
                Diagnostic::new(Code::Theme, format!("there is no style `assets/{path}`"))
                    .on(format!("{THEMES}/{}", layers[0].name)),
            ),
        }
    }
    if faults.is_empty() { Ok(css) } else { Err(faults) }
}

/// Whether a template of any layer extends or includes one by its full name.
fn is_named(full: &str, layers: &[Layer]) -> bool {
    let mut texts = layers.iter().flat_map(|layer| layer.texts.values());
    texts.any(|source| {
        source.text.contains(&format!("\"{full}\"")) || source.text.contains(&format!("'{full}'"))
    })
}

fn engine(templates: &BTreeMap<String, Arc<Source>>) -> Result<Tera, Vec<Diagnostic>> {
    let mut engine = Tera::default();
    engine.register_function("range", range);
    let sources = templates.iter().map(|(name, source)| (name.as_str(), source.text.as_str()));
    match engine.add_raw_templates(sources) {
        Ok(()) => Ok(engine),
        Err(error) => Err(vec![template_fault(templates, "", &error)]),
    }
}

/// The fault of a template, at its own file, line and column.
fn template_fault(
    templates: &BTreeMap<String, Arc<Source>>,
    template: &str,
    error: &tera::Error,
) -> Diagnostic {
    let report: String;
    let (name, message, place) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let span = report.span();
            (report.filename(), report.message().to_owned(), Some((span.start_line, span.start_col)))
        }
        ErrorKind::MissingParent { current, parent } => {
            (current.as_str(), format!("this extends `{parent}`, which no theme has"), None)
        }
        ErrorKind::CircularExtend { tpl, .. } => {
            (tpl.as_str(), "this template extends itself in a circle".to_owned(), None)
        }
        ErrorKind::CircularInclude { tpl, .. } => {
            (tpl.as_str(), "this template includes itself in a circle".to_owned(), None)
        }
        ErrorKind::Io(_) => (template, "this writes more than a page can hold".to_owned(), None),
        _ => {
            // Of several faults, the text says the places; the first is shown.
            report = error.to_string();
            let (message, rest) = report.split_once("\n").unwrap_or((&report, ""));
            let place = rest.split_once("--> ").and_then(|(_, rest)| {
                let mut parts = rest.lines().next()?.trim().rsplitn(3, ':');
                let (column, line) = (parts.next()?.parse::<usize>().ok()?, parts.next()?.parse().ok()?);
                Some((parts.next()?, (line, column.saturating_sub(1))))
            });
            let message = message.trim_start_matches("error: ").to_owned();
            (place.map_or(template, |(name, _)| name), message, place.map(|(_, place)| place))
        }
    };
    let message = in_our_style(&message);
    let fault = Diagnostic::new(Code::Template, message);
    match templates.get(name) {
        Some(source) => {
            // The engine counts lines from 1, columns in characters from 0.
            let (line, column) = place.unwrap_or((1, 0));
            let start = source.offset(line, column + 1);
            let length = source.text[start..].find(['\n', '}', '%']).unwrap_or(0);
            fault.at(source, start..start + length)
        }
        None => fault.on(format!("template `{name}`")),
    }
}

/// The engine's message in the form of ours: lower case, no full stop.
fn in_our_style(message: &str) -> String {
    let message = message.trim_end().trim_end_matches('.');
    let mut letters = message.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
