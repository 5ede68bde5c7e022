//! The sizes of images, so that pages can keep room for them.

use std::io::{BufReader, Read, Seek};

use crate::text::attributes::attributes;
use crate::text::html::Within;

/// How many bytes of an SVG file are read to find its root element.
const HEAD: u64 = 16 << 10;

/// The width and the height of an image in pixels, from its first bytes.
pub fn read(path: &str, file: impl Read + Seek) -> Option<(usize, usize)> {
    if path.rsplit('.').next().is_some_and(|extension| extension.eq_ignore_ascii_case("svg")) {
        let mut head = Vec::new();
        BufReader::new(file).take(HEAD).read_to_end(&mut head).ok()?;
        return of_svg(&String::from_utf8_lossy(&head));
    }
    let size = imagesize::reader_size(BufReader::new(file)).ok()?;
    Some((size.width, size.height))
}

/// The size of an SVG image: that of its root element in pixels, else that of its `viewBox`, which has the same ratio.
fn of_svg(text: &str) -> Option<(usize, usize)> {
    let root = &text[text.find("<svg")?..];
    let end = root.find('>').map_or(root.len(), |end| end + 1);
    let attributes = attributes(&root[..end], Within::Text);
    let value =
        |name: &str| attributes.iter().find(|attribute| attribute.name == name).map(|found| found.value);

    let (width, height) = (value("width").and_then(pixels), value("height").and_then(pixels));
    let numbers = value("viewbox").map(|text| {
        let words = text.split([' ', ',', '\t', '\n', '\r']).filter(|word| !word.is_empty());
        words.filter_map(pixels).collect::<Vec<_>>()
    });
    let ratio = numbers.and_then(|numbers| match numbers[..] {
        [_, _, width, height] => Some((width, height)),
        _ => None,
    });
    let (width, height) = match (width, height, ratio) {
        (Some(width), Some(height), _) => (width, height),
        (Some(width), None, Some((across, down))) => (width, width * down / across),
        (None, Some(height), Some((across, down))) => (height * across / down, height),
        (None, None, Some(ratio)) => ratio,
        _ => return None,
    };
    let side = |length: f64| (1.0..100_000.0).contains(&length).then(|| length.round() as usize);
    Some((side(width)?, side(height)?))
}

/// Reads a length in pixels, with or without its unit.
fn pixels(text: &str) -> Option<f64> {
    text.trim().trim_end_matches("px").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_svg() {
        for (text, expected) in [
            (r#"<?xml version="1.0"?><!-- x --><svg xmlns="x" width="640" height="360"/>"#, Some((640, 360))),
            (r#"<svg viewBox="0 0 640 360">"#, Some((640, 360))),
            (r#"<svg width="320px" viewBox="-5,-5 640.4 360.2">"#, Some((320, 180))),
            (r#"<svg width="100%" height="100%" viewBox="0 0 10 20">"#, Some((10, 20))),
            (r#"<svg width="10mm" height="5mm">"#, None),
            (r#"<svg viewBox="0 0 0 0">"#, None),
            (r#"<svg width="1e99" height="NaN">"#, None),
            ("<html>", None),
        ] {
            assert_eq!(of_svg(text), expected, "{text}");
        }
    }
}
