//! Embeds the default theme, and names the version: the package's, with the commit where git tells it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    embed(&root.join("themes/default"), &out.join("default_theme.rs"));
    println!("cargo::rustc-env=BINDERY_VERSION={}", version(&root));
}

/// Writes a table of the theme's files: their paths below the theme's folder, and their bytes.
fn embed(theme: &Path, table: &Path) {
    println!("cargo::rerun-if-changed={}", theme.display());
    let mut files = Vec::new();
    list(theme, &mut files);
    files.sort();
    let mut code = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(theme).expect("it was listed below the theme");
        let name = name.to_str().expect("the theme's names are UTF-8").replace('\\', "/");
        writeln!(code, "    ({name:?}, include_bytes!({:?})),", file.display().to_string())
            .expect("a String takes all");
    }
    code.push(']');
    fs::write(table, code).expect("OUT_DIR can be written");
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the default theme is part of the source").flatten() {
        let path = entry.path();
        println!("cargo::rerun-if-changed={}", path.display());
        if path.is_dir() { list(&path, files) } else { files.push(path) }
    }
}

/// `0.1.0`, or `0.1.0 (1a2b3c4d5)` in a checkout. Without git, or outside a checkout, the former.
fn version(root: &Path) -> String {
    let package = env::var("CARGO_PKG_VERSION").expect("cargo sets it");
    println!("cargo::rerun-if-changed={}", root.join(".git/HEAD").display());
    let git = Command::new("git").args(["rev-parse", "--short=9", "HEAD"]).current_dir(root).output();
    let commit = git.ok().filter(|output| output.status.success() && root.join(".git").exists());
    match commit.and_then(|output| String::from_utf8(output.stdout).ok()) {
        Some(commit) => format!("{package} ({})", commit.trim()),
        None => package,
    }
}
