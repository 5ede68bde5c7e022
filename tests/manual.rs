//! The manual is checked against the code: every setting, every key of front matter, every fault, every
//! variable of a template is in it.

use std::fs;

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The keys that a source takes from YAML: the strings behind `&mut TABLE, `.
fn keys(source: &str) -> Vec<String> {
    let code = read(source);
    let code = code.split("#[cfg(test)]").next().unwrap_or_default();
    let taken = ["&mut top, \"", "&mut table, \""].map(|start| code.split(start).skip(1).collect::<Vec<_>>());
    let keys = taken.concat().into_iter().filter_map(|rest| rest.split('"').next());
    keys.map(str::to_owned).collect()
}

#[test]
fn every_key_is_in_the_readme() {
    let readme = read("README.md");
    let all: Vec<String> = [keys("src/read/config.rs"), keys("src/parse/front_matter.rs")].concat();
    assert!(all.len() > 25, "the keys were found: {all:?}");
    let missing: Vec<_> = all.iter().filter(|key| !readme.contains(&format!("| `{key}` |"))).collect();
    assert!(missing.is_empty(), "not in README.md: {missing:?}");
}

#[test]
fn every_fault_is_in_the_manual() {
    let manual = read("docs/diagnostics.md");
    let mut expected = String::new();
    for code in bindery::text::Code::ALL {
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
