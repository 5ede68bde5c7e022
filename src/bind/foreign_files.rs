//! Files that look like chapters in formats that bindery does not read.

use std::collections::BTreeMap;

use foldhash::HashSet;

use super::book::Chapter;
use crate::read::Snapshot;
use crate::text::{Diagnostic, DiagnosticCode, plural};

/// A format of chapters of other tools: the extension, in lower case, its name, and what to do.
const FORMATS: &[(&str, &str, &str)] = &[
    ("mdx", "MDX", "rename the file to `.md`, and write its components as Markdown"),
    ("rmd", "R Markdown", "make Markdown of it with `knitr`, or rename it to `.md` if it has no code to run"),
    ("qmd", "Quarto", "make Markdown of it with `quarto render --to gfm`, or rename it to `.md`"),
    ("ipynb", "a Jupyter notebook", "make Markdown of it with `jupyter nbconvert --to markdown`"),
    ("rst", "reStructuredText", "make Markdown of it with `pandoc -f rst -t gfm`"),
    ("adoc", "AsciiDoc", "make Markdown of it with `pandoc -f asciidoc -t gfm`"),
    ("asciidoc", "AsciiDoc", "make Markdown of it with `pandoc -f asciidoc -t gfm`"),
    ("org", "Org mode", "make Markdown of it with `pandoc -f org -t gfm`"),
    ("textile", "Textile", "make Markdown of it with `pandoc -f textile -t gfm`"),
    ("mkd", OTHER_ENDING, RENAME),
    ("mkdn", OTHER_ENDING, RENAME),
    ("mkdown", OTHER_ENDING, RENAME),
    ("mdown", OTHER_ENDING, RENAME),
    ("mdwn", OTHER_ENDING, RENAME),
    ("mdtxt", OTHER_ENDING, RENAME),
    ("mdtext", OTHER_ENDING, RENAME),
];

/// What other tools take for Markdown too.
const OTHER_ENDING: &str = "Markdown with an ending that is not `.md`";
const RENAME: &str = "rename the file to `.md`";

/// Reports the first file of each format. A file that a chapter links to is one that readers get as it is.
pub fn report(snapshot: &Snapshot, chapters: &[Chapter], diagnostics: &mut Vec<Diagnostic>) {
    let format_of = |path: &str| {
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
        FORMATS.iter().find(|(known, ..)| *known == extension)
    };
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut linked = None;
    for path in snapshot.files.keys() {
        let Some((extension, ..)) = format_of(path) else { continue };
        let linked = linked.get_or_insert_with(|| linked_files(chapters));
        if !linked.contains(path.as_str()) {
            found.entry(extension).or_default().push(path);
        }
    }

    for (extension, paths) in found {
        let Some((_, name, hint)) = FORMATS.iter().find(|(known, ..)| *known == extension) else { continue };
        let message = format!("this is {name}, and not read as a chapter");
        let diagnostic = Diagnostic::new(DiagnosticCode::ForeignFile, message).on(paths[0]).hint(*hint);
        diagnostics.push(match paths.len() {
            1 => diagnostic,
            more => diagnostic.note(format!("{} more `.{extension}`", plural(more - 1, "file"))),
        });
    }
}

/// The files that chapters link to.
fn linked_files(chapters: &[Chapter]) -> HashSet<&str> {
    let files = chapters.iter().flat_map(|chapter| &chapter.links.files);
    files.map(|(_, asset)| asset.path.as_str()).collect()
}
