//! What points elsewhere: links, images, addresses in raw HTML.

use pulldown_cmark::LinkType;

use super::balance::ScopeKind;
use super::buffer::Linking;
use super::writer::Writer;
use crate::parse::foreign::templates::is_made_by_template;
use crate::parse::tree::{Inline, LinkTarget};
use crate::text::html::escape_into;
use crate::text::{Diagnostic, DiagnosticCode, Span, url};
use crate::write::link::{Link, LinkKind};
use crate::write::markup::{Hole, SegmentKind, place};

impl<'a> Writer<'_, '_> {
    pub(super) fn link(&mut self, target: &LinkTarget<'a>, kind: LinkType, text: &[Inline<'a>], span: Span) {
        if self.is_in_link {
            return self.inlines(text);
        }
        let destination = &*target.destination;
        // MkDocs names a place by `[](){#name}`; its braces are reported.
        let is_place = || text.is_empty() && self.source.text[span.end..].starts_with("{#");
        if destination.is_empty() && !is_place() {
            let diagnostic = Diagnostic::new(DiagnosticCode::BrokenLink, "this link has no address");
            self.done
                .diagnostics
                .push(diagnostic.at(self.source, span).hint("write it between the parentheses"));
        }
        self.placeholder_in(destination, span);

        let mut bare = None;
        self.page.html.push_str("<a");
        if kind != LinkType::Email && is_inside(destination) {
            let number = self.inside(destination, LinkKind::Reference, span);
            self.page.segment(SegmentKind::Href(number));
            if text.is_empty()
                && let Some(link) = self.done.links.last_mut()
            {
                link.is_bare = true;
                bare = Some(number);
            }
        } else {
            self.page.html.push_str(if kind == LinkType::Email { " href=\"mailto:" } else { " href=\"" });
            escape_into(&mut self.page.html, &url::encode_authored(destination));
            self.page.html.push('"');
        }
        self.title_attribute(&target.title);
        self.page.html.push('>');

        if let Some(number) = bare {
            self.page.hole(Hole::Reference(number));
        }
        self.is_in_link = true;
        let before = std::mem::replace(&mut self.linking, Linking::Never);
        self.scoped(ScopeKind::Text, |writer| writer.inlines(text));
        self.linking = before;
        self.is_in_link = false;
        self.page.html.push_str("</a>");
    }

    /// Warns of a placeholder in an address, where no value is ever filled in.
    fn placeholder_in(&mut self, destination: &str, span: Span) {
        if !destination.contains('<') {
            return;
        }
        let mut names = self.options.placeholders.iter().map(|(name, _)| format!("<{name}>"));
        if let Some(name) = names.find(|name| destination.contains(name)) {
            let message = format!("a link with `{name}` in its address leads nowhere");
            let diagnostic = Diagnostic::new(DiagnosticCode::BrokenLink, message).at(self.source, span);
            self.done
                .diagnostics
                .push(diagnostic.hint("write the address as code, where readers see their values"));
        }
    }

    pub(super) fn title_attribute(&mut self, title: &str) {
        if !title.is_empty() {
            self.page.attribute("title", title);
        }
    }

    /// Writes a destination: as it is, or as a hole where it lies inside the book.
    pub(super) fn address(&mut self, destination: &str, kind: LinkKind, span: Span) {
        if is_inside(destination) {
            let number = self.inside(destination, kind, span);
            self.page.segment(SegmentKind::Url(number));
        } else {
            escape_into(&mut self.page.html, &url::encode_authored(destination));
        }
    }

    /// Takes note of a link inside the book: its number.
    pub(super) fn inside(&mut self, destination: &str, kind: LinkKind, span: Span) -> u32 {
        let folder = self.source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.done.links.push(Link::read(destination, kind, span, folder));
        place(self.done.links.len() - 1)
    }
}

/// The diagnostic for an image that does not say what it shows.
pub(super) fn undescribed() -> Diagnostic {
    let message = "this image has no text for those who do not see it";
    let hint = "say what it shows, `![A plan of the house](plan.svg)`, or that it only decorates, `<img src=\"plan.svg\" alt=\"\">`";
    Diagnostic::new(DiagnosticCode::MissingDescription, message).hint(hint)
}

/// Whether a destination lies inside the book.
pub(super) fn is_inside(destination: &str) -> bool {
    let is_known = !destination.is_empty() && !is_made_by_template(destination);
    is_known && !destination.starts_with('?') && !url::is_external(destination)
}
