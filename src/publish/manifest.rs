//! The manifest: a list of the files in the output folder that bindery wrote.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// The files of a published book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Their paths below the output folder, with `/` between names.
    pub files: BTreeSet<String>,
    /// Short digests of those that are in bundles. Bundles take long to make, so they are compared with what was
    /// written and not with what would be.
    pub bundled: BTreeMap<String, String>,
}

/// The form on disk.
#[derive(Serialize, Deserialize)]
struct StoredManifest {
    /// The version of this form.
    format: u32,
    files: BTreeSet<String>,
    /// Absent in manifests of earlier versions.
    #[serde(default)]
    bundled: BTreeMap<String, String>,
}

/// The version of the form that this program reads and writes, the only one so far.
const FORMAT: u32 = 1;

impl Manifest {
    /// Reads a manifest. Paths that lead out of the folder are left out: a manifest could be forged to remove files.
    ///
    /// # Errors
    /// A message, if it is not a manifest of this form.
    pub fn read(json: &[u8]) -> Result<Self, String> {
        let stored: StoredManifest = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        if stored.format != FORMAT {
            return Err(format!("it has form {}, this program knows form {FORMAT}", stored.format));
        }
        let files = stored.files.into_iter().filter(|path| is_inside(path)).collect();
        Ok(Manifest { files, bundled: stored.bundled })
    }

    /// Writes the manifest.
    pub fn to_json(&self) -> Vec<u8> {
        let stored =
            StoredManifest { format: FORMAT, files: self.files.clone(), bundled: self.bundled.clone() };
        let mut json = serde_json::to_vec_pretty(&stored).expect("strings and numbers are always JSON");
        json.push(b'\n');
        json
    }
}

/// Whether a relative path stays inside its folder.
pub fn is_inside(path: &str) -> bool {
    // Only Windows has a second separator and drives; elsewhere `\` and `:` are allowed in names.
    let separators: &[char] = if cfg!(windows) { &['/', '\\'] } else { &['/'] };
    let has_drive = cfg!(windows) && path.contains(':');
    !has_drive && path.split(separators).all(|name| !matches!(name, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_cannot_lead_out() {
        let json = br#"{"format": 1, "files": ["a/b.html", "../x", "/etc/passwd", "a/../../b", "a//b"]}"#;
        let manifest = Manifest::read(json).expect("a manifest");
        assert_eq!(manifest.files.into_iter().collect::<Vec<_>>(), ["a/b.html"]);
        assert!(Manifest::read(br#"{"format": 2, "files": []}"#).is_err());
        assert!(Manifest::read(b"").is_err());
    }
}
