//! Folded code: an element that a reader opens. A long block shows its first lines.

use crate::render::theme::words::InterfaceWords;
use crate::text::html::escape;

/// Writes code, in an element that folds it if the number of its lines is given.
pub fn folded(
    out: &mut String,
    lines: Option<usize>,
    words: &InterfaceWords,
    write: impl FnOnce(&mut String),
) {
    if let Some(lines) = lines {
        write_summary(out, lines, words);
    }
    write(out);
    out.push_str(if lines.is_some() { "\n</details>" } else { "" });
}

/// How many lines of a folded block are shown; the stylesheet has the same number.
const SEEN: usize = 8;
/// A folded block with fewer lines shows none of them.
const LONG: usize = 12;

/// Opens the element that folds a block. Its summary counts all lines, or those after the ones that are shown.
fn write_summary(out: &mut String, lines: usize, words: &InterfaceWords) {
    let all = escape(&words.counted("text", "lines", lines));
    if lines < LONG {
        out.push_str(&format!("<details class=\"long\"><summary>{all}</summary>\n"));
        return;
    }

    let more = escape(&words.counted("text", "more_lines", lines - SEEN));
    out.push_str(&format!(
        "<details class=\"long seen\"><summary><span class=\"all\">{all}</span><span class=\"more\">{more}</span></summary>\n"
    ));
}
