//! Console sessions as HTML.
//!
//! A command is a `.command`; what is copied of it is its text without that of `.prompt` and `.comment`. What it
//! prints is an `.output`. Runs for different readers are blocks of their own.

use super::field::{self, Field};
use super::markup::{CodeContext, open};
use super::paint::{self, Painter};
use crate::parse::console::{Command, Interpreter, Part, Role, Run, Session};
use crate::parse::language::{self, Lookup};
use crate::text::html::escape_into;
use crate::write::code_block::CodeBlock;
use crate::write::placeholder;

/// Appends a session.
pub fn write(out: &mut String, block: &CodeBlock, session: &Session, context: CodeContext<'_>) {
    let is_split = session.runs.len() > 1;
    let audience = match session.runs.iter().any(|run| run.role.is_root) {
        true => Audience::WithRoot,
        false => Audience::UsersOnly,
    };

    for (number, run) in session.runs.iter().enumerate() {
        if number > 0 {
            out.push('\n');
        }
        if is_split {
            out.push_str("<div class=\"code\">\n<p class=\"role\">");
            escape_into(out, reader(run.role, audience, context));
            out.push_str("</p>\n");
        }
        write_run(out, block, run, context);
        out.push_str(if is_split { "\n</div>" } else { "" });
    }
}

/// For whom the runs of a session are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Audience {
    UsersOnly,
    /// Some are for the superuser.
    WithRoot,
}

/// Appends what is typed and printed in one role, as a code block.
fn write_run(out: &mut String, block: &CodeBlock, run: &Run, context: CodeContext<'_>) {
    let interpreter = run.role.interpreter.language();
    let classes = [
        ("console", true),
        (interpreter, true),
        ("root", run.role.is_root),
        ("numbers", block.numbers),
        ("wrap", block.wrap),
    ];
    open(out, &classes, if block.name.is_empty() { "console" } else { &block.name });

    let mut lines = Lines { block, context, next: run.line };
    let mut fields = fields(run, block).into_iter();
    for part in &run.parts {
        match part {
            Part::Command(command) => {
                let fields = fields.next().unwrap_or_default();
                write_command(out, command, &fields, run.role.interpreter, &mut lines);
            }
            Part::Comment(line) => lines.write(out, |out| write_comment(out, line, block, context)),
            Part::Elision(line) => lines.write(out, |out| write_span(out, "elision", line, block)),
            Part::Output(text) => write_output(out, text, &mut lines),
            Part::Blank => lines.write(out, |_| {}),
        }
        out.push('\n');
    }
    out.push_str("</code></pre>");
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
    context: CodeContext<'b>,
    /// The number of the next line, from 1.
    next: usize,
}

impl Lines<'_> {
    /// Writes a line, as an element of its own where lines are numbered or marked.
    fn write(&mut self, out: &mut String, content: impl FnOnce(&mut String)) {
        if !self.block.is_by_line() {
            return content(out);
        }

        let is_marked = self.block.is_marked(self.next);
        out.push_str(if is_marked { "<span class=\"line hl\">" } else { "<span class=\"line\">" });
        content(out);
        out.push_str("</span>");
        self.next += 1;
    }
}

/// For whom a run is, where a session has several.
fn reader<'l>(role: Role, audience: Audience, context: CodeContext<'l>) -> &'l str {
    match role.interpreter {
        Interpreter::Shell if role.is_root => context.words.get("text", "as_root"),
        Interpreter::Shell if audience == Audience::WithRoot => context.words.get("text", "as_user"),
        Interpreter::Shell => "Shell",
        Interpreter::PowerShell => "PowerShell",
        Interpreter::Cmd => "cmd.exe",
        Interpreter::Python => "Python",
        Interpreter::Sql => "SQL",
        Interpreter::Ruby => "Ruby",
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
    if !lines.block.is_by_line() {
        return write_span(out, "output", text, lines.block);
    }

    let block = lines.block;
    out.push_str("<span class=\"output\">");
    for (number, line) in text.split('\n').enumerate() {
        out.push_str(if number > 0 { "\n" } else { "" });
        lines.write(out, |out| placeholder::write(out, line, &block.tokens));
    }
    out.push_str("</span>");
}

fn write_comment(out: &mut String, text: &str, block: &CodeBlock, context: CodeContext<'_>) {
    out.push_str("<span class=\"comment\">");
    paint::comment(out, text, block, context);
    out.push_str("</span>");
}

/// Appends an element of a class.
fn write_span(out: &mut String, class: &str, text: &str, block: &CodeBlock) {
    out.push_str("<span class=\"");
    out.push_str(class);
    out.push_str("\">");
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
