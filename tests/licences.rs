//! Dependencies: their licences are allowed, they work with the oldest supported Rust, and `THIRD-PARTY.md` lists
//! what others made. The gate also runs `cargo deny`, which reads the same list of licences.

use std::fs;
use std::process::Command;

/// Whether one of the alternatives of a licence expression is allowed, with all of its parts.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let plain = expression.replace(['(', ')'], "").replace('/', " OR ");
    // `A OR B AND C`: one alternative is enough, if all of its parts are allowed.
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

/// All packages of the dependency tree, as cargo describes them.
fn packages() -> Vec<serde_json::Value> {
    // Only for this platform, because those packages are already downloaded.
    let rustc = run("rustc", &["-vV"]);
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = run(&cargo, &["metadata", "--locked", "--format-version", "1", "--filter-platform", host]);

    let metadata: serde_json::Value = serde_json::from_str(&output).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages").clone();
    assert!(packages.len() > 50, "the whole tree is read");
    packages
}

/// Whether a package is of this repository.
fn is_own(package: &serde_json::Value) -> bool {
    package["source"].is_null()
}

#[test]
fn dependencies_have_licences_that_are_allowed() {
    let settings = fs::read_to_string("deny.toml").expect("deny.toml");
    let list = settings.split("allow = [").nth(1).and_then(|rest| rest.split(']').next()).expect("a list");
    let allowed: Vec<String> = list.split('"').skip(1).step_by(2).map(str::to_owned).collect();

    let wrong: Vec<String> = packages()
        .iter()
        .filter(|package| !is_allowed(package["license"].as_str().unwrap_or("none"), &allowed))
        .map(|package| format!("{} {}", package["name"], package["license"]))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn dependencies_work_with_the_oldest_rust() {
    // `1.91`, `1.91.0`
    let parse = |version: &str| -> Vec<u32> {
        let version = version.strip_suffix(".0").filter(|short| short.contains('.')).unwrap_or(version);
        version.split('.').map_while(|n| n.parse().ok()).collect()
    };
    let packages = packages();
    let own = packages.iter().find(|package| package["name"] == "bindery").expect("the package itself");
    let oldest = parse(own["rust_version"].as_str().expect("a version"));

    let newer: Vec<String> = packages
        .iter()
        .filter(|package| package["rust_version"].as_str().is_some_and(|needed| parse(needed) > oldest))
        .map(|package| format!("{} needs Rust {}", package["name"], package["rust_version"]))
        .collect();
    assert!(newer.is_empty(), "{newer:#?}");
}

#[test]
fn direct_dependencies_are_listed_with_their_versions() {
    let listed = section("Direct dependencies");
    let packages = packages();
    let own = packages.iter().filter(|package| is_own(package));
    let dependencies: Vec<&serde_json::Value> =
        own.flat_map(|package| package["dependencies"].as_array().expect("dependencies")).collect();
    assert!(
        dependencies.iter().any(|dependency| dependency["name"] == "onig"),
        "packages in crates/ count too"
    );
    for dependency in dependencies.into_iter().filter(|dependency| dependency["path"].is_null()) {
        // Of some packages, the tree has a second version.
        let name = dependency["name"].as_str().expect("a name");
        let is_listed = packages.iter().filter(|package| package["name"] == name).any(|package| {
            let version = package["version"].as_str().expect("a version");
            listed.contains(&format!("| `{name}` | {version} |"))
        });
        assert!(is_listed, "not in THIRD-PARTY.md: {name}");
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
fn what_others_made_is_listed_with_its_licence() {
    let listed = section("In the repository");
    let folders = fs::read_dir("vendor").expect("vendor/").map(|entry| entry.expect("an entry").path());
    for folder in folders.chain(["tests/commonmark".into()]) {
        let row = listed.lines().find(|line| line.starts_with(&format!("| `{}/", folder.display())));
        let row = row.unwrap_or_else(|| panic!("not in THIRD-PARTY.md: {}", folder.display()));
        // Its licence is a file beside it.
        let licence = row.split("see `").nth(1).and_then(|rest| rest.split('`').next()).expect("a licence");
        assert!(fs::exists(licence).expect("the folder"), "{licence}");
        assert!(row.split('`').nth(1).is_some_and(|file| fs::exists(file).expect("the folder")), "{row}");
    }
}
