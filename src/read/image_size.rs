//! The sizes of images, so that pages can keep room for them, and whether what is behind them is seen.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use crate::text::attributes::attributes;
use crate::text::html::Within;

/// How many bytes of an SVG file are read to find its root element.
const HEAD: u64 = 16 << 10;

/// What is known of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ImageFacts {
    /// Width and height in pixels.
    pub size: (usize, usize),
    /// Whether it may have transparent places. An SVG that has colours of its own for dark pages does not count.
    pub is_transparent: bool,
}

/// What the first bytes of an image tell of it.
pub fn read(path: &str, mut file: impl Read + Seek) -> Option<ImageFacts> {
    if path.rsplit('.').next().is_some_and(|extension| extension.eq_ignore_ascii_case("svg")) {
        let mut head = Vec::new();
        BufReader::new(file).take(HEAD).read_to_end(&mut head).ok()?;
        let text = String::from_utf8_lossy(&head);
        let is_transparent = !text.contains("prefers-color-scheme");
        return Some(ImageFacts { size: of_svg(&text)?, is_transparent });
    }

    let size = imagesize::reader_size(BufReader::new(&mut file)).ok()?;
    file.rewind().ok()?;
    let is_transparent = is_transparent(&mut BufReader::new(file)).unwrap_or(false);
    Some(ImageFacts { size: (size.width, size.height), is_transparent })
}

/// Whether a PNG or WebP image has transparency.
fn is_transparent(file: &mut (impl Read + Seek)) -> io::Result<bool> {
    let mut head = [0; 26];
    file.read_exact(&mut head)?;
    Ok(match &head {
        // The type of its colours is the last byte (PNG, section 11.2.1): with a channel for it, or with a palette.
        [0x89, b'P', b'N', b'G', .., 4 | 6] => true,
        [0x89, b'P', b'N', b'G', .., _] => {
            file.seek(SeekFrom::Start(8))?;
            has_transparent_colours(file)?
        }
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', b'V', b'P', b'8', kind, ..] => {
            match kind {
                b'X' => head[20] & 0x10 != 0,
                b'L' => head[24] & 0x10 != 0,
                _ => false,
            }
        }
        _ => false,
    })
}

/// Whether a chunk `tRNS` is before the data of a PNG image.
fn has_transparent_colours(file: &mut (impl Read + Seek)) -> io::Result<bool> {
    loop {
        let mut head = [0; 8];
        file.read_exact(&mut head)?;
        let [a, b, c, d, name @ ..] = head;
        match &name {
            b"tRNS" => return Ok(true),
            b"IDAT" | b"IEND" => return Ok(false),
            // A sum of four bytes comes after what is in a chunk.
            _ => file.seek(SeekFrom::Current(i64::from(u32::from_be_bytes([a, b, c, d])) + 4))?,
        };
    }
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
    fn transparency_is_found() {
        let png = |colours: u8, chunks: &[&[u8]]| {
            let chunk =
                |name: &[u8], data: &[u8]| [&(data.len() as u32).to_be_bytes(), name, data, &[0; 4]].concat();
            let head = chunk(b"IHDR", &[0, 0, 0, 9, 0, 0, 0, 8, 8, colours, 0, 0, 0]);
            let rest = chunks.iter().map(|name| chunk(name, b"data")).collect::<Vec<_>>().concat();
            [b"\x89PNG\r\n\x1a\n".to_vec(), head, rest, chunk(b"IDAT", b""), chunk(b"tRNS", b"")].concat()
        };
        for (bytes, expected) in [
            (png(6, &[]), true),
            (png(4, &[]), true),
            (png(2, &[]), false),
            (png(3, &[b"iCCP", b"PLTE"]), false),
            (png(3, &[b"PLTE", b"tRNS"]), true),
        ] {
            let facts = read("a.png", io::Cursor::new(bytes)).expect("an image");
            assert_eq!((facts.size, facts.is_transparent), ((9, 8), expected));
        }
        let svg = |style: &str| read("a.svg", io::Cursor::new(format!("<svg width='1' height='1'>{style}")));
        let is_transparent = |style: &str| svg(style).expect("an image").is_transparent;
        assert!(is_transparent("") && !is_transparent("<style>@media (prefers-color-scheme: dark) {}"));
    }

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
