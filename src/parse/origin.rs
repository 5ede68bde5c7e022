//! What a code block says that it is a copy of.

/// Where a code block says that it comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The name of the source; the only one of the book, if there is none.
    pub source: Option<String>,
    /// The file.
    pub file: Option<String>,
    /// The region of the file, between two comments.
    pub region: Option<String>,
    /// The first and the last line, from 1.
    pub lines: Option<(usize, usize)>,
    /// The revision of the repository.
    pub rev: Option<String>,
}

/// The options of an info string that say it.
pub const OPTIONS: &[&str] = &["file=", "region=", "lines=", "rev=", "source="];

impl Origin {
    /// Takes one of the [`OPTIONS`]; false if it is none, or its value is wrong.
    pub fn set(&mut self, key: &str, value: &str) -> bool {
        let text = || Some(value.to_owned()).filter(|value| !value.is_empty());
        let (field, value) = match key {
            "file" => (&mut self.file, text()),
            "region" => (&mut self.region, text()),
            "rev" => (&mut self.rev, text()),
            "source" => (&mut self.source, text()),
            "lines" => {
                let (first, last) = value.split_once('-').unwrap_or((value, value));
                let pair = first.parse().ok().zip(last.parse().ok());
                self.lines = pair.filter(|(first, last)| 1 <= *first && first <= last);
                return self.lines.is_some();
            }
            _ => return false,
        };
        *field = value;
        field.is_some()
    }
}
