//! What is kept of a test beside the book: what became of each block, and on which systems. Pure.

use jiff::civil::Date;

use super::steps::ChapterPlan;
use super::verdict::{StepOutcome, Verdict};
use crate::read::proof_basis::ProofBasis;
use crate::read::proof_record::{RecordedBlock, RecordedChapter, RecordedResult};
use crate::text::Digest;

/// The most characters of the name of a system.
const LONGEST: usize = 40;

/// When and where a chapter was followed.
#[derive(Clone, Copy, Debug)]
pub struct FollowedAt<'f> {
    /// The day.
    pub date: Date,
    /// The systems of the machines.
    pub systems: &'f [String],
    /// The digest of what comes before the chapter, as the record has it.
    pub after: &'f str,
    /// What of the settings decides what becomes of steps.
    pub basis: &'f ProofBasis,
}

/// What is kept of a chapter. What is only in comments and in other tabs is not: no page shows it.
pub fn chapter(plan: &ChapterPlan, outcomes: &[StepOutcome], at: FollowedAt<'_>) -> RecordedChapter {
    let mut blocks: Vec<(Digest, RecordedBlock)> = Vec::new();
    for (step, outcome) in plan.steps.iter().zip(outcomes) {
        let Some(digest) = step.block else { continue };
        if blocks.last().is_none_or(|(last, _)| *last != digest) {
            let (result, on) = (RecordedResult::Proven, String::new());
            blocks.push((digest, RecordedBlock { digest: digest.short(), result, steps: 0, on }));
        }
        let Some((_, block)) = blocks.last_mut() else { continue };

        let system = at.systems.get(step.seat.machine).map_or("", String::as_str);
        if !block.on.split(", ").any(|known| known == system) {
            block.on += if block.on.is_empty() { "" } else { ", " };
            block.on += system;
        }
        block.steps += usize::from(outcome.verdict == Verdict::Proven);
        block.result = match (outcome.verdict, block.result) {
            (Verdict::Proven, result) => result,
            (Verdict::Differing | Verdict::Failed, _) => RecordedResult::Failed,
            (_, RecordedResult::Failed) => RecordedResult::Failed,
            _ => RecordedResult::NotChecked,
        };
    }
    let blocks = blocks.into_iter().map(|(_, block)| block).collect();
    RecordedChapter { date: at.date, after: at.after.to_owned(), basis: at.basis.clone(), blocks }
}

/// What people call a system, by its `os-release`: `Debian 12`, `Ubuntu 24.04`.
pub fn system_name(os_release: &str) -> Option<String> {
    let value = |key: &str| {
        let line = os_release.lines().find_map(|line| line.trim().strip_prefix(key)?.strip_prefix('='))?;
        let value = line.trim_matches(['"', '\'']).trim();
        Some(value).filter(|value| !value.is_empty())
    };
    let name = value("NAME")?.trim_end_matches(" GNU/Linux");
    let name = match value("VERSION_ID") {
        Some(version) => format!("{name} {version}"),
        None => name.to_owned(),
    };
    // A comma parts the names of several systems.
    Some(name.chars().filter(|c| !c.is_control() && *c != ',').take(LONGEST).collect())
}

#[cfg(test)]
mod tests {
    use super::system_name;

    #[test]
    fn systems_are_called_as_people_do() {
        let debian =
            "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\n";
        assert_eq!(system_name(debian).as_deref(), Some("Debian 12"));
        assert_eq!(system_name("NAME='Ubuntu'\nVERSION_ID='24.04'").as_deref(), Some("Ubuntu 24.04"));
        assert_eq!(system_name("NAME=\"Arch Linux\"\nID=arch\n").as_deref(), Some("Arch Linux"));
        assert_eq!(system_name("NAME=a\u{1b}, b\n").as_deref(), Some("a b"));
        assert_eq!(system_name("NAME=\nVERSION_ID=1\n"), None);
        assert_eq!(system_name(""), None);
    }
}
