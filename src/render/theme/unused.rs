//! Files of a book's themes that nothing uses: mostly names with a slip in them, which would change nothing and say
//! nothing.

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
    /// The templates, by their names: chapters can still name them.
    templates: Vec<(String, Arc<Source>)>,
    /// The faults of the other files.
    faults: Vec<Diagnostic>,
}

impl UnusedFiles {
    /// Looks through the themes of a book.
    pub(super) fn of(layers: &[ThemeLayer], snapshot: &Snapshot) -> Self {
        let mut unused = UnusedFiles::default();
        let styles: Vec<&str> =
            layers.iter().flat_map(|layer| &layer.settings.styles).map(String::as_str).collect();
        for (number, layer) in layers.iter().enumerate().filter(|(_, layer)| !layer.is_built_in) {
            let replaces = |path: &String| {
                let others = layers.iter().enumerate().filter(|(other, _)| *other != number);
                others.map(|(_, other)| &other.texts).any(|texts| texts.contains_key(path))
            };
            for (path, source) in &layer.texts {
                if let Some(template) = path.strip_prefix("templates/") {
                    // The program itself asks for some of those that come with it.
                    let is_known = EMBEDDED.iter().any(|(embedded, _)| embedded == path);
                    let is_asked_for = || {
                        is_named(template, layers) || is_named(&format!("{}/{template}", layer.name), layers)
                    };
                    // Components are known to all templates, wherever they are defined.
                    let defines =
                        source.text.contains("{% component ") || source.text.contains("{%- component ");
                    if !is_known && !defines && !replaces(path) && !is_asked_for() {
                        unused.templates.push((template.to_owned(), Arc::clone(source)));
                    }
                } else if let Some(style) = path.strip_prefix("assets/").filter(|path| path.ends_with(".css"))
                    && !styles.contains(&style)
                {
                    let fault = fault("no theme lists this style, so it is in no page").at(source, 0..0);
                    unused.faults.push(match nearest(style, styles.iter().copied()) {
                        Some(near) => fault.hint(format!("did you mean to replace `{near}`?")),
                        None => fault.hint("list it under `styles:` in `theme.yaml`"),
                    });
                }
            }
            unused.faults.extend(misplaced(&layer.name, snapshot));
        }
        unused
    }

    /// The faults of a book of which these are the templates that its chapters name.
    pub fn faults(&self, named: &[&str], known: &[&str]) -> Vec<Diagnostic> {
        let templates = self.templates.iter().filter(|(name, _)| !named.contains(&name.as_str()));
        let of_templates = templates.map(|(name, source)| {
            let fault = fault("no template and no chapter names this template").at(source, 0..0);
            match nearest(name, known.iter().copied().filter(|known| known != name)) {
                Some(near) => fault.hint(format!("did you mean to replace `{near}`?")),
                None => fault.hint("include it, or name it in the front matter of a chapter: `template:`"),
            }
        });
        self.faults.iter().cloned().chain(of_templates).collect()
    }
}

fn fault(message: &str) -> Diagnostic {
    Diagnostic::new(DiagnosticCode::UnusedThemeFile, message)
}

/// The faults of folders that are almost called as one that is read.
fn misplaced(theme: &str, snapshot: &Snapshot) -> Vec<Diagnostic> {
    let folder = format!("{THEMES}/{theme}/");
    let files = snapshot.theme_files.keys().chain(snapshot.theme_texts.keys());
    // The first file in each is named.
    let mut seen = Vec::new();
    let misnamed = |path: &String| {
        let (name, _) = path.strip_prefix(&folder)?.split_once('/')?;
        let near =
            nearest(name, FOLDERS).filter(|near| *near != name && !seen.iter().any(|seen| seen == name))?;
        seen.push(name.to_owned());
        Some(
            fault("this is in a folder that themes do not have")
                .on(path)
                .hint(format!("did you mean `{near}/`?")),
        )
    };
    files.filter_map(misnamed).collect()
}
