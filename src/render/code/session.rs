//! Console sessions as HTML.
//!
//! A command is a `.command`; what is copied of it is its text without that of `.prompt` and `.comment`. What it
//! prints is an `.output`. Runs on different machines, or of different users, are blocks of their own.

use std::ops::Range;

use super::field::{self, Field};
use super::fold::folded;
use super::head::{self, Head};
use super::markup::{CodeContext, open, open_span};
use super::output::{self, TerminalStyle};
use super::paint::{self, Painter};
use crate::parse::console::{Command, Interpreter, Part, Run, Session};
use crate::parse::language::{self, Lookup};
use crate::read::config_values::OutputSetting;
use crate::text::html::escape_into;
use crate::write::code_block::CodeBlock;
use crate::write::placeholder;

/// Appends a session, each run of it as a block.
pub fn write(out: &mut String, block: &CodeBlock, session: &Session, context: &CodeContext<'_>) {
    let last = block.text.trim_end().lines().count() + 1;
    let ends = session.runs.iter().skip(1).map(|run| run.line).chain([last]);

    for (number, (run, end)) in session.runs.iter().zip(ends).enumerate() {
        if number > 0 {
            out.push('\n');
        }
        let head = Head {
            tab: block.tab.as_deref(),
            terminal: Some(context.machines.terminal(block, run, context.words)),
            id: head::id(block, context.id_prefix).filter(|_| number == 0),
            title: head::title(block, context.listing.as_deref()).filter(|_| number == 0),
            stuck: context.stuck,
            checked: context.checked,
        };
        head.open(out);
        let lines = block.fold.then(|| end.saturating_sub(run.line));
        folded(out, lines, context.words, |out| write_run(out, block, run, context));
        head.close(out);
    }
}

/// Appends what is typed and printed in one role, as a code block.
fn write_run(out: &mut String, block: &CodeBlock, run: &Run, context: &CodeContext<'_>) {
    let interpreter = run.role.interpreter.language();
    let classes = [
        ("console", true),
        (interpreter, true),
        ("root", run.role.is_root),
        ("numbers", block.numbers),
        ("wrap", block.wrap),
    ];
    let language = language(block);
    open(out, &classes, language);

    let is_folding = context.output == OutputSetting::Folded && !block.is_by_line();
    let mut lines = Lines { block, context, next: run.line };
    let mut fields = fields(run, block).into_iter();
    let folds = if is_folding { folds(&run.parts) } else { Vec::new() };
    let mut folds = folds.into_iter().peekable();
    let mut at = 0;
    while let Some(part) = run.parts.get(at) {
        if let Some(fold) = folds.next_if(|fold| fold.start == at) {
            at = fold.end;
            write_folded(out, &run.parts[fold], &classes, &mut lines);
            if at == run.parts.len() {
                return;
            }
            open(out, &classes, language);
            continue;
        }

        match part {
            Part::Command(command) => {
                let fields = fields.next().unwrap_or_default();
                write_command(out, command, &fields, run.role.interpreter, &mut lines);
            }
            part => write_line(out, part, &mut lines),
        }
        out.push('\n');
        at += 1;
    }
    out.push_str("</code></pre>");
}

/// The parts that commands printed: output, lines that are left out of it, and empty ones in it and below. What a block begins
/// with is all that it shows.
fn folds(parts: &[Part]) -> Vec<Range<usize>> {
    let is_printed = |part: &&Part| matches!(part, Part::Output(_) | Part::Elision(_) | Part::Blank);
    let mut folds = Vec::new();
    let mut at = 0;
    while at < parts.len() {
        let end = at + parts[at..].iter().take_while(is_printed).count();
        let start = at + parts[at..end].iter().take_while(|part| matches!(part, Part::Blank)).count();
        let has_output = parts[start..end].iter().any(|part| matches!(part, Part::Output(_)));
        folds.extend((at > 0 && has_output).then_some(start..end));
        at = end + 1;
    }
    folds
}

/// Appends a part that is no command.
fn write_line(out: &mut String, part: &Part, lines: &mut Lines<'_>) {
    let (block, context) = (lines.block, lines.context);
    match part {
        Part::Comment(line) => lines.write(out, |out| write_comment(out, line, block, context)),
        Part::Elision(line) => lines.write(out, |out| write_span(out, "elision", line, block)),
        Part::Output(text) => write_output(out, text, lines),
        Part::Blank | Part::Command(_) => lines.write(out, |_| {}),
    }
}

/// The class of a session's language.
fn language(block: &CodeBlock) -> &str {
    if block.name.is_empty() { "console" } else { &block.name }
}

/// Ends the code, and appends what was printed, which a reader unfolds.
fn write_folded(out: &mut String, parts: &[Part], classes: &[(&str, bool)], lines: &mut Lines<'_>) {
    let summary = lines.context.words.get("text", "should_see");

    out.push_str("</code></pre><details class=\"printed\"><summary>");
    escape_into(out, summary);
    out.push_str("</summary>");
    open(out, classes, language(lines.block));
    let shown = parts.iter().rposition(|part| !matches!(part, Part::Blank)).map_or(0, |last| last + 1);
    for part in &parts[..shown] {
        write_line(out, part, lines);
        out.push('\n');
    }
    lines.next += parts.len() - shown;
    out.push_str("</code></pre></details>");
}

/// The fields of each command of a run. Commands are copied alone and together; a value must be safe in both.
fn fields<'b>(run: &'b Run, block: &'b CodeBlock) -> Vec<Vec<Field<'b>>> {
    let commands = run.parts.iter().filter_map(|part| match part {
        Part::Command(command) => Some(&*command.script),
        _ => None,
    });
    let scripts: Vec<&str> = commands.collect();
    let mut all = Vec::with_capacity(scripts.len());
    all.extend(scripts.iter().map(|script| field::find(script, &block.tokens)));
    if block.tokens.is_empty() || run.role.interpreter != Interpreter::Shell {
        return all;
    }

    let mut together: Vec<Field<'_>> = Vec::new();
    let mut start = 0;
    for (script, fields) in scripts.iter().zip(&mut all) {
        field::place_in_shell(fields, script);
        together.extend(fields.iter().map(|field| field.moved(start)));
        start += script.len() + 1;
    }
    field::place_in_shell(&mut together, &scripts.join("\n"));

    let mut together = together.into_iter();
    for field in all.iter_mut().flatten() {
        field.agree_with(together.next());
    }
    all
}

/// The lines of a session that is being written.
struct Lines<'b> {
    block: &'b CodeBlock,
    context: &'b CodeContext<'b>,
    /// The number of the next line, from 1.
    next: usize,
}

impl Lines<'_> {
    /// Writes a line, as an element of its own if it is numbered or marked.
    fn write(&mut self, out: &mut String, content: impl FnOnce(&mut String)) {
        let is_marked = self.block.is_marked(self.next);
        self.next += 1;
        if !is_marked && !self.block.numbers {
            return content(out);
        }

        out.push_str(if is_marked { "<span class=\"line hl\">" } else { "<span class=\"line\">" });
        content(out);
        out.push_str("</span>");
    }
}

/// Appends a command, coloured and with its placeholders, between its prompts and comments.
fn write_command(
    out: &mut String,
    command: &Command,
    fields: &[Field<'_>],
    interpreter: Interpreter,
    lines: &mut Lines<'_>,
) {
    let (block, context) = (lines.block, lines.context);

    let spans = context.spans(|| {
        let language = match language::find(interpreter.language()) {
            Lookup::Known(language) => Some(language),
            _ => None,
        };
        (language, without_brackets(&field::mask(&command.script, fields)).into())
    });
    let mut painter = Painter::new(&command.script, &spans, fields, context.callouts(block));

    // An empty prompt has nothing to copy.
    let has_script = !command.script.is_empty();
    out.push_str(if has_script { "<span class=\"command\">" } else { "" });
    for (number, line) in command.lines.iter().enumerate() {
        if number > 0 {
            out.push('\n');
        }
        lines.write(out, |out| {
            if !line.prompt.is_empty() {
                write_span(out, "prompt", &line.prompt, block);
            }
            painter.skip_to(line.script.start);
            painter.paint(out, line.script.end);
            if !line.comment.is_empty() {
                write_comment(out, &line.comment, block, context);
            }
        });
    }
    out.push_str(if has_script { "</span>" } else { "" });
}

fn write_output(out: &mut String, text: &str, lines: &mut Lines<'_>) {
    let block = lines.block;
    let mut style = TerminalStyle::default();
    open_span(out, "output");
    for (number, line) in text.split('\n').enumerate() {
        out.push_str(if number > 0 { "\n" } else { "" });
        lines.write(out, |out| output::write_line(out, line, block, &mut style));
    }
    out.push_str("</span>");
}

fn write_comment(out: &mut String, text: &str, block: &CodeBlock, context: &CodeContext<'_>) {
    open_span(out, "comment");
    paint::comment(out, text, block, context);
    out.push_str("</span>");
}

/// Appends an element of a class.
fn write_span(out: &mut String, class: &str, text: &str, block: &CodeBlock) {
    open_span(out, class);
    placeholder::write(out, text, &block.tokens);
    out.push_str("</span>");
}

/// A command for the highlighter. The angle brackets of placeholders that the book does not declare would be
/// redirections to it, so each is replaced by a letter.
fn without_brackets(command: &str) -> String {
    let mut text = command.to_owned();
    for (open, _) in command.match_indices('<') {
        let rest = &command[open + 1..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
        if rest[end..].starts_with('>')
            && rest[..end].contains('-')
            && rest.starts_with(|c: char| c.is_ascii_alphabetic())
        {
            text.replace_range(open..=open, "x");
            text.replace_range(open + 1 + end..open + 2 + end, "x");
        }
    }
    text
}
