//! The shape of the program, read from its `use` lines: imports go down only.

use std::fs;
use std::path::Path;

/// The modules from the bottom to the top: each imports only from those before it.
const ORDER: &[&str] =
    &["text", "read", "parse", "bind", "render", "engine", "publish", "serve", "cli", "commands"];

/// The stages that see nothing but their arguments.
const PURE: &[&str] = &["parse", "bind", "render"];

/// What of the standard library reaches outside.
const OUTSIDE: &[&str] = &["std::fs", "std::env", "std::time", "std::process", "std::net", "std::io"];

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

/// The modules of the crate that a line names, behind `crate::`, also in braces.
fn named(line: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for (at, path) in line.match_indices("crate::") {
        let rest = &line[at + path.len()..];
        let list = rest.strip_prefix('{').map_or(rest, |rest| rest.split('}').next().unwrap_or(rest));
        let parts: Vec<&str> = if rest.starts_with('{') { list.split(',').collect() } else { vec![list] };
        names.extend(
            parts
                .into_iter()
                .map(|part| part.trim().split([':', ';', ' ', ')', '<']).next().unwrap_or_default()),
        );
    }
    names
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
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for name in named(line) {
                if rank(name).is_some_and(|other| other > own) {
                    wrong.push(format!("src/{file}: {line}"));
                }
            }
            let is_use = line.trim_start().starts_with("use ");
            if is_use && PURE.contains(&module) && OUTSIDE.iter().any(|outside| line.contains(outside)) {
                wrong.push(format!("src/{file} reaches outside: {line}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
