//! Diagrams: a block of Mermaid → SVG that stands in the page.
//!
//! Colours are the theme's, by its custom properties, where the library lets them be chosen; kinds of diagrams
//! with colours of their own are drawn for light paper, and the theme turns them round for dark.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::panic::catch_unwind;

use mermaid_svg::{Diagram, ParseError, RenderError, Theme};

use super::raw_html;
use crate::text::html::{escape, unescape};

/// A diagram, ready to be shown.
#[derive(Debug, PartialEq, Eq)]
pub struct Drawing {
    /// As an `svg` element.
    pub svg: String,
    /// What it shows, in words.
    pub description: Option<String>,
}

/// What is wrong with a diagram.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// What it is.
    pub message: String,
    /// On which of the diagram's lines, from 1.
    pub line: Option<usize>,
}

/// How long a diagram is at most, in bytes: some kinds are laid out in time with the square of their length.
const LONGEST: usize = 32 << 10;

/// Draws the diagram with this number on its page. It is described by `alt`, else by the source's own `accTitle`
/// and `accDescr`.
///
/// # Errors
/// What is wrong with the source.
pub fn draw(source: &str, number: usize, alt: Option<&str>) -> Result<Drawing, Fault> {
    let fault = |message: &str| Fault { message: message.to_owned(), line: None };
    if source.len() > LONGEST {
        return Err(fault("it is longer than 32 kB"));
    }
    let drawn = catch_unwind(|| {
        let (diagram, meta) = mermaid_svg::parse_with_meta(source)?;
        let is_ours = follows_theme(&diagram);
        let theme = if is_ours { our_theme() } else { Theme { responsive: false, ..Theme::default() } };
        Ok((mermaid_svg::render_diagram_with(&diagram, &theme)?, meta, is_ours))
    });
    let drawn: Result<_, RenderError> = drawn.map_err(|_| fault("the library that draws it has failed"))?;
    let (svg, meta, is_ours) = drawn.map_err(|error| match error {
        RenderError::Parse(ParseError::Syntax { message, line, .. }) => Fault { message, line: Some(line) },
        RenderError::Parse(error) => fault(&error.to_string()),
        error => fault(&error.to_string()),
    })?;
    let own = [meta.acc_title, meta.acc_descr].into_iter().flatten().collect::<Vec<_>>().join(". ");
    let description = alt.map_or(own, str::to_owned);
    let description = Some(description).filter(|description| !description.trim().is_empty());
    let svg = on_page(&svg, number, description.as_deref(), is_ours).ok_or_else(|| fault("it is no SVG"))?;
    Ok(Drawing { svg, description })
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

/// Makes an SVG document an element of a page: with a role, its description, and ids that no other diagram has.
fn on_page(svg: &str, number: usize, description: Option<&str>, is_ours: bool) -> Option<String> {
    let (head, body) = svg.split_once('>')?;
    let head = format!("{head}>");
    let attributes = raw_html::attributes(&head);
    let kept = |name: &str| ["viewbox", "width", "height", "font-size"].contains(&name);
    let mut out = String::with_capacity(svg.len() + svg.len() / 4);
    let width = attributes.iter().find(|attribute| attribute.name == "width");
    let width = width.and_then(|width| width.value.parse::<f32>().ok()).unwrap_or_default();
    let breadth =
        [(WIDE.0, "wide"), (WIDE.1, "wider")].map(|(least, class)| (width > least).then_some(class));
    let classes = [(!is_ours).then_some("fixed"), breadth[1].or(breadth[0])];
    let classes = classes.into_iter().flatten().collect::<Vec<_>>().join(" ");
    out.push_str("<svg");
    if !classes.is_empty() {
        write!(out, r#" class="{classes}""#).ok()?;
    }
    // A picture hides what is in it from screen readers; links must be reached.
    let has_links = body.contains("<a ");
    out.push_str(if has_links { r#" role="group""# } else { r#" role="img""# });
    if let Some(description) = description {
        write!(out, r#" aria-label="{}""#, escape(description)).ok()?;
    }
    for attribute in attributes.iter().filter(|attribute| kept(&attribute.name)) {
        let name = if attribute.name == "viewbox" { "viewBox" } else { &attribute.name };
        write!(out, r#" {name}="{}""#, attribute.value).ok()?;
    }
    out.push('>');
    let prefix = format!("diagram:{number}:");
    let mut written = 0;
    for attribute in raw_html::attributes(body) {
        let fixed = FIXED.iter().find(|(colour, _)| is_ours && *colour == attribute.value);
        let value = match fixed {
            Some((_, ours)) => Cow::Borrowed(*ours),
            None => match raw_html::with_ids(&attribute, &prefix) {
                Some(value) => Cow::Owned(value),
                None => continue,
            },
        };
        out.push_str(&body[written..attribute.range.start]);
        out.push_str(&value);
        written = attribute.range.end;
    }
    out.push_str(&body[written..]);
    // Texts are words apart, also for what reads an element after the other.
    Some(out.replace("</text>", "</text> "))
}

/// The words that can be read in a drawing, with spaces between them.
pub fn words(svg: &str) -> String {
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
        assert!(gantt.starts_with("<svg class=\"fixed\"") && !gantt.contains("var("), "{gantt}");
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
        assert_eq!(words(&drawn(FLOW)), "then One & all Two");
    }

    #[test]
    fn faults_have_their_line() {
        let fault = draw("flowchart LR\n  a -->\n", 1, None).expect_err("a fault");
        assert_eq!(fault.line, Some(2), "{fault:?}");
        assert_eq!(draw("flowerchart\n", 1, None).expect_err("a fault").line, None);
        assert!(draw(&format!("flowchart LR\n{}", "a --> b\n".repeat(5_000)), 1, None).is_err());
    }
}
