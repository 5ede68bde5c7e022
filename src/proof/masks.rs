//! What may be another one each time that a command runs: dates, process numbers, versions and so on. [`Masks`] puts the
//! name of its kind in the place of each, so that two texts can be compared without them.

use regex::{Captures, Regex};

use crate::read::proof::Varying;

/// What varies in a text.
#[derive(Debug)]
pub struct Masks {
    /// Finds everything that looks like something of any kind, so that a part of one is not taken for another.
    any: Option<Regex>,
    /// The kinds that are masked.
    kinds: Vec<Varying>,
}

/// Names of months, in dates.
const MONTH: &str = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*";

/// A time of day.
const TIME: &str =
    r"[0-9]{1,2}:[0-5][0-9](?::[0-9]{2}(?:[.,][0-9]+)?)?(?: ?[AP]M\b)?(?:Z\b| ?[+-][0-9]{2}:?[0-9]{2})?\b";

impl Masks {
    /// Makes masks of these kinds.
    pub fn new(kinds: &[Varying]) -> Self {
        let group = |kind: &Varying| format!("(?<{}>{})", kind.name(), pattern(*kind));
        let any = Varying::ALL.iter().map(group).collect::<Vec<_>>().join("|");
        Masks { any: Regex::new(&any).ok(), kinds: kinds.to_vec() }
    }

    /// A text with the name of its kind in the place of each thing that may vary.
    pub fn apply(&self, text: &str) -> String {
        self.replace(text, varies)
    }

    /// The same, also in the place of what is more likely a number or a word: one hash in thirty has no letter.
    pub fn apply_widely(&self, text: &str) -> String {
        self.replace(text, |kind, text| kind == Varying::Hash || varies(kind, text))
    }

    fn replace(&self, text: &str, varies: impl Fn(Varying, &str) -> bool) -> String {
        let masked = |found: &Captures<'_>| {
            let text = &found[0];
            let kind = self.kinds.iter().find(|kind| found.name(kind.name()).is_some());
            match kind.filter(|kind| varies(**kind, text)) {
                Some(kind) => format!("\u{27e8}{}\u{27e9}{}", kind.name(), &text[length(*kind, text)..]),
                None => text.to_owned(),
            }
        };
        self.any.as_ref().map_or_else(|| text.to_owned(), |any| any.replace_all(text, masked).into_owned())
    }
}

/// What something of a kind looks like.
fn pattern(kind: Varying) -> String {
    match kind {
        Varying::Date => {
            let day = "(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?";
            let year = "(?:,? [0-9]{4})?";
            let forms = [
                format!(r"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:[T ]{TIME})?"),
                format!(r"[0-9]{{1,2}}/{MONTH}/[0-9]{{4}}(?::{TIME})?"),
                // With the time before the year, as `date` prints it.
                format!(r"{day}{MONTH} {{1,2}}[0-9]{{1,2}} {TIME}(?: [A-Z]{{3,4}})? [0-9]{{4}}"),
                format!(r"{day}{MONTH} {{1,2}}[0-9]{{1,2}}{year}"),
                format!(r"{day}[0-9]{{1,2}} {MONTH}{year}"),
            ];
            format!(r"\b(?:{})\b", forms.join("|"))
        }
        Varying::Address => concat!(
            r"\b(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]+)?",
            r"|(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}",
            r"|(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{1,4}",
            r"|[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4})*::(?:[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4})*)?)\b"
        )
        .to_owned(),
        Varying::Time => format!(r"\b{TIME}"),
        // The last form is that of places in memory, which programs print of their objects.
        Varying::Hash => {
            r"\b(?:SHA256|MD5):[A-Za-z0-9+/=:]{16,}|\b[0-9a-f]{7,128}\b|\b0x[0-9a-fA-F]{9,16}\b".to_owned()
        }
        Varying::Version => concat!(
            r"(?:\bv[0-9]+\.[0-9]+|\b[0-9]+\.[0-9]+\.[0-9]+|\b(?:version |[A-Za-z]+/)[0-9]+\.[0-9]+)",
            r"(?:[-+~:.]?[0-9A-Za-z]+)*\b"
        )
        .to_owned(),
        Varying::Size => r"\b[0-9]+(?:[.,][0-9]+)* ?(?:[kKMGT]i?B|[kKMGT]|bytes|B)\b".to_owned(),
        Varying::Duration => {
            r"\b[0-9]+(?:[.,][0-9]+)? ?(?:[mnµu]?s|secs?|seconds?|mins?|minutes?|hours?|days?)\b".to_owned()
        }
        // The first form is that of jobs that go on: `[1] 4711`.
        Varying::Pid => {
            r"^\[[0-9]\] [0-9]{2,7}$|\[[0-9]{2,7}\]|\b(?:pid|PID|process)(?:[:=] ?| )[0-9]+\b".to_owned()
        }
    }
}

/// How much of what was found is masked: the port after an address stays.
fn length(kind: Varying, text: &str) -> usize {
    match text.rsplit_once(':') {
        Some((address, _)) if kind == Varying::Address && address.contains('.') => address.len(),
        _ => text.len(),
    }
}

/// Whether what looks like something of a kind is that.
fn varies(kind: Varying, text: &str) -> bool {
    match kind {
        // These mean the machine itself, or all of its addresses.
        Varying::Address => !text.starts_with("127.") && !text.starts_with("0.0.0.0"),
        // A number and a word can look like one.
        Varying::Hash => {
            let has = |is: fn(&char) -> bool| text.chars().any(|c| is(&c));
            has(char::is_ascii_digit) && has(char::is_ascii_alphabetic)
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_vary_is_masked() {
        let masks = Masks::new(Varying::ALL);
        for (text, masked) in [
            ("built 2026-11-28", "built ⟨date⟩"),
            ("at 2026-11-28T10:22:33Z.", "at ⟨date⟩."),
            ("Sat Nov 28 10:22:33 UTC 2026", "⟨date⟩"),
            ("Nov 28 10:22:33 server sshd[812]: x", "⟨date⟩ ⟨time⟩ server sshd⟨pid⟩: x"),
            ("28 November 2026, 9 May", "⟨date⟩, ⟨date⟩"),
            ("127.0.0.1 - - [28/Nov/2026 10:22:33] \"GET /\"", "127.0.0.1 - - [⟨date⟩ ⟨time⟩] \"GET /\""),
            ("10:22 to 10:22:33.123", "⟨time⟩ to ⟨time⟩"),
            ("from 203.0.113.7 to 127.0.0.1:5000", "from ⟨address⟩ to 127.0.0.1:5000"),
            ("fe80::5054:ff:fe12:3456", "⟨address⟩"),
            ("commit 3f2a9bc deadbeef 1234567", "commit ⟨hash⟩ deadbeef 1234567"),
            ("SHA256:abcdefghijklmnop+/ABC sam", "⟨hash⟩ sam"),
            ("<Site object at 0x7f36e4c456d8> 0x00000169AB 0xff", "<Site object at ⟨hash⟩> ⟨hash⟩ 0xff"),
            (
                "Python 3.12.3, git version 2.39, v2.0 of nginx/1.24.0",
                "Python ⟨version⟩, git ⟨version⟩, ⟨version⟩ of ⟨version⟩",
            ),
            ("3.14 and 1.5", "3.14 and 1.5"),
            ("12.3 MB in 1.5 s", "⟨size⟩ in ⟨duration⟩"),
            ("4 passed in 0.12s", "4 passed in ⟨duration⟩"),
            ("Booting worker with pid: 4711", "Booting worker with ⟨pid⟩"),
            ("0.0.0.0:22 [::1]:22 203.0.113.7:22", "0.0.0.0:22 [::1]:22 ⟨address⟩:22"),
            ("[1] 4711", "⟨pid⟩"),
            ("[1] 1", "[1] 1"),
            ("nothing of this 42", "nothing of this 42"),
        ] {
            assert_eq!(masks.apply(text), masked, "{text}");
        }
        assert_eq!(masks.apply_widely("commit 1234567 at 127.0.0.1"), "commit ⟨hash⟩ at 127.0.0.1");
        assert_eq!(Masks::new(&[Varying::Date]).apply("2026-11-28 v1.2.3"), "⟨date⟩ v1.2.3");
        assert_eq!(Masks::new(&[Varying::Version]).apply("203.0.113.7 v1.2"), "203.0.113.7 ⟨version⟩");
    }
}
