//! Diagrams: a block of Mermaid → SVG in the page.
//!
//! Colours are the theme's, by its custom properties, where the library lets them be chosen. Kinds of diagrams with
//! colours of their own, and diagrams to which their author gives some, are drawn for light paper.
//!
//! A drawing is checked before it goes onto a page: it holds no script, no style and no address. What a few words
//! could make very large is refused.

mod colours;
mod flowchart;
mod picture;
mod source;

use std::panic::catch_unwind;

use mermaid_svg::ast::EdgeCurve;
use mermaid_svg::{Diagram, ParseError, RenderError, Theme};

use crate::text::{attributes, nearest};

use colours::Colours;

/// A diagram, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Drawing {
    /// As an `svg` element.
    pub svg: String,
    /// Where ids begin in it.
    pub ids: Vec<usize>,
    /// The words in it.
    pub text: String,
    /// What it shows, in words.
    pub description: Option<String>,
    /// The lines of the source, from 1, that ask for links and are left out.
    pub links: Vec<usize>,
}

/// Why a diagram is not drawn.
#[derive(Debug, PartialEq, Eq)]
pub struct DiagramError {
    /// What it is.
    pub message: String,
    /// What to do about it.
    pub hint: String,
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
pub fn draw(source: &str, number: usize, alt: Option<&str>) -> Result<Drawing, DiagramError> {
    if source.len() > LONGEST {
        return Err(failed("it is longer than 16 kB"));
    }
    if source.matches('&').count() > MOST_JOINED {
        return Err(failed("it has more than a hundred `&`"));
    }

    let (source, links) = source::prepared(source);
    let flowchart = flowchart::rewritten(&source);
    let readable = flowchart.as_ref().map_or(&source, |flowchart| &flowchart.source);
    let Rendered { svg, meta, colours } = rendered(readable).map_err(|error| {
        let mistake = flowchart.as_ref().and_then(|flowchart| flowchart.mistake);
        mistake.map_or(error, |(message, line)| DiagramError { line: Some(line), ..refused(message) })
    })?;
    if svg.len() > LARGEST {
        return Err(failed("its drawing is larger than 1 MB"));
    }

    // Links in a drawing are not checked, so they are left out.
    let (head, body) = svg.split_once('>').ok_or_else(|| failed("it is no SVG"))?;
    let body = &attributes::without_links(body);
    if !picture::is_picture(body) {
        return Err(failed("it asks for what a picture must not hold, such as a script or an address"));
    }
    let text = picture::words(body);
    if text.is_empty() {
        return Err(failed("there is nothing in it"));
    }

    let own = [meta.acc_title, meta.acc_descr].into_iter().flatten().collect::<Vec<_>>().join(". ");
    let description = Some(alt.map_or(own, str::to_owned)).filter(|text| !text.trim().is_empty());
    let mut svg = String::with_capacity(svg.len() + svg.len() / 4);
    picture::open(&mut svg, head, body, description.as_deref(), colours);
    picture::write_body(&mut svg, body, &format!("diagram:{number}:"), colours);
    let ids = attributes::id_places(&svg);
    Ok(Drawing { svg, ids, text, description, links })
}

/// What the library makes of a source.
struct Rendered {
    svg: String,
    meta: mermaid_svg::DiagramMeta,
    colours: Colours,
}

/// Has the library render a diagram.
fn rendered(source: &str) -> Result<Rendered, DiagramError> {
    // A panic of the library is an error of the diagram, not of the program.
    let drawn = catch_unwind(|| {
        let (mut diagram, meta) = mermaid_svg::parse_with_meta(source)?;
        // The library's curves leave a node along its border where they go further aside than down, and half of their
        // arrowheads is then below it.
        if let Diagram::Flowchart(flowchart) = &mut diagram {
            flowchart.config_curve.get_or_insert(EdgeCurve::Linear);
        }
        if source::is_endless(&diagram, source) {
            return Ok(None);
        }
        let colours = colours::colours(&diagram, source);
        let theme = match colours {
            Colours::Page => colours::our_theme(),
            Colours::Own => Theme { responsive: false, ..Theme::default() },
        };
        let svg = mermaid_svg::render_diagram_with(&diagram, &theme)?;
        Ok(Some(Rendered { svg, meta, colours }))
    });

    let drawn: Result<_, RenderError> = drawn.map_err(|_| failed("the library that draws it has failed"))?;
    match drawn {
        Ok(Some(rendered)) => Ok(rendered),
        Ok(None) => Err(failed("a number in it is too large")),
        Err(RenderError::Parse(ParseError::Syntax { message, line, .. })) => {
            Err(DiagramError { line: Some(line), ..failed(&message) })
        }
        Err(RenderError::Parse(ParseError::UnknownDiagramType(word))) => Err(unknown_kind(&word)),
        Err(RenderError::Parse(error)) => Err(failed(&error.to_string())),
        Err(error) => Err(failed(&error.to_string())),
    }
}

/// A diagram that is not drawn, although Mermaid may understand it.
fn failed(message: &str) -> DiagramError {
    let message: String = message.chars().take(LONGEST_MESSAGE).collect();
    DiagramError {
        message: format!("bindery cannot draw this diagram yet: {message}"),
        hint: "Mermaid may draw more than bindery does; the source is shown in its place".to_owned(),
        line: None,
    }
}

/// A diagram that Mermaid certainly does not understand either.
fn refused(message: &str) -> DiagramError {
    DiagramError {
        message: format!("this diagram is not Mermaid: {message}"),
        hint: "its source is shown in its place".to_owned(),
        line: None,
    }
}

/// The kinds of diagrams that Mermaid 11 has beyond those that are drawn here.
const NOT_DRAWN: &[&str] = &[
    "cynefin-beta",
    "eventmodeling",
    "info",
    "ishikawa",
    "railroad",
    "swimlane-beta",
    "treeView-beta",
    "venn-beta",
    "wardley-beta",
];

/// The first words of the usual kinds, for "did you mean" hints.
const USUAL: &[&str] = &[
    "classDiagram",
    "erDiagram",
    "flowchart",
    "gantt",
    "gitGraph",
    "graph",
    "journey",
    "mindmap",
    "pie",
    "sequenceDiagram",
    "stateDiagram-v2",
    "timeline",
];

/// The error for a diagram that begins with a word the library does not know.
fn unknown_kind(word: &str) -> DiagramError {
    let word: String = word.chars().take(LONGEST_MESSAGE).collect();
    // Mermaid looks at how the word begins only.
    if NOT_DRAWN.iter().chain(USUAL).any(|kind| word.starts_with(kind)) {
        return failed(&format!("it is of the kind `{word}`"));
    }

    let error = refused(&format!("`{word}` is no kind of diagram"));
    match nearest(&word, USUAL.iter().copied()) {
        Some(near) => DiagramError { hint: format!("did you mean `{near}`?"), ..error },
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::html::Within;

    const FLOW: &str = "flowchart LR\n  a[One & all] -->|then| b{{Two}}\n";

    fn drawn(source: &str) -> String {
        draw(source, 1, Some("x")).unwrap_or_else(|error| panic!("{source}: {error:?}")).svg
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
        let ids: Vec<_> = attributes::attributes(&svg, Within::Text)
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
            let drawing = draw(source, 1, None).unwrap_or_else(|error| panic!("{source}: {error:?}"));
            assert!(drawing.text.contains(text), "{source}: {}", drawing.text);
        }
    }

    #[test]
    fn links_are_left_out_and_named() {
        let source = "flowchart LR\n  a --> b\n  click a \"javascript:alert(1)\"\n  b --> c\n";
        let drawing = draw(source, 1, None).expect("a drawing");
        assert_eq!(drawing.links, [3]);
        let map = draw("mindmap\n  root\n    link building\n", 1, None).expect("a drawing");
        assert!(map.links.is_empty() && map.text.contains("link building"), "{}", map.text);
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
        let view = picture::attribute(&svg, "viewBox");
        assert!(view.starts_with('-'), "{view}");
    }

    #[test]
    fn what_mermaid_may_draw_is_not_called_wrong() {
        for source in [
            "sequenceDiagram\n  A ->\n",
            "flowchart LR\n  a --> b | c\n",
            "venn-beta\n  set A\n",
            "ishikawa-beta\n  A\n",
            &"flowchart LR\n  a --> b\n".repeat(1_000),
        ] {
            let error = draw(source, 1, None).expect_err("an error");
            assert!(error.message.starts_with("bindery cannot draw this diagram yet: "), "{error:?}");
        }
        let error = draw("flowerchart\n", 1, None).expect_err("an error");
        assert_eq!(error.message, "this diagram is not Mermaid: `flowerchart` is no kind of diagram");
        assert_eq!(error.hint, "did you mean `flowchart`?");
    }

    #[test]
    fn statements_over_several_lines_are_drawn() {
        for (source, text) in [
            (
                "flowchart TD\n  a[Buffer] --filled, then sent-->\n  b --answered-->\n  c\n",
                "filled, then sent",
            ),
            ("flowchart LR\n  a --- c[\"Canvas\n  off the screen\"]\n", "Canvas off the screen"),
            ("flowchart LR\n  it's --> b*\n", "it's b*"),
            ("flowchart LR\n  a[2 * 3] -- it's --> b(*now*)\n", "2 * 3"),
            ("flowchart LR\n  a[2 * 3] -- it's --> b(*now*)\n", "*now*"),
        ] {
            let drawing = draw(source, 1, None).unwrap_or_else(|error| panic!("{source}: {error:?}"));
            assert!(drawing.text.contains(text), "{source}: {}", drawing.text);
        }
        let error = draw("flowchart LR\n  a -->\n  b\n  c | d\n", 1, None).expect_err("an error");
        assert_eq!(error.line, Some(4), "lines keep their numbers");
    }

    #[test]
    fn errors_have_their_line() {
        let error = draw("flowchart LR\n  a -->\n", 1, None).expect_err("an error");
        assert_eq!(error.line, Some(2), "{error:?}");
        assert!(error.message.starts_with("this diagram is not Mermaid: "), "{error:?}");
        assert_eq!(draw("flowerchart\n", 1, None).expect_err("an error").line, None);
        assert!(draw(&format!("flowchart LR\n{}", "a --> b\n".repeat(5_000)), 1, None).is_err());
    }
}
