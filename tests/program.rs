//! Tests that are functions and need no browser: the program, and its parts, on books that they write.

mod checked;
mod commonmark;
mod example_theme;
mod first_page;
mod heads;
mod indexes;
mod layers;
mod licences;
mod manual;
mod publish;
mod security;
mod serve;
mod site;
mod stale;
mod support;
mod sync;
mod words;
