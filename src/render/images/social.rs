//! Social images: the picture that services show beside a link to a page, drawn from an SVG template of the theme.
//!
//! They are drawn with a font that is part of the program, so that a book looks the same wherever it is built. The font
//! has the Latin, Greek and Cyrillic scripts; a page whose title is in another script has no image.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use resvg::tiny_skia::{Pixmap, PremultipliedColorU8, Transform};
use resvg::usvg::{self, fontdb};
use serde::Serialize;
use skrifa::MetadataProvider;
use skrifa::instance::{LocationRef, Size};

use crate::read::accent::Accent;
use crate::render::theme::Theme;
use crate::render::theme::cloth::{self, Cover};
use crate::render::theme::contrast::hex;
use crate::text::{Diagnostic, DiagnosticCode};

/// The template.
pub const TEMPLATE: &str = "social.svg";
/// The folder of all images.
pub const FOLDER: &str = "social/";
/// The file in the folder of an image.
pub const FILE: &str = "card.png";
/// The size in pixels, which services ask for.
pub const SIZE: (u32, u32) = (1200, 630);

const FONT: &[u8] = include_bytes!("../../../vendor/noto-sans/NotoSans-SemiBold.ttf");
const FAMILY: &str = "Noto Sans";

/// The rectangle that the title must fit in: its width, its height, and its top, in pixels.
const ROOM: (f32, f32, f32) = (1016.0, 300.0, 164.0);
/// The sizes of the title, the largest first: the first one is taken in which it fits.
const SIZES: [u16; 5] = [92, 76, 64, 52, 44];
/// The distance of lines, in sizes.
const LEADING: f32 = 1.18;

/// All that a social image depends on.
#[derive(Debug, Hash)]
pub struct SocialImageJob {
    /// The theme, whose template is drawn.
    pub theme: Arc<Theme>,
    /// The book's title.
    pub book: String,
    /// The colour that its author chose.
    pub accent: Option<Accent>,
    /// Who wrote it.
    pub author: Option<String>,
    /// The part that the chapter is in.
    pub part: Option<String>,
    /// The page's title.
    pub title: String,
}

/// What `social.svg` sees.
#[derive(Debug, Serialize)]
pub struct SocialImageView<'v> {
    /// The book's title; not on the book's own image, where it is the title.
    pub book: Option<&'v str>,
    /// Who wrote it.
    pub author: Option<&'v str>,
    /// The part that the chapter is in.
    pub part: Option<&'v str>,
    /// The colours of the book's cover.
    pub colours: CoverColours,
    /// The pattern of the cover: the path of one tile.
    pub path: String,
    /// The width and the height of the tile, in pixels.
    pub tile: usize,
    /// The size of the title's letters, in pixels.
    pub size: u16,
    /// The title, in lines that fit.
    pub lines: Vec<TitleLine<'v>>,
}

/// The colours of a cover, as SVG has them.
#[derive(Debug, Serialize)]
pub struct CoverColours {
    /// The cloth.
    pub cloth: String,
    /// The spine.
    pub spine: String,
    /// The lines of the pattern.
    pub line: String,
    /// Of the same hue, for text on paper.
    pub accent: String,
}

/// A line of the title.
#[derive(Debug, Serialize)]
pub struct TitleLine<'v> {
    /// Its words.
    pub text: &'v str,
    /// Its baseline, in pixels from the top.
    pub y: f32,
}

/// Whether the font has all characters of a text.
pub fn is_covered(text: &str) -> bool {
    let map = FACE.charmap();
    text.chars().all(|c| c.is_whitespace() || map.map(c).is_some())
}

impl SocialImageJob {
    /// All that is written on it.
    pub fn texts(&self) -> String {
        let texts = [Some(&self.book), self.author.as_ref(), self.part.as_ref(), Some(&self.title)];
        texts.into_iter().flatten().map(String::as_str).collect()
    }

    /// Draws the image.
    ///
    /// # Errors
    /// [`DiagnosticCode::InvalidTemplate`]: the template fails, or what it writes is no SVG.
    pub fn run(&self) -> Result<BTreeMap<String, Bytes>, Diagnostic> {
        let (size, lines) = lay_out(&self.title);
        let first = ROOM.2 + f32::from(size);
        let lines = lines.into_iter().zip(0_u16..).map(|(text, number)| TitleLine {
            text,
            y: first + f32::from(number) * f32::from(size) * LEADING,
        });

        let view = SocialImageView {
            book: Some(self.book.as_str()).filter(|book| *book != self.title),
            author: self.author.as_deref(),
            part: self.part.as_deref(),
            colours: colours(&Cover::of(self.accent, &self.book)),
            path: cloth::endpaper(&self.book),
            tile: cloth::TILE,
            size,
            lines: lines.collect(),
        };

        let svg = self.theme.render(TEMPLATE, &view)?;
        let png = draw(&svg).map_err(|message| {
            Diagnostic::new(
                DiagnosticCode::InvalidTemplate,
                format!("the social image cannot be drawn: {message}"),
            )
            .on(TEMPLATE)
        })?;
        Ok(BTreeMap::from([(FILE.to_owned(), png.into())]))
    }
}

fn colours(cover: &Cover) -> CoverColours {
    CoverColours {
        cloth: hex(cover.cloth),
        spine: hex(cover.spine),
        line: hex(cover.line),
        accent: hex(cover.accents[0]),
    }
}

fn draw(svg: &[u8]) -> Result<Vec<u8>, String> {
    let options = usvg::Options {
        font_family: FAMILY.to_owned(),
        fontdb: Arc::clone(&FONTS),
        // Images can only be part of the template: no file is read and no URL is fetched.
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..usvg::Options::default()
    };

    let tree = usvg::Tree::from_data(svg, &options).map_err(|error| error.to_string())?;
    let mut pixels = Pixmap::new(SIZE.0, SIZE.1).ok_or("it has no size")?;
    let scale = (SIZE.0 as f32 / tree.size().width()).min(SIZE.1 as f32 / tree.size().height());
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    encode(pixels).map_err(|error| error.to_string())
}

/// Packs an image quickly: a book can have a thousand.
fn encode(pixels: Pixmap) -> Result<Vec<u8>, png::EncodingError> {
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, pixels.width(), pixels.height());
    encoder.set_compression(png::Compression::Fast);

    let data = match indexed(&pixels) {
        Some((palette, indices)) => {
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_palette(palette);
            indices
        }
        None => {
            encoder.set_color(png::ColorType::Rgba);
            pixels.take_demultiplied()
        }
    };

    let mut writer = encoder.write_header()?;
    writer.write_image_data(&data)?;
    writer.finish()?;
    Ok(png)
}

/// The palette of an image (red, green and blue of each colour), and the index of each pixel's colour in it, which is a
/// quarter of the bytes. `None` if there are more than 256 colours, or if a pixel is not opaque.
fn indexed(pixels: &Pixmap) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut colours: Vec<PremultipliedColorU8> = Vec::new();
    let mut indices = Vec::with_capacity(pixels.pixels().len());

    // Most pixels have the colour of the one before.
    for run in pixels.pixels().chunk_by(PartialEq::eq) {
        let index = colours.iter().position(|colour| *colour == run[0]).unwrap_or_else(|| {
            colours.push(run[0]);
            colours.len() - 1
        });
        let index = u8::try_from(index).ok().filter(|_| run[0].is_opaque())?;
        indices.resize(indices.len() + run.len(), index);
    }

    let palette = colours.iter().flat_map(|colour| [colour.red(), colour.green(), colour.blue()]);
    Some((palette.collect(), indices))
}

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(FONT.to_vec());
    fonts.set_sans_serif_family(FAMILY);
    Arc::new(fonts)
});

static FACE: LazyLock<skrifa::FontRef<'static>> =
    LazyLock::new(|| skrifa::FontRef::new(FONT).expect("the font is part of the program"));

/// The largest size in which a text fits, and its lines.
fn lay_out(text: &str) -> (u16, Vec<&str>) {
    let fits = |(size, lines): &(u16, Vec<&str>)| {
        f32::from(*size) * (LEADING * (lines.len() - 1) as f32 + 1.0) <= ROOM.1
            && lines.iter().all(|line| width(line, *size) <= ROOM.0)
    };
    let in_size = |size: u16| (size, wrap(text, size));
    SIZES.into_iter().map(in_size).find(fits).unwrap_or_else(|| {
        let (size, mut lines) = in_size(SIZES[SIZES.len() - 1]);
        // A longer title is cut; the page has the whole one beside the image.
        lines.truncate(6);
        (size, lines)
    })
}

/// Breaks a text into lines between words.
fn wrap(text: &str, size: u16) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut end = 0;
    for word in text.split_whitespace() {
        let at = word.as_ptr() as usize - text.as_ptr() as usize;
        if end > start && width(&text[start..at + word.len()], size) > ROOM.0 {
            lines.push(&text[start..end]);
            start = at;
        } else if end == start {
            start = at;
        }
        end = at + word.len();
    }
    lines.push(&text[start..end]);
    lines
}

/// How wide a line of text is, in pixels.
fn width(text: &str, size: u16) -> f32 {
    let metrics = FACE.glyph_metrics(Size::new(f32::from(size)), LocationRef::default());
    let map = FACE.charmap();
    text.chars().filter_map(|c| metrics.advance_width(map.map(c).unwrap_or_default())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_have_room() {
        let titles = [
            "",
            "nginx",
            "A server of your own",
            "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
            &"many words ".repeat(40),
        ];
        for title in titles {
            let (size, lines) = lay_out(title);
            assert!(lines.len() <= 6 && !lines.is_empty(), "{title}");
            assert!(f32::from(size) * LEADING * lines.len() as f32 <= 400.0, "{title}: {size} {lines:?}");
        }
        assert_eq!(lay_out("nginx"), (92, vec!["nginx"]));
        assert_eq!(wrap("  a server \n of your own  ", 92), ["a server \n of your own"]);
    }

    #[test]
    fn images_of_few_colours_and_of_many_are_what_was_drawn() {
        let stops = [("0", "#f00"), ("0.5", "#0f0"), ("1", "#00f")];
        let stops = stops.map(|(at, colour)| format!(r#"<stop offset="{at}" stop-color="{colour}"/>"#));
        let defs = format!(r#"<defs><linearGradient id="g">{}</linearGradient></defs>"#, stops.concat());
        let svg = |shapes: &str| {
            let svg = format!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 630">{defs}{shapes}</svg>"#
            );
            draw(svg.as_bytes()).expect("it is drawn")
        };
        let read = |png: &[u8]| {
            let mut decoder = png::Decoder::new(std::io::Cursor::new(png.to_owned()));
            decoder.set_transformations(png::Transformations::ALPHA | png::Transformations::EXPAND);
            let mut reader = decoder.read_info().expect("it is an image");
            let mut data = vec![0; reader.output_buffer_size().expect("it has room")];
            let colours = reader.info().color_type;
            reader.next_frame(&mut data).expect("it is whole");
            let at = |x: usize, y: usize| {
                <[u8; 4]>::try_from(&data[(y * 1200 + x) * 4..][..4]).expect("it is there")
            };
            (colours, at(10, 10), at(700, 300))
        };
        let paper = r##"<rect width="1200" height="630" fill="#fffefb"/>"##;
        let square = r##"<rect x="600" y="200" width="300" height="300" fill="#0b5d66"/>"##;
        let flat = read(&svg(&format!("{paper}{square}")));
        assert_eq!(flat, (png::ColorType::Indexed, [255, 254, 251, 255], [11, 93, 102, 255]));
        let shaded = read(&svg(r#"<rect width="1200" height="630" fill="url(#g)"/>"#));
        assert_eq!(shaded, (png::ColorType::Rgba, [251, 4, 0, 255], [0, 212, 43, 255]));
        let open = read(&svg(square));
        assert_eq!(open, (png::ColorType::Rgba, [0, 0, 0, 0], [11, 93, 102, 255]));
    }

    #[test]
    fn scripts_that_the_font_lacks_are_known() {
        assert!(is_covered("Ein Überblick — Сервер, Ελλάδα"));
        assert!(!is_covered("服务器") && !is_covered("サーバー"));
    }
}
