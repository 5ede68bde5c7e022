//! Links inside the book, taken apart once: what of a destination depends only on its chapter.

use crate::read::layout::CONTENT;
use crate::text::unicode::composed;
use crate::text::{Span, url};

/// Something that the body points to inside the book: a page, an anchor, a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Link {
    /// The destination as the author wrote it, escapes taken off.
    pub destination: String,
    /// Whether it is shown in the page (an image) rather than followed.
    pub kind: LinkKind,
    /// Where it is.
    pub span: Span,
    /// The path, decoded; `None` for a place on the same page.
    pub path: Option<String>,
    /// The file that the path names, below the book's folder; `None` if it climbs out.
    pub source: Option<String>,
    /// The anchor, decoded.
    pub anchor: Option<String>,
    /// The query and the anchor, as they follow a URL.
    pub suffix: String,
    /// Whether it has no text of its own: what it leads to gives it one.
    pub is_bare: bool,
}

/// How a link is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// A reader follows it.
    Reference,
    /// It is part of the page: an image, a video.
    Resource,
}

impl Link {
    /// Whether another link is the same at another place.
    pub fn is_same_but_place(&self, other: &Link) -> bool {
        *self == Link { span: self.span, ..other.clone() }
    }

    /// Takes a destination apart; `folder` is that of its chapter. A leading slash means `content/`.
    pub fn read(destination: &str, kind: LinkKind, span: Span, folder: &str) -> Self {
        let decode = |text: &str| url::decode(text).unwrap_or_else(|| text.to_owned());
        let (rest, anchor) = match destination.split_once('#') {
            Some((rest, anchor)) => (rest, Some(anchor)),
            None => (destination, None),
        };

        let (path, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
        let path = Some(path).filter(|path| !path.is_empty()).map(decode);
        let source = path.as_ref().and_then(|path| match path.strip_prefix('/') {
            Some(path) => url::join(CONTENT, path),
            None => url::join(folder, path),
        });

        // Ids made of headings are composed.
        let anchor = anchor.map(composed);
        let mut suffix = query.to_owned();
        if let Some(anchor) = &anchor {
            suffix.push('#');
            suffix.push_str(&url::encode_authored(anchor));
        }

        Link {
            destination: destination.to_owned(),
            kind,
            span,
            path,
            source,
            anchor: anchor.map(|anchor| composed(&decode(&anchor)).into_owned()),
            suffix,
            is_bare: false,
        }
    }
}
