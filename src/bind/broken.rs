//! What is said of links that lead to nothing, or to a page without their anchor: what was most probably meant, as it is
//! written in the chapter.

use super::meant::{Wanted, is_host};
use super::targets::Targets;
use crate::parse::named_places::{Named, NamedPlace, name_in};
use crate::read::layout::CONTENT;
use crate::text::{Diagnostic, DiagnosticCode, url};
use crate::write::Document;
use crate::write::link::{Link, LinkKind};

/// The diagnostic for an anchor that its page, which is `target`, does not have.
pub fn anchor(link: &Link, document: &Document, target: &Document, targets: &Targets<'_>) -> Diagnostic {
    let anchor = link.anchor.as_deref().unwrap_or_default();
    let diagnostic = Diagnostic::new(
        DiagnosticCode::BrokenAnchor,
        format!("`{}` has no anchor `#{anchor}`", target.source.path),
    );

    // MyST finds a name in any file, and in the file that is named.
    let is_named_here = |found: &Document| link.path.is_none() || found.source.path == target.source.path;
    if let Some((found, named)) = targets.named(anchor).filter(|(found, _)| is_named_here(found)) {
        return diagnostic.hint(place_of(anchor, (found, named), document));
    }

    let mut known: Vec<&str> = target.anchors.iter().map(String::as_str).collect();
    known.sort_unstable();
    match targets.meant_anchor(anchor, &known) {
        Some(near) => diagnostic.hint(format!("did you mean `#{near}`?")),
        None if known.is_empty() => diagnostic.hint("that page has no headings; leave the anchor out"),
        None => {
            diagnostic.hint(format!("its first anchors: `#{}`", known[..known.len().min(8)].join("`, `#")))
        }
    }
}

/// The diagnostic for a link that leads to nothing.
pub fn link(link: &Link, document: &Document, targets: &Targets<'_>) -> Diagnostic {
    if let Some(draft) = targets.draft(link) {
        let message = format!("`{draft}` is a draft, and not in this book");
        return Diagnostic::new(DiagnosticCode::UnpublishedLink, message)
            .hint("publish it, or link to it when it is ready; `--drafts` shows drafts");
    }
    if let Some(reason) = link.source.as_deref().and_then(|source| targets.why_unread(source)) {
        return unread(link, reason);
    }

    let destination = &link.destination;
    let (code, message) = match link.kind {
        LinkKind::Resource => {
            (DiagnosticCode::MissingFile, format!("the file `{destination}` does not exist"))
        }
        LinkKind::Reference => {
            (DiagnosticCode::BrokenLink, format!("`{destination}` leads to no page or file of this book"))
        }
    };
    Diagnostic::new(code, message).hint(instead(link, document, targets))
}

/// What to write instead of a link that leads to nothing.
fn instead(link: &Link, document: &Document, targets: &Targets<'_>) -> String {
    if let Some(signs) = signs(link, document, targets) {
        return signs;
    }
    let Some(wanted) = &link.source else {
        return "the path leads out of the book; what it names is not published".to_owned();
    };

    let destination = &link.destination;
    let is_reference = link.kind == LinkKind::Reference;
    if let Some(found) = targets.named(destination).filter(|_| is_reference) {
        return place_of(destination, found, document);
    }
    if is_host(destination) {
        return format!("for a web address, write `https://{destination}`");
    }

    let wanted_kind = if is_reference { Wanted::AnyFile } else { Wanted::Asset };
    if let Some(near) = targets.meant(wanted, wanted_kind) {
        return meant(near, link, document, targets);
    }
    if !is_reference {
        return "put the file beside the chapter, and write its path relative to that: `images/plan.png`"
            .into();
    }

    let line = format!("({destination})=");
    if targets.has_names() && !destination.contains('/') && name_in(&line).is_some() {
        return format!(
            "no chapter has `{line}`, which MyST would look for; name a file: `[text](../part/chapter.md#anchor)`"
        );
    }
    "write links relative to this file, with the `.md`: `[text](../part/chapter.md#anchor)`".to_owned()
}

/// Asks whether a path was meant. The anchor of the link follows it, if the chapter there has that.
fn meant(near: &str, link: &Link, document: &Document, targets: &Targets<'_>) -> String {
    let path = url::relative(&document.source.path, near);
    let Some(anchor) = link.anchor.as_deref().filter(|anchor| !anchor.is_empty()) else {
        return format!("did you mean `{path}`?");
    };
    match targets.chapter(near).map(|id| targets.document(id).has_anchor(Some(anchor))) {
        Some(false) => format!("did you mean `{path}`? It has no anchor `#{anchor}`"),
        _ => format!("did you mean `{path}#{}`?", url::encode_authored(anchor)),
    }
}

/// How signs are written that mean something in an address, if a link has them in the name of a file that is there.
fn signs(link: &Link, document: &Document, targets: &Targets<'_>) -> Option<String> {
    const SIGNS: &[(char, &str)] = &[('#', "%23"), ('?', "%3F"), ('%', "%25")];
    let destination = link.destination.as_str();
    let folder = document.source.path.rsplit_once('/').map_or("", |(folder, _)| folder);

    // The last `#` can begin an anchor.
    let ends = [destination.len()].into_iter().chain(destination.rfind('#'));
    ends.into_iter().find_map(|end| {
        let (path, anchor) = destination.split_at(end);
        let source = match path.strip_prefix('/') {
            Some(path) => url::join(CONTENT, path)?,
            None => url::join(folder, path)?,
        };
        let signs: Vec<String> = SIGNS
            .iter()
            .filter(|(sign, _)| path.contains(*sign))
            .map(|(sign, written)| format!("`{sign}` is `{written}`"))
            .collect();
        if signs.is_empty() || !targets.has_source(&source) {
            return None;
        }

        let written = url::relative(&document.source.path, &source);
        Some(format!("in a path, {}: `{written}{anchor}`", signs.join(" and ")))
    })
}

/// Where the place is that has a name for MyST, and how a link leads there from a chapter.
fn place_of(name: &str, (found, named): (&Document, &Named), document: &Document) -> String {
    let file = &found.source.path;
    let path = match document.source.path == *file {
        true => String::new(),
        false => url::relative(&document.source.path, file),
    };
    let file = file.strip_prefix(CONTENT).map_or(file.as_str(), |file| file.trim_start_matches('/'));

    match named {
        Named::Title if path.is_empty() => {
            format!("`({name})=` is above the title of this file: write `[text](#top)`")
        }
        Named::Title => format!("`({name})=` is above the title of `{file}`: write `[text]({path})`"),
        Named::Section(heading) => {
            let id = section_id(found, heading);
            let write =
                format!("`({name})=` is in `{file}`: write `[text]({path}#{})`", url::encode_authored(id));
            if id == heading { write } else { format!("{write}, and `{{#{id}}}` after the heading there") }
        }
        Named::Text => format!(
            "`({name})=` is in `{file}`: write `[text]({path}#{})`, and `<a id=\"{name}\"></a>` there in its place",
            url::encode_authored(name)
        ),
    }
}

/// The id that a section with names for MyST is to have: its own if it is one of the names, else the first of them.
fn section_id<'d>(document: &'d Document, heading: &'d str) -> &'d str {
    let is_of_section = |place: &&NamedPlace| matches!(&place.named, Named::Section(id) if id == heading);
    let mut names = document.named.iter().filter(is_of_section).map(|place| place.name.as_str());
    let first = names.clone().next().unwrap_or(heading);
    names.find(|name| *name == heading).unwrap_or(first)
}

/// The diagnostic for a link to something that is there and could not be read.
fn unread(link: &Link, reason: &Diagnostic) -> Diagnostic {
    let code = match link.kind {
        LinkKind::Resource => DiagnosticCode::MissingFile,
        LinkKind::Reference => DiagnosticCode::BrokenLink,
    };
    let message = format!("`{}` is there, and cannot be used: {}", link.destination, reason.message);
    let diagnostic = Diagnostic::new(code, message);
    match &reason.hint {
        Some(hint) => diagnostic.hint(hint.clone()),
        None => diagnostic.hint("repair that file, or name another one"),
    }
}
