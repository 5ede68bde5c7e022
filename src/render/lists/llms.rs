//! `llms.txt`: the list of the chapters' Markdown, for programs that read the book.

use crate::render::inputs::ListJob;
use crate::render::pages::checked;
use crate::render::pages::markdown::{NAME, escaped, one_line};
use crate::text::url;

/// Writes the list of all chapters, in the form of <https://llmstxt.org/>.
pub fn list(job: &ListJob) -> String {
    let site = &job.frame.site;
    let words = &job.frame.theme.words;
    let link = |title: &str, address: &str, description: Option<&str>, steps: Option<(usize, usize)>| {
        let base = site.base_url.as_deref().unwrap_or_default();
        let url = format!("{}{NAME}", url::encode_path(address));
        let steps = steps.map(|(checked, steps)| checked::steps(checked, steps, words));
        let about: Vec<String> = description.map(one_line).into_iter().chain(steps).collect();
        let about = if about.is_empty() { String::new() } else { format!(": {}", about.join(" · ")) };
        format!("- [{}]({base}{url}){about}\n", escaped(&one_line(title)))
    };

    let mut list = format!("# {}\n", one_line(&site.title));
    if let Some(description) = &site.description {
        list += &format!("\n> {}\n", one_line(description));
    }

    for part in job.contents.iter() {
        // The chapter that opens the part, and those that it lists; drafts are left out.
        let is_line = |address: &String| part.lines.iter().any(|line| line.page() == Some(address));
        let opening =
            part.address.as_ref().filter(|address| !part.draft && !is_line(address)).zip(part.title.as_ref());
        let opening = opening
            .map(|(address, title)| link(title, address, part.description.as_deref(), part.opening_checked));
        let lines = part.lines.iter().zip(&part.checked).filter(|(line, _)| !line.draft);
        let lines = lines.filter_map(|(line, steps)| {
            line.page().map(|address| link(&line.title, address, line.description.as_deref(), *steps))
        });

        let links: String = opening.into_iter().chain(lines).collect();
        if !links.is_empty() {
            let title = part.title.as_deref().unwrap_or(job.frame.theme.words.get("page", "chapters"));
            list += &format!("\n## {}\n\n{links}", one_line(title));
        }
    }
    list
}
