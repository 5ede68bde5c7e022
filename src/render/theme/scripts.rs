//! Scripts: the theme's modules, bundled into one classic script, and a second for what can wait until the page is
//! shown.
//!
//! That is one request instead of a dozen, and it also runs in a book opened from disk, where browsers load no modules.
//! Each module becomes a function that is called once and returns its exports. It is called after those that it
//! imports, so modules cannot import one another in a cycle. The plain forms of `import` and `export` at the beginning
//! of a line are understood; any other is an error at its place.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::words::InterfaceWords;
use crate::read::{Placeholder, placeholder};
use crate::text::{Diagnostic, DiagnosticCode, Source, Span, url};

/// The entry modules of a theme: of its script, and of the late one.
#[derive(Clone, Copy)]
pub struct Entries<'e> {
    /// Those that make the page ready to read.
    pub first: &'e [&'e str],
    /// Those that can wait until it is shown.
    pub late: &'e [&'e str],
}

/// The scripts of a theme.
#[derive(Debug)]
pub struct BundledScripts {
    /// The first script.
    pub first: String,
    /// The late one, if there is one.
    pub late: Option<String>,
    /// The paths of the modules in them.
    pub modules: Vec<String>,
}

/// Bundles entry modules and all that they import. `sources` are the modules by their paths.
///
/// # Errors
/// [`DiagnosticCode::InvalidTheme`] at an import or export that is not understood, at one whose module is not there,
/// and at one that closes a cycle.
pub fn bundle(
    entries: Entries<'_>,
    sources: &BTreeMap<&str, &Arc<Source>>,
    words: &InterfaceWords,
    placeholders: &[(String, Placeholder)],
) -> Result<BundledScripts, Vec<Diagnostic>> {
    let mut bundle = ScriptBundle {
        sources,
        names: BTreeMap::new(),
        open: Vec::new(),
        text: String::new(),
        diagnostics: Vec::new(),
    };

    let language = serde_json::Value::from(words.language.as_str());
    bundle.text += &format!(
        "globalThis.bindery = {{ language: {language}, words: {}, placeholders: {} }};\n(() => {{\n\"use strict\";\n",
        words.for_scripts(),
        placeholder::to_json(placeholders)
    );
    for entry in entries.first {
        bundle.module(entry);
    }

    // Modules of the first script are not run again by the late one, which gets what they export.
    let of_first = bundle.names.len();
    let mut first = std::mem::take(&mut bundle.text);
    for entry in entries.late {
        bundle.module(entry);
    }
    let late = std::mem::take(&mut bundle.text);
    let is_used = |name: &String| late.contains(&format!("= {name};"));
    let names = (0..of_first).map(name_of).filter(is_used).collect::<Vec<_>>().join(", ");

    if !entries.late.is_empty() {
        first += &format!("globalThis.bindery.modules = {{ {names} }};\n");
    }
    first.push_str("})();\n");
    let open = format!("(() => {{\n\"use strict\";\nconst {{ {names} }} = globalThis.bindery.modules;\n");
    let late = (!entries.late.is_empty()).then(|| open + &late + "})();\n");
    if !bundle.diagnostics.is_empty() {
        return Err(bundle.diagnostics);
    }
    Ok(BundledScripts { first, late, modules: bundle.names.into_keys().collect() })
}

/// The name of the constant that holds what the module of this number exports.
fn name_of(number: usize) -> String {
    format!("module{number}")
}

/// A script in the making.
struct ScriptBundle<'s> {
    sources: &'s BTreeMap<&'s str, &'s Arc<Source>>,
    /// The names of the constants that hold the modules' exports, by path.
    names: BTreeMap<String, String>,
    /// The paths of the modules that are being written, each of which imports the next.
    open: Vec<String>,
    text: String,
    diagnostics: Vec<Diagnostic>,
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
    /// Writes a module and those that it imports, unless it is there already. Returns the name of its exports.
    fn module(&mut self, path: &str) -> Option<String> {
        if let Some(name) = self.names.get(path) {
            return Some(name.clone());
        }
        let source = Arc::clone(self.sources.get(path)?);
        let name = name_of(self.names.len());
        self.names.insert(path.to_owned(), name.clone());

        self.open.push(path.to_owned());
        let (body, exports) = self.body(path, &source);
        self.open.pop();

        let exports: Vec<String> = exports.iter().map(|(name, local)| format!("{name}: {local}")).collect();
        write!(self.text, "const {name} = (() => {{\n{body}return {{ {} }};\n}})();\n", exports.join(", "))
            .expect("writing to a String cannot fail");
        Some(name)
    }

    /// The text of a module as the body of a function, and the pairs of an exported and a local name.
    fn body<'t>(&mut self, path: &str, source: &'t Arc<Source>) -> (String, Vec<(&'t str, &'t str)>) {
        let mut body = String::with_capacity(source.text.len());
        let mut exports = Vec::new();
        let mut at = 0;
        while at < source.text.len() {
            let rest = &source.text[at..];
            let line = rest.split_inclusive('\n').next().unwrap_or(rest);
            if !["import ", "import{", "export "].iter().any(|word| line.starts_with(word)) {
                body.push_str(line);
                at += line.len();
                continue;
            }

            let place = Span::new(at, at + line.trim_end().len());
            let (length, statement) = read(rest);
            match statement {
                Some(ModuleStatement::Import(from, pattern)) => match self.imported(path, from) {
                    Ok(module) => {
                        body.extend(pattern.map(|pattern| format!("const {pattern} = {module};\n")))
                    }
                    Err(diagnostic) => self.diagnostics.push(diagnostic.at(source, place)),
                },
                Some(ModuleStatement::ExportList(names)) => exports.extend(names),
                Some(ModuleStatement::Declaration(names)) => {
                    exports.extend(names.into_iter().map(|name| (name, name)));
                    body.push_str(&rest["export ".len()..length]);
                }
                None => {
                    let diagnostic = misunderstood("this form of `import` or `export` is not understood");
                    self.diagnostics.push(diagnostic.at(source, place));
                }
            }
            at += length;
        }

        if !body.ends_with('\n') {
            body.push('\n');
        }
        (body, exports)
    }

    /// The name of the exports of a module that another imports.
    fn imported(&mut self, importer: &str, from: &str) -> Result<String, Diagnostic> {
        let folder = importer.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = url::join(folder, from);

        // Every open module imports the next, directly, so one of them would be imported in a cycle.
        if let Some(first) = self.open.iter().position(|open| Some(open) == path.as_ref()) {
            let cycle = self.open[first..].join("`, `");
            let message = format!("modules import one another in a cycle: `{cycle}`");
            let diagnostic = Diagnostic::new(DiagnosticCode::InvalidTheme, message);
            return Err(diagnostic.hint("move what both need to a module of its own"));
        }

        let module = path.and_then(|path| self.module(&path));
        module.ok_or_else(|| misunderstood(&format!("there is no module `{from}`")))
    }
}

/// The diagnostic for a statement that cannot be bundled.
fn misunderstood(message: &str) -> Diagnostic {
    Diagnostic::new(DiagnosticCode::InvalidTheme, message).hint(
        "understood are `import { a, b as c } from \"./other.js\"`, `import * as name from`, `import \"./other.js\"`, \
         and `export` before a function, a class or a `const`; load what others wrote with `import(…)`",
    )
}

/// Reads the statement at the beginning of a text: its length with the rest of its last line, and its content if it is
/// understood.
fn read(text: &str) -> (usize, Option<ModuleStatement<'_>>) {
    match text.strip_prefix("export ") {
        Some(exported) => read_export(text, exported),
        None => read_import(text),
    }
}

/// The length of a text up to the end of the line that a place is in.
fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

/// Reads an export: `{ a, b as c }` or a declaration.
fn read_export<'t>(text: &'t str, exported: &'t str) -> (usize, Option<ModuleStatement<'t>>) {
    let first_line = line_end(text, 0);
    if let Some(list) = exported.strip_prefix('{') {
        let Some(end) = list.find('}') else { return (first_line, None) };
        let names = pairs(&list[..end]).map(|(local, name)| (name, local)).collect();
        return (line_end(text, text.len() - list.len() + end), Some(ModuleStatement::ExportList(names)));
    }

    let kinds = ["async function* ", "async function ", "function* ", "function ", "class ", "const "];
    let declared = kinds.iter().find_map(|kind| exported.strip_prefix(kind));
    let names = declared.and_then(|declared| match declared.strip_prefix('{') {
        Some(pattern) => Some(pairs(pattern.split_once('}')?.0).map(|(_, name)| name).collect()),
        None => Some(vec![identifier(declared)?]),
    });
    (first_line, names.map(ModuleStatement::Declaration))
}

/// Reads an import of a relative path.
fn read_import(text: &str) -> (usize, Option<ModuleStatement<'_>>) {
    match import_parts(text) {
        Some((path, pattern, after)) => {
            (line_end(text, text.len() - after.len()), Some(ModuleStatement::Import(path, pattern)))
        }
        None => (line_end(text, 0), None),
    }
}

/// The path of an import, the pattern that its names are bound by, and the text after the path.
fn import_parts(text: &str) -> Option<(&str, Option<String>, &str)> {
    let rest = text.strip_prefix("import")?.trim_start();
    let (pattern, rest) = if let Some(list) = rest.strip_prefix('{') {
        let (list, rest) = list.split_once('}')?;
        let names: Vec<String> = pairs(list).map(|(name, local)| format!("{name}: {local}")).collect();
        (Some(format!("{{ {} }}", names.join(", "))), rest)
    } else if let Some(name) = rest.strip_prefix("* as ") {
        let name = identifier(name)?;
        (Some(name.to_owned()), &rest["* as ".len() + name.len()..])
    } else {
        (None, rest)
    };

    let rest = rest.trim_start();
    let from = if pattern.is_some() { rest.strip_prefix("from")?.trim_start() } else { rest };
    let quote = from.chars().next().filter(|quote| ['"', '\''].contains(quote))?;
    let (path, after) = from[1..].split_once(quote)?;
    path.starts_with('.').then_some((path, pattern, after))
}

/// The names of a list, `a, b as c`: each with the one after `as`, else twice.
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
        scripts(modules, &[]).map(|(first, _)| first)
    }

    fn scripts(modules: &[(&str, &str)], late: &[&str]) -> Result<(String, Option<String>), Vec<Diagnostic>> {
        let sources: Vec<(&str, Arc<Source>)> =
            modules.iter().map(|(path, text)| (*path, Arc::new(Source::new(*path, *text)))).collect();
        let sources = sources.iter().map(|(path, source)| (*path, source)).collect();
        let (words, _) = InterfaceWords::read("de", |_| Vec::new());
        let bundled = bundle(Entries { first: &["a/main.js"], late }, &sources, &words, &[])?;
        Ok((bundled.first, bundled.late))
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
    fn the_late_script_uses_the_modules_of_the_first() {
        let modules = [
            ("a/main.js", "import { one } from \"./both.js\";\n"),
            ("a/both.js", "export const one = 1;\n"),
            ("a/more.js", "import { one } from \"./both.js\";\nimport { two } from \"./own.js\";\n"),
            ("a/own.js", "export const two = 2;\n"),
        ];
        let (first, late) = scripts(&modules, &["a/more.js"]).expect("all is understood");
        let late = late.expect("a second script");
        assert!(first.ends_with("globalThis.bindery.modules = { module1 };\n})();\n"), "{first}");
        assert!(late.contains("const { module1 } = globalThis.bindery.modules;\n"), "{late}");
        assert!(late.contains("const two = 2") && !late.contains("const one = 1"), "{late}");
    }

    #[test]
    fn what_a_module_says_is_kept() {
        let module = "const page = `a ${b(`\n    // c\n\n`)} `;\n";
        let script = bundled(&[("a/main.js", module)]).expect("all is understood");
        assert!(script.contains(module), "{script}");
    }

    #[test]
    fn cycles_are_errors_where_they_close() {
        let modules =
            [("a/main.js", "import \"./b.js\";\n"), ("a/b.js", "// B.\nimport { x } from \"./main.js\";\n")];
        let diagnostics = bundled(&modules).expect_err("a cycle");
        let place = diagnostics[0].place.as_ref().expect("a place");
        assert_eq!((place.source.path.as_str(), place.span.start, diagnostics.len()), ("a/b.js", 6, 1));
        assert!(diagnostics[0].message.ends_with("`a/main.js`, `a/b.js`"), "{}", diagnostics[0].message);
        assert!(bundled(&[("a/main.js", "import \"./main.js\";\n")]).is_err());
    }

    #[test]
    fn other_forms_are_errors_at_their_place() {
        for text in [
            "import a from \"./b.js\";\n",
            "\nimport { a } from \"b\";\n",
            "export default 1;\n",
            "import \"./b.js\";\n",
        ] {
            let diagnostics = bundled(&[("a/main.js", text)]).expect_err(text);
            let place = diagnostics[0].place.as_ref().expect("a place");
            assert!(place.source.text[place.span.start..].trim_start() == text.trim_start(), "{text}");
        }
    }
}
