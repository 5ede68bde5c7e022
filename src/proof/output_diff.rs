//! How what a command printed differs from what a chapter shows, line by line: `-` is before what the chapter shows, `+`
//! before what was printed. [`lines`] is the entry point.

use super::expect::{ExpectedLine, FoundLine};
use super::masks::Masks;
use crate::text::line_diff::{self, DiffStretch};

/// The most lines of a difference that are shown.
const MOST: usize = 40;

/// The lines of a difference.
pub fn lines(shown: &str, printed: &str, masks: &Masks) -> String {
    let lines_of = |text| -> Vec<&str> {
        let lines = str::lines(text).map(str::trim_end);
        lines.filter(|line| !line.is_empty()).collect()
    };
    let (shown, printed) = (lines_of(shown), lines_of(printed));
    let expected: Vec<ExpectedLine> = shown.iter().map(|line| ExpectedLine::new(line, masks)).collect();

    // Lines that count as the same get the same number; a line that stands for others has none that is printed.
    let found: Vec<FoundLine> = printed.iter().map(|line| ExpectedLine::found(line, masks)).collect();
    let same = |line: &FoundLine| found.iter().position(|other| line.is_same(other));
    let of_printed: Vec<usize> = found.iter().map(|line| same(line).unwrap_or_default()).collect();
    let of_shown: Vec<usize> = expected
        .iter()
        .enumerate()
        .map(|(at, line)| {
            let place = found.iter().position(|other| line.matches(other));
            place.map_or(printed.len() + at, |place| of_printed[place])
        })
        .collect();

    let mut lines = Vec::new();
    for DiffStretch { old, new, is_equal } in line_diff::of_numbers(&of_shown, &of_printed) {
        match is_equal {
            true => lines.extend(printed[new].iter().map(|line| format!("  {line}"))),
            false => {
                let is_open = old.clone().any(|at| matches!(expected[at], ExpectedLine::AnyLines));
                for at in old {
                    match expected[at] {
                        ExpectedLine::AnyLines => lines.push("  …".to_owned()),
                        ExpectedLine::Line { .. } => lines.push(format!("- {}", shown[at])),
                    }
                }
                // What is left out may be anything.
                let added = printed[new]
                    .iter()
                    .filter(|_| !is_open || lines.iter().any(|line| line.starts_with('-')));
                let added: Vec<String> = added.map(|line| format!("+ {line}")).collect();
                lines.extend(added);
            }
        }
    }
    let more = lines.len().saturating_sub(MOST);
    lines.truncate(MOST);
    if more > 0 {
        lines.push(format!("({more} more lines)"));
    }
    lines.join("\n")
}
