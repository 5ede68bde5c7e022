//! The source of a diagram as the library takes it.

use std::fmt::Write as _;

use mermaid_svg::Diagram;

/// A source as the library understands it, and the lines that ask for links, which are left out. Tags that are none
/// of those that labels can hold (`<id>`) are text.
pub fn prepared(source: &str) -> (String, Vec<usize>) {
    let mut out = String::with_capacity(source.len());
    let mut links = Vec::new();
    let can_link = source.lines().filter_map(first_word).any(|word| WITH_LINKS.contains(&word));
    for (line, number) in source.lines().zip(1..) {
        if can_link && is_link(line) {
            links.push(number);
        } else {
            let line: String = line.chars().filter(|c| !c.is_control() || *c == '\t').collect();
            write_line(&mut out, &line.replace("&lt;", "#lt;").replace("&gt;", "#gt;"));
        }
        out.push('\n');
    }
    (out, links)
}

/// What diagrams begin with whose parts can be links. In others, such a line is text.
const WITH_LINKS: &[&str] = &[
    "classDiagram",
    "classDiagram-v2",
    "flowchart",
    "gantt",
    "graph",
    "sequenceDiagram",
    "stateDiagram",
    "stateDiagram-v2",
];

fn first_word(line: &str) -> Option<&str> {
    line.split_whitespace().next()
}

/// `click A "b.html"`, `link A: Docs @ https://…`, `callback A "f"`: a statement, and no node of that name.
fn is_link(line: &str) -> bool {
    let mut words = line.split_whitespace();
    matches!(words.next(), Some("click" | "link" | "links" | "callback"))
        && words.next().is_some_and(|name| name.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// The elements that labels can hold.
const IN_LABELS: &[&str] =
    &["b", "br", "center", "em", "i", "p", "small", "span", "strong", "sub", "sup", "u"];

fn write_line(out: &mut String, line: &str) {
    let mut rest = line;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let inner = tag[1..].split_once('>').map(|(inner, _)| inner).filter(|inner| {
            let name = inner.trim_start_matches('/');
            let name = name.split([' ', '/']).next().unwrap_or_default().to_ascii_lowercase();
            let is_name = |c: char| c.is_alphanumeric() || "_- .:,".contains(c);
            name.starts_with(char::is_alphabetic)
                && inner.chars().all(is_name)
                && !IN_LABELS.contains(&name.as_str())
                && !before.ends_with('<')
                && !out.ends_with("<<")
        });
        match inner {
            Some(inner) if !tag[inner.len() + 2..].starts_with('>') => {
                write!(out, "#lt;{inner}#gt;").expect("a String takes all");
                rest = &tag[inner.len() + 2..];
            }
            _ => {
                out.push('<');
                rest = &tag[1..];
            }
        }
    }
    out.push_str(rest);
}

/// Whether a number in a diagram asks for so much to be drawn that it would take long.
pub fn is_endless(diagram: &Diagram, source: &str) -> bool {
    let mut numbers = source.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        digits > 4 && (matches!(diagram, Diagram::Gantt(_)) == (digits < word.len()))
    });
    matches!(diagram, Diagram::Gantt(_) | Diagram::Packet(_) | Diagram::Radar(_)) && numbers.next().is_some()
}
