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
    /// The first and the last line of each range, from 1, in the order of the file.
    pub lines: Vec<(usize, usize)>,
    /// The revision of the repository.
    pub rev: Option<String>,
}

/// The options of an info string that say it.
pub const OPTIONS: &[&str] = &["file=", "region=", "lines=", "rev=", "source="];

impl Origin {
    /// Takes one of the [`OPTIONS`]; false if it is none, or its value is wrong.
    ///
    /// # Errors
    /// What is wrong with a list of lines.
    pub fn set(&mut self, key: &str, value: &str) -> Result<bool, &'static str> {
        let field = match key {
            "file" => &mut self.file,
            "region" => &mut self.region,
            "rev" => &mut self.rev,
            "source" => &mut self.source,
            "lines" => {
                self.lines = line_ranges(value)?;
                return Ok(true);
            }
            _ => return Ok(false),
        };
        *field = Some(value.to_owned()).filter(|value| !value.is_empty());
        Ok(field.is_some())
    }
}

/// Reads a list of lines and ranges, such as `7` and `1-4,9-12`. The lines of a copy are in the order of its file.
fn line_ranges(list: &str) -> Result<Vec<(usize, usize)>, &'static str> {
    let number = |text: &str| text.trim().parse().map_err(|_| "it is no list of lines");
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for item in list.split(',') {
        let (first, last) = item.split_once('-').unwrap_or((item, item));
        let range = (number(first)?, number(last)?);

        let before = ranges.last().copied().unwrap_or_default();
        match range {
            (0, _) => return Err("the first line of a file is 1"),
            (first, last) if last < first => return Err("a range ends before it begins"),
            (_, last) if last < before.0 => return Err("its ranges are not in the order of the file"),
            (first, _) if first <= before.1 => return Err("its ranges overlap"),
            _ => ranges.push(range),
        }
    }
    Ok(ranges)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_in_the_order_of_the_file() {
        for (list, expected) in [
            ("7", Ok(vec![(7, 7)])),
            ("1-4,9-12", Ok(vec![(1, 4), (9, 12)])),
            ("1-4, 5, 7-7", Ok(vec![(1, 4), (5, 5), (7, 7)])),
            ("9-12,1-4", Err("its ranges are not in the order of the file")),
            ("1-4,4-5", Err("its ranges overlap")),
            ("3-4,1-9", Err("its ranges overlap")),
            ("4-3", Err("a range ends before it begins")),
            ("0-3", Err("the first line of a file is 1")),
            ("1-4,", Err("it is no list of lines")),
            ("", Err("it is no list of lines")),
            ("3-", Err("it is no list of lines")),
            ("3..4", Err("it is no list of lines")),
        ] {
            assert_eq!(line_ranges(list), expected, "{list}");
        }
    }
}
