//! The manual is checked against the code: every setting, every key of front matter, every fault, and all that a
//! theme is made of, is in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The keys that a source takes from YAML, the strings behind `&mut TABLE, `, by mapping: at the end of each, the
/// rest is looked at.
fn keys(source: &str) -> Vec<BTreeSet<String>> {
    let code = read(source);
    let code = code.split("#[cfg(test)]").next().unwrap_or_default();
    let code = code.split_whitespace().collect::<Vec<_>>().join(" ").replace("( ", "(");
    let mut mappings: Vec<&str> = code.split("_rest(t").collect();
    mappings.pop();
    let taken = |mapping: &&str| {
        let starts = ["&mut top, \"", "&mut table, \""];
        let rests = starts.iter().flat_map(|start| mapping.split(start).skip(1));
        rests.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    };
    mappings.iter().map(taken).collect()
}

/// The keys in the tables of a section of the readme.
fn tables(heading: &str) -> Vec<BTreeSet<String>> {
    let readme = read("README.md");
    let (_, section) = readme.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("no {heading}"));
    let section = section.split("\n##").next().unwrap_or_default();
    let tables = section.split("\n| Key |").skip(1).map(|table| {
        let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
        rows.filter_map(|row| row.split('`').nth(1)).map(str::to_owned).collect()
    });
    tables.collect()
}

#[test]
fn every_key_is_in_the_readme() {
    let [all, code, sources] = keys("src/read/config.rs").try_into().expect("three mappings");
    let [placeholder] = keys("src/read/placeholder.rs").try_into().expect("one mapping");
    assert_eq!(tables("## Settings: `book.yaml`"), [all, code, placeholder, sources]);
    assert_eq!(tables("### Front matter"), keys("src/parse/front_matter.rs"));
}

#[test]
fn every_fault_is_in_the_manual() {
    let manual = read("docs/diagnostics.md");
    let mut expected = String::new();
    for code in bindery::text::DiagnosticCode::ALL {
        expected += &format!("| `{}` | {} |{} |\n", code.name(), code.severity().name(), code.explanation());
    }
    assert!(manual.contains(&expected), "docs/diagnostics.md must hold this table:\n{expected}");
}

#[test]
fn every_variable_is_in_the_theming_manual() {
    let manual = read("docs/theming.md");
    let view = read("src/render/view.rs");
    let fields = view
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub ")?.split_once(": ").map(|(name, _)| name));
    // A variable stands alone or, as those at the top, before its fields: `page.title`.
    let is_named = |name: &str| manual.contains(&format!("{name}`")) || manual.contains(&format!("`{name}."));
    let missing: Vec<&str> = fields.filter(|name| !is_named(name)).collect();
    assert!(missing.is_empty(), "not in docs/theming.md: {missing:?}");
}

#[test]
fn every_word_is_in_the_theming_manual() {
    let manual = read("docs/theming.md");
    let words: serde_yaml::Mapping =
        serde_yaml::from_str(&read("themes/default/words/en.yaml")).expect("the words");
    for (group, names) in words.iter().filter(|(group, _)| *group != "months") {
        let group = group.as_str().expect("a name");
        let row = manual.lines().find(|line| line.starts_with(&format!("| `{group}` | `")));
        let row = row.unwrap_or_else(|| panic!("no row for the words `{group}`"));
        let names = names.as_mapping().expect("a group").keys().filter_map(|name| name.as_str());
        let missing: Vec<&str> = names.filter(|name| !row.contains(&format!("`{name}`"))).collect();
        assert!(missing.is_empty(), "not in docs/theming.md: {group}: {missing:?}");
    }
}

/// The files below a folder, by their paths below it.
fn files(folder: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut open = vec![Path::new(folder).to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                let name = path.strip_prefix(folder).expect("below the folder");
                all.push((name.display().to_string(), text));
            }
        }
    }
    all
}

/// What stands in backticks in the first column of a table of the theming manual.
fn listed(head: &str) -> BTreeSet<String> {
    let manual = read("docs/theming.md");
    let (_, table) = manual.split_once(head).unwrap_or_else(|| panic!("no table {head}"));
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let cells = rows.filter_map(|row| row.split('|').nth(1));
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

/// The names behind a sign, in texts.
fn names(texts: &[(String, String)], sign: &str) -> BTreeSet<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    let rests = texts.iter().flat_map(|(_, text)| text.split(sign).skip(1));
    rests.map(|rest| rest.split(|c: char| !is_name(c)).next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn every_template_is_in_the_theming_manual() {
    let templates: BTreeSet<String> =
        files("themes/default/templates").into_iter().map(|(name, _)| name).collect();
    let mut found = listed("| Template | Renders |");
    found.retain(|name| name.ends_with(".html") || name.ends_with(".svg"));
    found.extend(listed("| Partial | What it is | Included by |"));
    found.remove("template: wide.html");
    assert_eq!(templates, found);
}

#[test]
fn every_block_is_in_the_theming_manual() {
    let (pictures, pages): (Vec<_>, Vec<_>) =
        files("themes/default/templates").into_iter().partition(|(name, _)| name.ends_with(".svg"));
    assert_eq!(names(&pages, "{% block "), listed("| Block | Holds |"));
    let blocks = names(&pictures, "{% block ");
    let manual = read("docs/theming.md");
    let (_, blocks_of_pictures) =
        manual.split_once("Its blocks, from the back").expect("the blocks of pictures");
    let line = blocks_of_pictures.lines().next().unwrap_or_default();
    assert!(blocks.iter().all(|block| line.contains(&format!("`{block}`"))), "{blocks:?}: {line}");
}

#[test]
fn every_custom_property_is_in_the_theming_manual() {
    let styles = ["tokens", "highlight"]
        .map(|name| (name.to_owned(), read(&format!("themes/default/assets/styles/{name}.css"))));
    let declared = names(&styles, " --").into_iter().map(|name| format!("--{name}")).collect::<BTreeSet<_>>();
    assert_eq!(declared, listed("| Property | What it sets |"));
}

#[test]
fn the_example_in_the_theming_manual_is_the_theme() {
    let manual = read("docs/theming.md");
    for (name, text) in files("themes/harbour") {
        assert!(
            manual.contains(&format!("\n{text}```")),
            "docs/theming.md must hold {name} as it is:\n{text}"
        );
    }
}
