//! The attributes of images: `![…](plan.svg){#plan .wide width=300}`.

/// What is in the braces after an image: `![…](plan.svg){#plan .wide width=300}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageAttributes<'t> {
    /// `#name`.
    pub id: Option<&'t str>,
    /// `.name`.
    pub classes: Vec<&'t str>,
    /// `width=300` or `width=50%`.
    pub width: Option<Length>,
    /// `height=200`.
    pub height: Option<Length>,
}

/// How wide or high an image is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// In pixels.
    Pixels(usize),
    /// In parts of a hundred of the text around it.
    Percent(usize),
}

/// Parts the attributes that a text begins with, right after an image, from what follows; none if braces hold anything else.
pub fn read(text: &str) -> Option<(ImageAttributes<'_>, &str)> {
    let (inner, rest) = text.strip_prefix('{')?.split_once('}')?;
    let mut attributes = ImageAttributes::default();
    let is_name = |name: &str| !name.is_empty() && !name.contains(['#', '"', '\'', '=', '<', '>']);
    let mut words = inner.strip_prefix(':').unwrap_or(inner).split_whitespace().peekable();
    words.peek()?;

    for word in words {
        if let Some(id) = word.strip_prefix('#').filter(|id| is_name(id)) {
            attributes.id = Some(id);
        } else if let Some(class) = word.strip_prefix('.').filter(|class| is_name(class)) {
            attributes.classes.push(class);
        } else if let Some(width) = word.strip_prefix("width=") {
            attributes.width = Some(length(width)?);
        } else if let Some(height) = word.strip_prefix("height=") {
            attributes.height = Some(length(height).filter(|height| matches!(height, Length::Pixels(_)))?);
        } else {
            return None;
        }
    }
    Some((attributes, rest))
}

/// Reads `300`, `300px` or `50%`, also in quotes.
fn length(text: &str) -> Option<Length> {
    let bare = text.trim_matches(['"', '\'']);
    match bare.strip_suffix('%') {
        Some(percent) => {
            percent.parse().ok().filter(|percent| (1..=100).contains(percent)).map(Length::Percent)
        }
        None => {
            let pixels = bare.strip_suffix("px").unwrap_or(bare).parse().ok();
            pixels.filter(|pixels| (1..=10_000).contains(pixels)).map(Length::Pixels)
        }
    }
}
