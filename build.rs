//! Embeds the default theme and Pagefind's script in the program, and sets the version, with the commit if this is a git
//! checkout.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    embed(&root.join("themes/default"), &out.join("default_theme.rs"));
    embed(&root.join("vendor/pagefind"), &out.join("pagefind.rs"));
    println!("cargo::rustc-env=BINDERY_VERSION={}", version(&root));
}

/// Writes a table of the files of a folder: their paths below it, and their bytes.
fn embed(folder: &Path, table: &Path) {
    println!("cargo::rerun-if-changed={}", folder.display());

    let mut files = Vec::new();
    list(folder, &mut files);
    files.sort();

    let mut code = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(folder).expect("it was listed below the folder");
        let name = name.to_str().expect("the names are UTF-8").replace('\\', "/");
        writeln!(code, "    ({name:?}, include_bytes!({:?})),", file.display().to_string())
            .expect("writing to a String cannot fail");
    }
    code.push(']');

    fs::write(table, code).expect("OUT_DIR can be written");
}

/// Adds the files of a folder and of the folders in it.
fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is part of the source").flatten() {
        let path = entry.path();
        println!("cargo::rerun-if-changed={}", path.display());
        if path.is_dir() { list(&path, files) } else { files.push(path) }
    }
}

/// `0.1.0`, or `0.1.0 (1a2b3c4d5)` in a checkout if git is installed.
fn version(root: &Path) -> String {
    let package = env::var("CARGO_PKG_VERSION").expect("cargo sets it");
    let git = |words: &[&str]| {
        let output = Command::new("git").arg("rev-parse").args(words).current_dir(root).output().ok();
        let output = output.filter(|output| output.status.success() && root.join(".git").exists())?;
        String::from_utf8(output.stdout).ok().map(|text| text.trim().to_owned())
    };

    // These files change with a checkout and with a commit. Cargo runs this again and again for a path that does not
    // exist.
    for path in ["HEAD", "logs/HEAD"].iter().filter_map(|name| git(&["--git-path", name])) {
        if root.join(&path).exists() {
            println!("cargo::rerun-if-changed={}", root.join(path).display());
        }
    }

    match git(&["--short=9", "HEAD"]) {
        Some(commit) => format!("{package} ({commit})"),
        None => package,
    }
}
