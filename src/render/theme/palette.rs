//! The colours of code from one of the embedded colour themes, in place of the book theme's own.
//!
//! `code: {light: …, dark: …}` names themes as `bat` does. Each class takes the colour that the theme gives
//! to a typical scope; a colour too close to the paper is moved away from it until readers can read it
//! (WCAG 2.2, success criterion 1.4.3: a contrast of 4.5 to 1).

use std::fmt::Write as _;

use syntect::highlighting::{Color, Highlighter, Theme};
use syntect::parsing::ScopeStack;
use two_face::theme::EmbeddedLazyThemeSet;

use super::contrast::{Rgb, hex, mix, readable};
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
    ("builtin", "support.function"),
    ("escape", "constant.character.escape"),
    ("inserted", "markup.inserted"),
    ("deleted", "markup.deleted"),
];

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
            // Terminals are dark on light pages too.
            if form == "dark" {
                let _ = writeln!(css, "@layer palette {{ @media screen {{ .terminal {{ {rules} }} }} }}");
            }
        }
    }
    css
}

/// The properties of one colour theme.
fn properties(theme: &Theme) -> String {
    let colour = |colour: Option<Color>, default: u8| colour.map_or([default; 3], rgb);
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
        let _ = write!(css, " --code-{property}: {};", hex(readable(rgb(style.foreground), paper)));
    }
    css
}

fn rgb(colour: Color) -> Rgb {
    [colour.r, colour.g, colour.b]
}

#[cfg(test)]
mod tests {
    use super::super::contrast::{CONTRAST, contrast};
    use super::*;

    #[test]
    fn every_colour_can_be_read() {
        let themes = two_face::theme::extra();
        for name in EmbeddedLazyThemeSet::theme_names() {
            let theme = themes.get(*name);
            let paper = theme.settings.background.map_or([255; 3], rgb);
            for (_, scope) in PROPERTIES {
                let stack: ScopeStack = scope.parse().expect("a scope");
                let colour = rgb(Highlighter::new(theme).style_for_stack(stack.as_slice()).foreground);
                assert!(contrast(readable(colour, paper), paper) >= CONTRAST, "{} {scope}", name.as_name());
            }
        }
    }
}
