//! Colours, and whether they can be read on each other, as WCAG 2.2 defines it (success criterion 1.4.3).

/// Red, green and blue.
pub type Rgb = [u8; 3];

/// WCAG AA for text of normal size.
pub const CONTRAST: f64 = 4.5;

/// Moves a colour towards black or white until it can be read on its paper.
pub fn readable(colour: Rgb, paper: Rgb) -> Rgb {
    let goal = if luminance(paper) > 0.18 { [0; 3] } else { [255; 3] };
    let steps = (0..=20).map(|step| mix(colour, goal, f64::from(step) / 20.0));
    steps.into_iter().find(|candidate| contrast(*candidate, paper) >= CONTRAST).unwrap_or(goal)
}

/// A colour with a share of another in it.
pub fn mix(a: Rgb, b: Rgb, share: f64) -> Rgb {
    // In 0..=255 by construction.
    let channel = |at: usize| (f64::from(a[at]) * (1.0 - share) + f64::from(b[at]) * share).round() as u8;
    [channel(0), channel(1), channel(2)]
}

/// Relative luminance, from 0 to 1.
pub fn luminance(colour: Rgb) -> f64 {
    let channel = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(colour[0]) + 0.7152 * channel(colour[1]) + 0.0722 * channel(colour[2])
}

/// The contrast of two colours, from 1 to 21.
pub fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// A colour as stylesheets have it.
pub fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}
