//! What the machines of tests are made of: an image by its name, or files of the book.

use std::fmt;

/// What a machine is made of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum MachineImage {
    /// An image that the engine has, or gets.
    Named(String),
    /// A file or folder of the book, relative to the book's folder: a `Containerfile`, a folder with one, or a root folder.
    InBook(String),
}

impl MachineImage {
    /// Reads the setting. It is an argument of the engine, so it cannot be one of its options.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: String) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("./") {
            let is_inside = path.split('/').all(|name| !name.is_empty() && name != "." && name != "..");
            return match is_inside {
                true => Ok(MachineImage::InBook(path.to_owned())),
                false => Err(format!("`{text}` is not a path in the book such as `./machines/server`")),
            };
        }

        let is_known = |c: char| c.is_ascii_alphanumeric() || "._-/:@".contains(c);
        match text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(is_known) {
            true => Ok(MachineImage::Named(text)),
            false => Err(format!(
                "`{text}` is not the name of an image such as `docker.io/library/python:3`, or a path such as `./server`"
            )),
        }
    }
}

impl fmt::Display for MachineImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MachineImage::Named(name) => f.write_str(name),
            MachineImage::InBook(path) => write!(f, "./{path}"),
        }
    }
}
