//! How writing looks at other files: through questions whose answers are kept.
//!
//! A document that was parsed before is still good if its own text, the options, and the answers to all
//! its questions are the same. An answer can be "there is no such file", and that too can change.

use std::cell::RefCell;
use std::sync::Arc;

use crate::read::image_size::ImageFacts;
use crate::read::sources::{self, Question};
use crate::text::Digest;

/// What writing may ask about the book's other files.
pub trait Files: Sync {
    /// What is known of an image, by its path below the book's folder; `None` if it is not there or does not say.
    fn image(&self, path: &str) -> Option<ImageFacts>;

    /// The text of a file that a code block is a copy of, or why there is none.
    fn source(&self, question: &Question) -> Arc<sources::SourceText>;
}

/// A question and what was answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// What is known of the image at a path.
    Image(String, Option<ImageFacts>),
    /// The digest of a source's text, or of why there is none.
    Source(Question, Digest),
}

impl Answer {
    /// Asks again and tells whether the answer is the same.
    pub fn still_holds(&self, files: &dyn Files) -> bool {
        match self {
            Answer::Image(path, facts) => files.image(path) == *facts,
            Answer::Source(question, digest) => Digest::of_value(&*files.source(question)) == *digest,
        }
    }
}

/// Asks on behalf of one document.
pub struct Recorder<'a> {
    files: &'a dyn Files,
    answers: RefCell<Vec<Answer>>,
}

impl<'a> Recorder<'a> {
    /// Starts with no questions asked.
    pub fn new(files: &'a dyn Files) -> Self {
        Recorder { files, answers: RefCell::default() }
    }

    /// Asks what is known of an image.
    pub fn image(&self, path: &str) -> Option<ImageFacts> {
        let facts = self.files.image(path);
        self.answers.borrow_mut().push(Answer::Image(path.to_owned(), facts));
        facts
    }

    /// Asks for the text of a file that a code block is a copy of.
    pub fn source(&self, question: &Question) -> Arc<sources::SourceText> {
        let answer = self.files.source(question);
        self.answers.borrow_mut().push(Answer::Source(question.clone(), Digest::of_value(&*answer)));
        answer
    }

    /// All that was asked.
    pub fn finish(self) -> Vec<Answer> {
        self.answers.into_inner()
    }
}
