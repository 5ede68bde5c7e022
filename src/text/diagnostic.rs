//! Diagnostics: errors and warnings as values, each with a message, a place and a hint.
//!
//! A [`Diagnostic`] is made where the problem is found. Every stage collects all problems instead of stopping at the
//! first, and [`report`](super::report) shows them at the end.

use std::cmp::Ordering;
use std::sync::Arc;

use super::source::{Source, Span};

/// Whether a problem prevents publishing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The book cannot be published like this.
    Error,
    /// The book is published, but something in it is probably not what its author meant.
    Warning,
}

impl Severity {
    /// The word in reports: `error` or `warning`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// Defines the codes from one list: variant, severity, stable name, and the meaning as a doc comment.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident $severity:ident $name:literal,)+) => {
        /// The stable, short name of a kind of problem.
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

            /// The severity of problems with this code.
            pub fn severity(self) -> Severity {
                match self { $(DiagnosticCode::$variant => Severity::$severity,)+ }
            }

            /// The meaning of the code, as the manual's reference has it.
            pub fn explanation(self) -> &'static str {
                match self { $(DiagnosticCode::$variant => concat!($($doc),+),)+ }
            }
        }
    };
}

codes! {
    /// No book was found: neither this folder nor a folder above it has `content/`.
    MissingBook Error "missing-book",
    /// The book has no chapter at all.
    EmptyBook Error "empty-book",
    /// A file or folder could not be read.
    UnreadableFile Error "unreadable-file",
    /// A text file is not UTF-8.
    InvalidUtf8 Error "invalid-utf8",
    /// A symbolic link leads out of the book, to a hidden file such as `.env`, or round in a circle, and is not
    /// followed.
    IgnoredSymlink Warning "ignored-symlink",
    /// A file is ignored because its name differs slightly from the one that bindery reads.
    MisnamedFile Warning "misnamed-file",
    /// A file looks like a chapter, but is in a format that bindery does not read.
    ForeignFile Warning "foreign-file",
    /// A named pipe, a socket or a device is in the book's folders, and is not read.
    SpecialFile Warning "special-file",
    /// A file is not in the book because another one is the page of its folder.
    IgnoredIndex Warning "ignored-index",
    /// YAML, or front matter in TOML, does not parse.
    InvalidYaml Error "invalid-yaml",
    /// A key of `book.yaml` or `theme.yaml` does not exist.
    UnknownSetting Error "unknown-setting",
    /// A key of a chapter's front matter is unknown; it is kept in `extra`.
    UnknownKey Warning "unknown-key",
    /// A value has the wrong type or is not one of those allowed.
    InvalidValue Error "invalid-value",
    /// A text in front matter or settings is cut off before ` #`, which begins a comment.
    CutText Warning "cut-text",
    /// Front matter begins and never ends.
    UnclosedFrontMatter Error "unclosed-front-matter",
    /// Front matter does not begin on the first line, and would be read as text.
    MisplacedFrontMatter Error "misplaced-front-matter",
    /// A date of a chapter cannot be read and is left out, or its `updated` is before its `date`.
    InvalidDate Warning "invalid-date",
    /// A chapter's `path` is not a valid address.
    InvalidPath Error "invalid-path",
    /// Two outputs have the same address.
    DuplicateAddress Error "duplicate-address",
    /// `SUMMARY.md` names a file that does not exist.
    MissingChapter Warning "missing-chapter",
    /// `SUMMARY.md` names a chapter twice.
    DuplicateEntry Warning "duplicate-entry",
    /// A chapter is not listed in `SUMMARY.md`; it is published, but not in the list of chapters.
    UnlistedChapter Warning "unlisted-chapter",
    /// `SUMMARY.md` contains something that is neither a part nor an entry, or an entry that leads out of `content/`.
    InvalidSummary Warning "invalid-summary",
    /// A link leads to a page or file that does not exist.
    BrokenLink Warning "broken-link",
    /// A link leads to an anchor that its page does not have.
    BrokenAnchor Warning "broken-anchor",
    /// An image or another file beside the chapter does not exist, or cannot be read: then the message says why.
    MissingFile Warning "missing-file",
    /// A link leads to a chapter that is still a draft and is not published.
    UnpublishedLink Warning "unpublished-link",
    /// A quote begins like an alert, but is not one.
    UnknownAlert Warning "unknown-alert",
    /// Markup of another tool means nothing here; it is shown as text, or not at all.
    ForeignMarkup Warning "foreign-markup",
    /// Something looks like a link or an image, but is text.
    InvalidLink Warning "invalid-link",
    /// Something looks like a table, but is text.
    InvalidTable Warning "invalid-table",
    /// A row of a table has more cells than the header; the extra cells are not shown.
    ExtraCell Warning "extra-cell",
    /// A code block has no closing fence, so it continues to the end of the chapter, list item or quote.
    UnclosedFence Warning "unclosed-fence",
    /// Two elements of a page have the same id.
    DuplicateId Warning "duplicate-id",
    /// A footnote is referred to, but not defined.
    MissingFootnote Warning "missing-footnote",
    /// A footnote is defined, but nothing refers to it; it is shown after the others.
    UnusedFootnote Warning "unused-footnote",
    /// A `<placeholder>` in prose would vanish as an HTML tag; it is shown as text.
    UnknownPlaceholder Warning "unknown-placeholder",
    /// Raw HTML leaves an element, a comment or a tag open.
    UnclosedHtml Warning "unclosed-html",
    /// Raw HTML closes an element that is not open.
    UnopenedHtml Warning "unopened-html",
    /// Lines that look like Markdown are in a block of raw HTML, and are shown as they are written.
    UnreadMarkdown Warning "unread-markdown",
    /// Blocks or inline content are nested too deeply; the deepest levels are removed, and their content is kept.
    ExcessiveNesting Warning "excessive-nesting",
    /// The language of a code block is not known; the block is shown without colours.
    UnknownLanguage Warning "unknown-language",
    /// The grammar of a language cannot read a code block to its end; the block is shown without colours.
    FailedHighlighting Warning "failed-highlighting",
    /// A block in the language of console sessions has no known prompt.
    MissingPrompt Warning "missing-prompt",
    /// Something looks like a prompt, and is not read as one.
    UnknownPrompt Warning "unknown-prompt",
    /// An option in the info string of a code block is not known.
    UnknownOption Warning "unknown-option",
    /// A chapter, a code block or a comment for tests names a machine that `book.yaml` does not declare.
    UnknownMachine Warning "unknown-machine",
    /// A comment for `bindery test` cannot be read; the test leaves it out.
    InvalidTest Warning "invalid-test",
    /// A code block names a source that `book.yaml` does not declare.
    UnknownSource Warning "unknown-source",
    /// The source of a code block does not exist: the file, the lines, the region or the revision.
    MissingSource Warning "missing-source",
    /// A code block differs from the file that it is a copy of.
    OutdatedCopy Warning "outdated-copy",
    /// A block with `diff` does not fit the file that it changes; found by `bindery test --files`.
    FailedDiff Error "failed-diff",
    /// What the blocks of a chapter make of a file is not what its revision has; found by `bindery test --files`.
    DifferingFile Error "differing-file",
    /// A revision changes a file that no block of its chapter writes; found by `bindery test --files`.
    UnwrittenFile Error "unwritten-file",
    /// A command of the tutorial fails, or a file cannot be written; found by `bindery test`.
    FailedStep Error "failed-step",
    /// A command prints something else than the chapter shows; found by `bindery test`.
    DifferingOutput Error "differing-output",
    /// A prompt names another user, machine or folder than the terminal has by then; found by `bindery test`.
    DifferingPrompt Error "differing-prompt",
    /// Fewer steps of the book are proven than `bindery test --min` asks for.
    UnprovenBook Error "unproven-book",
    /// What a block says to do, or what comes before it, has changed since `bindery test --record` followed it.
    OutdatedProof Warning "outdated-proof",
    /// What a chapter says to do was never followed by `bindery test --record`, or did not work then.
    MissingProof Warning "missing-proof",
    /// A term is marked in the text, `[term]{.term}`, but no glossary defines it.
    UnknownTerm Warning "unknown-term",
    /// A term is defined twice; the first definition counts.
    DuplicateTerm Warning "duplicate-term",
    /// A glossary defines a term that no other chapter uses.
    UnusedTerm Warning "unused-term",
    /// A formula is not LaTeX that can be shown as MathML; its text is shown instead.
    InvalidMath Warning "invalid-math",
    /// A diagram is not Mermaid that can be drawn; its source is shown instead.
    InvalidDiagram Warning "invalid-diagram",
    /// An image or a diagram has no description for readers who cannot see it.
    MissingDescription Warning "missing-description",
    /// A theme does not exist, or extends itself or a theme that does not exist.
    InvalidTheme Error "invalid-theme",
    /// A file of a theme is not used.
    UnusedThemeFile Warning "unused-theme-file",
    /// A key in a theme's `words/` is not a word of the interface.
    UnknownInterfaceWord Warning "unknown-interface-word",
    /// A template does not parse, or fails on a page.
    InvalidTemplate Error "invalid-template",
    /// A title is written in a script that the font of social images does not have.
    MissingGlyphs Warning "missing-glyphs",
    /// The search index could not be made.
    FailedSearchIndex Error "failed-search-index",
    /// The output folder contains files that bindery did not write, or overlaps with an input folder.
    RefusedOutput Error "refused-output",
    /// The output could not be written.
    FailedOutput Error "failed-output",
    /// Another program uses the port of the preview.
    TakenPort Error "taken-port",
    /// The preview cannot be served.
    FailedPreview Error "failed-preview",
    /// There is no container engine, or it cannot start a container.
    MissingEngine Error "missing-engine",
    /// The system does not allow more threads.
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

/// One error or warning.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The severity: that of the code, unless a setting changes it.
    pub severity: Severity,
    /// The kind of problem.
    pub code: DiagnosticCode,
    /// What is wrong: lower case, names in backticks, no full stop.
    pub message: String,
    /// The place in a text, if there is one.
    pub place: Option<Location>,
    /// The file or folder, if there is no place in a text.
    pub path: Option<String>,
    /// More facts, such as the second of two places that conflict.
    pub notes: Vec<String>,
    /// What the author can do.
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

    /// Sets the place in a text.
    #[must_use]
    pub fn at(mut self, source: &Arc<Source>, span: impl Into<Span>) -> Self {
        self.place = Some(Location { source: Arc::clone(source), span: span.into() });
        self
    }

    /// Sets the file or folder.
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

    /// Sets what the author can do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The file or folder with the problem, if there is one.
    pub fn file(&self) -> Option<&str> {
        match &self.place {
            Some(place) => Some(&place.source.path),
            None => self.path.as_deref(),
        }
    }

    /// The order of reports: by file, then place, code and message.
    pub fn reading_order(&self, other: &Self) -> Ordering {
        self.order_key().cmp(&other.order_key())
    }

    fn order_key(&self) -> (Option<&str>, Option<Span>, DiagnosticCode, &str) {
        (self.file(), self.place.as_ref().map(|place| place.span), self.code, &self.message)
    }
}

/// Rewrites a library's message in the style of messages here: the first letter in lower case, no full stop.
pub fn in_our_style(sentence: &str) -> String {
    let mut letters = sentence.trim_end().trim_end_matches('.').chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}
