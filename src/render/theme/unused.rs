//! Files of a book's themes that nothing uses. Mostly their names are misspelled, and they would have no effect without
//! a message.

use std::sync::Arc;

use super::layers::{EMBEDDED, ThemeLayer, is_named};
use crate::read::Snapshot;
use crate::read::layout::THEMES;
use crate::text::{Diagnostic, DiagnosticCode, Source, nearest};

/// The folders of a theme.
const FOLDERS: [&str; 3] = ["templates", "assets", "words"];

/// What nothing in the themes themselves uses.
#[derive(Debug, Default)]
pub struct UnusedFiles {
    /// The templates, by their names. Chapters can use them by `template:`.
    templates: Vec<(String, Arc<Source>)>,
    /// The diagnostics for the other files.
    diagnostics: Vec<Diagnostic>,
}

impl UnusedFiles {
    /// Looks through the themes of a book.
    pub(super) fn of(layers: &[ThemeLayer], snapshot: &Snapshot) -> Self {
        let mut unused = UnusedFiles::default();
        let styles: Vec<&str> =
            layers.iter().flat_map(|layer| &layer.settings.styles).map(String::as_str).collect();

        for layer in layers.iter().filter(|layer| !layer.is_built_in) {
            for (path, source) in &layer.texts {
                if let Some(template) = path.strip_prefix("templates/") {
                    if !is_used(template, path, source, layer, layers) {
                        unused.templates.push((template.to_owned(), Arc::clone(source)));
                    }
                } else if let Some(style) = path.strip_prefix("assets/").filter(|path| path.ends_with(".css"))
                    && !styles.contains(&style)
                {
                    unused.diagnostics.push(unlisted(style, source, &styles));
                }
            }
            unused.diagnostics.extend(misplaced(&layer.name, snapshot));
        }
        unused
    }

    /// The problems of a book whose chapters name the templates `named`; `known` are all templates.
    pub fn diagnostics(&self, named: &[&str], known: &[&str]) -> Vec<Diagnostic> {
        let templates = self.templates.iter().filter(|(name, _)| !named.contains(&name.as_str()));
        let of_templates = templates.map(|(name, source)| {
            let diagnostic = unused("no template and no chapter names this template").at(source, 0..0);
            match nearest(name, known.iter().copied().filter(|known| known != name)) {
                Some(near) => diagnostic.hint(format!("did you mean to replace `{near}`?")),
                None => {
                    diagnostic.hint("include it, or name it in the front matter of a chapter: `template:`")
                }
            }
        });
        self.diagnostics.iter().cloned().chain(of_templates).collect()
    }
}

/// Whether the program or another template uses a template of a layer.
fn is_used(template: &str, path: &str, source: &Source, layer: &ThemeLayer, layers: &[ThemeLayer]) -> bool {
    // The program itself asks for some of those that come with it.
    let is_known = EMBEDDED.iter().any(|(embedded, _)| *embedded == path);
    let mut others = layers.iter().filter(|other| !std::ptr::eq(*other, layer));
    let replaces = others.any(|other| other.texts.contains_key(path));
    // Components are known to all templates, wherever they are defined.
    let defines = ["{% component ", "{%- component "].iter().any(|tag| source.text.contains(tag));

    is_known
        || replaces
        || defines
        || is_named(template, layers)
        || is_named(&format!("{}/{template}", layer.name), layers)
}

/// The diagnostic for a style that no theme lists.
fn unlisted(style: &str, source: &Arc<Source>, styles: &[&str]) -> Diagnostic {
    let diagnostic = unused("no theme lists this style, so it is in no page").at(source, 0..0);
    match nearest(style, styles.iter().copied()) {
        Some(near) => diagnostic.hint(format!("did you mean to replace `{near}`?")),
        None => diagnostic.hint("list it under `styles:` in `theme.yaml`"),
    }
}

fn unused(message: &str) -> Diagnostic {
    Diagnostic::new(DiagnosticCode::UnusedThemeFile, message)
}

/// The diagnostics for folders whose names are misspellings of those that are read.
fn misplaced(theme: &str, snapshot: &Snapshot) -> Vec<Diagnostic> {
    let folder = format!("{THEMES}/{theme}/");
    let files = snapshot.theme_files.keys().chain(snapshot.theme_texts.keys());

    // One for each folder, at its first file.
    let mut seen = Vec::new();
    let misnamed = |path: &String| {
        let (name, _) = path.strip_prefix(&folder)?.split_once('/')?;
        let near =
            nearest(name, FOLDERS).filter(|near| *near != name && !seen.iter().any(|seen| seen == name))?;
        seen.push(name.to_owned());

        Some(
            unused("this is in a folder that themes do not have")
                .on(path)
                .hint(format!("did you mean `{near}/`?")),
        )
    };
    files.filter_map(misnamed).collect()
}
