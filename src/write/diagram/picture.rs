//! The SVG that the library writes, made fit for a page.

use std::fmt::Write as _;

use super::colours::{Colours, FIXED};
use crate::text::attributes;
use crate::text::html::{Within, escape, unescape};

/// The elements that a drawing can have.
const ELEMENTS: &[&str] = &[
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "feDropShadow",
    "filter",
    "g",
    "line",
    "linearGradient",
    "marker",
    "path",
    "polygon",
    "polyline",
    "rect",
    "stop",
    "svg",
    "text",
    "title",
    "tspan",
];

/// Whether there is nothing in a drawing but shapes and text: no scripts, styles or references to other files.
pub fn is_picture(body: &str) -> bool {
    let names = body.split('<').skip(1).map(|tag| {
        let name = tag.trim_start_matches('/');
        &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())]
    });

    // Event handlers and references are refused.
    let is_plain = |attribute: attributes::Attribute<'_>| {
        let name = attribute.name.as_str();
        !name.starts_with("on")
            && !["style", "href", "src"].contains(&name.rsplit(':').next().unwrap_or(name))
            && (!attribute.value.contains("url(") || attribute.value.starts_with("url(#"))
    };

    names.into_iter().all(|name| ELEMENTS.contains(&name))
        && attributes::attributes(body, Within::Text).into_iter().all(is_plain)
}

/// The widths in pixels above which a diagram scrolls instead of being scaled down: on a phone, and everywhere.
const WIDE: (f32, f32) = (600.0, 900.0);

/// Opens the element, with a role, its description, and the size of all that is in it.
pub fn open(out: &mut String, head: &str, body: &str, description: Option<&str>, colours: Colours) {
    let Extent { left, top, width, height } = extent(head, body);

    let breadth =
        [(WIDE.0, "wide"), (WIDE.1, "wider")].map(|(least, class)| (width > least).then_some(class));
    let classes = [(colours == Colours::Own).then_some("fixed"), breadth[1].or(breadth[0])];
    let classes = classes.into_iter().flatten().collect::<Vec<_>>().join(" ");

    out.push_str("<svg role=\"img\"");
    if !classes.is_empty() {
        write!(out, r#" class="{classes}""#).expect("writing to a String cannot fail");
    }
    if let Some(description) = description {
        write!(out, r#" aria-label="{}""#, escape(description)).expect("writing to a String cannot fail");
    }
    let size = format!(
        r#" viewBox="{left} {top} {width} {height}" width="{width}" height="{height}" font-size="14">"#
    );
    out.push_str(&size);
}

/// Where a drawing is, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Extent {
    left: f32,
    top: f32,
    width: f32,
    height: f32,
}

/// The rectangle of a drawing. The size that the library gives does not include boxes beside the outermost participant
/// of a sequence, or above the topmost element of a group.
fn extent(head: &str, body: &str) -> Extent {
    let given: Vec<f32> =
        attribute(head, "viewBox").split(' ').filter_map(|part| part.parse().ok()).collect();
    let [left, top, width, height] = given[..] else {
        return Extent { left: 0.0, top: 0.0, width: 0.0, height: 0.0 };
    };

    let (mut left, mut top, mut right, mut bottom) = (left, top, left + width, top + height);

    // Coordinates inside of a transformed group are relative to it.
    if !body.contains("transform=") {
        for tag in body.split("<rect ").skip(1) {
            let number = |name| attribute(tag, name).parse::<f32>().ok();
            if let (Some(x), Some(y), Some(w), Some(h)) =
                (number("x"), number("y"), number("width"), number("height"))
            {
                (left, top) = (left.min(x - 4.0), top.min(y - 4.0));
                (right, bottom) = (right.max(x + w + 4.0), bottom.max(y + h + 4.0));
            }
        }
    }
    Extent { left, top, width: right - left, height: bottom - top }
}

/// The value of an attribute of a tag that the library wrote; nothing if it has none.
pub fn attribute<'t>(tag: &'t str, name: &str) -> &'t str {
    let tag = tag.split('>').next().unwrap_or(tag);
    let value = tag.match_indices(name).find_map(|(at, _)| {
        let starts = at == 0 || tag[..at].ends_with(' ');
        tag[at + name.len()..].strip_prefix("=\"").filter(|_| starts)
    });
    value.and_then(|value| value.split('"').next()).unwrap_or_default()
}

/// Writes the content of the element, with ids that no other diagram has, and with replacements for the colours that
/// the library does not let us choose.
pub fn write_body(out: &mut String, body: &str, prefix: &str, colours: Colours) {
    let mut written = 0;
    for attribute in attributes::attributes(body, Within::Text) {
        let start = attribute.range.start;
        if let Some((_, ours)) =
            FIXED.iter().find(|(colour, _)| colours == Colours::Page && *colour == attribute.value)
        {
            out.extend([&body[written..start], *ours]);
            written = attribute.range.end;
        }
        for id in attribute.ids() {
            out.extend([&body[written..start + id], prefix]);
            written = start + id;
        }
    }
    out.push_str(&body[written..]);
}

/// The words that can be read in a drawing, with spaces between them.
pub fn words(svg: &str) -> String {
    let text = svg.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, text)| text.trim());
    unescape(&text.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")).into_owned()
}
