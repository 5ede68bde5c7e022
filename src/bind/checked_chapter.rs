//! What of a chapter was checked and is as it was then, by its own part of the record.

use jiff::civil::Date;

use crate::read::proof_record::{RecordedBlock, RecordedChapter, RecordedResult};
use crate::text::Digest;
use crate::write::Document;
use crate::write::step_chain::StepBlock;

/// What of a chapter was checked and is as it was then.
#[derive(Debug, Hash)]
pub struct CheckedChapter {
    /// The day.
    pub day: Date,
    /// The systems on which that was: `Debian 12`, or several with commas.
    pub on: String,
    /// How many of its steps work.
    pub checked: usize,
    /// How many it has.
    pub steps: usize,
    /// The blocks that work, each with its systems.
    pub blocks: Vec<(Digest, String)>,
}

impl CheckedChapter {
    /// What is still so of what was found; none if that is nothing.
    pub(super) fn new(document: &Document, recorded: &RecordedChapter) -> Option<Self> {
        let mut chapter = CheckedChapter {
            day: recorded.date,
            on: String::new(),
            checked: 0,
            steps: document.steps.iter().map(|block| block.steps).sum(),
            blocks: Vec::new(),
        };
        let mut systems: Vec<&str> = Vec::new();
        for (block, found) in pairs(document, recorded) {
            let Some(found) = found else { continue };
            chapter.checked += found.steps.min(block.steps);
            if found.result == RecordedResult::Proven {
                chapter.blocks.push((block.digest, found.on.clone()));
            }
            let new = found.on.split(", ").filter(|system| !system.is_empty() && found.steps > 0);
            new.for_each(|system| {
                if !systems.contains(&system) {
                    systems.push(system);
                }
            });
        }
        chapter.on = systems.join(", ");
        (chapter.checked > 0).then_some(chapter)
    }

    /// The systems on which a block was checked, if it was.
    pub fn block(&self, step: Option<Digest>) -> Option<&str> {
        let step = step?;
        self.blocks.iter().find(|(digest, _)| *digest == step).map(|(_, on)| on.as_str())
    }
}

/// The blocks of a chapter, each with what was found of it.
pub(super) fn pairs<'d>(
    document: &'d Document,
    recorded: &'d RecordedChapter,
) -> impl Iterator<Item = (&'d StepBlock, Option<&'d RecordedBlock>)> {
    // Both are in the order of the text, and what comes after a block that has changed has another digest.
    let mut found = recorded.blocks.iter().peekable();
    document.steps.iter().map(move |block| {
        let short = block.digest.short();
        (block, found.next_if(|found| found.digest == short))
    })
}
