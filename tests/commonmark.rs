//! The examples of the CommonMark specification, through the whole pipeline.
//!
//! Each example is a chapter of one book. Its page must be what the specification says, except for what bindery
//! adds on purpose ([`undo`]) and the examples in [`DIFFERENT`], each with its reason.

use std::fmt::Write as _;
use std::fs;

use crate::support::{self, Book};

/// Why examples come out differently on purpose, and which: each would change the page around it.
const DIFFERENT: &[(&str, &[usize])] = &[
    (
        "an element that never ends is closed at the end of its paragraph or of the text",
        &[21, 31, 150, 155, 173, 184, 187, 344, 476, 477, 494, 613, 614, 615, 616, 630, 631, 642, 643],
    ),
    ("an end tag that closes nothing of the text is left out", &[151]),
    ("a tag that never ends is text", &[156, 157, 158]),
];

/// An example of the specification.
struct Example {
    number: usize,
    section: String,
    markdown: String,
    html: String,
}

/// Reads the examples from the specification's text.
fn examples(spec: &str) -> Vec<Example> {
    let fence = "`".repeat(32);
    let mut examples = Vec::new();
    let mut section = String::new();
    let mut lines = spec.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix('#') {
            section = title.trim_start_matches('#').trim().to_owned();
        }
        if line != format!("{fence} example") {
            continue;
        }
        let mut parts = [String::new(), String::new()];
        let mut part = 0;
        for line in lines.by_ref().take_while(|line| *line != fence) {
            if line == "." {
                part = 1;
            } else {
                let _ = writeln!(parts[part], "{}", line.replace('→', "\t"));
            }
        }
        let [markdown, html] = parts;
        examples.push(Example { number: examples.len() + 1, section: section.clone(), markdown, html });
    }
    examples
}

/// Removes from bindery's output what it adds to plain CommonMark on purpose.
fn undo(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
        let tag = &rest[at..end];
        rest = &rest[end..];
        if tag.starts_with("<a class=\"anchor\"") {
            rest = rest.strip_prefix("</a>").unwrap_or(rest);
        } else if is_heading(tag) {
            // Ids are new, and levels are shifted; see `shift`.
            let _ = write!(out, "{}>", &tag[..3]);
        } else if tag == "<code class=\"unbroken\">" {
            out.push_str("<code>");
        } else if tag.starts_with("<figure class=\"code") {
            // The head of a console session.
            rest = rest.split_once("</figcaption>").map_or(rest, |(_, code)| code);
        } else if tag == "</figure>" {
        } else if tag.starts_with("<pre class=\"console") {
            out.push_str("<pre>");
        } else if !tag.starts_with("<c-") && !tag.starts_with("</c-") {
            // All tags but those of colours.
            out.push_str(tag);
        }
    }
    out + rest
}

fn is_heading(tag: &str) -> bool {
    tag.len() > 4 && tag.starts_with("<h") && tag.as_bytes()[2].is_ascii_digit()
}

/// Shifts the headings of the specification's HTML so that the top level is h2.
fn shift(html: &str) -> String {
    let levels = (1..=6).filter(|level| html.contains(&format!("<h{level}>")));
    let Some(top) = levels.min() else { return html.to_owned() };
    let mut out = html.to_owned();
    for level in (1..=6).rev().map(|n| if top > 2 { 7 - n } else { n }) {
        let to = (level + 2_usize).saturating_sub(top).clamp(2, 6);
        // Two steps, so that a level is not shifted twice.
        out = out
            .replace(&format!("<h{level}>"), &format!("<H{to}>"))
            .replace(&format!("</h{level}>"), &format!("</H{to}>"));
    }
    out.replace("<H", "<h").replace("</H", "</h")
}

#[test]
fn the_specification() {
    let spec = fs::read_to_string("tests/commonmark/spec.txt").expect("the specification");
    let examples = examples(&spec);
    assert_eq!(examples.len(), 652, "all examples are read");
    let book = Book::bare();
    for example in &examples {
        let text = format!("---\ntitle: Example\n---\n{}", example.markdown);
        book.write(&format!("content/e{}.md", example.number), text);
    }
    let (engine, edition) = book.edition();
    let mut report = String::new();
    let mut wrong = 0;
    for example in &examples {
        let page = support::output(&engine, &edition, &format!("e{}/index.html", example.number));
        let (actual, expected) = (undo(&page), shift(&example.html));
        let reason = DIFFERENT.iter().find(|(_, numbers)| numbers.contains(&example.number));
        match (actual == expected, reason) {
            (false, None) => {
                wrong += 1;
                let _ = writeln!(
                    report,
                    "--- example {} ({})\n{}\n--- expected\n{expected}\n--- actual\n{actual}",
                    example.number, example.section, example.markdown
                );
            }
            (true, Some((reason, _))) => {
                wrong += 1;
                let _ = writeln!(report, "--- example {} is no longer different ({reason})", example.number);
            }
            _ => {}
        }
    }
    assert_eq!(wrong, 0, "{report}");
}
