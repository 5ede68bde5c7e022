//! Pagefind's program, which searches in the browser: its script, and WebAssembly that knows the stems of a language.
//!
//! They are files of its package, unchanged, in `vendor/pagefind`.

use bytes::Bytes;

/// The files by their names.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/pagefind.rs"));

/// The files that a book in a language needs, by their names in an index.
pub fn files(language: &str) -> impl Iterator<Item = (String, Bytes)> {
    let base = language.split('-').next().unwrap_or_default();
    let of = |language: &str| file(&format!("wasm.{language}.pagefind"));
    let stems = of(base).map(|bytes| (format!("wasm.{language}.pagefind"), bytes));
    let program = stems.or_else(|| Some(("wasm.unknown.pagefind".to_owned(), of("unknown")?)));
    let script = file("pagefind.js").map(|bytes| ("pagefind.js".to_owned(), bytes));
    program.into_iter().chain(script)
}

fn file(name: &str) -> Option<Bytes> {
    let (_, bytes) = FILES.iter().find(|(known, _)| *known == name)?;
    Some(Bytes::from_static(bytes))
}

#[cfg(test)]
mod tests {
    use std::{env, fs};

    use bindery_search_reference::made_in_languages;

    use super::*;

    /// The languages of which Pagefind knows the stems.
    const LANGUAGES: &str =
        "ar ca da de el en eo es et eu fi fr ga hi hu hy id it lt nb ne nl nn no pl pt ro ru sr sv ta tr yi";

    /// `UPDATE=1` writes the files that the package has.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "it writes files of the repository, if it is told to")]
    fn the_files_are_those_of_the_package() {
        let languages = LANGUAGES.split(' ');
        let pages: Vec<(&str, String)> = languages
            .map(|language| (language, format!("<html lang={language}><body>word</body></html>")))
            .collect();
        let mut files = made_in_languages(&pages);
        files.retain(|name, _| name == "pagefind.js" || name.starts_with("wasm."));
        assert_eq!(files.len(), pages.len() + 2);

        for (name, bytes) in files {
            if env::var_os("UPDATE").is_some() {
                fs::write(format!("vendor/pagefind/{name}"), &bytes).expect("the folder is there");
            } else {
                assert!(file(&name).is_some_and(|known| known == bytes), "{name}");
            }
        }
    }

    #[test]
    fn a_book_gets_what_its_language_needs() {
        let names = |language: &str| files(language).map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(names("de-at"), ["wasm.de-at.pagefind", "pagefind.js"]);
        assert_eq!(names("zh"), ["wasm.unknown.pagefind", "pagefind.js"]);
        assert_eq!(names(""), ["wasm.unknown.pagefind", "pagefind.js"]);
    }
}
