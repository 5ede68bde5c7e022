//! Pages: what a template sees of a job, and the HTML that it makes of that; and the Markdown beside each.

pub mod body;
pub mod checked;
pub mod linked_data;
pub mod markdown;
mod names;
pub mod navigation;
pub mod page;
mod placement;
pub mod print;
pub mod shared_list;
pub mod terms;
pub mod urls;
pub mod view;
