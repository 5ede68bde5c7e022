//! The cover of a book: its cloth, and the pattern of its endpaper, which is drawn from the title.
//!
//! The same title always gets the same pattern, and the same cloth unless the author chooses one. Colours for text are
//! moved away from their paper until readers can read them.

use std::fmt::Write as _;

use super::contrast::{Rgb, hex, luminance, mix, readable};
use crate::read::accent::{Accent, CLOTHS, Cloth};
use crate::text::Digest;

/// The darkest shade of light paper that a link can be on, and the brightest of dark paper.
const SHADES: [Rgb; 2] = [[0xe6, 0xe5, 0xe2], [0x34, 0x33, 0x31]];
const BLACK: Rgb = [0; 3];
const WHITE: Rgb = [255; 3];

/// A cloth is at most this bright, so that its label stands out.
const BRIGHTEST: f64 = 0.055;

/// The colours of a cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cover {
    /// The cloth.
    pub cloth: Rgb,
    /// The spine.
    pub spine: Rgb,
    /// The lines of the endpaper.
    pub line: Rgb,
    /// The colour of links on light paper and on dark paper.
    pub accents: [Rgb; 2],
}

impl Cover {
    /// The cover of a book: in the colour of the author's choice, else in one of the title's.
    pub fn of(accent: Option<Accent>, title: &str) -> Self {
        match accent {
            Some(Accent::Colour(colour)) => Cover::new(dark(colour), colour),
            Some(Accent::Cloth(cloth)) => Cover::new(cloth.cover, cloth.ink),
            None => {
                let cloth = cloth_of(title);
                Cover::new(cloth.cover, cloth.ink)
            }
        }
    }

    fn new(cloth: Rgb, ink: Rgb) -> Self {
        // Links are also on shades of the paper, which are a little darker or brighter than it.
        let [light, dark] = SHADES;
        let accents = [readable(ink, light), readable(mix(ink, WHITE, 0.45), dark)];
        Cover { cloth, spine: mix(cloth, BLACK, 0.28), line: mix(cloth, WHITE, 0.13), accents }
    }

    fn properties(&self) -> String {
        let Cover { cloth, spine, line, accents: [light, dark] } = self;
        format!(
            "--cloth: {}; --spine: {}; --cloth-line: {}; --accent: light-dark({}, {})",
            hex(*cloth),
            hex(*spine),
            hex(*line),
            hex(*light),
            hex(*dark)
        )
    }
}

/// The name of the cloth that a page asks for in `data-cloth`.
pub fn name(accent: Option<Accent>, title: &str) -> &'static str {
    match accent {
        Some(Accent::Colour(_)) => OWN,
        Some(Accent::Cloth(cloth)) => cloth.name,
        None => cloth_of(title).name,
    }
}

/// The name of a colour that is none of the cloths.
const OWN: &str = "own";

/// The rules for all cloths that pages can ask for, in a layer before those of the theme, which can change the colours.
pub fn stylesheet(accent: Option<Accent>) -> String {
    let mut css = "@layer cloth {\n".to_owned();
    let mut rule = |name: &str, cover: Cover| {
        let _ = writeln!(css, "  [data-cloth=\"{name}\"] {{ {} }}", cover.properties());
    };
    match accent {
        Some(accent) => rule(name(Some(accent), ""), Cover::of(Some(accent), "")),
        None => CLOTHS.iter().for_each(|cloth| rule(cloth.name, Cover::new(cloth.cover, cloth.ink))),
    }
    css + "}\n"
}

fn cloth_of(title: &str) -> &'static Cloth {
    let byte = Digest::of(title.as_bytes()).bytes()[0];
    &CLOTHS[usize::from(byte) % CLOTHS.len()]
}

/// A colour as dark as cloth.
fn dark(colour: Rgb) -> Rgb {
    let steps = (0..=20).map(|step| mix(colour, BLACK, f64::from(step) / 20.0));
    steps.into_iter().find(|colour| luminance(*colour) <= BRIGHTEST).unwrap_or(BLACK)
}

/// The number of cells on each side of the tile that the pattern repeats.
const CELLS: usize = 8;
/// The side of a cell, in pixels.
const SIDE: usize = 40;
/// The side of the tile, in pixels.
pub const TILE: usize = CELLS * SIDE;

/// The lines of a title's endpaper, as the path of one tile. Each cell has one of two pieces whose ends are at the
/// middle of its sides or at its corners, so the tile continues in its neighbours.
pub fn endpaper(title: &str) -> String {
    let digest = Digest::of(format!("endpaper {title}").as_bytes());
    let bytes = digest.bytes();
    let pieces = MOTIFS[usize::from(bytes[15]) % MOTIFS.len()];

    let mut path = String::new();
    for cell in 0..CELLS * CELLS {
        let (x, y) = (cell % CELLS * SIDE, cell / CELLS * SIDE);
        let bit = bytes[cell / 8] >> (cell % 8) & 1;
        let (below, piece) = pieces[usize::from(bit)];
        let _ = write!(path, "M{x} {}{piece}", y + below);
    }
    path
}

/// For each motif two pieces: how far below the top of its cell it begins, and its path from there.
const MOTIFS: [[(usize, &str); 2]; 3] = [
    // Quarters of circles.
    [(20, "a20 20 0 0 0 20-20m0 40a20 20 0 0 1 20-20"), (20, "a20 20 0 0 1 20 20m0-40a20 20 0 0 0 20 20")],
    // Diagonals.
    [(0, "l40 40"), (40, "l40-40")],
    // Diagonals of half the length.
    [(20, "l20-20m0 40l20-20"), (20, "l20 20m0-40l20 20")],
];

#[cfg(test)]
mod tests {
    use super::super::contrast::contrast;
    use super::*;

    #[test]
    fn links_can_be_read_in_every_cloth() {
        let cloths = CLOTHS.iter().map(Accent::Cloth);
        let colours = [[255, 255, 0], [0, 0, 255], [255, 255, 255], [0, 0, 0], [255, 64, 0]];
        for accent in cloths.chain(colours.map(Accent::Colour)) {
            let cover = Cover::of(Some(accent), "");
            for (accent, paper) in cover.accents.into_iter().zip(SHADES) {
                assert!(contrast(accent, paper) >= 4.5, "{accent:?} on {paper:?}");
            }
            assert!(luminance(cover.cloth) <= BRIGHTEST, "{:?}", cover.cloth);
        }
    }

    #[test]
    fn books_have_patterns_of_their_own() {
        let titles = ["Leave the Light On", "Leave the light on", "The Book", "本", ""];
        let patterns: std::collections::BTreeSet<String> =
            titles.iter().map(|title| endpaper(title)).collect();
        assert_eq!(patterns.len(), titles.len());
        assert_eq!(endpaper("The Book"), endpaper("The Book"));
    }
}
