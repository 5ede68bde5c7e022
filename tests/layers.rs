//! The shape of the program, read from its paths: imports go down only, and pure stages do not reach outside.

use std::fs;
use std::path::Path;

/// The modules from the bottom to the top: each imports only from those before it.
const ORDER: &[&str] =
    &["text", "read", "parse", "bind", "render", "engine", "publish", "serve", "cli", "commands"];

/// The stages that see nothing but their arguments.
const PURE: &[&str] = &["parse", "bind", "render"];

/// What of the standard library reaches outside.
const OUTSIDE: &[&str] = &["fs", "env", "time", "process", "net", "io"];

/// Crates that reach outside.
const CRATES: &[&str] = &["tokio", "walkdir", "notify"];

/// Forms of `std::io` that reach nothing themselves.
const FORMS: &[&str] = &["std::io::Write", "std::io::Result", "std::io::ErrorKind"];

/// What a pure stage may all the same; docs/architecture.md says why.
const EXCEPT: &[(&str, &str)] = &[("render/search.rs", "tokio")];

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("the source") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let below = path.strip_prefix("src").expect("it is in src").to_string_lossy().into_owned();
            found.push((below, fs::read_to_string(&path).expect("a source")));
        }
    }
}

/// The statements of a source, each on one line, without comments.
fn statements(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    lines.collect::<Vec<_>>().join(" ").split_inclusive(';').map(str::to_owned).collect()
}

/// The names behind a prefix of paths (`crate::`), also in braces.
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
fn paths_are_seen_wherever_they_stand() {
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
    let mut found = Vec::new();
    sources(Path::new("src"), &mut found);
    assert!(found.len() > 30, "all sources are read");
    let rank = |module: &str| ORDER.iter().position(|known| *known == module);
    let mut wrong = Vec::new();
    for (file, text) in &found {
        let module = file.split(['/', '.']).next().unwrap_or_default();
        let Some(own) = rank(module) else { continue };
        for statement in statements(text) {
            let is_above = |name: &String| rank(name).is_some_and(|other| other > own);
            if named(&statement, "crate::").iter().any(is_above) {
                wrong.push(format!("src/{file} reaches up: {statement}"));
            }
        }
        if PURE.contains(&module) {
            // Tests hold texts that are code.
            let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
            for name in statements(code).iter().flat_map(|statement| outside(statement)) {
                if !EXCEPT.contains(&(file.as_str(), name)) {
                    wrong.push(format!("src/{file} reaches outside: `{name}`"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
