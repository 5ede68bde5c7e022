//! Blocks that say what to do: how many steps each has, and a digest of its text and of all such blocks before it in the chapter.
//!
//! `bindery test --record` keeps the digests of what works, and pages say so of the blocks that still have them. So the digests are
//! made of texts alone, in a form that stays the same from one version of the program to the next.

use std::collections::BTreeSet;

use super::code_block::CodeBlock;
use super::placeholder;
use crate::parse::Options;
use crate::parse::console::{Part, Run};
use crate::parse::front_matter::FrontMatter;
use crate::parse::info::Info;
use crate::parse::language::Language;
use crate::parse::test_note::TestNote;
use crate::parse::tree::{Block, BlockKind, Code};
use crate::text::{Digest, Span};

/// The form of what is digested. Another one makes all records worthless.
const FORM: &str = "1";

/// Languages of blocks that show what the command before them prints.
pub const PRINTED: [&str; 2] = ["output", ERROR];
/// The one for a command that may fail.
pub const ERROR: &str = "error";

/// A block that says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepBlock {
    /// The digest of its text and of what comes before it.
    pub digest: Digest,
    /// How many steps it has.
    pub steps: usize,
    /// The text that made it.
    pub span: Span,
    /// The file whose text it is, if the command before has opened that in an editor.
    pub edited: Option<String>,
}

/// What a chapter says to do up to some place.
#[derive(Clone, Debug)]
pub struct StepChain<'o> {
    options: &'o Options,
    last: Option<Digest>,
    /// The machine of the chapter.
    machine: String,
    /// The file that the last command has opened in an editor.
    editing: Option<String>,
}

impl<'o> StepChain<'o> {
    /// The beginning of a chapter.
    pub fn new(front: &FrontMatter, options: &'o Options) -> Self {
        let machine = front.machine.as_ref().map(|(machine, _)| machine.clone());
        StepChain { options, last: None, machine: machine.unwrap_or_default(), editing: None }
    }

    /// Adds a block that is followed, with the code after it. Returns nothing if it does not say what to do.
    pub fn block(
        &mut self,
        info: &Info,
        block: &CodeBlock,
        span: Span,
        after: Option<&Code>,
    ) -> Option<StepBlock> {
        let mut steps = block.steps();
        let edited = self.editing.take_if(|_| steps == 0 && block.is_text());
        if edited.is_some() {
            steps = 1;
        }
        if steps == 0 {
            return None;
        }
        self.editing = block.editing().map(str::to_owned);

        let origin = &block.origin;
        let flag = |name: &'static str, is_on: bool| if is_on { name } else { "" };
        let mut parts = vec![
            block.name.as_str(),
            block.title.as_deref().unwrap_or_default(),
            block.tab.as_deref().unwrap_or_default(),
            block.machine.as_deref().unwrap_or_default(),
            origin.file.as_deref().unwrap_or_default(),
            flag("diff", block.diff),
            flag("root", info.root),
            flag("part", origin.region.is_some() || !origin.lines.is_empty()),
            &block.text,
        ];
        let options = info.step.words();
        parts.extend(options.iter().map(String::as_str));
        let printed = block.printed_by(after).map(|code| code.text.text.as_str());
        parts.extend(printed);
        let values = self.values(&[&block.text, printed.unwrap_or_default()]);
        parts.extend(values.iter().map(String::as_str));

        Some(StepBlock { digest: self.add(&parts), steps, span, edited })
    }

    /// Adds a comment for tests.
    pub fn note(&mut self, note: &TestNote) {
        let mut parts = match note {
            TestNote::Stop => vec!["stop"],
            TestNote::Get { url, contains } => vec!["get", url, contains.as_deref().unwrap_or_default()],
            TestNote::Run { machine, user, script } => {
                let (machine, user) = (machine.as_deref(), user.as_deref());
                vec!["run", machine.unwrap_or_default(), user.unwrap_or_default(), script]
            }
        };
        let values = self.values(&parts);
        parts.extend(values.iter().map(String::as_str));
        self.add(&parts);
    }

    /// What tests fill the placeholders of these texts with.
    fn values(&self, texts: &[&str]) -> Vec<String> {
        let named = |text: &&str| placeholder::tokens(text, self.options).into_iter().map(|token| token.name);
        let names: BTreeSet<String> = texts.iter().flat_map(named).collect();
        let value = |name: String| self.options.value(&name).map(|value| format!("{name}={value}"));
        names.into_iter().filter_map(value).collect()
    }

    /// The digest of all that the chapter says to do; none if that is nothing.
    pub fn end(&self) -> Option<Digest> {
        self.last
    }

    fn add(&mut self, parts: &[&str]) -> Digest {
        let before = self.last.map_or_else(|| format!("{FORM}\n{}", self.machine), Digest::hex);
        let lengths = parts.iter().map(|part| format!("\n{}\n{part}", part.len()));
        let digest = Digest::of(lengths.fold(before, |text, part| text + &part).as_bytes());
        self.last = Some(digest);
        digest
    }
}

/// The digest of what comes before a chapter, after one more that says to do something.
pub fn after(before: Option<Digest>, chapter: Digest) -> Digest {
    let before = before.map(Digest::hex).unwrap_or_default();
    Digest::of(format!("{before}\n{}", chapter.hex()).as_bytes())
}

/// The code that comes first in a list of blocks, if that begins with some.
pub fn code_first<'b>(blocks: &'b [Block<'_>]) -> Option<&'b Code> {
    match &blocks.first()?.kind {
        BlockKind::Code(code) => Some(code),
        _ => None,
    }
}

/// The tab that is followed among neighbours: the first in the list of the settings, else the first.
pub fn followed_tab<'t>(group: &[&'t str], wanted: &[String]) -> Option<&'t str> {
    let named = wanted.iter().find_map(|wanted| group.iter().find(|tab| *tab == wanted));
    named.or(group.first()).copied()
}

/// The file that a command opens in a text editor that is known.
pub fn edited(script: &str) -> Option<&str> {
    let mut words = script.split_whitespace().skip_while(|word| *word == "sudo");
    let (editor, path) = (words.next()?, words.last()?);
    (editor == "nano").then_some(path.trim_start_matches("./"))
}

impl CodeBlock {
    /// The file that its last command opens in a text editor.
    fn editing(&self) -> Option<&str> {
        let parts = self.commands()?.runs.last()?.parts.iter();
        let last = parts.rev().find_map(|part| match part {
            Part::Command(command) => Some(&command.script),
            _ => None,
        });
        edited(last?)
    }

    /// Whether it can be the text of a file that the command before has opened: it is no diff, and nothing for a shell.
    fn is_text(&self) -> bool {
        !self.diff && self.session.is_none() && !self.language.is_some_and(Language::is_shell)
    }

    /// The code right after it, if that shows what its last command prints, as some books have it.
    pub fn printed_by<'c>(&self, after: Option<&'c Code>) -> Option<&'c Code> {
        let info = after?.info.as_ref()?;
        let is_printed =
            PRINTED.contains(&info.language.as_str()) && info.title.is_none() && info.tab.is_none();
        let is_shown = self.commands()?.runs.last()?.parts.last();
        let is_command = matches!(is_shown, Some(Part::Command(_)));
        after.filter(|_| is_printed && is_command && self.editing().is_none())
    }

    /// How many steps it has: commands, or a file.
    pub fn steps(&self) -> usize {
        match self.commands() {
            Some(session) => {
                let parts = session.runs.iter().flat_map(|run| run.parts.iter().map(move |part| (run, part)));
                let is_step = |(run, part): &(&Run, &Part)| matches!(part, Part::Command(command) if run.has_step(command));
                parts.filter(is_step).count()
            }
            None => usize::from(self.file_path().is_some()),
        }
    }

    /// The path of the file that it is about. A title without the form of a path is none.
    pub fn file_path(&self) -> Option<&str> {
        let path = self.title.as_ref().or(self.origin.file.as_ref())?.trim();
        (path.contains(['/', '.']) && !path.contains(char::is_whitespace)).then_some(path)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::parse::{self, Options};
    use crate::read::{Config, Snapshot};
    use crate::text::{Hashed, Source};
    use crate::write::{Document, write};

    fn document(chapter: &str) -> Document {
        let options = Hashed::new(Options::new(&Config::default()));
        let source = Arc::new(Source::new("content/a.md", chapter.to_owned()));
        write(parse::parse(&source, &options), &options, &Snapshot::default())
    }

    const CHAPTER: &str = "# A\n\n```console\n$ ls\na\n$ pwd\n```\n\n<!-- test: run true -->\n\n```text title=\"a.txt\"\na\n```\n";

    #[test]
    fn what_a_chapter_says_to_do_counts_and_nothing_else() {
        let known = document(CHAPTER);
        assert_eq!(known.steps.iter().map(|block| block.steps).collect::<Vec<_>>(), [2, 1]);

        let is_same = |old: &str, new: &str| {
            let other = document(&CHAPTER.replacen(old, new, 1));
            let pairs = known.steps.iter().zip(&other.steps);
            (
                pairs.map(|(one, two)| one.digest == two.digest).collect::<Vec<_>>(),
                known.steps_end == other.steps_end,
            )
        };
        for (old, new) in [
            ("# A", "# B\n\nMore.\n\n```python\nprint()\n```\n\n```console\nonly output\n```"),
            ("```console", "```console numbers {1}"),
        ] {
            assert_eq!(is_same(old, new), (vec![true, true], true), "{new}");
        }
        for (old, new) in [("$ ls", "$ ls -a"), ("\na\n$", "\nb\n$"), ("console", "console fails")] {
            assert_eq!(is_same(old, new), (vec![false, false], false), "{new}");
        }
        for (old, new) in
            [("run true", "run false"), ("title=\"a.txt\"", "title=\"b.txt\""), ("\na\n```\n", "\nc\n```\n")]
        {
            assert_eq!(is_same(old, new), (vec![true, false], false), "{new}");
        }
    }

    #[test]
    fn digests_are_those_of_earlier_versions() {
        let document = document(CHAPTER);
        let digests = document.steps.iter().map(|block| block.digest.short()).collect::<Vec<_>>();
        assert_eq!(digests, ["77a49554be", "2a5dda6f1e"]);
        assert_eq!(after(None, Digest::of(b"a")).short(), "918fb48c2d");
    }

    #[test]
    fn a_tab_is_chosen_among_neighbours() {
        let wanted = ["Fedora".to_owned(), "Ubuntu".to_owned()];
        assert_eq!(followed_tab(&["Debian", "Ubuntu", "Fedora"], &wanted), Some("Fedora"));
        assert_eq!(followed_tab(&["Arch", "Debian"], &wanted), Some("Arch"));
        assert_eq!(followed_tab(&[], &wanted), None);
    }
}
