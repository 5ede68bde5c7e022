//! What search knows of a chapter besides its text: its title, those of its sections, and the names in code that are
//! made of signs only.
//!
//! Pagefind knows no signs, and little of how well a title fits what a reader types. The script that searches ranks
//! chapters by both, and the 404 page finds in [`list`] which address may have been meant. Readers load the list
//! before the first result, so it is compressed here, and of a large book it leaves out the deepest headings.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Value, json};

use super::page::Page;
use crate::text::gzip::pack;
use crate::text::html::{Tags, unescape};
use crate::text::url::encode_path;
use crate::write::{Document, SegmentKind};

/// The file, in the folder of the index. It is compressed, whatever a server thinks of its name.
pub const FILE: &str = "titles.json.gz";
/// The most bytes that the list may have, compressed.
const MOST: usize = 56 << 10;
/// A heading that more chapters have says little of any, as "Summary" or "Examples".
const COMMON: usize = 3;
/// How many chapters are known for a name.
const CHAPTERS: usize = 2;

/// Lists the titles of chapters. `ids` are those of their fragments; a chapter without text has none.
///
/// # Errors
/// Those of compressing.
pub fn list(pages: &[&Page], ids: &[Option<String>]) -> std::io::Result<Bytes> {
    let common = common(pages);
    let names = names(pages);

    // With all headings, else without those of the deepest levels.
    let mut packed = Vec::new();
    for deepest in (1..=6).rev() {
        let chapters = pages.iter().zip(ids).map(|(page, id)| chapter(page, id.as_deref(), &common, deepest));
        let chapters: Vec<Value> = chapters.collect();
        packed = pack(&[json!({ "chapters": chapters, "names": names }).to_string().as_bytes()])?;
        if packed.len() <= MOST {
            break;
        }
    }
    Ok(packed.into())
}

/// A chapter: the id of Pagefind's fragment, the address, the title, the part, and anchors and headings in turn. An
/// anchor that follows from its heading is 0.
fn chapter(page: &Page, id: Option<&str>, common: &BTreeMap<&str, usize>, deepest: u8) -> Value {
    let document = &page.document;
    let kept = document.headings.iter().filter(|heading| {
        heading.level <= deepest && common.get(&*heading.html).is_none_or(|count| *count <= COMMON)
    });
    let sections = kept.flat_map(|heading| {
        let text = marked(&heading.html);
        let anchor = if heading.id == usual(&text) { json!(0) } else { json!(heading.id) };
        [anchor, json!(text)]
    });

    let address = encode_path(&page.address);
    let title = title(document);
    json!([id, address, title, page.part, sections.collect::<Vec<_>>()])
}

/// The title, with code between backticks; as plain text if it has more than text, such as a formula.
fn title(document: &Document) -> String {
    let html = &document.title.html;
    if html.holes.is_empty() { marked(&html.html) } else { document.title.text.clone() }
}

/// How many chapters have a heading.
fn common<'p>(pages: &[&'p Page]) -> BTreeMap<&'p str, usize> {
    let mut counts = BTreeMap::new();
    for page in pages {
        let mut headings: Vec<&str> = page.document.headings.iter().map(|heading| &*heading.html).collect();
        headings.sort_unstable();
        headings.dedup();
        headings.into_iter().for_each(|heading| *counts.entry(heading).or_default() += 1);
    }
    counts
}

/// The names that are made of signs only, such as `?` and `..=`, each with the chapters that have it most often.
fn names(pages: &[&Page]) -> BTreeMap<String, Vec<usize>> {
    let mut found: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    for (number, page) in pages.iter().enumerate() {
        for (name, count) in signs(&page.document) {
            found.entry(name).or_default().push((count, number));
        }
    }

    let most = |mut chapters: Vec<(usize, usize)>| {
        chapters.sort_by_key(|(count, number)| (usize::MAX - count, *number));
        chapters.into_iter().take(CHAPTERS).map(|(_, number)| number).collect()
    };
    found.into_iter().map(|(name, chapters)| (name, most(chapters))).collect()
}

/// The code in a chapter's text that is made of signs only, and how often it is there.
fn signs(document: &Document) -> BTreeMap<String, usize> {
    let html = &document.text.html;
    let mut found = BTreeMap::new();
    for segment in &document.text.segments {
        let SegmentKind::Text(length) = segment.kind else { continue };
        let (start, end) = (segment.start as usize, segment.start as usize + length as usize);
        let tag = html[..start].rsplit_once('<').map(|(_, tag)| tag);
        let opens = tag.is_some_and(|tag| tag == "code>" || tag.starts_with("code ") && tag.ends_with('>'));
        let is_code = opens && html[end..].starts_with("</code>");
        let name = unescape(&html[start..end]);
        if is_code && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_punctuation()) {
            *found.entry(name.into_owned()).or_default() += 1;
        }
    }
    found
}

/// The text of HTML, with code between backticks.
fn marked(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut written = 0;
    for tag in Tags::of(html) {
        out.push_str(&html[written..tag.range.start]);
        if tag.is("code") {
            out.push('`');
        }
        written = tag.range.end;
    }
    out.push_str(&html[written..]);
    unescape(&out).into_owned()
}

/// The anchor that most headings have. The script that reads the list has the same rule.
fn usual(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_ascii_alphanumeric() || " -_".contains(*c) || !c.is_ascii());
    kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_in_titles_is_marked() {
        assert_eq!(marked("The <code>?</code> Operator &amp; <em>more</em>"), "The `?` Operator & more");
    }

    #[test]
    fn the_usual_anchor_is_what_the_script_expects() {
        assert_eq!(usual("The `?` Operator, 变量 & more"), "the--operator-变量--more");
    }
}
