//! The states of the machines after chapters, as images of the engine: one for each machine, named by the digest of all that led
//! to it.

use super::engine::{ContainerEngine, LABEL};
use crate::text::digest::Digest;

/// What the images are called; then comes the book.
const STATE: &str = "localhost/bindery-test-state-";

/// The names of the images of a state, one for each machine.
pub fn names(book: &str, digest: Digest, machines: usize) -> Vec<String> {
    (0..machines).map(|machine| format!("{STATE}{book}:{}-{machine}", digest.hex())).collect()
}

/// Whether the engine has all images of a state.
pub fn exists(engine: &ContainerEngine, names: &[String]) -> bool {
    let inspect = ["image", "inspect", "--format", "{{.Id}}"];
    let args: Vec<&str> = inspect.into_iter().chain(names.iter().map(String::as_str)).collect();
    engine.run(&args).is_ok()
}

/// Removes the oldest states of all books, so that at most so many bytes are left. Other tests may remove some at the same
/// time; what cannot be removed now is so the next time.
pub fn prune(engine: &ContainerEngine, most: u64) {
    let mut bytes = 0;
    // The newest come first.
    for name in images(engine).unwrap_or_default().iter().filter(|name| name.starts_with(STATE)) {
        let layers = engine.run(&["history", "--format", "{{.Size}}", name]);
        // The first layer is what the state adds to the one before.
        bytes += layers.ok().and_then(|layers| size(layers.lines().next()?)).unwrap_or_default();
        if bytes > most || most == 0 {
            let _ = engine.run(&["rmi", name]);
        }
    }
    // States that were made again have lost their names.
    let label = format!("label={LABEL}");
    let _ = engine.run(&["image", "prune", "--force", "--filter", &label]);
}

/// Removes all states, and all images that were made of books. Another process may be removing them too.
///
/// # Errors
/// What the engine says.
pub fn clear(engine: &ContainerEngine) -> Result<usize, String> {
    let names = images(engine)?;
    for name in &names {
        engine.until_gone(|| engine.run(&["rmi", name]).map(drop), &["image", "inspect", name])?;
    }
    let label = format!("label={LABEL}");
    engine.run(&["image", "prune", "--force", "--filter", &label])?;
    Ok(names.len())
}

/// The names of the images that were made for tests.
fn images(engine: &ContainerEngine) -> Result<Vec<String>, String> {
    let filter = format!("label={LABEL}");
    let listed = engine.run(&["images", "--filter", &filter, "--format", "{{.Repository}}:{{.Tag}}"])?;
    // An image that is made of one of these has its label, too.
    let is_own = |name: &&str| name.starts_with("localhost/bindery-test-");
    Ok(listed.lines().map(str::trim).filter(is_own).map(str::to_owned).collect())
}

/// Reads a size as engines print it: `5.63 kB`, `120MB`.
fn size(text: &str) -> Option<u64> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let unit = match text[end..].trim() {
        "B" | "" => 1.0,
        "kB" | "KB" => 1e3,
        "MB" => 1e6,
        "GB" => 1e9,
        _ => return None,
    };
    Some((text[..end].parse::<f64>().ok()? * unit) as u64)
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_read() {
        assert_eq!(size("5.63 kB\n"), Some(5630));
        assert_eq!(size("120MB"), Some(120_000_000));
        assert_eq!(size("0B"), Some(0));
        assert_eq!(size("much"), None);
    }
}
