//! What is published of a theme: its stylesheet, its scripts, and all other files of its `assets/`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::layers::{ThemeLayer, ThemeSettings, in_order};
use crate::read::Asset;
use crate::read::layout::THEMES;
use crate::text::{Diagnostic, DiagnosticCode, Digest, Hashed, Source};

/// What is published of the `assets/` of all layers.
pub(super) struct ThemeAssets<'l> {
    /// The folder's address, which has the digest of the files in it.
    pub(super) folder: String,
    /// The scripts, by their paths below `assets/`.
    pub(super) scripts: BTreeMap<&'l str, &'l Arc<Source>>,
    /// The scripts again, and the bundles, by address.
    pub(super) texts: BTreeMap<String, Arc<Hashed<String>>>,
    /// All other files, by address.
    pub(super) files: BTreeMap<String, Arc<Asset>>,
}

impl<'l> ThemeAssets<'l> {
    /// Gathers the files; those of a theme come before those of the themes that it extends.
    pub(super) fn of(layers: &'l [ThemeLayer]) -> Self {
        let mut files = BTreeMap::new();
        let mut scripts = BTreeMap::new();
        for layer in layers.iter().rev() {
            files.extend(layer.files.iter().map(|(path, asset)| (path.as_str(), Arc::clone(asset))));
            let texts = layer.texts.iter().filter(|(path, _)| path.ends_with(".js"));
            scripts.extend(texts.filter_map(|(path, text)| Some((path.strip_prefix("assets/")?, text))));
        }

        // The folder is named after the files' bytes, so that its name is the same on every machine.
        let of_files = files.iter().map(|(path, asset)| (*path, asset.digest));
        let of_scripts = scripts.iter().map(|(path, script)| (*path, Digest::of(script.text.as_bytes())));
        let list: String =
            of_files.chain(of_scripts).map(|(path, digest)| format!("{path} {digest:?}\n")).collect();
        let folder = format!("assets/theme.{}", named(&list).short());

        let text = |script: &Source| Arc::new(Hashed::new(script.text.clone()));
        let address = |path: &str| format!("{folder}/{path}");
        ThemeAssets {
            texts: scripts.iter().map(|(path, script)| (address(path), text(script))).collect(),
            files: files.into_iter().map(|(path, asset)| (address(path), asset)).collect(),
            scripts,
            folder,
        }
    }

    /// The scripts that the layers list.
    pub(super) fn listed(
        &self,
        theme: &str,
        layers: &'l [ThemeLayer],
        list: fn(&ThemeSettings) -> &[String],
    ) -> Result<Vec<&'l str>, Vec<Diagnostic>> {
        let paths = in_order(layers, list);
        match paths.iter().find(|path| !self.scripts.contains_key(**path)) {
            Some(path) => {
                let diagnostic = Diagnostic::new(
                    DiagnosticCode::InvalidTheme,
                    format!("there is no script `assets/{path}`"),
                );
                Err(vec![diagnostic.on(format!("{THEMES}/{theme}"))])
            }
            None => Ok(paths),
        }
    }

    /// Leaves out the modules that a bundle has, unless something loads them by themselves: a template, a script that is
    /// in no bundle, or an `import(…)`.
    pub(super) fn leave_out<'t>(
        &mut self,
        bundled: &[String],
        templates: impl Iterator<Item = &'t Arc<Source>>,
    ) {
        let templates: Vec<&str> = templates.map(|template| template.text.as_str()).collect();
        let loading: Vec<&str> = bundled
            .iter()
            .filter_map(|path| self.scripts.get(path.as_str()))
            .flat_map(|script| script.text.split("import(").skip(1))
            .map(|rest| rest.split(')').next().unwrap_or_default())
            .collect();

        let is_bundled = |path: &&str| bundled.iter().any(|module| module == path);
        let (mut left, others): (Vec<&str>, Vec<&str>) = self.scripts.keys().copied().partition(is_bundled);
        let text_of = |path: &&str| self.scripts[path].text.as_str();
        let mut texts: Vec<&str> =
            templates.into_iter().chain(loading).chain(others.iter().map(text_of)).collect();
        loop {
            let is_named = |path: &&str| {
                let name = path.rsplit('/').next().unwrap_or(path);
                texts.iter().any(|text| text.contains(name))
            };
            let (named, rest): (Vec<&str>, Vec<&str>) = left.into_iter().partition(is_named);
            left = rest;
            if named.is_empty() {
                break;
            }
            texts.extend(named.iter().map(text_of));
        }

        for path in left {
            self.texts.remove(&format!("{}/{path}", self.folder));
        }
    }

    /// Adds a bundle to the folder `within`; returns its address.
    pub(super) fn publish(&mut self, within: &str, ending: &str, text: String) -> String {
        let name = format!("book.{}.{ending}", named(&text).short());
        let address = format!("{}/{within}{name}", self.folder);
        self.texts.insert(address.clone(), Arc::new(Hashed::new(text)));
        address
    }
}

/// The digest that is in an address. Texts are made smaller when they are asked for, and how can change with the
/// version of the program.
fn named(text: &str) -> Digest {
    Digest::of_value(&(text, env!("CARGO_PKG_VERSION")))
}
