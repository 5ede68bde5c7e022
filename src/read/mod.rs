//! The outside, inwards: everything a book is made of, read once into a [`Snapshot`].
//!
//! Only this stage opens input files. What it finds wrong (a file that is not UTF-8, a link out of the
//! book) is kept as diagnostics in the snapshot, beside what could be read.

pub mod config;
pub mod layout;
pub mod placeholder;
pub mod snapshot;
pub mod sources;
pub mod walk;

pub use config::{Config, Overrides};
pub use layout::Layout;
pub use placeholder::Placeholder;
pub use snapshot::{Asset, AssetBody, Snapshot};
pub use sources::Sources;
