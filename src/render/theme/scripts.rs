//! Scripts: the theme's modules, put together into one classic script.
//!
//! One request instead of a dozen, and a script that also runs in a book opened from disk, where browsers load no
//! modules. Each module becomes a function that is called once and gives its exports; what it imports has been
//! called before, so modules cannot import one another in a circle. Understood are the plain forms of `import` and
//! `export` at the beginning of a line; any other is a fault at its place.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::words::InterfaceWords;
use crate::read::{Placeholder, placeholder};
use crate::text::{Diagnostic, DiagnosticCode, Source, Span, url};

/// Puts entry modules and all that they import together. The modules stand in `sources` by their paths.
///
/// # Errors
/// [`DiagnosticCode::InvalidTheme`] at an import or export that is not understood, at one whose module is not there, and at one that
/// closes a circle.
pub fn bundle(
    entries: &[&str],
    sources: &BTreeMap<&str, &Arc<Source>>,
    words: &InterfaceWords,
    placeholders: &[(String, Placeholder)],
) -> Result<String, Vec<Diagnostic>> {
    let mut bundle = ScriptBundle {
        sources,
        names: BTreeMap::new(),
        open: Vec::new(),
        text: String::new(),
        faults: Vec::new(),
    };
    let language = serde_json::Value::from(words.language.as_str());
    bundle.text += &format!(
        "globalThis.bindery = {{ language: {language}, words: {}, placeholders: {} }};\n(() => {{\n\"use strict\";\n",
        words.for_scripts(),
        placeholder::to_json(placeholders)
    );
    for entry in entries {
        bundle.module(entry);
    }
    bundle.text.push_str("})();\n");
    if bundle.faults.is_empty() { Ok(bundle.text) } else { Err(bundle.faults) }
}

/// A script in the making.
struct ScriptBundle<'s> {
    sources: &'s BTreeMap<&'s str, &'s Arc<Source>>,
    /// Path → what holds the exports of a module.
    names: BTreeMap<String, String>,
    /// The paths of the modules that are being written, each of which imports the next.
    open: Vec<String>,
    text: String,
    faults: Vec<Diagnostic>,
}

/// A line of a module that imports or exports.
enum ModuleStatement<'t> {
    /// The path of a module, and what of it is bound: a pattern or a name.
    Import(&'t str, Option<String>),
    /// The pairs of an exported and a local name.
    ExportList(Vec<(&'t str, &'t str)>),
    /// What is declared, and its names.
    Declaration(Vec<&'t str>),
}

impl ScriptBundle<'_> {
    /// Writes a module, unless it is there already; gives the name of its exports.
    fn module(&mut self, path: &str) -> Option<String> {
        if let Some(name) = self.names.get(path) {
            return Some(name.clone());
        }
        let source = Arc::clone(self.sources.get(path)?);
        let name = format!("module{}", self.names.len());
        self.names.insert(path.to_owned(), name.clone());
        self.open.push(path.to_owned());
        let mut body = String::with_capacity(source.text.len());
        let mut exports: Vec<(&str, &str)> = Vec::new();
        let mut at = 0;
        while at < source.text.len() {
            let rest = &source.text[at..];
            let line = rest.split_inclusive('\n').next().unwrap_or(rest);
            if !line.starts_with("import ") && !line.starts_with("import{") && !line.starts_with("export ") {
                body.push_str(line);
                at += line.len();
                continue;
            }
            let (length, statement) = read(rest);
            match statement {
                Some(ModuleStatement::Import(from, pattern)) => {
                    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                    let imported = url::join(folder, from);
                    let circle = imported.as_ref().filter(|imported| self.open.contains(imported));
                    if let Some(imported) = circle {
                        self.circle(&source, at, line, imported);
                    } else if let Some(module) = imported.and_then(|path| self.module(&path)) {
                        body.extend(pattern.map(|pattern| format!("const {pattern} = {module};\n")));
                    } else {
                        self.fault(&source, at, line, &format!("there is no module `{from}`"));
                    }
                }
                Some(ModuleStatement::ExportList(names)) => exports.extend(names),
                Some(ModuleStatement::Declaration(names)) => {
                    exports.extend(names.into_iter().map(|name| (name, name)));
                    body.push_str(&rest["export ".len()..length]);
                }
                None => self.fault(&source, at, line, "this form of `import` or `export` is not understood"),
            }
            at += length;
        }
        self.open.pop();
        if !body.ends_with('\n') {
            body.push('\n');
        }
        let exports: Vec<String> = exports.iter().map(|(name, local)| format!("{name}: {local}")).collect();
        write!(self.text, "const {name} = (() => {{\n{body}return {{ {} }};\n}})();\n", exports.join(", "))
            .expect("a String takes all");
        Some(name)
    }

    /// A module that imports one from which it is imported, directly or through others.
    fn circle(&mut self, source: &Arc<Source>, at: usize, line: &str, imported: &str) {
        let first = self.open.iter().position(|path| path == imported).unwrap_or_default();
        let message =
            format!("modules import one another in a circle: `{}`", self.open[first..].join("`, `"));
        let fault = Diagnostic::new(DiagnosticCode::InvalidTheme, message)
            .at(source, Span::new(at, at + line.trim_end().len()));
        self.faults.push(fault.hint("move what both need to a module of its own"));
    }

    fn fault(&mut self, source: &Arc<Source>, at: usize, line: &str, message: &str) {
        let fault = Diagnostic::new(DiagnosticCode::InvalidTheme, message)
            .at(source, Span::new(at, at + line.trim_end().len()));
        self.faults.push(fault.hint(
            "understood are `import { a, b as c } from \"./other.js\"`, `import * as name from`, `import \"./other.js\"`, \
             and `export` before a function, a class or a `const`; load what others wrote with `import(…)`",
        ));
    }
}

/// Reads the statement at the beginning of a text: its length, and what it says.
fn read(text: &str) -> (usize, Option<ModuleStatement<'_>>) {
    let line = text.find('\n').map_or(text.len(), |end| end + 1);
    let Some(rest) = text.strip_prefix("export ") else { return import(text, line) };
    if let Some(list) = rest.strip_prefix('{') {
        let Some(end) = list.find('}') else { return (line, None) };
        let length = text.len() - list.len() + end;
        let behind = text[length..].find('\n').map_or(text.len(), |end| length + end + 1);
        return (
            behind,
            Some(ModuleStatement::ExportList(
                pairs(&list[..end]).map(|(local, name)| (name, local)).collect(),
            )),
        );
    }
    let kinds = ["async function* ", "async function ", "function* ", "function ", "class ", "const "];
    let declared = kinds.iter().find_map(|kind| rest.strip_prefix(kind));
    let names = declared.and_then(|declared| match declared.strip_prefix('{') {
        Some(pattern) => Some(pairs(pattern.split_once('}')?.0).map(|(_, name)| name).collect()),
        None => Some(vec![identifier(declared)?]),
    });
    (line, names.map(ModuleStatement::Declaration))
}

fn import(text: &str, line: usize) -> (usize, Option<ModuleStatement<'_>>) {
    let rest = text["import".len()..].trim_start();
    let (pattern, behind) = if let Some(list) = rest.strip_prefix('{') {
        let Some((list, behind)) = list.split_once('}') else { return (line, None) };
        let names = pairs(list).map(|(name, local)| format!("{name}: {local}")).collect::<Vec<_>>();
        (Some(format!("{{ {} }}", names.join(", "))), behind)
    } else if let Some(name) = rest.strip_prefix("* as ") {
        let Some(name) = identifier(name) else { return (line, None) };
        (Some(name.to_owned()), &rest["* as ".len() + name.len()..])
    } else {
        (None, rest)
    };
    let behind = behind.trim_start();
    let from =
        if pattern.is_some() { behind.strip_prefix("from").map(str::trim_start) } else { Some(behind) };
    let quoted = from.and_then(|from| {
        let quote = from.chars().next().filter(|quote| ['"', '\''].contains(quote))?;
        from[1..].split_once(quote)
    });
    let Some((path, behind)) = quoted.filter(|(path, _)| path.starts_with('.')) else { return (line, None) };
    let end = text.len() - behind.len();
    let length = behind.find('\n').map_or(text.len(), |next| end + next + 1);
    (length, Some(ModuleStatement::Import(path, pattern)))
}

/// The names of a list, `a, b as c`: each as it is there and as it is called behind `as`.
fn pairs(list: &str) -> impl Iterator<Item = (&str, &str)> {
    let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.map(|name| name.split_once(" as ").map_or((name, name), |(a, b)| (a.trim(), b.trim())))
}

fn identifier(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').unwrap_or(text.len());
    Some(&text[..end]).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundled(modules: &[(&str, &str)]) -> Result<String, Vec<Diagnostic>> {
        let sources: Vec<(&str, Arc<Source>)> =
            modules.iter().map(|(path, text)| (*path, Arc::new(Source::new(*path, *text)))).collect();
        let sources = sources.iter().map(|(path, source)| (*path, source)).collect();
        let (words, _) = InterfaceWords::read("de", |_| Vec::new());
        bundle(&["a/main.js"], &sources, &words, &[])
    }

    #[test]
    fn modules_become_one_script() {
        let script = bundled(&[
            ("a/main.js", "// Main.\nimport { one,\n  two as zwei } from \"../b.js\"; // both\nimport * as all from './c.js'\nimport \"./c.js\";\none(zwei, all);\n"),
            ("b.js", "export function one() {}\nconst two = 2;\nexport { two };\n"),
            ("a/c.js", "import { one } from \"../b.js\";\nexport const { x, y } = one();\nexport class Z {}"),
        ])
        .expect("all is understood");
        let expected = "const module1 = (() => {\nfunction one() {}\nconst two = 2;\nreturn { one: one, two: two };\n})();\n\
            const module2 = (() => {\nconst { one: one } = module1;\nconst { x, y } = one();\nclass Z {}\nreturn { x: x, y: y, Z: Z };\n})();\n\
            const module0 = (() => {\n// Main.\nconst { one: one, two: zwei } = module1;\nconst all = module2;\none(zwei, all);\nreturn {  };\n})();\n";
        assert!(script.contains(expected), "{script}");
    }

    #[test]
    fn what_a_module_says_is_kept() {
        let module = "const page = `a ${b(`\n    // c\n\n`)} `;\n";
        let script = bundled(&[("a/main.js", module)]).expect("all is understood");
        assert!(script.contains(module), "{script}");
    }

    #[test]
    fn circles_are_faults_where_they_close() {
        let modules =
            [("a/main.js", "import \"./b.js\";\n"), ("a/b.js", "// B.\nimport { x } from \"./main.js\";\n")];
        let faults = bundled(&modules).expect_err("a circle");
        let place = faults[0].place.as_ref().expect("a place");
        assert_eq!((place.source.path.as_str(), place.span.start, faults.len()), ("a/b.js", 6, 1));
        assert!(faults[0].message.ends_with("`a/main.js`, `a/b.js`"), "{}", faults[0].message);
        assert!(bundled(&[("a/main.js", "import \"./main.js\";\n")]).is_err());
    }

    #[test]
    fn other_forms_are_faults_at_their_place() {
        for text in [
            "import a from \"./b.js\";\n",
            "\nimport { a } from \"b\";\n",
            "export default 1;\n",
            "import \"./b.js\";\n",
        ] {
            let faults = bundled(&[("a/main.js", text)]).expect_err(text);
            let place = faults[0].place.as_ref().expect("a place");
            assert!(place.source.text[place.span.start..].trim_start() == text.trim_start(), "{text}");
        }
    }
}
