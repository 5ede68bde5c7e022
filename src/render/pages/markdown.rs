//! A chapter's Markdown beside its page.
//!
//! The text is the author's own. Front matter is left out, and so is what the settings hide; links to other
//! chapters lead to their Markdown, other links to where they lead on the page.

use std::cell::{LazyCell, RefCell};
use std::collections::BTreeMap;

use foldhash::HashMap;
use pulldown_cmark::Parser;

use crate::render::inputs::MarkdownJob;
use crate::text::{Span, url};
use crate::write::link::Link;

/// The name of a chapter's Markdown, beside its page.
pub const NAME: &str = "index.md";

/// Writes a chapter's Markdown.
pub fn chapter(job: &MarkdownJob) -> String {
    let document = &job.document;
    let text = document.source.text.as_str();

    // What is replaced, by where it begins: its end, and the new text.
    let mut edits: BTreeMap<usize, (usize, String)> = BTreeMap::new();
    for hidden in &document.hidden {
        let place = whole_lines(text, *hidden);
        edits.insert(place.start, (place.end, String::new()));
    }
    let definitions = LazyCell::new(|| Definitions::of(text, document.body));
    for (link, target) in document.links.iter().zip(job.links.iter()) {
        for (span, new) in link_edits(text, &definitions, link, target.as_deref()) {
            edits.entry(span.start).or_insert((span.end, new));
        }
    }

    let mut out = String::with_capacity(text.len() + document.title.text.len());
    if document.title.id.is_none() {
        out += &format!("# {}\n\n", escaped(&one_line(&document.title.text)));
    }

    let mut written = document.body;
    for (start, (end, new)) in edits {
        // A change inside of something that is left out is left out with it.
        if start >= written {
            out.push_str(&text[written..start]);
            out.push_str(&new);
            written = end;
        }
    }
    out.push_str(&text[written..]);

    let out = out.trim().trim_start_matches('\u{feff}');
    let checked = job.checked.as_ref().map(|line| format!("\n{}\n", escaped(line)));
    format!("{out}\n{}", checked.unwrap_or_default())
}

/// The span to remove so that nothing of a place is left, in a list or a quote too: whole lines, if nothing else is on
/// them.
fn whole_lines(text: &str, place: Span) -> Span {
    let line = |at: usize| text[..at].rfind('\n').map_or(0, |end| end + 1);
    let is_bare = |from: usize, to: usize| text[from..to].chars().all(|c| c == '>' || c.is_whitespace());

    // The end of a list can be after the indentation of the next line.
    let end = if is_bare(line(place.end), place.end) { line(place.end) } else { place.end };
    if is_bare(line(place.start), place.start) {
        return Span::new(line(place.start), end.max(place.start));
    }

    // After the marker of a list item or a footnote, which stays on a line of its own.
    let is_followed = !text[end..].trim_start_matches(['>', ' ', '\t']).starts_with(['\n', '\r']);
    let bare = text[..end].trim_end_matches(['\n', '\r']).len();
    Span::new(place.start, if is_followed { bare.max(place.start) } else { end.max(place.start) })
}

/// The places of the addresses in definitions of link references, by address.
struct Definitions(RefCell<HashMap<String, Vec<Span>>>);

impl Definitions {
    fn of(text: &str, body: usize) -> Self {
        let parser = Parser::new(&text[body..]);
        let mut definitions: HashMap<String, Vec<Span>> = HashMap::default();
        for (_, definition) in parser.reference_definitions().iter() {
            let (start, end) = (body + definition.span.start, body + definition.span.end);
            let address = definition.dest.to_string();

            // The address, which is after the label.
            let label = text[start..end].find("]:").map_or(0, |at| at + "]:".len());
            if let Some(at) = text[start + label..end].find(&address) {
                let place = start + label + at;
                definitions.entry(address).or_default().push(Span::new(place, place + definition.dest.len()));
            }
        }
        Definitions(RefCell::new(definitions))
    }

    /// The places of an address, the first time it is asked for: all links to it change them alike.
    fn take(&self, address: &str) -> Vec<Span> {
        self.0.borrow_mut().remove(address).unwrap_or_default()
    }
}

/// The changes for a link: the places in the text, and their new texts.
fn link_edits(
    text: &str,
    definitions: &Definitions,
    link: &Link,
    target: Option<&str>,
) -> Vec<(Span, String)> {
    let span = link.span;
    let Some(shown) = text.get(span.start..span.end) else { return Vec::new() };

    // An address in raw HTML.
    if shown == link.destination {
        return vec![(span, target.map(to_markdown).unwrap_or_default())];
    }

    // `[text](address)`, where the address can be in angle brackets.
    let destination = |from: usize| {
        let bracket = usize::from(text[from..].starts_with('<'));
        let start = from + bracket;
        text[start..].starts_with(&link.destination).then(|| Span::new(start, start + link.destination.len()))
    };
    let brackets = shown.match_indices("](").map(|(at, _)| span.start + at);
    let spaces = |from: usize| text[from..].len() - text[from..].trim_start().len();
    if let Some(at) = brackets.into_iter().find(|at| destination(at + 2 + spaces(at + 2)).is_some()) {
        // Of a link to a draft, the text stays.
        let Some(target) = target else {
            return vec![
                (Span::new(span.start, span.start + 1), String::new()),
                (Span::new(at, span.end), String::new()),
            ];
        };
        return destination(at + 2 + spaces(at + 2))
            .map(|place| (place, to_markdown(target)))
            .into_iter()
            .collect();
    }

    // A reference: the address is changed where it is defined.
    let places = definitions.take(&link.destination).into_iter();
    places.map(|place| (place, to_markdown(target.unwrap_or("#")))).collect()
}

/// The URL of a chapter's Markdown, from the URL of its page. URLs that are not of pages stay.
fn to_markdown(target: &str) -> String {
    let (path, suffix) = target.split_at(target.find(['?', '#']).unwrap_or(target.len()));
    let is_page = path.ends_with('/') && !path.starts_with('/') && !url::is_external(target);
    if is_page { format!("{path}{NAME}{suffix}") } else { target.to_owned() }
}

/// A plain text as Markdown.
pub fn escaped(text: &str) -> String {
    let signs = |c: char| "\\`*<[]".contains(c).then_some('\\').into_iter().chain([c]);
    text.chars().flat_map(signs).collect()
}

/// A text on one line.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
