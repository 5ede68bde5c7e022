//! Steps: sections that readers tick off, since their headings say so: `## Step 3: Open the door`.

/// The word for a step, in small letters, in the languages of the interface and some more.
const WORDS: &[&str] = &[
    "step",
    "schritt",
    "étape",
    "etape",
    "paso",
    "passo",
    "stap",
    "steg",
    "krok",
    "шаг",
    "الخطوة",
    "خطوة",
    "ステップ",
    "手順",
    "步骤",
    "단계",
];

/// Whether a heading is called a step: the word, a number, and its end or a sign before the rest.
pub fn is_step(heading: &str) -> bool {
    let heading = heading.trim().to_lowercase();
    let after = |word: &&str| heading.strip_prefix(*word).map(str::trim_start);
    let Some(rest) = WORDS.iter().find_map(after) else { return false };

    let title = rest.trim_start_matches(|c: char| c.is_numeric());
    title.len() < rest.len() && title.trim_start().chars().next().is_none_or(|c| ":：.–—-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::is_step;

    #[test]
    fn headings_that_are_steps() {
        for heading in
            ["Step 3: Open the door", "step 1", "Schritt 2 – Anmelden", "Étape 4 : Ouvrir", "步骤 1：安装"]
        {
            assert!(is_step(heading), "{heading}");
        }
        for heading in ["Step by step", "Step", "Steps 3 and 4", "Step 3 of the plan", "Stepping 3: x"] {
            assert!(!is_step(heading), "{heading}");
        }
    }
}
