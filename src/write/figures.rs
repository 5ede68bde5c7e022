//! Images: their sizes, and figures, which are images with a caption.

use super::links::undescribed;
use super::writer::Writer;
use crate::parse::image::{ImageAttributes, Length};
use crate::parse::plain::{self, Purpose};
use crate::parse::tree::{Inline, InlineKind, LinkTarget};
use crate::read::image_size::ImageFacts;
use crate::read::layout::{CONTENT, STATIC};
use crate::text::{Diagnostic, DiagnosticCode, Span, slug, url};
use crate::write::label::{Label, Numbered};
use crate::write::link::LinkKind;
use crate::write::markup::{Hole, SegmentKind, place};

/// The classes of widths are in steps of so many percent: a strict content security policy forbids other styles of single
/// elements.
const STEP: usize = 10;

/// Where an image is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ImagePlace {
    /// In a text: readers see its title when they point at it.
    Text,
    /// In a figure, which shows the title and has the id.
    Figure,
}

impl<'a> Writer<'_, '_> {
    /// Writes a paragraph that is nothing but an image with a title as a figure; false if it is something else. An image
    /// that is not there stays as the specification of CommonMark has it.
    pub(super) fn figure(&mut self, text: &[Inline<'a>]) -> bool {
        let [Inline { kind: InlineKind::Image(target, alt), span }] = text else { return false };
        let is_there =
            url::is_external(&target.destination) || self.image_facts(&target.destination).is_some();
        if target.title.is_empty() || !is_there {
            return false;
        }

        self.figures += 1;
        let number = Numbered::Figure(self.figures);
        self.begin("<figure class=\"figure\"");
        if let Some(id) = target.attributes.id {
            self.anchor(id, *span);
            self.page.id_attribute(" id=\"", id);
            let text = target.title.to_string();
            self.done.labels.push(Label { id: id.to_owned(), number, text });
        }
        self.page.html.push('>');
        self.image_tag(target, alt, *span, ImagePlace::Figure);

        self.page.html.push_str("<figcaption>");
        self.page.hole(Hole::Number(number));
        self.page.text(&target.title, self.linking());
        self.page.html.push_str("</figcaption></figure>\n");
        self.text.push_str(&target.title);
        true
    }

    /// Writes an image in a text.
    pub(super) fn image(&mut self, target: &LinkTarget<'a>, alt: &[Inline<'a>], span: Span) {
        self.image_tag(target, alt, span, ImagePlace::Text);
    }

    /// Whether attributes of another tool after an image say what it shows: `![](a.png){alt='A lamp'}`. They are reported
    /// as markup of that tool.
    fn is_described_elsewhere(&self, span: Span) -> bool {
        let attributes = self.source.text.get(span.end..).and_then(|rest| rest.strip_prefix('{'));
        attributes.is_some_and(|rest| rest.lines().next().unwrap_or_default().contains("alt="))
    }

    fn image_tag(&mut self, target: &LinkTarget<'a>, alt: &[Inline<'a>], span: Span, shown_in: ImagePlace) {
        let destination = &*target.destination;
        if slug::is_chapter(destination) {
            let message = format!("`{destination}` is a chapter, and no image");
            let diagnostic = Diagnostic::new(DiagnosticCode::MissingFile, message).at(self.source, span);
            self.done.diagnostics.push(diagnostic.hint("for a link, take out the `!` before it"));
        }
        let description = plain::text(alt, Purpose::Description);
        if description.trim().is_empty() && !destination.is_empty() && !self.is_described_elsewhere(span) {
            self.done.diagnostics.push(undescribed().at(self.source, span));
        }

        self.page.html.push_str("<img src=\"");
        self.address(destination, LinkKind::Resource, span);
        self.page.html.push('"');
        self.page.attribute("alt", &description);
        if shown_in == ImagePlace::Text {
            self.title_attribute(&target.title);
            if let Some(id) = target.attributes.id {
                self.anchor(id, span);
                self.page.id_attribute(" id=\"", id);
            }
        }
        let facts = self.image_facts(destination);
        let classes = classes(&target.attributes, facts);
        if !classes.is_empty() {
            self.page.attribute("class", &classes);
        }
        let (width, height) = shown_size(&target.attributes, facts.map(|facts| facts.size));
        for (name, side) in [("width", width), ("height", height)] {
            if let Some(side) = side {
                self.page.attribute(name, &side.to_string());
            }
        }
        if width.is_some() && height.is_some() {
            self.page.html.push_str(" loading=\"");
            self.page.segment(SegmentKind::Loading(place("lazy".len())));
            self.page.html.push_str("lazy\"");
        }
        self.page.html.push_str(" />");
    }

    /// What is known of an image beside the chapter: with its size, the page does not move when it arrives.
    fn image_facts(&self, destination: &str) -> Option<ImageFacts> {
        if url::is_external(destination) || destination.starts_with(['#', '?']) {
            return None;
        }
        let path = url::decode(destination.split(['?', '#']).next().unwrap_or_default())?;
        let folder = self.source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let facts = |folder: &str, path: &str| self.recorder.image(&url::join(folder, path)?);
        match path.strip_prefix('/') {
            Some(path) => facts(CONTENT, path).or_else(|| facts(STATIC, path)),
            None => facts(folder, &path),
        }
    }
}

/// The author's classes, that of a width in percent, and that of images which have a light ground on dark pages.
fn classes(attributes: &ImageAttributes<'_>, facts: Option<ImageFacts>) -> String {
    let mut classes: Vec<String> = attributes.classes.iter().map(|class| (*class).to_owned()).collect();
    if let Some(Length::Percent(percent)) = attributes.width {
        let step = (percent + STEP / 2) / STEP * STEP;
        classes.push(format!("width-{}", step.max(STEP)));
    }
    classes.extend(facts.filter(|facts| facts.is_transparent).map(|_| "transparent".to_owned()));
    classes.join(" ")
}

/// The width and height to show, from the image's own: a side that is not given keeps the ratio.
fn shown_size(
    attributes: &ImageAttributes<'_>,
    own: Option<(usize, usize)>,
) -> (Option<usize>, Option<usize>) {
    let pixels = |length| match length {
        Some(Length::Pixels(pixels)) => Some(pixels),
        _ => None,
    };
    let scaled =
        |side: usize, own_side: usize, other: usize| Some((side * other).checked_div(own_side)?.max(1));
    match (pixels(attributes.width), pixels(attributes.height), own) {
        (None, None, own) => own.unzip(),
        (Some(width), None, Some((own_width, own_height))) => {
            (Some(width), scaled(width, own_width, own_height))
        }
        (None, Some(height), Some((own_width, own_height))) => {
            (scaled(height, own_height, own_width), Some(height))
        }
        (width, height, _) => (width, height),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_that_is_not_given_keeps_the_ratio() {
        let of = |width: Option<usize>, height: Option<usize>, own| {
            let [width, height] = [width, height].map(|side| side.map(Length::Pixels));
            shown_size(&ImageAttributes { width, height, ..ImageAttributes::default() }, own)
        };
        let own = Some((640, 360));
        assert_eq!(of(None, None, own), (Some(640), Some(360)));
        assert_eq!(of(Some(320), None, own), (Some(320), Some(180)));
        assert_eq!(of(None, Some(36), own), (Some(64), Some(36)));
        assert_eq!(of(Some(10), Some(10), own), (Some(10), Some(10)));
        assert_eq!(of(Some(10), None, None), (Some(10), None));
        assert_eq!(of(Some(10), None, Some((0, 5))), (Some(10), None));
    }
}
