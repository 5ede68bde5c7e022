//! The head of a code block: where it is typed, or which file it is.
//!
//! A console session names its machine and its user, so that nothing is pasted into the wrong terminal; a file has its
//! name. Scripts put the button to copy into the head, beside the code and never on it. A block without a head stays as
//! it is; the stylesheet keeps room for the button beside its code.

use crate::parse::console::{Interpreter, Run};
use crate::read::Machine;
use crate::read::machine::is_user_name;
use crate::render::theme::words::{InterfaceWords, fill};
use crate::text::html::{escape, escape_into};
use crate::write::code_block::CodeBlock;

/// The caption of a block as HTML. Before it is its number as a listing.
pub fn title(block: &CodeBlock, listing: Option<&str>) -> Option<String> {
    let title = block.caption().map(|title| linked(title, block))?;
    Some(match listing {
        Some(listing) => format!("<span class=\"number\">{}</span> {title}", escape(listing)),
        None => title,
    })
}

/// The id of a block on a page whose ids have this prefix.
pub fn id(block: &CodeBlock, prefix: &str) -> Option<String> {
    block.id.as_ref().map(|id| format!("{prefix}{id}"))
}

/// A title as HTML, with a link to the original that the block is a copy of.
fn linked(title: &str, block: &CodeBlock) -> String {
    match &block.url {
        Some(url) => format!(r#"<a href="{}">{}</a>"#, escape(url), escape(title)),
        None => escape(title),
    }
}

/// The machines of the book, and the one that a chapter is about.
#[derive(Clone, Copy, Debug)]
pub struct Machines<'m> {
    /// All of them; the first is the reader's own.
    pub all: &'m [Machine],
    /// The name of the chapter's.
    pub of_chapter: Option<&'m str>,
}

/// What is written above a block.
#[derive(Debug, Default)]
pub struct Head<'h> {
    /// The id of the block.
    pub id: Option<String>,
    /// The name of the tab that the block is in.
    pub tab: Option<&'h str>,
    /// The machine and the user of a session.
    pub terminal: Option<Terminal<'h>>,
    /// The title, as HTML.
    pub title: Option<String>,
    /// Where readers whose commands do something else find help.
    pub stuck: Option<Stuck<'h>>,
    /// The systems on which it was checked, and what is said of that.
    pub checked: Option<(&'h str, &'h CheckedMark)>,
}

/// What is said of blocks that were checked.
#[derive(Debug)]
pub struct CheckedMark {
    /// The text as HTML, with `{system}` in it.
    pub text: String,
    /// The URL of what explains it.
    pub url: String,
}

/// A link to the section for readers whose commands do something else.
#[derive(Clone, Copy, Debug)]
pub struct Stuck<'h> {
    /// Where it leads.
    pub url: &'h str,
    /// Its text.
    pub text: &'h str,
}

/// Where a session is typed.
#[derive(Debug)]
pub struct Terminal<'h> {
    /// The number of the machine's colour and sign, from 1 to `SIGNS`; none if `book.yaml` does not declare it.
    pub sign: Option<usize>,
    /// What readers call the place.
    pub label: &'h str,
    /// Whether the label names a machine.
    pub is_machine: bool,
    /// Who types, or in which program.
    pub who: Option<String>,
    /// Whether the superuser types.
    pub is_root: bool,
}

/// How many machines have a colour and a sign of their own; the stylesheet has the same number.
const SIGNS: usize = 6;

impl Machines<'_> {
    /// Where the commands of a run are typed.
    pub fn terminal<'h>(
        &'h self,
        block: &'h CodeBlock,
        run: &'h Run,
        words: &'h InterfaceWords,
    ) -> Terminal<'h> {
        let program = run.role.interpreter.name();
        let host = run.account.host.as_deref();

        let of_block = block.machine.as_deref();
        let machine = Machine::of_session(self.all, of_block, host, self.of_chapter);
        let label = machine.map(|at| self.all[at].label.as_str()).or(host);

        // In a program, its name is said; who has started it does not matter.
        let who = match run.account.user.as_deref() {
            _ if program.is_some() => program.filter(|_| label.is_some()).map(str::to_owned),
            _ if run.role.is_root => Some(words.get("text", "as_root").to_owned()),
            Some(user) if is_user_name(user) => Some(words.with("text", "as_other", "user", user)),
            _ => None,
        };
        Terminal {
            sign: machine.map(|at| at % SIGNS + 1),
            label: label.or(program).unwrap_or_else(|| words.get("text", "terminal")),
            is_machine: label.is_some(),
            who,
            is_root: run.role.is_root,
        }
    }
}

impl Interpreter {
    /// The program that reads commands, if it is no ordinary shell.
    fn name(self) -> Option<&'static str> {
        match self {
            Interpreter::Shell => None,
            Interpreter::PowerShell => Some("PowerShell"),
            Interpreter::Cmd => Some("cmd.exe"),
            Interpreter::Python => Some("Python"),
            Interpreter::Sql => Some("SQL"),
            Interpreter::Ruby => Some("Ruby"),
            Interpreter::Client(client) => Some(client.name).filter(|name| !name.is_empty()),
        }
    }
}

impl Head<'_> {
    /// Whether the block has no element for it.
    fn is_empty(&self) -> bool {
        self.id.is_none() && !self.has_caption()
    }

    /// Whether there is something to write above the block.
    fn has_caption(&self) -> bool {
        self.tab.is_some() || self.terminal.is_some() || self.title.is_some()
    }

    /// Opens the element of the block, with the head.
    pub fn open(&self, out: &mut String) {
        if self.is_empty() {
            return;
        }

        out.push_str("<figure class=\"code");
        if let Some(terminal) = &self.terminal {
            out.push_str(" terminal");
            out.extend(terminal.sign.map(|sign| format!(" machine-{sign}")));
            out.push_str(if terminal.is_root { " root" } else { "" });
        }
        out.push('"');
        if let Some(id) = &self.id {
            out.push_str(&format!(" id=\"{}\"", escape(id)));
        }
        out.push('>');
        if self.has_caption() {
            self.write_caption(out);
        }
    }

    fn write_caption(&self, out: &mut String) {
        out.push_str("<figcaption>");
        if let Some(tab) = self.tab {
            out.push_str(&format!("<b class=\"tab\">{}</b>", escape(tab)));
        }
        if let Some(terminal) = &self.terminal {
            terminal.write(out);
        }
        if let Some(title) = &self.title {
            out.push_str(&format!(" <span class=\"title\">{title}</span>"));
        }
        if let Some(stuck) = self.stuck {
            let (url, text) = (escape(stuck.url), escape(stuck.text));
            out.push_str(&format!(" <a class=\"stuck\" href=\"{url}\">{text}</a>"));
        }
        if let Some((systems, mark)) = self.checked {
            let (url, text) = (escape(&mark.url), fill(&mark.text, "system", &escape(systems)));
            out.push_str(&format!(" <a class=\"checked\" href=\"{url}\"><span>{text}</span></a>"));
        }
        out.push_str("</figcaption>");
    }

    /// Closes the element of the block.
    pub fn close(&self, out: &mut String) {
        out.push_str(if self.is_empty() { "" } else { "</figure>" });
    }
}

impl Terminal<'_> {
    fn write(&self, out: &mut String) {
        out.push_str(if self.is_machine { "<span class=\"machine\">" } else { "<span class=\"kind\">" });
        escape_into(out, self.label);
        out.push_str("</span>");
        if let Some(who) = &self.who {
            out.push_str(" <span class=\"who\">");
            escape_into(out, who);
            out.push_str("</span>");
        }
    }
}
