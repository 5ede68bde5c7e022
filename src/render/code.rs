//! Code blocks as HTML.

use std::borrow::Cow;

use super::highlight::{Class, Highlighter, Span};
use crate::parse::code::CodeBlock;
use crate::parse::console::{Piece, Session};
use crate::parse::language::{self, Lookup};
use crate::text::html::{escape, escape_into};

/// Appends a code block.
pub fn write(out: &mut String, block: &CodeBlock, highlighter: Option<&Highlighter>) {
    let caption = block.title.as_ref().or(block.tab.as_ref()).or(block.origin.file.as_ref());
    if let Some(caption) = caption {
        let tab = block.tab.as_ref().map(|tab| format!(r#" data-tab="{}""#, escape(tab))).unwrap_or_default();
        out.push_str(&format!(
            "<figure class=\"code\"{tab}><figcaption>{}</figcaption>",
            linked(caption, block)
        ));
    }
    match &block.session {
        Some(session) => write_session(out, block, session, highlighter),
        None => write_code(out, block, highlighter),
    }
    out.push_str(if caption.is_some() { "</figure>\n" } else { "\n" });
}

/// A caption as HTML, with a link to what the block is a copy of. The name of a tab is none.
fn linked(caption: &str, block: &CodeBlock) -> String {
    let Some(url) = &block.url else { return escape(caption) };
    let link = |text: &str| format!(r#"<a href="{}">{}</a>"#, escape(url), escape(text));
    match (&block.tab, &block.origin.file) {
        (Some(tab), Some(file)) if tab == caption => format!("{} {}", escape(tab), link(file)),
        _ => link(caption),
    }
}

fn open(out: &mut String, classes: &[(&str, bool)], language: &str, copy: Option<&str>) {
    let classes: Vec<&str> = classes.iter().filter(|(_, on)| *on).map(|(name, _)| *name).collect();
    out.push_str("<pre");
    if !classes.is_empty() {
        out.push_str(&format!(" class=\"{}\"", classes.join(" ")));
    }
    if let Some(copy) = copy {
        out.push_str(" data-copy=\"");
        escape_into(out, copy);
        out.push('"');
    }
    out.push_str("><code");
    if !language.is_empty() {
        out.push_str(" class=\"language-");
        escape_into(out, language);
        out.push('"');
    }
    out.push('>');
}

fn write_code(out: &mut String, block: &CodeBlock, highlighter: Option<&Highlighter>) {
    let by_line = block.numbers || block.diff || !block.marked.is_empty();
    open(out, &[("numbers", block.numbers), ("wrap", block.wrap)], &block.name, None);
    // A diff's first column is no part of its language.
    let bare: String;
    let text = if block.diff {
        bare = block
            .text
            .split_inclusive('\n')
            .map(|line| line.strip_prefix(['+', '-', ' ']).unwrap_or(line))
            .collect();
        &bare
    } else {
        &block.text
    };
    let spans = highlighter.map(|highlighter| highlighter.spans(block.language, text)).unwrap_or_default();
    let mut painter = Painter { text, spans: &spans, at: 0 };
    if by_line {
        for (number, (line, authored)) in
            text.split_inclusive('\n').zip(block.text.split_inclusive('\n')).enumerate()
        {
            let sign = if block.diff { authored.chars().next() } else { None };
            let mut class = String::from("line");
            for (name, on) in
                [("hl", block.is_marked(number + 1)), ("ins", sign == Some('+')), ("del", sign == Some('-'))]
            {
                if on {
                    class.push(' ');
                    class.push_str(name);
                }
            }
            out.push_str(&format!("<span class=\"{class}\">"));
            out.extend(sign.filter(|_| authored.len() > line.len()));
            let end = painter.at + line.trim_end_matches('\n').len();
            painter.paint(out, end);
            out.push_str("</span>");
            painter.paint(out, end + usize::from(line.ends_with('\n')));
        }
    } else {
        painter.paint(out, text.len());
    }
    out.push_str("</code></pre>");
}

fn write_session(out: &mut String, block: &CodeBlock, session: &Session, highlighter: Option<&Highlighter>) {
    let language = if session.is_python { language::find("python") } else { language::find("bash") };
    let language = match language {
        Lookup::Known(language) => Some(language),
        _ => None,
    };
    let name = if block.name.is_empty() { "console" } else { &block.name };
    open(
        out,
        &[("console", true), ("wrap", block.wrap)],
        name,
        Some(session.script.as_str()).filter(|script| !script.is_empty()),
    );
    let mut commands = session.commands.iter();
    let mut spans: std::sync::Arc<[Span]> = std::sync::Arc::default();
    let mut current = 0..0;
    let mut pieces = session.pieces.iter().peekable();
    let mut open_command = false;
    let mut open_output = false;
    while let Some(piece) = pieces.next() {
        let begins_output = matches!(piece, Piece::Output(text) if !text.is_empty());
        if open_output && !matches!(piece, Piece::Output(_) | Piece::LineEnd) {
            out.push_str("</span>");
            open_output = false;
        }
        match piece {
            Piece::Prompt(prompt) => {
                if !open_command {
                    out.push_str("<span class=\"command\">");
                    open_command = true;
                }
                out.push_str("<span class=\"prompt\">");
                escape_into(out, prompt);
                out.push_str("</span>");
            }
            Piece::Command(range) => {
                if range.start >= current.end {
                    // The first line of the next command; each is highlighted by itself.
                    current = commands.next().cloned().unwrap_or(range.clone());
                    let text = &session.script[current.clone()];
                    let text = without_placeholders(text);
                    spans =
                        highlighter.map(|highlighter| highlighter.spans(language, &text)).unwrap_or_default();
                }
                let text = &session.script[current.clone()];
                let mut painter = Painter { text, spans: &spans, at: range.start - current.start };
                painter.paint(out, range.end - current.start);
            }
            Piece::Comment(text) => {
                out.push_str("<span class=\"comment\">");
                escape_into(out, text);
                out.push_str("</span>");
            }
            Piece::Output(text) => {
                if begins_output && !open_output {
                    out.push_str("<span class=\"output\">");
                    open_output = true;
                }
                escape_into(out, text);
            }
            Piece::LineEnd => {
                let goes_on = matches!(pieces.peek(), Some(Piece::Command(range)) if range.end <= current.end)
                    || matches!(pieces.peek(), Some(Piece::Prompt(_)))
                        && continues(pieces.clone(), current.end);
                if open_command && !goes_on {
                    out.push_str("</span>");
                    open_command = false;
                }
                let more_output = matches!(pieces.peek(), Some(Piece::Output(_)));
                if open_output && !more_output {
                    out.push_str("</span>");
                    open_output = false;
                }
                out.push('\n');
            }
        }
    }
    out.push_str("</code></pre>");
}

/// A command for the highlighter, to which the brackets of `<your-user-name>` would be redirections: they
/// become letters, byte for byte.
fn without_placeholders(command: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(command);
    for (open, _) in command.match_indices('<') {
        let rest = &command[open + 1..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
        if rest[end..].starts_with('>')
            && rest[..end].contains('-')
            && rest.starts_with(|c: char| c.is_ascii_alphabetic())
        {
            let text = text.to_mut();
            text.replace_range(open..=open, "x");
            text.replace_range(open + 1 + end..open + 2 + end, "x");
        }
    }
    text
}

/// Whether a prompt is that of a line that goes on with the command which ends at `end`.
fn continues<'p>(mut pieces: impl Iterator<Item = &'p Piece>, end: usize) -> bool {
    matches!(pieces.nth(1), Some(Piece::Command(range)) if range.end <= end)
}

/// Writes text with its spans, from one place to the next.
struct Painter<'t> {
    text: &'t str,
    spans: &'t [Span],
    at: usize,
}

impl Painter<'_> {
    fn paint(&mut self, out: &mut String, end: usize) {
        while self.at < end {
            let next = self.spans.partition_point(|span| span.end as usize <= self.at);
            let (stop, class) = match self.spans.get(next) {
                Some(span) => ((span.end as usize).min(end), span.class),
                None => (end, Class::default()),
            };
            let piece = &self.text[self.at..stop];
            match class.name() {
                Some(class) if !piece.trim().is_empty() => {
                    // White space at a span's edges is not coloured.
                    let bare = piece.trim_start();
                    out.push_str(&piece[..piece.len() - bare.len()]);
                    let space = &bare[bare.trim_end().len()..];
                    out.push_str("<span class=\"");
                    out.push(class);
                    out.push_str("\">");
                    escape_into(out, bare.trim_end());
                    out.push_str("</span>");
                    out.push_str(space);
                }
                _ => escape_into(out, piece),
            }
            self.at = stop;
        }
    }
}
