//! Every dependency's licence is one of those that `deny.toml` allows (`cargo deny check licenses` says the
//! same, where it is installed).

use std::fs;
use std::process::Command;

/// Whether one of the alternatives of a licence expression is allowed, each part of it.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let plain = expression.replace(['(', ')'], "").replace('/', " OR ");
    // `A OR B AND C`: either alternative will do, if all of its parts are allowed.
    let known = |part: &str| allowed.iter().any(|licence| licence == part.trim());
    plain.split(" OR ").any(|alternative| alternative.split(" AND ").all(known))
        // `(A OR B) AND C` read from the left: both sides must hold.
        && expression.split(") AND ").skip(1).all(known)
}

fn run(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn dependencies_have_licences_that_are_allowed() {
    let settings = fs::read_to_string("deny.toml").expect("deny.toml");
    let list = settings.split("allow = [").nth(1).and_then(|rest| rest.split(']').next()).expect("a list");
    let allowed: Vec<String> = list.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    // Of this platform alone: those packages are here, and nothing is to be fetched.
    let rustc = run("rustc", &["-vV"]);
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = run(&cargo, &["metadata", "--locked", "--format-version", "1", "--filter-platform", host]);
    let metadata: serde_json::Value = serde_json::from_str(&output).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    assert!(packages.len() > 50, "the whole tree is read");
    let wrong: Vec<String> = packages
        .iter()
        .filter(|package| !is_allowed(package["license"].as_str().unwrap_or("none"), &allowed))
        .map(|package| format!("{} {}", package["name"], package["license"]))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    // What the project itself asks for is listed with its version.
    let listed = section("Direct dependencies");
    let own = packages.iter().find(|package| package["name"] == "bindery").expect("the package itself");
    for dependency in own["dependencies"].as_array().expect("dependencies") {
        // Of some, others in the tree use an older version.
        let mut versions = packages.iter().filter(|package| package["name"] == dependency["name"]);
        let row =
            |version: &str| format!("| `{}` | {version} |", dependency["name"].as_str().unwrap_or_default());
        let is_listed = versions
            .any(|package| package["version"].as_str().is_some_and(|version| listed.contains(&row(version))));
        assert!(is_listed, "not in THIRD-PARTY.md: {}", dependency["name"]);
    }
}

/// A section of `THIRD-PARTY.md`.
fn section(heading: &str) -> String {
    let listed = fs::read_to_string("THIRD-PARTY.md").expect("THIRD-PARTY.md");
    let sections: Vec<&str> = listed.split("\n## ").collect();
    let section = sections.into_iter().find_map(|section| section.strip_prefix(heading)?.strip_prefix('\n'));
    section.unwrap_or_else(|| panic!("no section {heading}")).to_owned()
}

#[test]
fn what_others_made_is_named_with_its_licence() {
    let listed = section("In the repository");
    let folders = fs::read_dir("vendor").expect("vendor/").map(|entry| entry.expect("an entry").path());
    for folder in folders.chain(["tests/commonmark".into()]) {
        let row = listed.lines().find(|line| line.starts_with(&format!("| `{}/", folder.display())));
        let row = row.unwrap_or_else(|| panic!("not in THIRD-PARTY.md: {}", folder.display()));
        // What it is, where it is from, and under what: its licence lies beside it.
        let licence = row.split("see `").nth(1).and_then(|rest| rest.split('`').next()).expect("a licence");
        assert!(fs::exists(licence).expect("the folder"), "{licence}");
        assert!(row.split('`').nth(1).is_some_and(|file| fs::exists(file).expect("the folder")), "{row}");
    }
}
