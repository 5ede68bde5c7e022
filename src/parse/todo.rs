//! What an author leaves unfinished: TODO lists, and notes that begin with `//`.
//!
//! A TODO list is a paragraph or heading that reads `TODO`, with or without a colon, and the list right
//! after it. A note is a paragraph that begins with `//`, also one of a tight list or of a definition; each of its
//! lines that begins with a slash is a question of its own, other lines go on with the one above.

use std::mem::take;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use memchr::memmem;
use pulldown_cmark::{Event, Tag, TagEnd};

use super::Options;
use super::document::{Note, Task};
use super::items::{Item, ItemKind, is_inline_tag};
use crate::read::config::Visibility;
use crate::text::Span;

/// Tells whether text begins with a task list's item: `- [ ] `, `* [x] `, `1. [ ] `.
pub fn begins_with_task(text: &str) -> bool {
    let line = text.trim_start_matches(['\n', '\r']).lines().next().unwrap_or_default().trim_start();
    let bullet = line.strip_prefix(['-', '*', '+']).or_else(|| {
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.strip_prefix(['.', ')']).filter(|_| rest.len() < line.len())
    });
    bullet.is_some_and(|rest| {
        let rest = rest.trim_start().as_bytes();
        rest.len() > 3
            && rest[0] == b'['
            && b" xX".contains(&rest[1])
            && &rest[2..3] == b"]"
            && rest[3].is_ascii_whitespace()
    })
}

/// Puts sections around TODO lists, and notes in the place of their paragraphs. `blocks` are those that were
/// read again, as lists: a TODO list in one goes on to its end, whatever signs its items have. Tells whether there can
/// be any.
pub fn find(items: &mut Vec<Item<'_>>, blocks: &[Span], text: &str) -> bool {
    let has_slashes =
        |item: &Item<'_>| text.as_bytes().get(item.span.start..).is_some_and(|text| text.starts_with(b"//"));
    let may_be_note = |item: &Item<'_>| matches!(item.markdown(), Some(Event::Text(_))) && has_slashes(item);
    let has_word = || memmem::find(text.as_bytes(), b"TODO").is_some();
    if !(has_word() || may_have_notes(text) && items.iter().any(may_be_note)) {
        return false;
    }
    let mut out = Vec::with_capacity(items.len() + 4);
    let mut at = 0;
    // Where the open sections end.
    let mut ends: Vec<usize> = Vec::new();
    let mut rest: Vec<Option<Item<'_>>> = take(items).into_iter().map(Some).collect();
    while at < rest.len() {
        if let Some(end) = is_title(&rest, at).and_then(|list| list_end(&rest, list, blocks)) {
            let span = rest[at].as_ref().map_or(Span::default(), |item| item.span);
            out.push(Item::new(ItemKind::TodoStart, span));
            ends.push(end);
        } else if let Some(end) =
            is_tight_title(&rest, at, out.last()).and_then(|list| list_end(&rest, list, blocks))
            && let Some(title) = rest[at].take()
        {
            let edge = |event| Item::new(ItemKind::Markdown(event), title.span);
            out.extend([Item::new(ItemKind::TodoStart, title.span), edge(Event::Start(Tag::Paragraph))]);
            let end_of_title = edge(Event::End(TagEnd::Paragraph));
            out.extend([title, end_of_title]);
            ends.push(end);
            at += 1;
            continue;
        } else if let Some(end) = note_end(&rest, at, out.last(), text) {
            note(&mut rest[at..=end], text, &mut out);
            at = end + 1;
            continue;
        }
        let Some(item) = rest[at].take() else { break };
        let span = item.span;
        out.push(item);
        if ends.pop_if(|end| *end == at).is_some() {
            out.push(Item::new(ItemKind::TodoEnd, span));
        }
        at += 1;
    }
    *items = out;
    true
}

/// Whether `//` stands anywhere but behind text: in addresses, and behind code, there is no note.
fn may_have_notes(text: &str) -> bool {
    let text = text.as_bytes();
    memmem::find_iter(text, b"//").any(|at| {
        // So far back, and no further: a line can be as long as a chapter.
        let near = &text[at.saturating_sub(100)..at];
        let before = near.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        // A footnote has a name.
        !before.iter().any(u8::is_ascii_alphabetic) || before.trim_ascii_end().ends_with(b"]:")
    })
}

fn event<'i, 'a>(items: &'i [Option<Item<'a>>], at: usize) -> Option<&'i Event<'a>> {
    items.get(at)?.as_ref()?.markdown()
}

/// If a paragraph or heading at this place reads `TODO`, tells what comes after it.
fn is_title(items: &[Option<Item<'_>>], at: usize) -> Option<usize> {
    let Some(Event::Start(Tag::Paragraph | Tag::Heading { .. })) = event(items, at) else {
        return None;
    };
    let Some(Event::Text(text)) = event(items, at + 1) else { return None };
    let reads_todo = matches!(text.trim_end(), "TODO" | "TODO:");
    let ends = matches!(event(items, at + 2), Some(Event::End(TagEnd::Paragraph | TagEnd::Heading(_))));
    (reads_todo && ends).then_some(at + 3)
}

/// If the text of an item of a tight list reads `TODO`, tells what comes after it. Markdown reports no paragraph there.
fn is_tight_title(items: &[Option<Item<'_>>], at: usize, before: Option<&Item<'_>>) -> Option<usize> {
    let Some(Event::Text(text)) = event(items, at).filter(|_| before.is_some_and(opens_tight)) else {
        return None;
    };
    matches!(text.trim_end(), "TODO" | "TODO:").then_some(at + 1)
}

/// If a list begins at this place, tells where it ends; one in an indented block goes on with what stands beside it
/// there.
fn list_end(items: &[Option<Item<'_>>], at: usize, blocks: &[Span]) -> Option<usize> {
    let Some(Event::Start(Tag::List(_))) = event(items, at) else { return None };
    let start = items[at].as_ref()?.span.start;
    let block = blocks.iter().find(|block| (block.start..block.end).contains(&start));
    let mut depth = 0_usize;
    let mut end = None;
    for at in at..items.len() {
        match event(items, at) {
            Some(Event::Start(tag)) if !is_inline_tag(&tag.to_end()) => depth += 1,
            // What it is in ends.
            Some(Event::End(tag)) if !is_inline_tag(tag) && depth == 0 => break,
            Some(Event::End(tag)) if !is_inline_tag(tag) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            end = Some(at);
            let next = items.get(at + 1).and_then(Option::as_ref);
            if block.is_none_or(|block| next.is_none_or(|next| next.span.start >= block.end)) {
                break;
            }
        }
    }
    end
}

/// If a note begins at this place, tells where its paragraph ends. `before` is what stands above it.
fn note_end(items: &[Option<Item<'_>>], at: usize, before: Option<&Item<'_>>, text: &str) -> Option<usize> {
    let item = items.get(at)?.as_ref()?;
    if !text.as_bytes().get(item.span.start..)?.starts_with(b"//") {
        return None;
    }
    let here = text.get(item.span.start..)?;
    if !here.lines().next().is_some_and(begins_note) {
        return None;
    }
    if matches!(item.markdown(), Some(Event::Start(Tag::Paragraph))) {
        let ends = |at: &usize| matches!(event(items, *at), Some(Event::End(TagEnd::Paragraph)));
        return (at + 1..items.len()).find(ends);
    }
    let is_paragraph = item.is_inline() && before.is_some_and(opens_tight);
    let goes_on = |at: &usize| items[*at].as_ref().is_some_and(Item::is_inline);
    is_paragraph.then(|| (at..items.len()).take_while(goes_on).last()).flatten()
}

/// Whether inline content behind an item is a paragraph that Markdown does not report as one: in a tight list or
/// a definition, at its beginning or behind another block.
fn opens_tight(item: &Item<'_>) -> bool {
    match item.markdown() {
        Some(Event::Start(tag)) => matches!(tag, Tag::Item | Tag::DefinitionListDefinition),
        Some(Event::End(tag)) => !is_inline_tag(tag),
        _ => false,
    }
}

/// A line that begins with `//` and is neither a URL without its scheme nor a row of slashes.
fn begins_note(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("//") else { return false };
    let word = rest.split_whitespace().next().unwrap_or_default();
    if rest.starts_with('/') || rest.trim_start().is_empty() {
        return false;
    }
    let host = word.split(['/', ':', '?', '#']).next().unwrap_or_default();
    let top = host.rsplit_once('.').map_or("", |(_, top)| top);
    let is_host = host.len() > top.len() + 1
        && top.len() >= 2
        && top.bytes().all(|b| b.is_ascii_lowercase())
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b));
    let is_local = word.starts_with("localhost:") || word.starts_with("localhost/");
    !(is_host || is_local) || rest.starts_with(' ')
}

/// Whether a line of a note begins with a slash, and not with a path.
fn begins_question(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default();
    line.starts_with("//") || word.starts_with('/') && !word[1..].contains('/')
}

/// Writes a note's paragraph: one paragraph for each question.
fn note<'a>(paragraph: &mut [Option<Item<'a>>], text: &str, out: &mut Vec<Item<'a>>) {
    let edge = |event, span| Item::new(ItemKind::Markdown(event), span);
    let start = || Event::Start(Tag::Paragraph);
    let end = || Event::End(TagEnd::Paragraph);
    let span = |item: &Option<Item<'_>>| item.as_ref().map_or(Span::default(), |item| item.span);
    let (first, last) = (span(&paragraph[0]), span(&paragraph[paragraph.len() - 1]));
    let span = Span::new(first.start, first.end.max(last.end));
    out.extend([Item::new(ItemKind::NoteStart, span), edge(start(), span)]);
    let mut at_line_start = true;
    let mut rest = paragraph.iter_mut().filter_map(Option::take).peekable();
    while let Some(item) = rest.next() {
        match item.markdown() {
            Some(Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph)) => continue,
            Some(Event::SoftBreak | Event::HardBreak) => {
                let next = rest.peek().and_then(|next| text.get(next.span.start..));
                at_line_start = next.is_some_and(begins_question);
                if at_line_start {
                    out.extend([edge(end(), item.span), edge(start(), item.span)]);
                } else {
                    out.push(item);
                }
                continue;
            }
            Some(Event::Text(line)) if at_line_start && begins_question(line) => {
                let question = line.trim_start_matches('/').trim_start();
                let start = item.span.start + line.len() - question.len();
                let question = Event::Text(question.to_owned().into());
                out.push(edge(question, Span::new(start, item.span.end.max(start))));
            }
            _ => out.push(item),
        }
        at_line_start = false;
    }
    out.extend([edge(end(), span), Item::new(ItemKind::NoteEnd, span)]);
}

/// What an author has still to do in a chapter.
#[derive(Debug, Default)]
pub struct Unfinished {
    /// The items of TODO lists.
    pub tasks: Vec<Task>,
    /// The notes.
    pub notes: Vec<Note>,
}

/// Lists the tasks and notes among the items.
pub fn inventory(items: &[Item<'_>]) -> Unfinished {
    let mut unfinished = Unfinished::default();
    // A list can be within another.
    let mut lists = 0_usize;
    let mut in_note = false;
    // Whether text goes to the newest task or note; a task is told by its first line.
    let mut open = false;
    let begins = |item: &Item<'_>| matches!(item.event, ItemKind::TodoStart | ItemKind::NoteStart);
    for item in items.iter().skip_while(|item| !begins(item)) {
        match &item.event {
            ItemKind::TodoStart => lists += 1,
            ItemKind::TodoEnd => lists -= 1,
            ItemKind::NoteStart => in_note = true,
            ItemKind::NoteEnd => in_note = false,
            ItemKind::Placeholder(name) if open => unfinished.push(in_note, &["<", name, ">"]),
            ItemKind::Term(text) if open => unfinished.push(in_note, &[text]),
            ItemKind::Markdown(Event::Start(Tag::Item)) if lists > 0 => {
                unfinished.tasks.push(Task { done: false, text: String::new(), span: item.span });
                open = true;
            }
            ItemKind::Markdown(Event::Start(Tag::Paragraph)) if in_note => {
                unfinished.notes.push(Note { text: String::new(), span: item.span });
                open = true;
            }
            ItemKind::Markdown(Event::TaskListMarker(done)) if lists > 0 => {
                if let Some(task) = unfinished.tasks.last_mut() {
                    task.done = *done;
                }
            }
            ItemKind::Markdown(Event::Text(text) | Event::Code(text)) if open && (in_note || lists > 0) => {
                if let Some(note) = unfinished.notes.last_mut().filter(|note| in_note && note.text.is_empty())
                {
                    note.span = item.span;
                }
                unfinished.push(in_note, &[text]);
            }
            ItemKind::Markdown(Event::SoftBreak | Event::HardBreak) if in_note => {
                unfinished.push(in_note, &[" "]);
            }
            ItemKind::Markdown(
                Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Item | TagEnd::Paragraph),
            ) => open = false,
            _ => {}
        }
    }
    unfinished
}

impl Unfinished {
    /// Adds to the text of the newest note, or of the newest task.
    fn push(&mut self, to_note: bool, text: &[&str]) {
        let newest = match to_note {
            true => self.notes.last_mut().map(|note| &mut note.text),
            false => self.tasks.last_mut().map(|task| &mut task.text),
        };
        if let Some(newest) = newest {
            newest.extend(text.iter().copied());
        }
    }
}

/// Takes out of the items what the options hide, and tells where that stands. Items of lists, lists and quotes that
/// held nothing else go with it.
pub fn hide(items: &mut Vec<Item<'_>>, options: &Options) -> Vec<Span> {
    let mut places: Vec<Span> = Vec::new();
    if options.todo == Visibility::Show && options.notes == Visibility::Show {
        return places;
    }
    let mut shown: Vec<Item<'_>> = Vec::with_capacity(items.len());
    // The footnotes that what is hidden refers to.
    let mut notes: HashSet<String> = HashSet::new();
    // Where the things begin that are open, one in another.
    let mut open = Vec::new();
    for item in items.drain(..) {
        let (kind, is_start) = match item.event {
            ItemKind::TodoStart => (options.todo, true),
            ItemKind::NoteStart => (options.notes, true),
            ItemKind::TodoEnd => (options.todo, false),
            ItemKind::NoteEnd => (options.notes, false),
            _ => (Visibility::Show, false),
        };
        if kind == Visibility::Hide && is_start {
            open.push(item.span.start);
        } else if kind == Visibility::Hide {
            let start = open.pop().filter(|_| open.is_empty());
            places.extend(start.map(|start| Span::new(start, item.span.end)));
        } else if open.is_empty() {
            let begin = shown.last().filter(|begin| holds_nothing(begin, &item)).map(|begin| begin.span);
            let inside = |place: &Span| begin.is_some_and(|begin| begin.start <= place.start);
            if places.last().is_some_and(inside) {
                shown.pop();
                places.truncate(places.partition_point(|place| !inside(place)));
                places.extend(begin);
            } else {
                shown.push(item);
            }
        } else if let Some(Event::FootnoteReference(label)) = item.markdown() {
            notes.insert(label.to_string());
        }
    }
    if !notes.is_empty() {
        hide_notes(&mut shown, notes, &mut places);
    }
    *items = shown;
    places
}

/// Takes out the footnotes that only what is hidden refers to, itself or through others.
fn hide_notes(shown: &mut Vec<Item<'_>>, notes: HashSet<String>, places: &mut Vec<Span>) {
    // What the text and each footnote refer to.
    let mut of_text = HashSet::new();
    let mut of_notes: HashMap<String, HashSet<String>> = HashMap::new();
    let mut open: Vec<String> = Vec::new();
    for item in shown.iter() {
        match item.markdown() {
            Some(Event::Start(Tag::FootnoteDefinition(label))) => open.push(label.to_string()),
            Some(Event::End(TagEnd::FootnoteDefinition)) => drop(open.pop()),
            Some(Event::FootnoteReference(label)) => {
                let references = match open.last() {
                    Some(note) => of_notes.entry(note.clone()).or_default(),
                    None => &mut of_text,
                };
                references.insert(label.to_string());
            }
            _ => {}
        }
    }
    let reached = |from: HashSet<String>| {
        let mut left: Vec<String> = from.iter().cloned().collect();
        let mut reached = from;
        while let Some(note) = left.pop() {
            let next = of_notes.get(&note).into_iter().flatten();
            left.extend(next.filter(|next| reached.insert((*next).clone())).cloned());
        }
        reached
    };
    let (hidden, seen) = (reached(notes), reached(of_text));
    // How many footnotes are open, if the outermost is hidden.
    let mut depth = 0_usize;
    shown.retain(|item| match item.markdown() {
        Some(Event::Start(Tag::FootnoteDefinition(label))) => {
            let is_hidden = hidden.contains(&**label) && !seen.contains(&**label);
            if depth == 0 && is_hidden {
                places.push(item.span);
            }
            depth += usize::from(depth > 0 || is_hidden);
            depth == 0
        }
        Some(Event::End(TagEnd::FootnoteDefinition)) if depth > 0 => {
            depth -= 1;
            false
        }
        _ => depth == 0,
    });
}

/// Whether two items are the edges of a list, an item of one, or a quote.
fn holds_nothing(start: &Item<'_>, end: &Item<'_>) -> bool {
    let Some(Event::Start(tag @ (Tag::Item | Tag::List(_) | Tag::BlockQuote(_)))) = start.markdown() else {
        return false;
    };
    end.markdown() == Some(&Event::End(tag.to_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_begin_with_a_box() {
        for yes in ["- [ ] a", "* [x] b", "1. [X] c", "\n  - [ ] a"] {
            assert!(begins_with_task(yes), "{yes}");
        }
        for no in ["- a", "[ ] a", "- [link](x)", "-[ ] a".trim_start_matches('-'), "- [ ]"] {
            assert!(!begins_with_task(no), "{no}");
        }
    }

    #[test]
    fn urls_are_not_notes() {
        for yes in
            ["//what is this?", "// and this", "//You may ... e.g.x", "//OpenSSH_8.2p1 Ubuntu", "//see a.b"]
        {
            assert!(begins_note(yes), "{yes}");
        }
        for no in ["//cdn.example.com/x.js", "//localhost:3000", "///", "//", "/etc"] {
            assert!(!begins_note(no), "{no}");
        }
    }
}
