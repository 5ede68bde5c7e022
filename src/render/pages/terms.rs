//! Terms in a text: links to their definitions, which are hidden at the end of the body.

use super::placement::Placement;
use crate::bind::terms::Use;
use crate::text::html::escape_into;

/// Opens the link around a term.
pub fn open(out: &mut String, one: &Use, placement: Option<&Placement<'_>>) {
    out.push_str("<a class=\"term\" href=\"");
    match placement {
        Some(placement) => escape_into(out, &placement.url(&one.url)),
        None => escape_into(out, &one.url),
    }
    out.push_str("\" aria-describedby=\"");
    out.push_str(placement.map_or("", |placement| &placement.prefix));
    out.push_str("d:");
    escape_into(out, &one.id);
    out.push_str("\">");
}

/// Appends the definitions of all terms, whose ids begin with a prefix.
pub fn write_definitions(out: &mut String, uses: &[Use], prefix: &str) {
    let mut written: Vec<&str> = Vec::new();
    for one in uses {
        if written.contains(&one.id.as_str()) {
            continue;
        }
        written.push(&one.id);
        out.extend(["<div class=\"definition\" popover id=\"", prefix, "d:"]);
        escape_into(out, &one.id);
        out.push_str("\">");
        out.push_str(&one.definition);
        out.push_str("</div>\n");
    }
}
