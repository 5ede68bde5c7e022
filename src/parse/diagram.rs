//! Diagrams: a block of Mermaid → SVG that stands in the page.
//!
//! Colours are the theme's, by its custom properties, where the library lets them be chosen. Kinds of diagrams with
//! colours of their own, and diagrams to which their author gives some, are drawn for light paper.
//!
//! What a drawing holds is looked at before it goes onto a page: no script, no style, no address; and what a few words
//! could make very large is refused.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::panic::catch_unwind;

use mermaid_svg::{Diagram, ParseError, RenderError, Theme};

use super::raw_html;
use crate::text::html::{escape, unescape};

/// A diagram, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Drawing {
    /// As an `svg` element.
    pub svg: String,
    /// The words in it.
    pub text: String,
    /// What it shows, in words.
    pub description: Option<String>,
    /// The lines of the source, from 1, that ask for links and are left out.
    pub links: Vec<usize>,
}

/// What is wrong with a diagram.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// What it is.
    pub message: String,
    /// On which of the diagram's lines, from 1.
    pub line: Option<usize>,
}

/// How long a source is at most, in bytes: diagrams are laid out in time with the square of their length.
const LONGEST: usize = 16 << 10;
/// How large a drawing is at most, in bytes.
const LARGEST: usize = 1 << 20;
/// How many `&` a source has at most: each of a side is joined with each of the other.
const MOST_JOINED: usize = 100;
/// How long a message of the library's is at most, in characters: it quotes the source.
const LONGEST_MESSAGE: usize = 100;

/// Draws the diagram with this number on its page. It is described by `alt`, else by the source's own `accTitle`
/// and `accDescr`.
///
/// # Errors
/// What is wrong with the source.
pub fn draw(source: &str, number: usize, alt: Option<&str>) -> Result<Drawing, Fault> {
    let fault =
        |message: &str| Fault { message: message.chars().take(LONGEST_MESSAGE).collect(), line: None };
    if source.len() > LONGEST {
        return Err(fault("it is longer than 16 kB"));
    }
    if source.matches('&').count() > MOST_JOINED {
        return Err(fault("it has more than a hundred `&`"));
    }
    let (source, links) = prepared(source);
    let drawn = catch_unwind(|| {
        let (diagram, meta) = mermaid_svg::parse_with_meta(&source)?;
        if is_endless(&diagram, &source) {
            return Ok(None);
        }
        let is_ours = follows_theme(&diagram) && !has_own_colours(&source);
        let theme = if is_ours { our_theme() } else { Theme { responsive: false, ..Theme::default() } };
        Ok(Some((mermaid_svg::render_diagram_with(&diagram, &theme)?, meta, is_ours)))
    });
    let drawn: Result<_, RenderError> = drawn.map_err(|_| fault("the library that draws it has failed"))?;
    let drawn = drawn.map_err(|error| match error {
        RenderError::Parse(ParseError::Syntax { message, line, .. }) => {
            Fault { line: Some(line), ..fault(&message) }
        }
        RenderError::Parse(error) => fault(&error.to_string()),
        error => fault(&error.to_string()),
    })?;
    let (svg, meta, is_ours) = drawn.ok_or_else(|| fault("a number in it is too large"))?;
    if svg.len() > LARGEST {
        return Err(fault("its drawing is larger than 1 MB"));
    }
    let own = [meta.acc_title, meta.acc_descr].into_iter().flatten().collect::<Vec<_>>().join(". ");
    let description = alt.map_or(own, str::to_owned);
    let description = Some(description).filter(|description| !description.trim().is_empty());
    let (head, body) = svg.split_once('>').ok_or_else(|| fault("it is no SVG"))?;
    let body = &without_links(body);
    if !is_picture(body) {
        return Err(fault("it asks for what a picture must not hold, such as a script or an address"));
    }
    let text = words(body);
    if text.is_empty() {
        return Err(fault("there is nothing in it"));
    }
    let mut svg = String::with_capacity(svg.len() + svg.len() / 4);
    open(&mut svg, head, body, description.as_deref(), is_ours);
    write_body(&mut svg, body, &format!("diagram:{number}:"), is_ours);
    Ok(Drawing { svg, text, description, links })
}

/// A source as the library understands it, and the lines that ask for links, which are left out. Tags that are none
/// of those that stand in labels (`<id>`) are text.
fn prepared(source: &str) -> (String, Vec<usize>) {
    let mut out = String::with_capacity(source.len());
    let mut links = Vec::new();
    for (line, number) in source.lines().zip(1..) {
        if is_link(line) {
            links.push(number);
        } else {
            let line: String = line.chars().filter(|c| !c.is_control() || *c == '\t').collect();
            write_line(&mut out, &line.replace("&lt;", "#lt;").replace("&gt;", "#gt;"));
        }
        out.push('\n');
    }
    (out, links)
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

/// Whether a number in a diagram stands for so many things to be drawn that it would take long.
fn is_endless(diagram: &Diagram, source: &str) -> bool {
    let mut numbers = source.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        digits > 4 && (matches!(diagram, Diagram::Gantt(_)) == (digits < word.len()))
    });
    matches!(diagram, Diagram::Gantt(_) | Diagram::Packet(_) | Diagram::Radar(_)) && numbers.next().is_some()
}

/// Whether an author gives colours to a diagram, which are chosen for light paper.
fn has_own_colours(source: &str) -> bool {
    source.lines().filter_map(|line| line.split_whitespace().next()).any(|word| {
        ["style", "classDef", "linkStyle", "rect", "box"].contains(&word)
            || word.starts_with("UpdateElementStyle")
    })
}

/// What is in a drawing, without the links around parts of it: nobody has checked where they lead.
fn without_links(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    for (number, piece) in body.split('<').enumerate() {
        match piece.split_once('>') {
            Some((tag, text)) if tag == "/a" || tag.starts_with("a ") => out.push_str(text),
            _ if number == 0 => out.push_str(piece),
            _ => {
                out.push('<');
                out.push_str(piece);
            }
        }
    }
    out
}

/// Whether there is nothing in a drawing but shapes and text.
fn is_picture(body: &str) -> bool {
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
    let names = body.split('<').skip(1).map(|tag| {
        let name = tag.trim_start_matches('/');
        &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())]
    });
    let is_plain = |attribute: raw_html::Attribute<'_>| {
        let name = attribute.name.as_str();
        !name.starts_with("on")
            && !["style", "href", "src"].contains(&name.rsplit(':').next().unwrap_or(name))
            && (!attribute.value.contains("url(") || attribute.value.starts_with("url(#"))
    };
    names.into_iter().all(|name| ELEMENTS.contains(&name))
        && raw_html::attributes(body).into_iter().all(is_plain)
}

/// Whether all colours of such a diagram can be chosen.
fn follows_theme(diagram: &Diagram) -> bool {
    matches!(
        diagram,
        Diagram::Block(_)
            | Diagram::Class(_)
            | Diagram::Er(_)
            | Diagram::Flowchart(_)
            | Diagram::Mindmap(_)
            | Diagram::Pie(_)
            | Diagram::Quadrant(_)
            | Diagram::Radar(_)
            | Diagram::Sequence(_)
            | Diagram::State(_)
            | Diagram::XyChart(_)
    )
}

/// The colours of pages.
fn our_theme() -> Theme {
    const fn of(colour: &'static str) -> Cow<'static, str> {
        Cow::Borrowed(colour)
    }
    static SERIES: [Cow<'static, str>; 8] = [
        of("color-mix(in oklab, oklch(.6 .14 215) 40%, var(--paper))"),
        of("color-mix(in oklab, oklch(.6 .14 65) 40%, var(--paper))"),
        of("color-mix(in oklab, oklch(.6 .14 145) 40%, var(--paper))"),
        of("color-mix(in oklab, oklch(.6 .14 300) 40%, var(--paper))"),
        of("color-mix(in oklab, oklch(.6 .14 20) 40%, var(--paper))"),
        of("color-mix(in oklab, oklch(.6 .14 100) 40%, var(--paper))"),
        of("color-mix(in oklab, oklch(.6 .14 180) 40%, var(--paper))"),
        of("color-mix(in oklab, oklch(.6 .14 260) 40%, var(--paper))"),
    ];
    let series = || Cow::Borrowed(SERIES.as_slice());
    Theme {
        fg: of("var(--ink)"),
        fg_muted: of("var(--soft)"),
        bg: of("var(--paper)"),
        actor_fill: of("var(--accent-shade)"),
        actor_stroke: of("var(--accent)"),
        lifeline: of("var(--edge)"),
        arrow_stroke: of("var(--soft)"),
        note_fill: of("var(--mark)"),
        note_stroke: of("var(--edge)"),
        activation_fill: of("var(--shade)"),
        activation_stroke: of("var(--accent)"),
        frame_label_fill: of("var(--shade)"),
        flow_node_fill: of("var(--accent-shade)"),
        flow_node_stroke: of("var(--accent)"),
        flow_edge_stroke: of("var(--soft)"),
        flow_label_bg: of("var(--paper)"),
        flow_cluster_fill: of("var(--shade)"),
        flow_cluster_stroke: of("var(--edge)"),
        cscale_palette: series(),
        pie_palette: series(),
        git_palette: series(),
        xychart_palette: series(),
        pie_stroke: Some(of("var(--paper)")),
        quadrant_default_fills: [const { of("var(--shade)") }; 4],
        font_family: of("inherit"),
        responsive: false,
        ..Theme::default()
    }
}

/// What stands for the colours that the library does not let us choose.
const FIXED: &[(&str, &str)] = &[
    ("#000000", "var(--ink)"),
    ("#333", "var(--ink)"),
    ("#333333", "var(--ink)"),
    ("#FFF5AD", "var(--mark)"),
    ("#aaaa33", "var(--edge)"),
    ("#fff", "var(--paper)"),
];

/// From which width on, in pixels, a diagram is shown in part, and not too small to be read: on a telephone, and
/// everywhere.
const WIDE: (f32, f32) = (600.0, 900.0);

/// Opens the element: with a role, its description, and room for all that is in it.
fn open(out: &mut String, head: &str, body: &str, description: Option<&str>, is_ours: bool) {
    let Extent { left, top, width, height } = extent(head, body);
    let breadth =
        [(WIDE.0, "wide"), (WIDE.1, "wider")].map(|(least, class)| (width > least).then_some(class));
    let classes = [(!is_ours).then_some("fixed"), breadth[1].or(breadth[0])];
    let classes = classes.into_iter().flatten().collect::<Vec<_>>().join(" ");
    out.push_str("<svg role=\"img\"");
    if !classes.is_empty() {
        write!(out, r#" class="{classes}""#).expect("a String takes all");
    }
    if let Some(description) = description {
        write!(out, r#" aria-label="{}""#, escape(description)).expect("a String takes all");
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

/// What a drawing covers. The library's own size leaves out what stands beside the outermost of a sequence, or above
/// the topmost of a group.
fn extent(head: &str, body: &str) -> Extent {
    let given: Vec<f32> =
        attribute(head, "viewBox").split(' ').filter_map(|part| part.parse().ok()).collect();
    let [left, top, width, height] = given[..] else {
        return Extent { left: 0.0, top: 0.0, width: 0.0, height: 0.0 };
    };
    let (mut left, mut top, mut right, mut bottom) = (left, top, left + width, top + height);
    // Within what is moved, places are others.
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
fn attribute<'t>(tag: &'t str, name: &str) -> &'t str {
    let tag = tag.split('>').next().unwrap_or(tag);
    let value = tag.match_indices(name).find_map(|(at, _)| {
        let starts = at == 0 || tag[..at].ends_with(' ');
        tag[at + name.len()..].strip_prefix("=\"").filter(|_| starts)
    });
    value.and_then(|value| value.split('"').next()).unwrap_or_default()
}

/// Writes what is in the element, with ids that no other diagram has, and the colours that the library does not let
/// us choose.
fn write_body(out: &mut String, body: &str, prefix: &str, is_ours: bool) {
    let mut written = 0;
    for attribute in raw_html::attributes(body) {
        let fixed = FIXED.iter().find(|(colour, _)| is_ours && *colour == attribute.value);
        let value = match fixed {
            Some((_, ours)) => Cow::Borrowed(*ours),
            None => match raw_html::with_ids(&attribute, prefix) {
                Some(value) => Cow::Owned(value),
                None => continue,
            },
        };
        out.push_str(&body[written..attribute.range.start]);
        out.push_str(&value);
        written = attribute.range.end;
    }
    out.push_str(&body[written..]);
}

/// The words that can be read in a drawing, with spaces between them.
fn words(svg: &str) -> String {
    let text = svg.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, text)| text.trim());
    unescape(&text.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOW: &str = "flowchart LR\n  a[One & all] -->|then| b{{Two}}\n";

    fn drawn(source: &str) -> String {
        draw(source, 1, Some("x")).unwrap_or_else(|fault| panic!("{source}: {fault:?}")).svg
    }

    #[test]
    fn a_diagram_has_the_colours_of_the_page_and_no_styles() {
        for source in [
            FLOW,
            "sequenceDiagram\n  A->>B: hello\n  Note over B: thinks\n  B-->>A: yes\n",
            "stateDiagram-v2\n  [*] --> Draft\n  note right of Draft : new\n",
            "classDiagram\n  class User {\n    +int id\n  }\n  User --> Post\n",
            "erDiagram\n  USER ||--o{ POST : writes\n",
            "pie title Share\n  \"a\" : 3\n  \"b\" : 5\n",
        ] {
            let svg = drawn(source);
            assert!(!svg.contains(" style=") && !svg.contains("=\"#"), "{svg}");
            assert!(svg.contains("var(--ink)"), "{svg}");
        }
        let gantt = drawn("gantt\n  dateFormat YYYY-MM-DD\n  A :a, 2026-01-01, 3d\n");
        assert!(gantt.contains(" class=\"fixed") && !gantt.contains("var("), "{gantt}");
    }

    #[test]
    fn ids_are_of_this_diagram_alone() {
        let svg = draw(FLOW, 3, None).expect("a drawing").svg;
        let ids: Vec<_> = raw_html::attributes(&svg)
            .into_iter()
            .filter(|attribute| attribute.name == "id" || attribute.value.starts_with("url("))
            .map(|attribute| attribute.value.to_owned())
            .collect();
        assert!(ids.len() > 1, "{svg}");
        assert!(ids.iter().all(|id| id.trim_start_matches("url(#").starts_with("diagram:3:")), "{ids:?}");
    }

    #[test]
    fn it_says_what_it_shows() {
        let own = "flowchart LR\n  accTitle: The way\n  accDescr: From a to b\n  a --> b\n";
        let description = |source, alt| draw(source, 1, alt).expect("a drawing").description;
        assert_eq!(description(own, None).as_deref(), Some("The way. From a to b"));
        assert_eq!(description(own, Some("a < b")).as_deref(), Some("a < b"));
        assert_eq!(description(FLOW, None), None);
        assert!(draw(FLOW, 1, Some("a < b")).expect("a drawing").svg.contains("aria-label=\"a &lt; b\""));
        assert_eq!(draw(FLOW, 1, None).expect("a drawing").text, "then One & all Two");
    }

    #[test]
    fn what_an_author_colours_stays_so() {
        let svg = drawn("flowchart LR\n  a[One] --> b\n  style a fill:#fff,stroke:#333\n");
        assert!(svg.contains("#fff") && svg.contains(" class=\"fixed") && !svg.contains("var("), "{svg}");
    }

    #[test]
    fn tags_that_are_none_are_text() {
        for (source, text) in [
            ("sequenceDiagram\n  A->>B: GET /users/<id>\n", "GET /users/<id>"),
            ("flowchart LR\n  a[\"Vec<T> and <your-name>\"]\n", "Vec<T> and <your-name>"),
            ("flowchart LR\n  a[\"x &lt;y&gt;\"]\n", "x <y>"),
            ("flowchart LR\n  a[one<br/>two] <--> b\n", "one two"),
            ("classDiagram\n  class A {\n    <<interface>>\n  }\n  A <|-- B\n", "«interface»"),
        ] {
            let drawing = draw(source, 1, None).unwrap_or_else(|fault| panic!("{source}: {fault:?}"));
            assert!(drawing.text.contains(text), "{source}: {}", drawing.text);
        }
    }

    #[test]
    fn links_are_left_out_and_named() {
        let source = "flowchart LR\n  a --> b\n  click a \"javascript:alert(1)\"\n  b --> c\n";
        let drawing = draw(source, 1, None).expect("a drawing");
        assert_eq!(drawing.links, [3]);
        assert!(!drawing.svg.contains("alert") && drawing.text.contains('c'), "{}", drawing.svg);
    }

    #[test]
    fn nothing_but_a_picture_comes_in() {
        for source in [
            "flowchart LR\n  a --> b\n  style a fill:url(https://example.com/x)\n",
            "C4Context\n  Person(a, \"A\")\n  UpdateElementStyle(a, $bgColor=\"red\\\"/><script>alert(1)</script>\")\n",
        ] {
            if let Ok(drawing) = draw(source, 1, None) {
                assert!(
                    !drawing.svg.contains("<script") && !drawing.svg.contains("example.com"),
                    "{}",
                    drawing.svg
                );
            }
        }
    }

    #[test]
    fn what_would_never_end_is_refused() {
        let many: Vec<String> = (0..100).map(|number| format!("a{number}")).collect();
        let joined = format!("flowchart LR\n  {} --> {}\n", many.join(" & "), many.join(" & "));
        for source in [
            joined.as_str(),
            "packet-beta\n  0-9999999: \"x\"\n",
            "gantt\n  dateFormat YYYY-MM-DD\n  A :2026-01-01, 99999999d\n",
            "flowchart LR\n",
            "timeline\n",
        ] {
            assert!(draw(source, 1, None).is_err(), "{source}");
        }
        assert!(draw("gantt\n  dateFormat YYYYMMDD\n  A :20260101, 30d\n", 1, None).is_ok());
    }

    #[test]
    fn all_is_within_the_drawing() {
        let svg =
            drawn("sequenceDiagram\n  participant A\n  Note left of A: a long word beside it\n  A->>A: x\n");
        let view = attribute(&svg, "viewBox");
        assert!(view.starts_with('-'), "{view}");
    }

    #[test]
    fn faults_have_their_line() {
        let fault = draw("flowchart LR\n  a -->\n", 1, None).expect_err("a fault");
        assert_eq!(fault.line, Some(2), "{fault:?}");
        assert_eq!(draw("flowerchart\n", 1, None).expect_err("a fault").line, None);
        assert!(draw(&format!("flowchart LR\n{}", "a --> b\n".repeat(5_000)), 1, None).is_err());
    }
}
