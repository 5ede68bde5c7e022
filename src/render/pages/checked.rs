//! What pages say of steps that were checked.

use crate::bind::checked_chapter::CheckedChapter;
use crate::bind::places::CONTENTS;
use crate::render::code::head::CheckedMark;
use crate::render::theme::words::{InterfaceWords, fill};
use crate::text::html::escape;

use super::urls::PageUrls;
use super::view::{CheckedView, DateView};

/// The id of the section of the contents page that explains it.
pub const EXPLANATION: &str = "b:checked";

/// The URL of that section.
pub fn explanation(urls: &PageUrls<'_>) -> String {
    format!("{}#{EXPLANATION}", urls.to(CONTENTS))
}

/// What a page says of a chapter, with the URL of what explains it.
pub fn view<'v>(chapter: &'v CheckedChapter, words: &InterfaceWords, url: String) -> CheckedView<'v> {
    let day = chapter.day;
    CheckedView {
        checked: chapter.checked,
        steps: chapter.steps,
        on: &chapter.on,
        date: Some(DateView { iso: day.to_string(), text: words.day((day.year(), day.month(), day.day())) }),
        url,
    }
}

/// What the blocks of a chapter say on the page at an address, but for their systems.
pub fn mark(chapter: &CheckedChapter, words: &InterfaceWords, page: &str) -> CheckedMark {
    let day = chapter.day;
    let shown = escape(&words.day((day.year(), day.month(), day.day())));
    let text = escape(words.get("checked", "on"));
    CheckedMark {
        text: fill(&text, "date", &format!("<time datetime=\"{day}\">{shown}</time>")),
        url: explanation(&PageUrls::Relative(page)),
    }
}

/// `34 of 36 steps checked`
pub fn steps(checked: usize, steps: usize, words: &InterfaceWords) -> String {
    fill(&words.counted("checked", "steps", steps), "checked", &checked)
}

/// `34 of 36 steps checked: Debian 12, 28 November 2026`
pub fn line(chapter: &CheckedChapter, words: &InterfaceWords) -> String {
    let day = words.day((chapter.day.year(), chapter.day.month(), chapter.day.day()));
    format!("{}: {}, {day}", steps(chapter.checked, chapter.steps, words), chapter.on)
}
