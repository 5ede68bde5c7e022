//! The settings of the person who runs bindery, which hold for all books: `bindery/config.yaml` in the folder for
//! settings of programs.

use std::env;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::text::yaml::YamlReader;
use crate::text::{Diagnostic, DiagnosticCode, Source, Span};

/// The variable that names the folder for settings of programs.
const FOLDER: &str = if cfg!(windows) { "APPDATA" } else { "XDG_CONFIG_HOME" };

/// What helps if they cannot be read.
const HINT: &str = if cfg!(windows) {
    "give yourself the right to read this file and its folders, or name another folder in the variable `APPDATA`"
} else {
    "give yourself the right to read this file and its folders, or name another folder in the variable `XDG_CONFIG_HOME`"
};

/// What a user can set.
#[derive(Debug, Default)]
pub struct UserSettings {
    /// Folders in which books may name files. Absolute paths.
    pub allow_source: Vec<PathBuf>,
}

/// Reads the user's settings; without a file, they are the defaults.
///
/// # Errors
/// The first error in the file.
pub fn settings() -> Result<UserSettings, Diagnostic> {
    let Some(path) = path() else { return Ok(UserSettings::default()) };
    let shown = path.display().to_string();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(UserSettings::default()),
        Err(error) => {
            let message = format!("cannot read your own settings, which hold for all books: {error}");
            return Err(Diagnostic::new(DiagnosticCode::UnreadableFile, message).on(shown).hint(HINT));
        }
    };
    read(&Arc::new(Source::new(&shown, text)))
}

fn read(source: &Arc<Source>) -> Result<UserSettings, Diagnostic> {
    let (mut reader, mut top) = YamlReader::new(source, Span::new(0, source.text.len()));
    let folders: Vec<PathBuf> = reader.take(&mut top, "allow_source").unwrap_or_default();
    if let Some(folder) = folders.iter().find(|folder| !folder.is_absolute()) {
        let message = format!("`{}` is not an absolute path", folder.display());
        reader.report(&top, "allow_source", message);
    }
    reader.deny_rest(top);

    match reader.finish().into_iter().next() {
        Some(diagnostic) => Err(diagnostic),
        None => Ok(UserSettings { allow_source: folders }),
    }
}

/// Where the file is: below `XDG_CONFIG_HOME`, else `.config` in the user's folder; on Windows, below `APPDATA`.
fn path() -> Option<PathBuf> {
    let named = env::var_os(FOLDER).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let folder = named.or_else(|| Some(env::home_dir()?.join(".config")))?;
    Some(folder.join("bindery").join("config.yaml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_absolute_and_keys_are_known() {
        let read = |text: &str| read(&Arc::new(Source::new("config.yaml", text.to_owned())));
        let settings = read("allow_source: [/srv/app]\n").expect("valid settings");
        assert_eq!(settings.allow_source, [PathBuf::from("/srv/app")]);
        assert!(read("").expect("empty settings").allow_source.is_empty());
        for invalid in ["allow_source: [app]\n", "allow_source: 1\n", "allow_sources: []\n", "- a\n"] {
            assert!(read(invalid).is_err(), "{invalid}");
        }
    }
}
