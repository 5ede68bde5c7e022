//! Markdown inside of a block of raw HTML, which CommonMark takes as it is written: such a block ends at an empty line.

use std::ops::Range;

use super::raw::is_in;
use crate::text::html::{Tags, Within};

/// Elements whose text is taken as it is.
const VERBATIM: &[&str] =
    &["pre", "code", "kbd", "samp", "script", "style", "svg", "textarea", "math", "template"];

/// The first line of a block of raw HTML, after the first, that its author meant as Markdown.
pub(super) fn find(html: &str) -> Option<Range<usize>> {
    let mut tags = Tags::resumed(html, Within::Text).peekable();
    let mut verbatim = 0_usize;
    let mut end_of_tag = 0;
    let mut start = 0;
    for line in html.split_inclusive('\n') {
        let at = start + (line.len() - line.trim_start().len());
        start += line.len();

        // What is open where the line begins.
        while let Some(tag) = tags.next_if(|tag| tag.range.start < at) {
            end_of_tag = tag.range.end;
            if is_in(VERBATIM, tag.name) {
                verbatim = if tag.is_end { verbatim.saturating_sub(1) } else { verbatim + 1 };
            }
        }
        let text = line.trim();
        let is_first = start == line.len();
        if !is_first && verbatim == 0 && end_of_tag <= at && is_markdown(text) {
            return Some(at..at + text.len());
        }
    }
    None
}

/// Whether a line is one that only Markdown has: a fence, an item, a heading, bold text or a link.
fn is_markdown(line: &str) -> bool {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let is_numbered = (1..=3).contains(&digits) && line[digits..].starts_with(". ");
    let level = line.len() - line.trim_start_matches('#').len();
    let is_heading = (1..=6).contains(&level) && line[level..].starts_with(' ');
    let is_item = ["- ", "* ", "+ "].iter().any(|bullet| line.starts_with(bullet));
    let is_fence = line.starts_with("```") || line.starts_with("~~~");
    is_fence || is_item || is_numbered || is_heading || is_inline(line)
}

/// Whether a line has bold text or a link of Markdown outside of tags.
fn is_inline(line: &str) -> bool {
    if line.contains('<') {
        return false;
    }
    let is_bold = line
        .split("**")
        .nth(1)
        .is_some_and(|text| line.matches("**").count() >= 2 && text.trim() == text && !text.is_empty());
    let is_link =
        line.split_once("](").is_some_and(|(before, after)| before.contains('[') && after.contains(')'));
    is_bold || is_link
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_found_outside_of_verbatim_text() {
        for (html, expected) in [
            ("<div>\n```sh\nls\n```\n</div>\n", Some("```sh")),
            ("<div>\n  - a\n</div>\n", Some("- a")),
            ("<details>\n<summary>x</summary>\n**bold** text\n</details>\n", Some("**bold** text")),
            ("<div>\nsee [this](a.md)\n</div>\n", Some("see [this](a.md)")),
            ("<pre>\n- a\n</pre>\n", None),
            ("<!--\n- a\n```\n-->\n", None),
            ("<div\n  class=\"- a\"\n>\ntext ** 2 ** 3\n</div>\n", None),
            ("<script>\n# x\n</script>\n", None),
            ("<p>1999 was it.\n1999. No.\n</p>\n", None),
        ] {
            assert_eq!(find(html).map(|range| &html[range]), expected, "{html}");
        }
    }
}
