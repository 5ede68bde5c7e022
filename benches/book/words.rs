//! Text from patterns: words in `«»` are slots, which [`Words::fill`] fills from lists of words.
//!
//! The slots: `noun`, `adj`, `verb` (as in "to keep"), `verbs` ("it keeps"), `adv`; `n` for a number below
//! 100, `port`, `hex` for seven digits, `ip` for an address reserved for documentation; and `a` to `d` for
//! names that stay the same until [`Words::rename`], `A` to `D` for the same as names of classes.

use super::random::Random;

const NOUNS: &[&str] = &[
    "server",
    "key",
    "folder",
    "file",
    "service",
    "user",
    "process",
    "certificate",
    "socket",
    "port",
    "queue",
    "worker",
    "request",
    "template",
    "session",
    "password",
    "database",
    "table",
    "backup",
    "timer",
    "package",
    "release",
    "domain",
    "record",
    "firewall",
    "proxy",
    "token",
    "module",
    "script",
    "shell",
    "setting",
    "client",
    "network",
    "volume",
    "container",
    "schedule",
    "failure",
    "warning",
    "header",
    "mailbox",
    "gateway",
    "kernel",
    "library",
    "license",
    "mirror",
    "signal",
    "stream",
    "ticket",
    "configuration",
    "connection",
    "credential",
    "deployment",
    "fingerprint",
    "framework",
    "middleware",
    "notification",
    "permission",
    "placeholder",
    "repository",
    "requirement",
    "subscription",
    "supervisor",
    "transaction",
    "translation",
    "timestamp",
    "workstation",
    "provider",
    "hostname",
    "keyboard",
    "processor",
];
const ADJECTIVES: &[&str] = &[
    "small",
    "quiet",
    "local",
    "remote",
    "second",
    "private",
    "public",
    "slow",
    "fast",
    "plain",
    "daily",
    "hidden",
    "broken",
    "fresh",
    "stale",
    "shared",
    "strict",
    "careful",
    "secure",
    "temporary",
    "permanent",
    "readable",
    "trusted",
    "former",
    "nightly",
    "signed",
    "minimal",
    "confidential",
    "complicated",
    "predictable",
    "reproducible",
    "standardised",
    "read-only",
    "forgotten",
    "half-finished",
    "duplicated",
    "production-ready",
    "long-running",
    "self-signed",
];
const VERBS: &[&str] = &[
    "keep",
    "send",
    "read",
    "write",
    "check",
    "start",
    "stop",
    "build",
    "load",
    "open",
    "move",
    "sign",
    "trust",
    "find",
    "hold",
    "list",
    "protect",
    "rename",
    "restart",
    "save",
    "show",
    "store",
    "test",
    "follow",
    "record",
    "replace",
    "restore",
    "rotate",
    "share",
    "measure",
    "configure",
    "describe",
    "generate",
    "synchronise",
    "authenticate",
    "distribute",
    "investigate",
    "initialise",
    "document",
    "schedule",
    "decommission",
    "reproduce",
];
const ADVERBS: &[&str] = &[
    "quickly",
    "quietly",
    "safely",
    "twice",
    "again",
    "first",
    "later",
    "by hand",
    "every night",
    "without delay",
    "in the background",
    "before lunch",
    "as planned",
    "with care",
    "from home",
    "for a year",
    "on a second machine",
    "from the command line",
];

/// Fills patterns with words.
#[derive(Clone, Debug)]
pub struct Words {
    /// The random choices.
    pub random: Random,
    names: [String; 4],
}

impl Words {
    /// Starts with the words of a seed.
    pub fn new(seed: u64) -> Self {
        let mut words = Words { random: Random::new(seed), names: Default::default() };
        words.rename();
        words
    }

    /// Chooses other names for the slots `a` to `d`.
    pub fn rename(&mut self) {
        let random = &mut self.random;
        self.names = std::array::from_fn(|_| format!("{}_{}", random.word(NOUNS), random.word(NOUNS)));
    }

    /// One of the patterns, filled.
    pub fn one_of(&mut self, patterns: &[&'static str]) -> String {
        let pattern = self.random.word(patterns);
        self.fill(pattern)
    }

    /// The pattern with its slots filled.
    pub fn fill(&mut self, pattern: &str) -> String {
        let mut text = String::with_capacity(pattern.len() + pattern.len() / 4);
        let mut pieces = pattern.split('«');
        text.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let (slot, rest) = piece.split_once('»').unwrap_or((piece, ""));
            self.slot(slot, &mut text);
            text.push_str(rest);
        }
        text
    }

    fn slot(&mut self, slot: &str, text: &mut String) {
        let random = &mut self.random;
        match slot {
            "noun" => text.push_str(random.word(NOUNS)),
            "adj" => text.push_str(random.word(ADJECTIVES)),
            "verb" => text.push_str(random.word(VERBS)),
            "verbs" => text.push_str(&format!("{}s", random.word(VERBS))),
            "adv" => text.push_str(random.word(ADVERBS)),
            "n" => text.push_str(&(random.below(98) + 2).to_string()),
            "port" => text.push_str(&(random.below(60_000) + 1_024).to_string()),
            "hex" => text.push_str(&format!("{:07x}", random.below(1 << 28))),
            "ip" => text.push_str(&format!("203.0.113.{}", random.below(254) + 1)),
            "a" | "b" | "c" | "d" => text.push_str(self.name(slot)),
            "A" | "B" | "C" | "D" => text.extend(self.name(&slot.to_lowercase()).split('_').map(capital)),
            // An unknown slot remains in the text, where it is easily seen.
            _ => text.push_str(&format!("«{slot}»")),
        }
    }

    fn name(&self, slot: &str) -> &str {
        let number = ["a", "b", "c", "d"].iter().position(|name| *name == slot);
        number.map_or("", |number| &self.names[number])
    }
}

/// A word with a capital letter.
pub fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
