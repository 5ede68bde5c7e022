//! Lists of chapters for other programs: search engines, feed readers, language models.

pub mod feeds;
pub mod llms;
