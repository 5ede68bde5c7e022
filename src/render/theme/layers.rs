//! The chain of themes that a book uses: its own, those that it extends, and the embedded one.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::read::layout::{SETTINGS, THEMES};
use crate::read::{Asset, AssetBody, Snapshot};
use crate::text::yaml::YamlReader;
use crate::text::{Diagnostic, DiagnosticCode, Digest, Source, Span};

/// The files of the embedded theme: paths below its folder, and bytes.
pub(super) const EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/default_theme.rs"));
/// The name of the embedded theme.
const DEFAULT: &str = "default";

/// A theme's own files, before those of the themes that it extends.
#[derive(Clone)]
pub(super) struct ThemeLayer {
    pub(super) name: String,
    /// Whether it came with the program.
    pub(super) is_built_in: bool,
    pub(super) settings: ThemeSettings,
    /// Templates, styles, scripts and words, by their paths below the theme's folder.
    pub(super) texts: BTreeMap<String, Arc<Source>>,
    /// Everything else below `assets/`, by the path below that.
    pub(super) files: BTreeMap<String, Arc<Asset>>,
}

/// What `theme.yaml` says.
#[derive(Clone, Default)]
pub(super) struct ThemeSettings {
    extends: Option<(String, Span)>,
    pub(super) styles: Vec<String>,
    pub(super) early: Vec<String>,
    pub(super) scripts: Vec<String>,
    pub(super) late: Vec<String>,
}

/// Finds the chain of themes from the named one to its last ancestor.
pub(super) fn layers(
    name: &str,
    snapshot: &Snapshot,
    embedded: &ThemeLayer,
) -> Result<Vec<ThemeLayer>, Vec<Diagnostic>> {
    let mut layers: Vec<ThemeLayer> = Vec::new();
    let mut wanted = (name.to_owned(), None::<(Arc<Source>, Span)>);
    loop {
        // A theme `default` on disk comes before the embedded one, and can extend it.
        let (name, asked) = &wanted;
        let is_in_chain = layers.iter().any(|layer| layer.name == *name);
        let layer = match disk_layer(name, snapshot).filter(|_| !is_in_chain) {
            Some(layer) => layer?,
            None if name == DEFAULT => embedded.clone(),
            None => {
                let diagnostic = if is_in_chain { extends_itself(name) } else { unknown(name, snapshot) };
                return Err(vec![where_asked(diagnostic, asked.clone(), snapshot)]);
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

/// The diagnostic for a theme that is its own ancestor.
fn extends_itself(name: &str) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(DiagnosticCode::InvalidTheme, format!("the theme `{name}` extends itself"));
    diagnostic.hint("the chain must end at `default`")
}

/// The diagnostic for a theme that is not there.
fn unknown(name: &str, snapshot: &Snapshot) -> Diagnostic {
    let folder = format!("{THEMES}/{name}/");
    let diagnostic = Diagnostic::new(DiagnosticCode::InvalidTheme, format!("there is no theme `{name}`"));
    diagnostic.hint(match snapshot.theme_files.contains_key(&format!("{folder}theme.yml")) {
        true => format!("call its settings `{folder}theme.yaml`"),
        false => format!("make the folder `{folder}` with a `theme.yaml`, or take `default`"),
    })
}

/// An error at the place where the theme is named: in the settings of another theme, else in those of the book.
fn where_asked(
    diagnostic: Diagnostic,
    asked: Option<(Arc<Source>, Span)>,
    snapshot: &Snapshot,
) -> Diagnostic {
    let in_book = || {
        let source = snapshot.settings.as_ref()?;
        let (reader, settings) = YamlReader::new(source, Span::new(0, source.text.len()));
        Some((Arc::clone(source), reader.value_span(&settings, "theme")))
    };
    match asked.or_else(in_book) {
        Some((source, span)) => diagnostic.at(&source, span),
        None => diagnostic.on(SETTINGS),
    }
}

/// The layer of a theme in the book's folder, if it has any files.
fn disk_layer(name: &str, snapshot: &Snapshot) -> Option<Result<ThemeLayer, Vec<Diagnostic>>> {
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
    (!texts.is_empty() || !files.is_empty()).then(|| ThemeLayer::new(name, texts, files))
}

/// The theme that is part of the program.
pub(super) fn embedded_layer() -> Result<ThemeLayer, Vec<Diagnostic>> {
    let mut texts = BTreeMap::new();
    let mut files = BTreeMap::new();
    for (path, bytes) in EMBEDDED {
        let shown = format!("{THEMES}/{DEFAULT}/{path}");
        match (std::str::from_utf8(bytes), path.strip_prefix("assets/")) {
            (Ok(text), asset) if asset.is_none() || path.ends_with(".css") || path.ends_with(".js") => {
                texts.insert((*path).to_owned(), Arc::new(Source::new(format!("{shown} (built in)"), text)));
            }
            (_, Some(asset)) => {
                let body = AssetBody::Embedded(bytes);
                let file = Asset { path: shown, digest: Digest::of(bytes), image: None, body };
                files.insert(asset.to_owned(), Arc::new(file));
            }
            _ => {}
        }
    }
    Ok(ThemeLayer { is_built_in: true, ..ThemeLayer::new(DEFAULT, texts, files)? })
}

impl ThemeLayer {
    fn new(
        name: &str,
        texts: BTreeMap<String, Arc<Source>>,
        files: BTreeMap<String, Arc<Asset>>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let settings = match texts.get("theme.yaml") {
            Some(source) => ThemeSettings::read(source)?,
            None => ThemeSettings::default(),
        };
        Ok(ThemeLayer { name: name.to_owned(), is_built_in: false, settings, texts, files })
    }
}

impl ThemeSettings {
    fn read(source: &Arc<Source>) -> Result<Self, Vec<Diagnostic>> {
        let (mut reader, mut top) = YamlReader::new(source, Span::new(0, source.text.len()));
        reader.take::<String>(&mut top, "name");
        let span = reader.value_span(&top, "extends");
        let settings = ThemeSettings {
            extends: reader.take(&mut top, "extends").map(|name| (name, span)),
            styles: reader.take(&mut top, "styles").unwrap_or_default(),
            early: reader.take(&mut top, "early").unwrap_or_default(),
            scripts: reader.take(&mut top, "scripts").unwrap_or_default(),
            late: reader.take(&mut top, "late").unwrap_or_default(),
        };
        reader.deny_rest(top);
        let diagnostics = reader.finish();
        if diagnostics.is_empty() { Ok(settings) } else { Err(diagnostics) }
    }
}

/// What all layers list, the ancestors' first, each once.
pub(super) fn in_order(layers: &[ThemeLayer], list: fn(&ThemeSettings) -> &[String]) -> Vec<&str> {
    let mut order: Vec<&str> = Vec::new();
    for path in layers.iter().rev().flat_map(|layer| list(&layer.settings)) {
        if !order.contains(&path.as_str()) {
            order.push(path);
        }
    }
    order
}

/// Whether a template of any layer extends or includes one by its full name.
pub(super) fn is_named(full: &str, layers: &[ThemeLayer]) -> bool {
    let mut texts = layers.iter().flat_map(|layer| layer.texts.values());
    texts.any(|source| {
        source.text.contains(&format!("\"{full}\"")) || source.text.contains(&format!("'{full}'"))
    })
}
