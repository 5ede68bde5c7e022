//! The shape of the program, read from its sources: imports go down only, no files import each other in a cycle, pure
//! stages do not reach outside, and no two types share a name. The packages in `crates/` are read as modules.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

/// The modules from the bottom to the top: each imports only from those before it.
const ORDER: &[&str] = &[
    "highlight",
    "search_index",
    "text",
    "read",
    "parse",
    "write",
    "bind",
    "render",
    "engine",
    "watchdog",
    "publish",
    "serve",
    "proof",
    "cli",
    "commands",
];

/// The stages that see nothing but their arguments.
const PURE: &[&str] = &["highlight", "search_index", "parse", "write", "bind", "render"];

/// Modules of the standard library that access the outside.
const OUTSIDE: &[&str] = &["fs", "env", "time", "process", "net", "io"];

/// Crates that access the outside.
const CRATES: &[&str] = &["tokio", "walkdir", "notify"];

/// Items of `std::io` that access nothing themselves.
const FORMS: &[&str] = &["std::io::Write", "std::io::Result", "std::io::ErrorKind"];

/// The packages that are read as if they were modules: their names as modules, and where their sources are.
const PACKAGES: &[(&str, &str)] =
    &[("highlight", "crates/highlight/src"), ("search_index", "crates/search-index/src")];

/// The sources in a folder, by their paths below it.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let below =
                    path.strip_prefix(folder).expect("it is in the folder").to_string_lossy().into_owned();
                found.push((below, fs::read_to_string(&path).expect("a source")));
            }
        }
    }
    found
}

/// The sources of the program, by their paths below `src`, without their tests.
fn program() -> BTreeMap<String, String> {
    let mut found = sources("src");
    for (_, text) in &mut found {
        for (package, _) in PACKAGES {
            *text = text.replace(&format!("bindery_{package}::"), &format!("crate::{package}::"));
        }
    }
    for (package, folder) in PACKAGES {
        found.extend(sources(folder).into_iter().map(|(file, text)| {
            let file = if file == "lib.rs" { "mod.rs" } else { &file };
            (format!("{package}/{file}"), text.replace("crate::", &format!("crate::{package}::")))
        }));
    }
    assert!(found.len() > 30, "all sources are read");
    found
        .into_iter()
        .filter(|(file, _)| file != "main.rs" && !file.ends_with("tests.rs"))
        .map(|(file, text)| (file, without_tests(&text).to_owned()))
        .collect()
}

/// A source without the tests at its end: they contain code in strings, and may use modules above their own.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default()
}

/// The statements of a source, each on one line, without comments.
fn statements(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    lines.collect::<Vec<_>>().join(" ").split_inclusive(';').map(str::to_owned).collect()
}

/// The names after a prefix of paths (`crate::`), also in braces.
fn named(statement: &str, prefix: &str) -> Vec<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut names = Vec::new();
    for (at, _) in statement.match_indices(prefix) {
        if statement[..at].ends_with(|c: char| is_name(c) || c == ':') {
            continue;
        }
        let rest = &statement[at + prefix.len()..];
        let mut depth = 0;
        let mut outer = String::new();
        for c in rest.chars() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                c if depth == i32::from(rest.starts_with('{')) => outer.push(c),
                _ => {}
            }
            if depth == 0 && !is_name(c) {
                break;
            }
        }
        let first = |path: &str| path.trim().split(|c| !is_name(c)).next().unwrap_or_default().to_owned();
        names.extend(outer.split(',').map(first).filter(|name| !name.is_empty()));
    }
    names
}

/// What a statement names outside.
fn outside(statement: &str) -> Vec<&'static str> {
    let statement = FORMS.iter().fold(statement.to_owned(), |text, form| text.replace(form, ""));
    let of_std = named(&statement, "std::");
    let modules = OUTSIDE.iter().filter(|module| of_std.iter().any(|name| name == **module));
    let crates = CRATES.iter().filter(|name| statement.contains(&format!("{name}::")));
    modules.chain(crates).copied().collect()
}

#[test]
fn paths_are_found_everywhere() {
    let text = "// use crate::no;\nuse crate::{\n    bind::{Book, book::Part},\n    read,\n};\nuse std::{env, sync::Arc};
        fn f() -> crate::engine::Edition { std::fs::read(x) }";
    let statements = statements(text);
    let inside: Vec<_> = statements.iter().flat_map(|statement| named(statement, "crate::")).collect();
    assert_eq!(inside, ["bind", "read", "engine"]);
    let outside: Vec<_> = statements.iter().flat_map(|statement| outside(statement)).collect();
    assert_eq!(outside, ["env", "fs"]);
}

#[test]
fn imports_go_down_only() {
    let rank = |module: &str| ORDER.iter().position(|known| *known == module);
    let mut wrong = Vec::new();
    for (file, text) in &program() {
        let module = file.split(['/', '.']).next().unwrap_or_default();
        let Some(own) = rank(module) else { continue };
        for statement in statements(text) {
            let is_above = |name: &String| rank(name).is_some_and(|other| other > own);
            if named(&statement, "crate::").iter().any(is_above) {
                wrong.push(format!("src/{file} reaches up: {statement}"));
            }
        }
        if PURE.contains(&module) {
            for name in statements(text).iter().flat_map(|statement| outside(statement)) {
                wrong.push(format!("src/{file} reaches outside: `{name}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The tokens of a source, without comments; `::` is one token.
fn tokens(text: &str) -> Vec<String> {
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut tokens = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if is_name(first) {
            rest.find(|c| !is_name(c)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        tokens.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    tokens
}

/// A path that a source names, and the name that it has there.
#[derive(Clone, Debug, PartialEq)]
struct Import {
    path: Vec<String>,
    name: String,
}

/// Reads the tree of paths at the beginning of some tokens, such as `a::{b, c::d as e}`.
fn tree<'t>(mut tokens: &'t [String], above: &[String], found: &mut Vec<Import>) -> &'t [String] {
    let mut path = above.to_vec();
    loop {
        match tokens {
            [open, rest @ ..] if open == "{" => {
                tokens = rest;
                while let [next, ..] = tokens
                    && next != "}"
                {
                    tokens = tree(tokens, &path, found);
                    if let [comma, rest @ ..] = tokens
                        && comma == ","
                    {
                        tokens = rest;
                    }
                }
                return tokens.get(1..).unwrap_or_default();
            }
            [name, colons, rest @ ..] if colons == "::" => {
                path.push(name.clone());
                tokens = rest;
            }
            [name, rest @ ..] => {
                if name != "self" || path.is_empty() {
                    path.push(name.clone());
                }
                let (name, rest) = match rest {
                    [word, other, rest @ ..] if word == "as" => (other.clone(), rest),
                    _ => (path.last().cloned().unwrap_or_default(), rest),
                };
                found.push(Import { path, name });
                return rest;
            }
            [] => return tokens,
        }
    }
}

/// The modules of the program: the file of each, and the names that it re-exports.
struct Modules {
    files: BTreeMap<Vec<String>, String>,
    passed_on: BTreeMap<(Vec<String>, String), Vec<String>>,
}

/// The module of a file.
fn module(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').filter(|name| !matches!(*name, "lib" | "main")).map(str::to_owned).collect()
}

impl Modules {
    fn of(program: &BTreeMap<String, String>) -> Self {
        let files: BTreeMap<_, _> = program.keys().map(|file| (module(file), file.clone())).collect();
        let mut modules = Modules { files, passed_on: BTreeMap::new() };
        for (file, text) in program {
            let own = module(file);
            let tokens = tokens(text);
            for at in 0..tokens.len() {
                if at > 0 && tokens[at] == "use" && (tokens[at - 1] == "pub" || tokens[at - 1] == ")") {
                    let mut imports = Vec::new();
                    tree(&tokens[at + 1..], &[], &mut imports);
                    for Import { path, name } in imports {
                        if let Some(path) = modules.absolute(&own, &path) {
                            modules.passed_on.insert((own.clone(), name), path);
                        }
                    }
                }
            }
        }
        modules
    }

    /// The path from the crate's root; `None` if it leads to another crate.
    fn absolute(&self, own: &[String], path: &[String]) -> Option<Vec<String>> {
        let mut from = own.to_vec();
        let mut rest = path;
        match path.first()?.as_str() {
            "crate" => (from, rest) = (Vec::new(), &path[1..]),
            "self" => rest = &path[1..],
            "super" => {
                while rest.first().is_some_and(|name| name == "super") {
                    from.pop();
                    rest = &rest[1..];
                }
            }
            child => {
                let module: Vec<String> = own.iter().cloned().chain([child.to_owned()]).collect();
                self.files.get(&module)?;
            }
        }
        from.extend(rest.iter().cloned());
        Some(from)
    }

    /// The module that an absolute path leads to, or that contains the item.
    fn find(&self, path: &[String]) -> Vec<String> {
        let mut module = Vec::new();
        for (at, name) in path.iter().enumerate() {
            let child: Vec<String> = module.iter().chain([name]).cloned().collect();
            if self.files.contains_key(&child) {
                module = child;
                continue;
            }
            if let Some(other) = self.passed_on.get(&(module.clone(), name.clone())) {
                let further: Vec<String> = other.iter().chain(&path[at + 1..]).cloned().collect();
                return self.find(&further);
            }
            break;
        }
        module
    }

    /// The files that a file imports.
    fn imports(&self, file: &str, text: &str) -> BTreeSet<String> {
        let own = module(file);
        let tokens = tokens(text);
        // Modules that are imported by name, so that `nav::of` leads to one.
        let mut known: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut found = BTreeSet::new();
        for at in 0..tokens.len() {
            let before = at.checked_sub(1).map_or("", |before| tokens[before].as_str());
            let is_path = tokens.get(at + 1).is_some_and(|next| next == "::");
            // A re-export does not use the name.
            let is_passed_on =
                before == "use" && at > 1 && (tokens[at - 2] == "pub" || tokens[at - 2] == ")");
            if before == "::" || is_passed_on || !(is_path || before == "use") {
                continue;
            }
            let mut imports = Vec::new();
            tree(&tokens[at..], &[], &mut imports);
            for Import { path, name } in imports {
                let path = match path.first().and_then(|first| known.get(first)) {
                    Some(module) => Some(module.iter().chain(&path[1..]).cloned().collect()),
                    None => self.absolute(&own, &path),
                };
                let Some(path): Option<Vec<String>> = path else { continue };
                let module = self.find(&path);
                if before == "use" && module == path {
                    known.insert(name, module.clone());
                }
                found.extend(self.files.get(&module).cloned());
            }
        }
        found.remove(file);
        found
    }
}

/// Finds a cycle that a file is in: the files, each of which imports the next.
fn cycle(imports: &BTreeMap<String, BTreeSet<String>>, from: &str) -> Option<Vec<String>> {
    // Breadth first, for the shortest cycle: each file with the file from which it was found first.
    let mut found: BTreeMap<&str, &str> = BTreeMap::new();
    let mut next = vec![from];
    while !next.is_empty() {
        let mut further = Vec::new();
        for file in next {
            for other in imports.get(file).into_iter().flatten() {
                if other == from {
                    let mut way = vec![from.to_owned(), file.to_owned()];
                    while let Some(before) = found.get(way[way.len() - 1].as_str()) {
                        way.push((*before).to_owned());
                    }
                    way.dedup();
                    way.reverse();
                    return Some(way);
                }
                if !found.contains_key(other.as_str()) {
                    found.insert(other, file);
                    further.push(other.as_str());
                }
            }
        }
        next = further;
    }
    None
}

#[test]
fn imports_lead_to_files() {
    let program = [
        ("lib.rs", "pub mod a;\npub mod b;"),
        ("a/mod.rs", "pub mod c;\npub mod d;\npub use c::{C, E as F};\nuse d::D;\nfn f() { c::g() }"),
        ("a/c.rs", "use std::fmt;\nuse super::d;\nuse crate::b::{self, B};\nfn f() { d::x() }"),
        ("a/d.rs", "// use crate::b;\nfn f() -> super::F { crate::a::own() }"),
        ("b.rs", "use crate::a::{c::{self, C}, d};"),
    ];
    let program = program.map(|(file, text)| (file.to_owned(), text.to_owned())).into();
    let modules = Modules::of(&program);
    let imports: BTreeMap<_, _> =
        program.iter().map(|(file, text)| (file.clone(), modules.imports(file, text))).collect();
    let of = |file: &str| imports[file].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(of("lib.rs"), Vec::<&str>::new());
    assert_eq!(of("a/mod.rs"), ["a/c.rs", "a/d.rs"]);
    assert_eq!(of("a/c.rs"), ["a/d.rs", "b.rs"]);
    assert_eq!(of("a/d.rs"), ["a/c.rs", "a/mod.rs"]);
    assert_eq!(of("b.rs"), ["a/c.rs", "a/d.rs"]);
    assert_eq!(cycle(&imports, "b.rs"), Some(["b.rs", "a/c.rs", "b.rs"].map(str::to_owned).to_vec()));
    assert_eq!(cycle(&imports, "lib.rs"), None);
}

#[test]
fn files_import_each_other_in_no_cycle() {
    let program = program();
    let modules = Modules::of(&program);
    let imports: BTreeMap<String, BTreeSet<String>> =
        program.iter().map(|(file, text)| (file.clone(), modules.imports(file, text))).collect();
    assert!(imports["render/code/highlight.rs"].contains("highlight/mod.rs"), "packages are read as modules");
    let mut cycles = BTreeMap::new();
    for file in imports.keys() {
        if let Some(cycle) = cycle(&imports, file) {
            // The same cycle is found from each of its files.
            let files: BTreeSet<String> = cycle.iter().cloned().collect();
            cycles.entry(files).or_insert_with(|| cycle.join(" imports "));
        }
    }
    let cycles: Vec<&String> = cycles.values().collect();
    assert!(cycles.is_empty(), "{cycles:#?}");
}

/// The types that a source declares; an associated type has no name of its own.
fn types(text: &str) -> Vec<String> {
    let mut types = Vec::new();
    for line in text.lines() {
        let mut words = line.split_whitespace().skip_while(|word| word.starts_with("pub"));
        let declares = match words.next() {
            Some("struct" | "enum" | "trait" | "union") => true,
            Some("type") => !line.starts_with(' '),
            _ => false,
        };
        let name = words.next().unwrap_or_default();
        let end = name.find(|c: char| !c.is_alphanumeric()).unwrap_or(name.len());
        if declares && end > 0 {
            types.push(name[..end].to_owned());
        }
    }
    types
}

#[test]
fn no_two_types_share_a_name() {
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (file, text) in program() {
        for name in types(&text) {
            files.entry(name).or_default().push(file.clone());
        }
    }
    assert!(files.len() > 200 && files.contains_key("ColouredSpan"), "all types are found");
    files.retain(|_, files| files.len() > 1);
    assert!(files.is_empty(), "{files:#?}");
}
