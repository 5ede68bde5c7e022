//! The colour of a book: that of its cover, and of links.

use crate::text::nearest;

/// The colour that an author chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Accent {
    /// One of [`CLOTHS`].
    Cloth(&'static Cloth),
    /// Red, green and blue.
    Colour([u8; 3]),
}

/// A cloth for covers, and a colour of the same hue for text.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Cloth {
    /// The name.
    pub name: &'static str,
    /// The colour of the cover.
    pub cover: [u8; 3],
    /// The colour of links.
    pub ink: [u8; 3],
}

/// The cloths; a book that chooses none gets one by its title.
pub const CLOTHS: &[Cloth] = &[
    Cloth { name: "teal", cover: [0x17, 0x3b, 0x3f], ink: [0x0b, 0x5d, 0x66] },
    Cloth { name: "oxblood", cover: [0x4d, 0x1c, 0x21], ink: [0x8f, 0x2d, 0x36] },
    Cloth { name: "navy", cover: [0x1c, 0x2c, 0x4e], ink: [0x2a, 0x4d, 0x92] },
    Cloth { name: "forest", cover: [0x1d, 0x3b, 0x28], ink: [0x2a, 0x63, 0x3a] },
    Cloth { name: "plum", cover: [0x3d, 0x22, 0x42], ink: [0x74, 0x3c, 0x80] },
    Cloth { name: "slate", cover: [0x2b, 0x35, 0x41], ink: [0x3b, 0x58, 0x76] },
    Cloth { name: "umber", cover: [0x47, 0x30, 0x1c], ink: [0x7c, 0x4c, 0x16] },
];

impl Accent {
    /// Reads the name of a cloth or a colour such as `#7a1f2b`.
    ///
    /// # Errors
    /// A message, if it is neither.
    pub fn read(text: &str) -> Result<Self, String> {
        if let Some(cloth) = CLOTHS.iter().find(|cloth| cloth.name == text) {
            return Ok(Accent::Cloth(cloth));
        }
        if let Some(colour) = text.strip_prefix('#').and_then(colour) {
            return Ok(Accent::Colour(colour));
        }

        let names = || CLOTHS.iter().map(|cloth| cloth.name);
        Err(match nearest(text, names()) {
            Some(near) => format!("there is no cloth `{text}`; did you mean `{near}`?"),
            None => {
                let names: Vec<&str> = names().collect();
                format!("`{text}` is neither a colour such as `#7a1f2b` nor one of `{}`", names.join("`, `"))
            }
        })
    }
}

/// Reads six hexadecimal digits.
fn colour(digits: &str) -> Option<[u8; 3]> {
    if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let channel = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some([channel(0)?, channel(2)?, channel(4)?])
}
