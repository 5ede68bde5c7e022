//! The colours of diagrams.

use std::borrow::Cow;

use mermaid_svg::{Diagram, Theme};

/// Which colours a diagram has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// Those of the page, light or dark.
    Page,
    /// Colours of its own, chosen for light paper.
    Own,
}

/// Decides which colours a diagram has.
pub fn colours(diagram: &Diagram, source: &str) -> Colours {
    if follows_theme(diagram) && !has_own_colours(source) { Colours::Page } else { Colours::Own }
}

/// Whether an author gives colours to a diagram, which are chosen for light paper.
fn has_own_colours(source: &str) -> bool {
    source.lines().filter_map(|line| line.split_whitespace().next()).any(|word| {
        ["style", "classDef", "linkStyle", "rect", "box"].contains(&word)
            || word.starts_with("UpdateElementStyle")
    })
}

/// Whether all colours of such a diagram can be chosen.
fn follows_theme(diagram: &Diagram) -> bool {
    matches!(
        diagram,
        Diagram::Block(_)
            | Diagram::Class(_)
            | Diagram::Er(_)
            | Diagram::Flowchart(_)
            | Diagram::GitGraph(_)
            | Diagram::Mindmap(_)
            | Diagram::Pie(_)
            | Diagram::Quadrant(_)
            | Diagram::Radar(_)
            | Diagram::Sequence(_)
            | Diagram::State(_)
            | Diagram::XyChart(_)
    )
}

/// The page's colours, which are properties of the stylesheet.
pub fn our_theme() -> Theme {
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

    // Lines, dots, and what is under names of branches.
    static LINES: [Cow<'static, str>; 8] = [
        of("light-dark(oklch(.65 .13 250), oklch(.54 .13 250))"),
        of("light-dark(oklch(.65 .13 50), oklch(.54 .12 50))"),
        of("light-dark(oklch(.65 .12 150), oklch(.54 .11 150))"),
        of("light-dark(oklch(.65 .14 320), oklch(.54 .14 320))"),
        of("light-dark(oklch(.65 .12 90), oklch(.54 .1 90))"),
        of("light-dark(oklch(.65 .14 20), oklch(.54 .14 20))"),
        of("light-dark(oklch(.65 .1 195), oklch(.54 .09 195))"),
        of("light-dark(oklch(.65 .13 285), oklch(.54 .13 285))"),
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
        git_palette: Cow::Borrowed(LINES.as_slice()),
        xychart_palette: series(),
        pie_stroke: Some(of("var(--paper)")),
        quadrant_default_fills: [const { of("var(--shade)") }; 4],
        font_family: of("inherit"),
        responsive: false,
        ..Theme::default()
    }
}

/// The replacements of colours that the library does not let us choose.
pub const FIXED: &[(&str, &str)] = &[
    ("#000000", "var(--ink)"),
    ("#333", "var(--ink)"),
    ("#333333", "var(--ink)"),
    ("#FFF5AD", "var(--mark)"),
    ("#fff5ad", "var(--mark)"),
    ("#aaaa33", "var(--edge)"),
    ("#fff", "var(--paper)"),
];
