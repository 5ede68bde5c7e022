//! Digests of all that leads to the state of the machines after a chapter. What has the same digest need not be done again. Pure.

use std::hash::{Hash, Hasher};

use super::steps::{ChapterPlan, Fate, StepAction, TutorialStep};
use crate::read::Config;
use crate::text::Span;
use crate::text::digest::Digest;

/// The version of what is done and saved. It changes where the same steps would have another result.
const VERSION: u32 = 10;

/// The digest of what comes before the first chapter: the settings, and the ids of the machines' images.
pub fn beginning(config: &Config, engine: &str, images: &[String]) -> Digest {
    let proof = &config.proof;
    let varies: Vec<&str> = proof.varies.iter().map(|kind| kind.name()).collect();
    Digest::of_value(&(VERSION, env!("CARGO_PKG_VERSION"), engine, images, &config.machines, proof, varies))
}

/// The digest of a chapter after what comes before it.
pub fn after(before: Digest, plan: &ChapterPlan) -> Digest {
    let steps: Vec<DigestedStep<'_>> = plan.steps.iter().map(DigestedStep).collect();
    Digest::of_value(&(before, steps, &plan.named_files))
}

/// A step without its place in the chapter: text around it may change.
struct DigestedStep<'s>(&'s TutorialStep);

impl Hash for DigestedStep<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let step = self.0;
        // The places of lines in a block, of which reports speak.
        let start = step.span.start;
        let of = |span: &Span| (span.start.wrapping_sub(start), span.end.wrapping_sub(start));
        (step.seat.machine, &step.seat.user, of(&step.span)).hash(state);

        match &step.fate {
            Fate::Followed => 0.hash(state),
            Fate::OtherTab => 1.hash(state),
            Fate::Skipped(reason) => (2, reason).hash(state),
            Fate::NotCovered(reason) => (3, reason).hash(state),
        }

        match &step.action {
            StepAction::Command(command) => {
                (0, &command.script, &command.claim, command.fails, command.timeout, &command.until)
                    .hash(state);
                (command.retry, command.is_alone, command.is_next, command.is_in_program).hash(state);
                (&command.prompts, &command.editor, command.may_fail, &command.remarks).hash(state);
                if let Some(prints) = &command.prints {
                    (&prints.text, prints.spans.iter().map(of).collect::<Vec<_>>()).hash(state);
                }
            }
            StepAction::File { block, is_typed } => {
                (1, &block.path, block.form, is_typed).hash(state);
                block.lines.iter().for_each(|line| (&line.text, of(&line.span)).hash(state));
            }
            StepAction::Get { url, contains } => (2, url, contains).hash(state),
            StepAction::Stop => 3.hash(state),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::parse::Options;
    use crate::proof::code::CodeReading;
    use crate::proof::plan;
    use crate::text::Source;

    fn digest(chapter: &str) -> Digest {
        let config = Config::default();
        let options = Options::new(&config);
        let with = CodeReading { options: &options, settings: &config.proof };
        let plan = plan::of_source(&Arc::new(Source::new("a.md", chapter.to_owned())), &config, with);
        after(Digest::default(), &plan)
    }

    #[test]
    fn what_is_done_counts_and_the_text_around_it_does_not() {
        let chapter = "# A\n\n```console\n$ ls\na\n```\n";
        assert_eq!(digest(chapter), digest(&chapter.replace("# A", "# Another title\n\nMore.")));
        for (old, new) in
            [("$ ls", "$ ls -a"), ("\na\n", "\nb\n"), ("console", "console fails"), ("a\n```", "\na\n```")]
        {
            assert_ne!(digest(chapter), digest(&chapter.replace(old, new)), "{new}");
        }
        let file = "```text title=\"a.txt\"\na\n```\n";
        assert_ne!(digest(file), digest(&file.replace("\na\n", "\nb\n")));
    }
}
