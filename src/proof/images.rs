//! The images of machines: those that the engine has or gets by a name, and those that are made of files of the book.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use super::engine::{ContainerEngine, LABEL, reason};
use super::saved;
use crate::read::machine_image::MachineImage;
use crate::text::digest::Digest;

/// What images that are made of a book are called; then comes the digest of their files.
const MADE: &str = "localhost/bindery-test-image";

/// The names of files that say how an image is made.
const FILES: [&str; 2] = ["Containerfile", "Dockerfile"];

/// The limits that a build has, as a login does.
const LIMITS: [&str; 6] = ["--memory", "2g", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"];

/// The most lines of what a build printed that are kept.
const MOST_PRINTED: usize = 20;

/// Why there is no image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MissingImage {
    /// The reason.
    pub reason: String,
    /// What its build printed last, if it was begun.
    pub printed: Option<String>,
}

impl From<String> for MissingImage {
    fn from(reason: String) -> Self {
        MissingImage { reason, printed: None }
    }
}

/// Finds or makes an image, and returns its id. Files are in the book's folder; a build has this network.
///
/// # Errors
/// Why there is none.
pub fn find(
    engine: &ContainerEngine,
    image: &MachineImage,
    root: &Path,
    network: Option<&str>,
) -> Result<String, MissingImage> {
    let found = match image {
        MachineImage::Named(name) => named(engine, name).map_err(MissingImage::from),
        MachineImage::InBook(path) => in_book(engine, path, root, network),
    };
    found.map_err(|missing| {
        let what = if missing.printed.is_some() { "cannot be built" } else { "is not there" };
        MissingImage { reason: format!("the image `{image}` {what}: {}", missing.reason), ..missing }
    })
}

/// The id of an image that the engine has.
fn id(engine: &ContainerEngine, name: &str) -> Option<String> {
    let id = engine.run(&["image", "inspect", "--format", "{{.Id}}", name]).ok()?;
    Some(id.trim().to_owned())
}

fn named(engine: &ContainerEngine, name: &str) -> Result<String, String> {
    if let Some(id) = id(engine, name) {
        return Ok(id);
    }
    // Without a host, names are those of Docker's registry.
    let has_host =
        name.split_once('/').is_some_and(|(host, _)| host.contains(['.', ':']) || host == "localhost");
    let full = match (has_host, name.contains('/')) {
        (true, _) => name.to_owned(),
        (false, true) => format!("docker.io/{name}"),
        (false, false) => format!("docker.io/library/{name}"),
    };
    engine.run(&["pull", "--quiet", &full])?;
    id(engine, &full).ok_or_else(|| "the engine did not get it".to_owned())
}

/// Makes an image of files of the book, if there is none of them as they are.
fn in_book(
    engine: &ContainerEngine,
    path: &str,
    root: &Path,
    network: Option<&str>,
) -> Result<String, MissingImage> {
    let failed = |error: std::io::Error| error.to_string();
    let root = root.canonicalize().map_err(failed)?;
    let found = root.join(path).canonicalize().map_err(failed)?;
    if !found.starts_with(&root) {
        return Err("it is not in the book's folder".to_owned().into());
    }

    let file = match found.is_file() {
        true => Some(found.clone()),
        false => FILES.iter().map(|name| found.join(name)).find(|file| file.is_file()),
    };
    let folder = match &file {
        Some(file) => file.parent().unwrap_or(&root).to_owned(),
        None => found.clone(),
    };
    let digest = Digest::of_value(&(&file, listed(&folder, file.is_some()).map_err(failed)?));
    let tag = format!("{MADE}:{}", digest.short());
    if let Some(id) = id(engine, &tag) {
        return Ok(id);
    }

    // Another process may have made it meanwhile. Two would be two images, of which one loses its name.
    let _turn = wait_for_turn(engine, digest);
    if let Some(id) = id(engine, &tag) {
        return Ok(id);
    }
    match file {
        Some(file) => build(engine, &file, &folder, &tag, network)?,
        None if ["bin", "usr"].iter().any(|name| found.join(name).exists()) => import(engine, &found, &tag)?,
        None => {
            let reason = "it has no `Containerfile`, and is no root folder with `bin` or `usr`";
            return Err(reason.to_owned().into());
        }
    }
    id(engine, &tag).ok_or_else(|| "the engine did not make it".to_owned().into())
}

/// Waits until no other process makes an image of the same files. None does before the value is dropped. Without a folder for
/// such files, nobody waits.
fn wait_for_turn(engine: &ContainerEngine, digest: Digest) -> Option<File> {
    let folder = saved::folder()?;
    fs::create_dir_all(&folder).ok()?;
    let file = File::create(folder.join(format!("image-{}.lock", digest.short()))).ok()?;
    while let Err(TryLockError::WouldBlock) = file.try_lock() {
        if engine.is_stopped() {
            return None;
        }
        thread::sleep(Duration::from_millis(100));
    }
    Some(file)
}

/// All files of a folder: what is in them, or of a root folder their sizes and times.
fn listed(folder: &Path, is_read: bool) -> std::io::Result<Vec<(PathBuf, Digest)>> {
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        let data = entry.metadata()?;
        let digest = match is_read && data.is_file() {
            true => Digest::of_reader(File::open(entry.path())?)?,
            false => Digest::of_value(&(data.len(), data.modified().ok(), fs::read_link(entry.path()).ok())),
        };
        if !data.is_dir() {
            files.push((entry.path().to_owned(), digest));
        }
    }
    Ok(files)
}

fn build(
    engine: &ContainerEngine,
    file: &Path,
    folder: &Path,
    tag: &str,
    network: Option<&str>,
) -> Result<(), MissingImage> {
    let (file, folder) = (file.to_string_lossy(), folder.to_string_lossy());
    let mut args = vec!["build", "--tag", tag, "--label", LABEL, "--file", &file];
    args.extend(network.iter().flat_map(|network| ["--network", network]));
    args.extend(LIMITS);
    args.push(&folder);
    let output = engine.output(&args, None)?;
    if output.status.success() {
        return Ok(());
    }
    Err(MissingImage { reason: reason(&output), printed: Some(last_printed(&output)) })
}

/// The last lines that a build printed, with those of errors at the end.
fn last_printed(output: &Output) -> String {
    let printed = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let lines: Vec<&str> = printed.iter().flat_map(|text| text.lines()).collect();
    lines[lines.len().saturating_sub(MOST_PRINTED)..].join("\n")
}

/// Makes an image of a root folder.
fn import(engine: &ContainerEngine, folder: &Path, tag: &str) -> Result<(), String> {
    let failed = |error: std::io::Error| error.to_string();
    let mut tar = Command::new("tar")
        .args(["--create", "--numeric-owner", "--directory"])
        .arg(folder)
        .arg(".")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("`tar` cannot be run: {error}"))?;
    let change = format!("LABEL {LABEL}=");
    let mut import = Command::new(engine.name());
    import.args(["import", "--change", &change, "-", tag]).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(archive) = tar.stdout.take() {
        import.stdin(archive);
    }
    let is_imported = import.status().map_err(failed)?.success();
    let is_packed = tar.wait().map_err(failed)?.success();
    if is_imported && is_packed { Ok(()) } else { Err("the folder cannot be imported".to_owned()) }
}
