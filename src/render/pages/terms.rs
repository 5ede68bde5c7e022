//! Terms in a text: links to their definitions, which stand hidden at the end of the body.

use crate::bind::terms::Use;
use crate::text::html::escape_into;

/// The uses that are in one segment.
pub fn within(uses: &[Use], segment: usize) -> &[Use] {
    let start = uses.partition_point(|one| one.segment < segment);
    let length = uses[start..].partition_point(|one| one.segment == segment);
    &uses[start..start + length]
}

/// Appends HTML with its terms as links.
pub fn write(out: &mut String, html: &str, uses: &[Use]) {
    let mut written = 0;
    for one in uses {
        out.push_str(&html[written..one.start]);
        start(out, one);
        out.push_str(&html[one.start..one.end]);
        out.push_str(END);
        written = one.end;
    }
    out.push_str(&html[written..]);
}

fn start(out: &mut String, one: &Use) {
    out.push_str("<a class=\"term\" href=\"");
    escape_into(out, &one.url);
    out.push_str("\" aria-describedby=\"d:");
    escape_into(out, &one.id);
    out.push_str("\">");
}

const END: &str = "</a>";

/// Where a byte of a segment's HTML stands when its terms are links.
pub fn moved(at: usize, uses: &[Use]) -> usize {
    let mut added = String::new();
    for one in uses.iter().take_while(|one| one.end <= at) {
        start(&mut added, one);
        added.push_str(END);
    }
    at + added.len()
}

/// Appends the definitions of all terms.
pub fn write_definitions(out: &mut String, uses: &[Use]) {
    let mut written: Vec<&str> = Vec::new();
    for one in uses {
        if written.contains(&one.id.as_str()) {
            continue;
        }
        written.push(&one.id);
        out.push_str("<div class=\"definition\" popover id=\"d:");
        escape_into(out, &one.id);
        out.push_str("\">");
        out.push_str(&one.definition);
        out.push_str("</div>\n");
    }
}
