//! Reads all inputs of a book once, into a [`Snapshot`].
//!
//! Only this stage reads input files; publish copies assets, and serve sends them. Problems, such as a
//! file that is not UTF-8 or a symbolic link out of the book, are diagnostics in the snapshot, beside the files that
//! could be read.

pub mod accent;
pub mod config;
pub mod config_values;
mod encoding;
pub mod image_size;
pub mod layout;
pub mod lints;
pub mod machine;
pub mod machine_image;
pub mod partial;
pub mod placeholder;
pub mod places;
pub mod proof;
pub mod proof_basis;
pub mod proof_network;
pub mod proof_record;
pub mod repository;
mod revision;
pub mod revisions;
mod shortage;
pub mod snapshot;
pub mod sources;
mod stamp;
pub mod state_folders;
pub mod user;
pub mod walk;

pub use config::{Config, Overrides};
pub use layout::Layout;
pub use machine::Machine;
pub use placeholder::Placeholder;
pub use places::Places;
pub use proof::ProofSettings;
pub use snapshot::{Asset, AssetBody, Snapshot};
pub use sources::Sources;
