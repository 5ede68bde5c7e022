//! The kinds of alerts, and what other tools call them.

/// The kinds of alerts, as GitHub has them.
pub const ALERTS: [&str; 5] = ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"];

/// What other tools call them, and the box of a course.
const ELSEWHERE: &[(&str, &str)] = &[
    ("info", "NOTE"),
    ("abstract", "NOTE"),
    ("summary", "NOTE"),
    ("tldr", "NOTE"),
    ("example", "NOTE"),
    ("quote", "NOTE"),
    ("cite", "NOTE"),
    ("question", "NOTE"),
    ("help", "NOTE"),
    ("faq", "NOTE"),
    ("todo", "NOTE"),
    ("seealso", "NOTE"),
    ("admonition", "NOTE"),
    ("callout", "NOTE"),
    ("aside", "NOTE"),
    ("notice", "NOTE"),
    ("alert", "NOTE"),
    ("secondary", "NOTE"),
    ("hint", "TIP"),
    ("success", "TIP"),
    ("check", "TIP"),
    ("done", "TIP"),
    ("attention", "WARNING"),
    ("warn", "WARNING"),
    ("danger", "CAUTION"),
    ("error", "CAUTION"),
    ("bug", "CAUTION"),
    ("failure", "CAUTION"),
    ("fail", "CAUTION"),
    ("missing", "CAUTION"),
];

/// The kind that a word means, in upper or lower case: its own name, or that of another tool.
pub fn meant(word: &str) -> Option<&'static str> {
    let own = ALERTS.iter().find(|name| word.eq_ignore_ascii_case(name)).copied();
    own.or_else(|| {
        ELSEWHERE.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, meant)| *meant)
    })
}
