//! What a code block says of the tests of its commands.

/// What a code block says of the tests of its commands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct StepOptions {
    /// Which of its commands fail on purpose.
    pub fails: FailingCommands,
    /// Why its commands are not tested, if they are not.
    pub skip: Option<String>,
    /// How many seconds each command may take, if it says so.
    pub timeout: Option<u64>,
    /// How its last command goes on running, if it does.
    pub until: Option<Until>,
    /// For how many seconds a command that does not work is typed again.
    pub retry: Option<u64>,
    /// Whether it is typed in a terminal of its own.
    pub alone: bool,
}

/// Which commands of a block fail on purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FailingCommands {
    /// None of them.
    #[default]
    None,
    /// The last one.
    Last,
    /// All of them.
    All,
}

/// When a command that goes on running is ready.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Until {
    /// When it has printed this.
    Printed(String),
    /// After so many seconds.
    Seconds(u64),
}

/// The options of an info string that say it.
pub const OPTIONS: &[&str] = &["alone", "fails", "fails=", "retry=", "skip=", "timeout=", "until="];

impl StepOptions {
    /// The options that are set, each as it can be written.
    pub fn words(&self) -> Vec<String> {
        let fails = match self.fails {
            FailingCommands::None => None,
            FailingCommands::Last => Some("fails".to_owned()),
            FailingCommands::All => Some("fails=all".to_owned()),
        };
        let until = self.until.as_ref().map(|until| match until {
            Until::Printed(text) => format!("until=\"{text}\""),
            Until::Seconds(seconds) => format!("until={seconds}s"),
        });
        let words = [
            self.alone.then(|| "alone".to_owned()),
            fails,
            self.retry.map(|seconds| format!("retry={seconds}s")),
            self.skip.as_ref().map(|reason| format!("skip=\"{reason}\"")),
            self.timeout.map(|seconds| format!("timeout={seconds}s")),
            until,
        ];
        words.into_iter().flatten().collect()
    }

    /// Takes one of the [`OPTIONS`] with its value; false if it is none, or its value is empty.
    ///
    /// # Errors
    /// What is wrong with a length of time.
    pub fn set(&mut self, key: &str, value: &str) -> Result<bool, &'static str> {
        match key {
            "skip" => self.skip = Some(value.to_owned()).filter(|value| !value.trim().is_empty()),
            "timeout" => self.timeout = Some(seconds(value)?),
            "fails" if value == "all" => self.fails = FailingCommands::All,
            "retry" => self.retry = Some(seconds(value)?),
            "until" if value.trim().is_empty() => return Ok(false),
            "until" => {
                let shown = || Until::Printed(value.to_owned());
                self.until = Some(seconds(value).map_or_else(|_| shown(), Until::Seconds));
            }
            _ => return Ok(false),
        }
        Ok(self.skip.is_some() || key != "skip")
    }
}

/// Reads a length of time: `90s` or `5m`, up to a day. Returns seconds.
fn seconds(text: &str) -> Result<u64, &'static str> {
    const WRONG: &str = "write seconds or minutes, such as `90s` or `5m`";
    let (number, unit) = match text.split_at_checked(text.len().saturating_sub(1)) {
        Some((number, "s")) => (number, 1),
        Some((number, "m")) => (number, 60),
        _ => return Err(WRONG),
    };
    let seconds = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    match seconds {
        Some(seconds @ 1..=86_400) => Ok(seconds),
        _ => Err(WRONG),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time() {
        assert_eq!(seconds("90s"), Ok(90));
        assert_eq!(seconds("5m"), Ok(300));
        for text in ["", "s", "5", "5h", "0s", "-1s", "1.5s", "1441m", "99999999999999999999m", "5é"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
