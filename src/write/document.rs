//! A chapter as HTML: a [`Document`], immutable and complete.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use foldhash::HashSet;

use super::excerpt::Stale;
use super::label::Label;
use super::link::Link;
use super::markup::Markup;
use super::recorder::Answer;
use super::step_chain::StepBlock;
use crate::parse::address::Address;
use crate::parse::front_matter::FrontMatter;
use crate::parse::named_places::NamedPlace;
use crate::parse::todo::{Note, Task};
use crate::text::{Diagnostic, Digest, Source, Span};

/// One chapter, written as HTML.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file.
    pub source: Arc<Source>,
    /// The digest of the options that it was read with.
    pub options: Digest,
    /// The digest of what links from elsewhere depend on: its file's path, its address, its anchors and what they name.
    pub face: Digest,
    /// What its front matter says.
    pub front: FrontMatter,
    /// Where it is on the site.
    pub address: Address,
    /// The title, from the front matter, the first heading or the file's name.
    pub title: Title,
    /// The headings of the body, in order; the one that became the title is not among them.
    pub headings: Vec<PageHeading>,
    /// The body.
    pub text: Markup,
    /// Where the body's blocks begin, on the page and in the file.
    pub blocks: Vec<BlockStart>,
    /// Where in the file the body begins.
    pub body: usize,
    /// What of the file is hidden: TODO lists and notes, if the settings say so.
    pub hidden: Vec<Span>,
    /// Every id in the body and the title.
    pub anchors: HashSet<String>,
    /// The links and files that the body points to.
    pub links: Vec<Link>,
    /// The listings and tables that links can name.
    pub labels: Vec<Label>,
    /// The places that have names for MyST.
    pub named: Vec<NamedPlace>,
    /// The author's open and finished tasks in TODO lists, also where they are hidden.
    pub tasks: Vec<Task>,
    /// The author's notes, also where they are hidden.
    pub notes: Vec<Note>,
    /// The number of words in the body.
    pub words: usize,
    /// The first paragraph's text, cut at about 160 characters.
    pub opening: Option<String>,
    /// The number of code blocks that were compared with what they are copies of.
    pub copies: usize,
    /// The copies that differ from their files.
    pub stale: Vec<Stale>,
    /// The terms that it defines.
    pub entries: Vec<Entry>,
    /// The terms that its author marked.
    pub marked: Vec<Marked>,
    /// Whether all of the text was read, and not only how it begins.
    pub is_whole: bool,
    /// The blocks that say what to do and that tests follow, in order.
    pub steps: Vec<StepBlock>,
    /// The digest of all that it says to do, if it says so.
    pub steps_end: Option<Digest>,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
    /// What writing asked about other files, with the answers.
    pub answers: Vec<Answer>,
}

impl Document {
    /// The name of its file, without the folder.
    pub fn file_name(&self) -> &str {
        self.source.path.rsplit('/').next().unwrap_or_default()
    }

    /// Whether it has an anchor. The top of the page is always there (HTML, "Navigating to a fragment"), and text fragments
    /// are the browser's business.
    pub fn has_anchor(&self, anchor: Option<&str>) -> bool {
        anchor.is_none_or(|anchor| {
            anchor.is_empty() || self.anchors.contains(anchor) || anchor == "top" || anchor.starts_with(":~:")
        })
    }

    /// The same document at another address.
    pub fn at_address(&self, path: String) -> Document {
        let face = Digest::of_value(&(self.face, &path));
        let address = Address { key: path.to_lowercase(), path, diagnostic: None };
        Document { face, address, ..self.clone() }
    }
}

impl Hash for Document {
    /// Hashes what the document was made from, and its address, which can depend on other files: all else follows.
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.source.digest(), self.options, &self.answers, &self.address.path).hash(state);
    }
}

/// A chapter's title.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Title {
    /// As plain text.
    pub text: String,
    /// As HTML, with the inlines of the heading that it was.
    pub html: Markup,
    /// The id of that heading.
    pub id: Option<String>,
}

/// A heading of the body.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PageHeading {
    /// The level it has on the page, 2 to 6.
    pub level: u8,
    /// The id, unique in the page.
    pub id: String,
    /// The text as HTML, without links.
    pub html: String,
}

/// Where a block begins: its first tag is the first one at or after this place of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockStart {
    /// The byte of the body's HTML.
    pub at: usize,
    /// How many segments come before it.
    pub segments: usize,
    /// The byte in the file.
    pub source: usize,
}

/// A term and what it means.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// The term, as plain text.
    pub term: String,
    /// The id of its place.
    pub id: String,
    /// The definition as HTML, without links.
    pub definition: String,
    /// Where it is defined.
    pub span: Span,
}

/// A term that the author marked in the text: `[term]{.term}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Marked {
    /// The text, plain.
    pub text: String,
    /// Where it is.
    pub span: Span,
}
