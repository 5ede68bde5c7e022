//! The whole book on one page, for paper.
//!
//! Each chapter's body is that of its own page, with its ids and links changed (`placement.rs`).

use std::cell::RefCell;

use rayon::prelude::*;

use super::body::{self, BodyContext};
use super::checked;
use super::placement::Placement;
use super::urls::{PageUrls, PrintNumbers, id};
use super::view::PrintChapterView;
use crate::bind::places::PRINT;
use crate::render::code::highlight::Highlighter;
use crate::render::inputs::{PrintChapter, PrintJob};
use crate::render::theme::template::Html;

/// Numbers the chapters.
pub fn numbers(job: &PrintJob) -> PrintNumbers<'_> {
    job.chapters.iter().zip(1..).map(|(chapter, number)| (chapter.address.as_str(), number)).collect()
}

/// Renders the chapters.
pub fn chapters<'j>(
    job: &'j PrintJob,
    numbers: &PrintNumbers<'_>,
    highlighter: &Highlighter,
) -> Vec<PrintChapterView<'j>> {
    let words = &job.frame.theme.words;
    let explanation = checked::explanation(&PageUrls::Relative(PRINT));
    let view = |(at, chapter): (usize, &'j PrintChapter)| {
        let number = at + 1;
        let document = &chapter.document;
        let placement = Placement::new(number, &chapter.address, numbers);

        // They are those of the chapters' own pages.
        let warnings = RefCell::default();
        let context = BodyContext {
            frame: &job.frame,
            document,
            number: chapter.number.as_deref(),
            references: &chapter.references,
            links: &chapter.links,
            uses: &chapter.terms,
            highlighter,
            warnings: &warnings,
            placement: Some(&placement),
            checked: chapter.checked.as_ref().map(|checked| &***checked),
        };

        PrintChapterView {
            part: chapter.part.as_deref(),
            id: id(number),
            number: chapter.number.as_deref(),
            title: &document.title.text,
            title_html: Html::new(&body::title(context)),
            title_id: document.title.id.as_ref().map(|own| format!("{}{own}", placement.prefix)),
            draft: document.front.draft,
            checked: chapter
                .checked
                .as_ref()
                .map(|chapter| checked::view(chapter, words, explanation.clone())),
            body: Html::new(&body::body(context)),
        }
    };

    job.chapters.par_iter().enumerate().map(view).collect()
}
