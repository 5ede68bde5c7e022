//! What to write instead of a construct, and the advice that several tools need.

use crate::parse::alert;

/// What to write instead.
#[derive(Clone, Copy, Debug)]
pub enum Instead {
    /// These words say it.
    Words(&'static str),
    /// An alert, of the kind that this names in the signs.
    Alert(fn(&str) -> &str),
}

/// Instead of including a file.
pub(super) const INSERT: Instead = Instead::Words(
    "paste the code into a code block; `file=\"path\"` after its language has it compared with the file, `region=\"name\"` with a part of it",
);

/// Instead of tabs.
pub(super) const TABS: Instead = Instead::Words(
    "blocks of code get `tab=\"Title\"` after their language; tabs of other text are neighbouring `<details name=\"x\"><summary>Title</summary>`",
);

/// Instead of a box that opens.
pub(super) const DETAILS: Instead =
    Instead::Words("write `<details><summary>Title</summary>`, an empty line, the text, and `</details>`");

impl Instead {
    /// The hint for a construct, as it is written on its line.
    pub fn hint(self, line: &str) -> String {
        match self {
            Instead::Words(words) => words.to_owned(),
            Instead::Alert(kind) => {
                let kind = alert::meant(kind(line)).unwrap_or("NOTE");
                format!(
                    "here it is a quote: `> [!{kind}]`, with a title after it if there is one, and `> ` before every line of the text"
                )
            }
        }
    }
}
