//! Code blocks as HTML.

use super::field;
use super::fold::folded;
use super::head::{self, Head};
use super::markup::{CodeContext, open};
use super::paint::Painter;
use super::session;
use crate::parse::language::Language;
use crate::text::html::escape;
use crate::write::code_block::CodeBlock;

/// Appends a code block.
pub fn write(out: &mut String, block: &CodeBlock, context: &CodeContext<'_>) {
    if let Some(tab) = &block.tab {
        out.push_str(&format!("<div class=\"panel\" data-tab=\"{}\">", escape(tab)));
    }

    match &block.session {
        Some(session) => session::write(out, block, session, context),
        None => {
            let head = Head {
                id: head::id(block, context.id_prefix),
                tab: block.tab.as_deref(),
                title: head::title(block, context.listing.as_deref()),
                checked: context.checked,
                ..Head::default()
            };
            head.open(out);
            let lines = block.fold.then(|| block.text.lines().count());
            folded(out, lines, context.words, |out| write_code(out, block, context));
            head.close(out);
        }
    }

    out.push_str(if block.tab.is_some() { "</div>\n" } else { "\n" });
}

/// Appends code that is not a console session.
fn write_code(out: &mut String, block: &CodeBlock, context: &CodeContext<'_>) {
    open(out, &[("numbers", block.numbers), ("wrap", block.wrap)], &block.name);

    // The first column of a diff is not code in its language.
    let without_signs: String;
    let text = if block.diff {
        without_signs = block.text.split_inclusive('\n').map(without_sign).collect();
        &without_signs
    } else {
        &block.text
    };

    let mut fields = field::find(text, &block.tokens);
    if block.language.is_some_and(Language::is_shell) {
        let place = if block.diff { field::place_in_diff } else { field::place_in_shell };
        place(&mut fields, text);
    }
    let spans = context.spans(|| (block.language, field::mask(text, &fields)));
    let mut painter = Painter::new(text, &spans, &fields, context.callouts(block));
    if block.is_by_line() {
        write_lines(out, block, text, &mut painter);
    } else {
        painter.paint(out, text.len());
    }
    out.push_str("</code></pre>");
}

/// A line of a diff without its first column.
fn without_sign(line: &str) -> &str {
    line.strip_prefix(['+', '-', ' ']).unwrap_or(line)
}

/// Appends lines, with the signs that they have in a diff. Where it makes a difference, a line is an element of its own.
fn write_lines(out: &mut String, block: &CodeBlock, text: &str, painter: &mut Painter<'_>) {
    let mut end = 0;
    let lines = text.split_inclusive('\n').zip(block.text.split_inclusive('\n'));
    for (number, (line, authored)) in (1..).zip(lines) {
        let sign = if block.diff { authored.chars().next() } else { None };
        let is_marked = block.is_marked(number);
        let classes = [(" hl", is_marked), (" ins", sign == Some('+')), (" del", sign == Some('-'))];
        let is_element = block.numbers || classes.iter().any(|(_, is_on)| *is_on);

        if is_element {
            out.push_str("<span class=\"line");
            out.extend(classes.iter().filter(|(_, is_on)| *is_on).map(|(class, _)| *class));
            out.push_str("\">");
        }

        if let Some(sign) = sign.filter(|_| authored.len() > line.len()) {
            out.push_str(&format!("<span class=\"sign\">{sign}</span>"));
        }
        painter.paint(out, end + line.trim_end_matches('\n').len());
        out.push_str(if is_element { "</span>" } else { "" });

        // The line break is outside of the element.
        end += line.len();
        painter.paint(out, end);
    }
}
