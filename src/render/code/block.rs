//! Code blocks as HTML.

use super::markup::{CodeContext, open};
use super::paint::Painter;
use super::session;
use crate::render::theme::words::InterfaceWords;
use crate::text::html::escape;
use crate::write::code_block::CodeBlock;
use crate::write::placeholder;

/// Appends a code block.
pub fn write(out: &mut String, block: &CodeBlock, context: CodeContext<'_>) {
    let has_caption = block.title.is_some() || block.tab.is_some() || block.origin.file.is_some();
    if has_caption {
        write_caption(out, block);
    }
    if block.fold {
        write_summary(out, block.text.lines().count(), context.words);
    }
    match &block.session {
        Some(session) => session::write(out, block, session, context),
        None => write_code(out, block, context),
    }
    if block.fold {
        out.push_str("\n</details>");
    }
    out.push_str(if has_caption { "</figure>" } else { "" });
    out.push_str(if block.tab.is_some() { "</div>\n" } else { "\n" });
}

/// How many lines of a folded block are seen; the stylesheet has the same number.
const SEEN: usize = 8;
/// How many lines a block has at least of which some are seen when it is folded.
const LONG: usize = 12;

/// Opens what folds a block. Browsers that can show the beginning of what is folded say how much more there is.
fn write_summary(out: &mut String, lines: usize, words: &InterfaceWords) {
    let all = escape(&words.counted("text", "lines", lines));
    if lines < LONG {
        out.push_str(&format!("<details class=\"long\"><summary>{all}</summary>\n"));
        return;
    }
    let more = escape(&words.counted("text", "more_lines", lines - SEEN));
    out.push_str(&format!(
        "<details class=\"long seen\"><summary><span class=\"all\">{all}</span><span class=\"more\">{more}</span></summary>\n"
    ));
}

/// Opens the figure of a block that has a title or is a tab.
fn write_caption(out: &mut String, block: &CodeBlock) {
    let title = block.title.as_ref().or(block.origin.file.as_ref()).map(|title| linked(title, block));
    out.push_str(&match (block.tab.as_deref().map(escape), title) {
        (Some(tab), title) => {
            let title = title.map(|title| format!(" <span>{title}</span>")).unwrap_or_default();
            format!(
                r#"<div class="panel" data-tab="{tab}"><figure class="code"><figcaption><b class="tab">{tab}</b>{title}</figcaption>"#
            )
        }
        (None, title) => {
            format!(r#"<figure class="code"><figcaption>{}</figcaption>"#, title.unwrap_or_default())
        }
    });
}

/// A title as HTML, with a link to what the block is a copy of.
fn linked(title: &str, block: &CodeBlock) -> String {
    match &block.url {
        Some(url) => format!(r#"<a href="{}">{}</a>"#, escape(url), escape(title)),
        None => escape(title),
    }
}

fn write_code(out: &mut String, block: &CodeBlock, context: CodeContext<'_>) {
    open(out, &[("numbers", block.numbers), ("wrap", block.wrap)], &block.name);
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
    let places = placeholder::find(&block.tokens, text);
    let spans = context.spans(|| (block.language, placeholder::veil(text, &places)));
    let mut painter = Painter::new(text, &spans, &places, context.callouts(block));
    if block.is_by_line() {
        let mut end = 0;
        for (number, (line, authored)) in
            text.split_inclusive('\n').zip(block.text.split_inclusive('\n')).enumerate()
        {
            let sign = if block.diff { authored.chars().next() } else { None };
            out.push_str("<span class=\"line");
            for (class, on) in [
                (" hl", block.is_marked(number + 1)),
                (" ins", sign == Some('+')),
                (" del", sign == Some('-')),
            ] {
                out.push_str(if on { class } else { "" });
            }
            out.push_str("\">");
            if let Some(sign) = sign.filter(|_| authored.len() > line.len()) {
                out.push_str(&format!("<span class=\"sign\">{sign}</span>"));
            }
            painter.paint(out, end + line.trim_end_matches('\n').len());
            out.push_str("</span>");
            end += line.len();
            painter.paint(out, end);
        }
    } else {
        painter.paint(out, text.len());
    }
    out.push_str("</code></pre>");
}
