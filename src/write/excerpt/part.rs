//! Which lines of a file a block is a copy of.

use std::ops::Range;

use super::region;
use crate::parse::origin::Origin;
use crate::text::{Diagnostic, DiagnosticCode, nearest, plural};

/// Reports what is wrong with a file, given its name.
pub type OfFile = Box<dyn FnOnce(&str) -> Diagnostic>;

/// The lines of a file that a block is a copy of.
#[derive(Debug, PartialEq, Eq)]
pub struct CopiedPart<'l> {
    /// The lines, those of all places one after another.
    pub lines: Vec<&'l str>,
    /// From the first place to the last, from 0.
    pub range: Range<usize>,
}

impl<'l> CopiedPart<'l> {
    /// Finds the part of a file that a block names.
    ///
    /// # Errors
    /// Why there is none.
    pub fn of(file: &[&'l str], origin: &Origin) -> Result<Self, OfFile> {
        let ranges = match (&origin.region, &*origin.lines) {
            (Some(_), [_, ..]) => {
                return Err(Box::new(|_| {
                    Diagnostic::new(DiagnosticCode::UnknownOption, "a block is a region or lines, not both")
                }));
            }
            (None, []) => std::iter::once(0..file.len()).collect(),
            (None, ranges) => numbered(file.len(), ranges)?,
            (Some(name), []) => {
                region::pieces(file, name).ok_or_else(|| no_region(name, region::names(file)))?
            }
        };

        let lines = ranges.iter().flat_map(|range| &file[range.clone()]).copied();
        // Of a whole file or a region, markers of regions are not part of the copy.
        let lines = match &*origin.lines {
            [] => lines.filter(|line| region::marker(line).is_none()).collect(),
            _ => lines.collect(),
        };

        let start = ranges.first().map_or(0, |range| range.start);
        let end = ranges.last().map_or(0, |range| range.end);
        Ok(CopiedPart { lines, range: start..end })
    }
}

/// The lines with these numbers, which count from 1.
fn numbered(length: usize, ranges: &[(usize, usize)]) -> Result<Vec<Range<usize>>, OfFile> {
    if let Some((_, last)) = ranges.iter().copied().find(|(_, last)| *last > length) {
        return Err(Box::new(move |file| {
            missing(format!("`{file}` has {}, and no line {last}", plural(length, "line")))
        }));
    }
    Ok(ranges.iter().map(|(first, last)| first - 1..*last).collect())
}

/// Reports that a region of this name is not in a file.
fn no_region<'l>(name: &str, known: impl Iterator<Item = &'l str>) -> OfFile {
    let near = nearest(name, known).map(str::to_owned);
    let name = name.to_owned();
    Box::new(move |file| {
        let diagnostic = missing(format!("`{file}` has no whole region `{name}`"));
        match near.filter(|near| *near != name) {
            Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
            None => diagnostic
                .hint(format!("a region is between two comments, `region {name}` and `endregion {name}`")),
        }
    })
}

fn missing(message: String) -> Diagnostic {
    Diagnostic::new(DiagnosticCode::MissingSource, message)
}
