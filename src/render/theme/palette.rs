//! The colours of code from one of the embedded colour themes, in place of the book theme's own.
//!
//! `code: {light: …, dark: …}` names themes as `bat` does. Each class takes the colour that the theme gives
//! to a typical scope; a colour too close to the paper is moved away from it until readers can read it
//! (WCAG 2.2, success criterion 1.4.3: a contrast of 4.5 to 1).

use std::fmt::Write as _;

use syntect::highlighting::{Color, Highlighter, Theme};
use syntect::parsing::ScopeStack;
use two_face::theme::EmbeddedLazyThemeSet;

use crate::read::config::CodeSettings;

/// The stylesheet's properties, and a scope whose colour each takes.
const PROPERTIES: &[(&str, &str)] = &[
    ("comment", "comment.line"),
    ("string", "string.quoted.double"),
    ("number", "constant.numeric"),
    ("keyword", "keyword.control"),
    ("function", "entity.name.function"),
    ("type", "entity.name.type"),
    ("attribute", "entity.other.attribute-name"),
    ("variable", "variable.parameter"),
    ("operator", "keyword.operator"),
    ("builtin", "support.function"),
    ("escape", "constant.character.escape"),
    ("inserted", "markup.inserted"),
    ("deleted", "markup.deleted"),
];

/// WCAG AA for text of normal size.
const CONTRAST: f64 = 4.5;

/// The rules that replace the book theme's colours by the chosen ones; empty if none were chosen.
pub fn stylesheet(settings: &CodeSettings) -> String {
    let mut css = String::new();
    let themes = two_face::theme::extra();
    let find = |name: &Option<String>| {
        let names = EmbeddedLazyThemeSet::theme_names();
        name.as_ref()
            .and_then(|name| names.iter().find(|theme| theme.as_name() == name))
            .map(|name| themes.get(*name))
    };

    for (form, other, chosen) in [("light", "dark", &settings.light), ("dark", "light", &settings.dark)] {
        if let Some(theme) = find(chosen) {
            let rules = properties(theme);
            // The reader's choice overrides the system's, and print overrides both, since paper is white.
            let _ = writeln!(
                css,
                "@layer palette {{\n  @media (prefers-color-scheme: {form}) {{ :root:not([data-theme=\"{other}\"]) {{ {rules} }} }}\n  @media screen {{ :root[data-theme=\"{form}\"] {{ {rules} }} }}\n}}"
            );
        }
    }
    css
}

/// The properties of one colour theme.
fn properties(theme: &Theme) -> String {
    let colour = |colour: Option<Color>, default: u8| {
        colour.unwrap_or(Color { r: default, g: default, b: default, a: 255 })
    };
    let paper = colour(theme.settings.background, 255);
    let ink = readable(colour(theme.settings.foreground, 0), paper);
    let quiet = readable(mix(ink, paper, 0.3), paper);

    let mut css =
        format!("--code-paper: {}; --code-ink: {}; --code-output: {};", hex(paper), hex(ink), hex(quiet));
    let _ = write!(css, " --code-hl: {};", hex(mix(paper, ink, 0.1)));

    let highlighter = Highlighter::new(theme);
    for (property, scope) in PROPERTIES {
        let stack: ScopeStack = scope.parse().expect("the scopes of this table are valid");
        let style = highlighter.style_for_stack(stack.as_slice());
        let _ = write!(css, " --code-{property}: {};", hex(readable(style.foreground, paper)));
    }
    css
}

/// Moves a colour towards black or white until it can be read on its paper.
fn readable(colour: Color, paper: Color) -> Color {
    let goal = if luminance(paper) > 0.18 { Color::BLACK } else { Color::WHITE };
    let steps = (0..=20).map(|step| mix(colour, goal, f64::from(step) / 20.0));
    steps.into_iter().find(|candidate| contrast(*candidate, paper) >= CONTRAST).unwrap_or(goal)
}

fn mix(a: Color, b: Color, share: f64) -> Color {
    // In 0..=255 by construction.
    let channel = |a: u8, b: u8| (f64::from(a) * (1.0 - share) + f64::from(b) * share).round() as u8;
    Color { r: channel(a.r, b.r), g: channel(a.g, b.g), b: channel(a.b, b.b), a: 255 }
}

/// Relative luminance and contrast, as WCAG 2.2 defines them.
fn luminance(colour: Color) -> f64 {
    let channel = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(colour.r) + 0.7152 * channel(colour.g) + 0.0722 * channel(colour.b)
}

fn contrast(a: Color, b: Color) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn hex(colour: Color) -> String {
    format!("#{:02x}{:02x}{:02x}", colour.r, colour.g, colour.b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_can_be_read() {
        let themes = two_face::theme::extra();
        for name in EmbeddedLazyThemeSet::theme_names() {
            let theme = themes.get(*name);
            let paper = theme.settings.background.unwrap_or(Color::WHITE);
            for (_, scope) in PROPERTIES {
                let stack: ScopeStack = scope.parse().expect("a scope");
                let colour = Highlighter::new(theme).style_for_stack(stack.as_slice()).foreground;
                assert!(contrast(readable(colour, paper), paper) >= CONTRAST, "{} {scope}", name.as_name());
            }
        }
    }
}
