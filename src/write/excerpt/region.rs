//! Regions of files: what is between two comments that name it.
//!
//! Such comments are written for several tools: for bindery (`region NAME`), for editors and VitePress (`#region
//! NAME`), and for mdBook (`ANCHOR: NAME`). [`marker`] reads one, and [`pieces`] finds the lines of a region, which
//! may be in several places of a file.

use std::ops::Range;

/// A comment that begins or ends a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marker<'l> {
    family: MarkerFamily,
    edge: MarkerEdge,
    /// Empty if it has none, as a fold of an editor can.
    name: &'l str,
}

/// Whose markers they are: those of one family do not end regions of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MarkerFamily {
    /// `region`, of bindery and of editors.
    Region,
    /// `ANCHOR`, of mdBook.
    Anchor,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MarkerEdge {
    Begin,
    End,
}

/// Finds the lines of a region, from 0, without its markers. Each range is a piece: between them are lines of no or
/// of another region. Nothing is found if a piece never ends, since what it should have is not known.
pub fn pieces(lines: &[&str], name: &str) -> Option<Vec<Range<usize>>> {
    let mut open: Vec<Marker<'_>> = Vec::new();
    let mut start = None;
    let mut pieces = Vec::new();

    for (at, line) in lines.iter().enumerate() {
        let Some(marker) = marker(line) else { continue };
        match marker.edge {
            MarkerEdge::Begin => open.push(marker),
            MarkerEdge::End => close(&mut open, marker, name),
        }

        // A region within one of the same name belongs to it.
        let is_within = open.iter().any(|marker| marker.name == name);
        match start {
            None if is_within => start = Some(at + 1),
            Some(from) if !is_within => {
                pieces.push(from..at);
                start = None;
            }
            _ => {}
        }
    }

    (start.is_none() && !pieces.is_empty()).then_some(pieces)
}

/// Closes the region that a marker ends: the innermost of its name, or the innermost of all if the marker has no name.
fn close(open: &mut Vec<Marker<'_>>, end: Marker<'_>, wanted: &str) {
    let innermost = |is_it: &dyn Fn(&Marker<'_>) -> bool| {
        open.iter().rposition(|marker| marker.family == end.family && is_it(marker))
    };

    let named = innermost(&|marker| marker.name == end.name);
    let found = match (named, end.family) {
        (None, MarkerFamily::Region) => innermost(&|_| true),
        (found, _) => found,
    };

    // A name that no region has may be misspelled. The region that is asked for must not become shorter by that.
    let is_certain = |at: &usize| named.is_some() || end.name.is_empty() || open[*at].name != wanted;
    if let Some(at) = found.filter(is_certain) {
        open.remove(at);
    }
}

/// The names of the regions that begin in a file.
pub fn names<'l>(lines: &[&'l str]) -> impl Iterator<Item = &'l str> {
    let begins =
        lines.iter().filter_map(|line| marker(line)).filter(|marker| marker.edge == MarkerEdge::Begin);
    begins.map(|marker| marker.name).filter(|name| !name.is_empty())
}

/// Reads a comment that is nothing but a marker, in whatever language.
pub fn marker(line: &str) -> Option<Marker<'_>> {
    let (before, text) = comment(line.trim())?;
    anchor(text).or_else(|| {
        // A sign or word of an editor makes a marker certain; `# region of a kind` is a sentence.
        fold(
            text,
            if before.ends_with('#') || before.ends_with("pragma ") {
                MarkerForm::Editor
            } else {
                MarkerForm::Plain
            },
        )
    })
}

/// Parts a comment into what begins it, and its text without what ends it.
fn comment(line: &str) -> Option<(&str, &str)> {
    let is_sign = |c: char| c.is_ascii_punctuation() || c == ' ';
    let mut text = line.trim_start_matches(is_sign);

    // Comments of batch files, and what C has for editors, begin with a word.
    if let Some(rest) = ["REM ", "rem ", "pragma "].iter().find_map(|word| text.strip_prefix(word)) {
        text = rest.trim_start_matches(is_sign);
    }
    if text.len() == line.len() {
        return None;
    }

    // What ends a comment is a word of signs, or follows the last word without a space.
    let before = &line[..line.len() - text.len()];
    let last = text.rsplit(' ').next().unwrap_or_default();
    let text = if last.chars().all(is_sign) { &text[..text.len() - last.len()] } else { text };
    let end = ["-->", "*/}", "*/", "*)", "#}", "\""].iter().find_map(|end| text.strip_suffix(end));
    Some((before, end.unwrap_or(text).trim_end()))
}

/// Reads `ANCHOR: NAME` and `ANCHOR_END: NAME`.
fn anchor(text: &str) -> Option<Marker<'_>> {
    let text = text.strip_prefix("ANCHOR")?;
    let (edge, name) = match text.strip_prefix("_END") {
        Some(rest) => (MarkerEdge::End, rest),
        None => (MarkerEdge::Begin, text),
    };
    let name = name.strip_prefix(':')?.trim();
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let is_one = !name.is_empty() && name.chars().all(is_name);
    is_one.then_some(Marker { family: MarkerFamily::Anchor, edge, name })
}

/// How a marker of a fold is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum MarkerForm {
    /// As a comment with two words.
    Plain,
    /// As editors know it: with any name, or none.
    Editor,
}

/// Reads `region NAME`, `endregion NAME` and `endregion`.
fn fold(text: &str, form: MarkerForm) -> Option<Marker<'_>> {
    let known: &[(&str, MarkerEdge)] = match form {
        MarkerForm::Plain => &[("region", MarkerEdge::Begin), ("endregion", MarkerEdge::End)],
        MarkerForm::Editor => &[
            ("region", MarkerEdge::Begin),
            ("Region", MarkerEdge::Begin),
            ("endregion", MarkerEdge::End),
            ("EndRegion", MarkerEdge::End),
            ("End Region", MarkerEdge::End),
        ],
    };
    let (rest, edge) = known.iter().find_map(|(word, edge)| Some((text.strip_prefix(word)?, *edge)))?;
    if rest.starts_with(|c: char| !c.is_whitespace()) {
        return None;
    }

    let name = rest.trim().trim_start_matches('"');
    let is_marker = match (form, edge) {
        (MarkerForm::Editor, _) => true,
        (MarkerForm::Plain, MarkerEdge::Begin) => !name.is_empty() && !name.contains(char::is_whitespace),
        (MarkerForm::Plain, MarkerEdge::End) => !name.contains(char::is_whitespace),
    };
    is_marker.then_some(Marker { family: MarkerFamily::Region, edge, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(file: &str, name: &str) -> Option<Vec<(usize, usize)>> {
        let pieces = pieces(&file.lines().collect::<Vec<_>>(), name)?;
        Some(pieces.iter().map(|piece| (piece.start, piece.end)).collect())
    }

    fn read(line: &str) -> Option<(MarkerEdge, &str)> {
        marker(line).map(|marker| (marker.edge, marker.name))
    }

    #[test]
    fn regions_are_between_comments() {
        let file = "# region a\n1\n#region b\n2\n# endregion\n# region of a kind\n3\n/* endregion a */\n// region c\n";
        assert_eq!(found(file, "a"), Some(vec![(1, 7)]));
        assert_eq!(found(file, "b"), Some(vec![(3, 4)]));
        assert_eq!(found(file, "c"), None, "it never ends");
        assert_eq!(found(file, "of"), None);
    }

    #[test]
    fn a_region_can_be_in_pieces() {
        for (file, expected) in [
            ("# region a\n1\n# endregion a\n2\n# region a\n3\n# endregion a\n", Some(vec![(1, 2), (5, 6)])),
            (
                "// ANCHOR: a\n1\n// ANCHOR_END: a\n// ANCHOR: a\n3\n// ANCHOR_END: a\n",
                Some(vec![(1, 2), (4, 5)]),
            ),
            // One within another of the same name.
            ("# region a\n1\n# region a\n2\n# endregion\n3\n# endregion\n", Some(vec![(1, 6)])),
            ("# region a\n1\n# endregion a\n2\n# region a\n3\n", None),
            ("# endregion a\n1\n# region a\n2\n# endregion a\n", Some(vec![(3, 4)])),
        ] {
            assert_eq!(found(file, "a"), expected, "{file}");
        }
    }

    #[test]
    fn a_region_ends_where_its_own_marker_is() {
        for (file, expected) in [
            // Anchors may overlap, and editors' markers do not end them.
            ("# ANCHOR: a\n# ANCHOR: b\n# ANCHOR_END: a\n2\n# ANCHOR_END: b\n", Some(vec![(1, 2)])),
            ("# ANCHOR: a\n# endregion\n1\n# ANCHOR_END: a\n", Some(vec![(1, 3)])),
            ("# ANCHOR: a\n1\n# endregion a\n", None),
            ("# region a\n# ANCHOR: b\n1\n# endregion\n# ANCHOR_END: b\n", Some(vec![(1, 3)])),
            // A fold without a name takes the end that is its own.
            ("#region a\n#region\n1\n#endregion\n2\n#endregion\n", Some(vec![(1, 5)])),
            ("#region a\n#region Some words\n1\n#endregion Some\n2\n#endregion\n", Some(vec![(1, 5)])),
            ("#region b\n#region a\n1\n#endregion b\n2\n#endregion\n", Some(vec![(2, 5)])),
            // A misspelled end is none.
            ("#region a\n1\n#endregion aa\n2\n", None),
            ("#region a\n1\n#endregion aa\n2\n#endregion a\n", Some(vec![(1, 4)])),
        ] {
            assert_eq!(found(file, "a"), expected, "{file}");
        }
    }

    #[test]
    fn markers_are_comments_of_any_language() {
        for (begin, end) in [
            ("#", ""),
            ("//", ""),
            ("/*", "*/"),
            ("{/*", "*/}"),
            ("<!--", "-->"),
            ("--", ""),
            (";", ""),
            ("%", ""),
            ("{#", "#}"),
            ("(*", "*)"),
            ("\"", ""),
            ("::", ""),
            ("REM", ""),
            ("#pragma", ""),
            ("// #", ""),
            ("@REM #", ""),
        ] {
            for gap in [" ", ""] {
                let line = |word: &str| format!("\t{begin} {word}{gap}{end}\r");
                assert_eq!(read(&line("region x.y-z_")), Some((MarkerEdge::Begin, "x.y-z_")), "{begin}");
                assert_eq!(read(&line("endregion x.y-z")), Some((MarkerEdge::End, "x.y-z")), "{begin}");
                assert_eq!(read(&line("endregion")), Some((MarkerEdge::End, "")), "{begin}");
                assert_eq!(read(&line("ANCHOR: a-b_1")), Some((MarkerEdge::Begin, "a-b_1")), "{begin}");
                assert_eq!(read(&line("ANCHOR_END:a-b_1")), Some((MarkerEdge::End, "a-b_1")), "{begin}");
            }
        }
    }

    #[test]
    fn editors_have_forms_of_their_own() {
        for (line, expected) in [
            ("#region", (MarkerEdge::Begin, "")),
            ("//#region Two words", (MarkerEdge::Begin, "Two words")),
            ("#pragma region Two words", (MarkerEdge::Begin, "Two words")),
            ("#Region \"Two words\"", (MarkerEdge::Begin, "Two words")),
            ("#End Region", (MarkerEdge::End, "")),
            ("<!-- #endregion x-->", (MarkerEdge::End, "x")),
            ("// region c++ ////", (MarkerEdge::Begin, "c++")),
        ] {
            assert_eq!(read(line), Some(expected), "{line}");
        }
    }

    #[test]
    fn sentences_and_code_are_no_markers() {
        for none in [
            "region x",
            "# a region x",
            "# region",
            "# region of a kind",
            "regional # region",
            "#regional x",
            "#",
            "ANCHOR: x",
            "// ANCHOR: the place where it is",
            "// ANCHOR:",
            "// ANCHORS: x",
            "// anchor: x",
        ] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
