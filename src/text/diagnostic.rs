//! Faults as values: what is wrong, where, and what to do about it.
//!
//! A [`Diagnostic`] is made where the fault is seen and shown only at the end, by
//! [`report`](super::report). None stops at the first: every stage collects.

use std::cmp::Ordering;
use std::sync::Arc;

use super::source::{Source, Span};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The book cannot be published like this.
    Error,
    /// The book is published, but something in it is probably not what its author meant.
    Warning,
}

impl Severity {
    /// The word people and machines read: `error` or `warning`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// Lists the codes once: variant, stable name, severity, and what the code means.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident $severity:ident $name:literal,)+) => {
        /// The stable, short name of a kind of fault.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum DiagnosticCode {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl DiagnosticCode {
            /// Every code, in the order of the reference.
            pub const ALL: &[DiagnosticCode] = &[$(DiagnosticCode::$variant,)+];

            /// The name that reports show, such as `broken-link`.
            pub fn name(self) -> &'static str {
                match self { $(DiagnosticCode::$variant => $name,)+ }
            }

            /// How bad a fault of this kind is.
            pub fn severity(self) -> Severity {
                match self { $(DiagnosticCode::$variant => Severity::$severity,)+ }
            }

            /// What the code means: the text of the manual's reference.
            pub fn explanation(self) -> &'static str {
                match self { $(DiagnosticCode::$variant => concat!($($doc),+),)+ }
            }
        }
    };
}

codes! {
    /// No book was found: neither the folder nor one above it has `content/`.
    MissingBook Error "missing-book",
    /// The book has no chapter at all.
    EmptyBook Error "empty-book",
    /// A file or folder could not be read.
    UnreadableFile Error "unreadable-file",
    /// A text file is not UTF-8.
    InvalidUtf8 Error "invalid-utf8",
    /// A symbolic link leads out of the book, or round in a circle, and is not followed.
    IgnoredSymlink Warning "ignored-symlink",
    /// A file has almost the name of one that is read, and is not.
    MisnamedFile Warning "misnamed-file",
    /// YAML does not parse.
    InvalidYaml Error "invalid-yaml",
    /// A key of `book.yaml` or `theme.yaml` does not exist.
    UnknownSetting Error "unknown-setting",
    /// A key of a chapter's front matter is not one of bindery's; it is kept in `extra`.
    UnknownKey Warning "unknown-key",
    /// A value has the wrong type or is not one of those allowed.
    InvalidValue Error "invalid-value",
    /// Front matter opens with `---` and never closes.
    UnclosedFrontMatter Error "unclosed-front-matter",
    /// Front matter does not begin on the first line, and would be read as text.
    MisplacedFrontMatter Error "misplaced-front-matter",
    /// Front matter is written in TOML, between lines of `+++`, and is not read.
    UnsupportedFrontMatter Warning "unsupported-front-matter",
    /// A chapter was updated before its date.
    InvalidDate Warning "invalid-date",
    /// A chapter's address is not one a site can have.
    InvalidPath Error "invalid-path",
    /// Two outputs have the same address.
    DuplicateAddress Error "duplicate-address",
    /// `SUMMARY.md` names a file that does not exist.
    MissingChapter Error "missing-chapter",
    /// `SUMMARY.md` names a chapter twice.
    DuplicateEntry Error "duplicate-entry",
    /// A chapter is not listed in `SUMMARY.md`; it is published, outside the order.
    UnlistedChapter Warning "unlisted-chapter",
    /// `SUMMARY.md` holds something that is neither a part nor an entry.
    InvalidSummary Warning "invalid-summary",
    /// A link leads to a page or file that does not exist.
    BrokenLink Warning "broken-link",
    /// A link leads to an anchor that its page does not have.
    BrokenAnchor Warning "broken-anchor",
    /// An image or another file beside the chapter does not exist.
    MissingFile Warning "missing-file",
    /// A link leads to a chapter that is still a draft and is not published.
    UnpublishedLink Warning "unpublished-link",
    /// A quote begins like an alert, and is none.
    UnknownAlert Warning "unknown-alert",
    /// A row of a table has more cells than the head; they are not shown.
    ExtraCell Warning "extra-cell",
    /// A code block has no closing fence, and goes on to the end of what it is in.
    UnclosedFence Warning "unclosed-fence",
    /// Two elements of a page have the same id.
    DuplicateId Warning "duplicate-id",
    /// A footnote is used that is not defined.
    MissingFootnote Warning "missing-footnote",
    /// A footnote is defined that nothing refers to; it is shown after the others, without a mark in the text.
    UnusedFootnote Warning "unused-footnote",
    /// A `<placeholder>` in prose would vanish as an HTML tag; it is shown as text.
    UnknownPlaceholder Warning "unknown-placeholder",
    /// Raw HTML leaves an element, a comment or a tag open.
    UnclosedHtml Warning "unclosed-html",
    /// Raw HTML closes an element that is not open.
    UnopenedHtml Warning "unopened-html",
    /// Blocks or inline content are nested too deeply; the deeper levels are left out, and what they hold is kept.
    ExcessiveNesting Warning "excessive-nesting",
    /// The language of a code block is not known; the block is shown without colours.
    UnknownLanguage Warning "unknown-language",
    /// A block in the language of console sessions has no prompt that is known; all of it is shown as output.
    MissingPrompt Warning "missing-prompt",
    /// A word in the info string of a code block is not known.
    UnknownWord Warning "unknown-word",
    /// A code block names a source that `book.yaml` does not declare.
    UnknownSource Warning "unknown-source",
    /// What a code block is a copy of is not there: the file, the lines, the region or the revision.
    MissingSource Warning "missing-source",
    /// A code block is not what its `file=` holds.
    OutdatedCopy Warning "outdated-copy",
    /// A term is marked in the text, `[term]{.term}`, and no glossary defines it.
    UnknownTerm Warning "unknown-term",
    /// A term is defined twice; the first definition counts.
    DuplicateTerm Warning "duplicate-term",
    /// A glossary defines a term that no other chapter uses.
    UnusedTerm Warning "unused-term",
    /// A formula is not LaTeX that can be shown as MathML; its text is shown instead.
    InvalidMath Warning "invalid-math",
    /// A diagram is not Mermaid that can be drawn; its source is shown instead.
    InvalidDiagram Warning "invalid-diagram",
    /// A diagram says nothing to readers who do not see it.
    MissingDescription Warning "missing-description",
    /// A theme is not there, or extends one that is not there, or itself.
    InvalidTheme Error "invalid-theme",
    /// A file of a theme is used by nothing.
    UnusedThemeFile Warning "unused-theme-file",
    /// A word in a theme's `words/` is none of the interface's.
    UnknownInterfaceWord Warning "unknown-interface-word",
    /// A template does not parse or fails.
    InvalidTemplate Error "invalid-template",
    /// A title is written in a script that the font of social images does not have.
    MissingGlyphs Warning "missing-glyphs",
    /// The index for search could not be made.
    FailedSearchIndex Error "failed-search-index",
    /// The output folder holds what bindery did not write, or is or contains an input folder.
    RefusedOutput Error "refused-output",
    /// The output could not be written.
    FailedOutput Error "failed-output",
    /// Another program listens where the preview would be served.
    TakenPort Error "taken-port",
    /// The preview cannot be served.
    FailedPreview Error "failed-preview",
    /// The system starts no threads.
    MissingThreads Error "missing-threads",
}

/// A place in a source.
#[derive(Clone, Debug)]
pub struct Location {
    /// The file.
    pub source: Arc<Source>,
    /// The bytes in it.
    pub span: Span,
}

/// One fault.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What kind it is.
    pub code: DiagnosticCode,
    /// What is wrong: lower case, names in backticks, no full stop.
    pub message: String,
    /// Where, if it has a place in a text.
    pub place: Option<Location>,
    /// The file or folder it is about, where there is no place in a text.
    pub path: Option<String>,
    /// More facts, such as the other one of two that clash.
    pub notes: Vec<String>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// Makes a diagnostic without a place.
    pub fn new(code: DiagnosticCode, message: impl Into<String>) -> Self {
        Diagnostic {
            severity: code.severity(),
            code,
            message: message.into(),
            place: None,
            path: None,
            notes: Vec::new(),
            hint: None,
        }
    }

    /// Says where in a text.
    #[must_use]
    pub fn at(mut self, source: &Arc<Source>, span: impl Into<Span>) -> Self {
        self.place = Some(Location { source: Arc::clone(source), span: span.into() });
        self
    }

    /// Says which file or folder.
    #[must_use]
    pub fn on(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The file it is about, if any.
    pub fn file(&self) -> Option<&str> {
        match &self.place {
            Some(place) => Some(&place.source.path),
            None => self.path.as_deref(),
        }
    }

    /// The order of reports: by file, then place, then code.
    pub fn reading_order(&self, other: &Self) -> Ordering {
        let key = |d: &Diagnostic| d.place.as_ref().map(|place| place.span);
        self.file()
            .cmp(&other.file())
            .then_with(|| key(self).cmp(&key(other)))
            .then_with(|| self.code.cmp(&other.code))
            .then_with(|| self.message.cmp(&other.message))
    }
}

/// A sentence of a library's as messages are written here: it begins small, and ends without a full stop.
pub fn in_our_style(sentence: &str) -> String {
    let mut letters = sentence.trim_end().trim_end_matches('.').chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}
