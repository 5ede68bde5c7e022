//! Flowcharts as the library reads them: each statement on one line, and names without special characters.
//!
//! In Mermaid a statement can go on after an arrow, before one, and within a label. A name can have most punctuation.
//! The library reads neither, so [`rewritten`] joins lines and gives such nodes other names, which readers do not see.
//! Lines keep their numbers: a statement is on its first line, and empty lines follow it. What is not understood here
//! stays as it is, for the library to judge.

mod grammar;
mod label;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use grammar::{Arrow, BRACKETS, arrow, directive, edge_id, gap, name, spaces, unquoted};
use label::{one_line, unmarked};

/// A flowchart for the library, and the line of the first mistake that Mermaid refuses too.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Rewritten {
    /// The source.
    pub source: String,
    /// An arrow without a target: what it is, and its line, from 1.
    pub mistake: Option<(&'static str, usize)>,
}

/// Rewrites a source if it is a flowchart.
pub fn rewritten(source: &str) -> Option<Rewritten> {
    let body = body(source)?;
    let start = (0..).map(|number| format!("node{number}_")).find(|start| !source.contains(start));
    let start = start.expect("a source of finite length does not have all of them");
    let mut reader = StatementReader { source, start, at: body, ..StatementReader::default() };
    reader.out.push_str(&source[..body]);
    while reader.at < source.len() {
        reader.statement();
    }
    reader.declare_names();
    Some(Rewritten { source: reader.out, mistake: reader.mistake })
}

/// Where the statements of a flowchart begin: after the line, or the `;`, that ends its first words.
fn body(source: &str) -> Option<usize> {
    let mut at = 0;
    let mut is_front_matter = false;
    for (number, line) in source.split_inclusive('\n').enumerate() {
        let text = line.trim();
        let is_fence = text == "---" && (number == 0 || is_front_matter);
        if is_fence {
            is_front_matter = !is_front_matter;
        } else if !is_front_matter && !text.is_empty() && !text.starts_with("%%") {
            let word = text.split([' ', '\t', ';', ':']).next().unwrap_or_default();
            let is_flowchart = ["flowchart", "graph", "flowchart-elk"].contains(&word);
            return is_flowchart.then(|| at + line.find(';').map_or(line.len(), |end| end + 1));
        }
        at += line.len();
    }
    None
}

/// Reads a flowchart from its beginning to its end, and writes it.
#[derive(Default)]
struct StatementReader<'s> {
    source: &'s str,
    /// What other names begin with, and nothing in the source does.
    start: String,
    /// How far it has been read.
    at: usize,
    out: String,
    /// How many line ends have been read and not yet written.
    joined: usize,
    /// The other names of nodes, and whether the source gives them labels.
    names: BTreeMap<&'s str, (String, bool)>,
    mistake: Option<(&'static str, usize)>,
}

impl<'s> StatementReader<'s> {
    fn rest(&self) -> &'s str {
        &self.source[self.at..]
    }

    /// Writes so many bytes as they are.
    fn copy(&mut self, length: usize) {
        let text = &self.rest()[..length];
        self.out.push_str(text);
        self.at += length;
    }

    /// Reads a statement and the line end or `;` after it.
    fn statement(&mut self) {
        self.copy(spaces(self.rest()));
        if let Some(word) = directive(self.rest()) {
            self.directive(word);
        } else if !self.rest().starts_with("%%") {
            self.chain();
        }
        self.copy(spaces(self.rest()));

        // What is left of the line is not understood.
        let line = self.rest().find('\n').unwrap_or(self.rest().len());
        let end = self.rest()[..line].starts_with(';').then_some(1);
        self.copy(end.unwrap_or(line));
        if self.rest().starts_with('\n') {
            self.copy(1);
            self.out.extend(std::iter::repeat_n('\n', std::mem::take(&mut self.joined)));
        }
    }

    /// Reads nodes and the arrows between them.
    fn chain(&mut self) {
        while self.nodes() {
            // An arrow can be on a line below its source.
            let (length, lines) = gap(self.rest());
            let id = edge_id(&self.rest()[length..]);
            let Some(arrow) = arrow(&self.rest()[length + id..]) else { return };
            self.skip(length, lines);
            self.copy(id);
            let line = self.line();
            self.arrow(arrow);

            // So can its target, or its label, which its target must follow.
            let (length, lines) = gap(self.rest());
            let next = &self.rest()[length..];
            if lines == 0 || directive(next).is_none() {
                self.skip(length, lines);
            }
            if next.starts_with('|') && !self.edge_label() {
                return;
            }
            self.copy(spaces(self.rest()));
            if self.rest().is_empty() || self.rest().starts_with(['\n', ';']) {
                self.mistake.get_or_insert(("an arrow has no target", line));
                return;
            }
        }
    }

    /// The number of the line that is being read.
    fn line(&self) -> usize {
        self.source[..self.at].matches('\n').count() + 1
    }

    /// Skips white space, and writes a space in its place.
    fn skip(&mut self, length: usize, lines: usize) {
        self.at += length;
        self.joined += lines;
        if length > 0 {
            self.out.push(' ');
        }
    }

    /// Reads nodes with `&` between them; false if there is none.
    fn nodes(&mut self) -> bool {
        loop {
            let length = name(self.rest());
            if length == 0 {
                return false;
            }
            self.name(length);
            let before = spaces(self.rest());
            let Some(after) = self.rest()[before..].strip_prefix('&') else { return true };
            self.copy(before + 1 + spaces(after));
        }
    }

    /// Reads the name of a node, its label and its class.
    fn name(&mut self, length: usize) {
        let name = &self.rest()[..length];
        self.at += length;
        let known = self.other_name(name);
        self.out.push_str(&known);

        let has_label = if self.rest().starts_with("@{") { self.attributes(name) } else { self.label() };
        if let Some((_, is_labelled)) = self.names.get_mut(name) {
            *is_labelled |= has_label;
        }
        if let Some(class) = self.rest().strip_prefix(":::") {
            self.copy(3 + grammar::name(class));
        }
    }

    /// The name by which the library knows a node.
    fn other_name(&mut self, name: &'s str) -> String {
        let is_known = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '/');
        if name.chars().all(is_known) && !name.starts_with(['-', '/']) && !name.ends_with(['-', '/']) {
            return name.to_owned();
        }

        let number = self.names.len() + 1;
        let other = || (format!("{}{number}", self.start), false);
        let (other, _) = self.names.entry(name).or_insert_with(other);
        other.clone()
    }

    /// Gives the nodes with other names the labels that Mermaid shows: their names.
    fn declare_names(&mut self) {
        for (name, (other, _)) in self.names.iter().filter(|(_, (_, has_label))| !has_label) {
            write!(self.out, "\n{other}[\"{name}\"]").expect("writing to a String cannot fail");
        }
    }

    /// Reads a label in brackets; false if there is none.
    fn label(&mut self) -> bool {
        let rest = self.rest();
        let Some((open, closes)) = BRACKETS.iter().find(|(open, _)| rest.starts_with(open)) else {
            return false;
        };
        let inner = &rest[open.len()..];
        let found = closes.iter().filter_map(|close| Some((unquoted(inner, close)?, close.len())));
        let Some((end, close)) = found.min() else { return false };
        self.text(open.len(), end, close)
    }

    /// Reads the label of an arrow between `|`; false if it is not closed.
    fn edge_label(&mut self) -> bool {
        let Some(end) = unquoted(&self.rest()[1..], "|") else { return false };
        self.text(1, end, 1)
    }

    /// Reads a text of so many bytes and what is around it. False if it goes on over lines in a way that Mermaid does
    /// not understand either.
    fn text(&mut self, open: usize, length: usize, close: usize) -> bool {
        let text = &self.rest()[open..open + length];
        let bare = text.trim_end();
        let is_quoted = bare.len() > 1 && bare.starts_with('"') && bare.ends_with('"');
        if text.contains('\n') && !is_quoted && text.contains(['"', '[', '(', '{', '|']) {
            return false;
        }
        self.copy(open);
        self.broken(text, "<br/>");
        self.copy(close);
        true
    }

    /// Reads a label in quotes.
    fn quoted(&mut self) {
        let Some(end) = self.rest()[1..].find('"') else { return };
        let text = &self.rest()[..end + 2];
        self.broken(text, " ");
    }

    /// Writes a text on one line, with a sign where a line ends outside of quotes.
    fn broken(&mut self, text: &str, sign: &str) {
        match text.matches('\n').count() {
            0 => self.out.push_str(&unmarked(text)),
            count => {
                self.out.push_str(&unmarked(&one_line(text, sign)));
                self.joined += count;
            }
        }
        self.at += text.len();
    }

    /// Reads `@{ shape: rect }`, in which a line end is a comma; false if it is not closed.
    fn attributes(&mut self, name: &str) -> bool {
        let Some(end) = unquoted(self.rest(), "}") else { return false };
        let inner = &self.rest()[2..end];
        self.copy(2);
        if self.names.contains_key(name) && !inner.contains("label") {
            write!(self.out, "label: \"{name}\", ").expect("writing to a String cannot fail");
        }
        self.broken(inner, ", ");
        self.copy(1);
        true
    }

    /// Writes an arrow with the label in it.
    fn arrow(&mut self, Arrow { start, label, end }: Arrow) {
        self.copy(start);
        let text = &self.rest()[..label];
        self.broken(text, "<br/>");
        self.copy(end);
    }

    /// Reads a line that is no chain of nodes.
    fn directive(&mut self, word: &str) {
        if word == "accDescr" && self.rest()[word.len()..].trim_start().starts_with('{') {
            let end = self.rest().find('}').map_or(self.rest().len(), |end| end + 1);
            return self.copy(end);
        }

        self.copy(word.len() + spaces(&self.rest()[word.len()..]));
        match word {
            "style" | "class" => self.names_of_list(),
            "subgraph" if self.rest().starts_with('"') => self.quoted(),
            "subgraph" => self.group(),
            _ => {}
        }

        // A list of styles ends with its line. What follows a comma is not the name of a node.
        let line = &self.rest()[..self.rest().find('\n').unwrap_or(self.rest().len())];
        if ["style", "classDef", "linkStyle"].contains(&word) && line.trim_end().ends_with(',') {
            self.copy((line.len() + 1).min(self.rest().len()));
        }
    }

    /// Reads names with commas between them.
    fn names_of_list(&mut self) {
        let length = self.rest().find(char::is_whitespace).unwrap_or(self.rest().len());
        let list = &self.rest()[..length];
        let names: Vec<String> = list.split(',').map(|name| self.other_name(name)).collect();
        self.out.push_str(&names.join(","));
        self.at += length;
    }

    /// Reads the name of a subgraph and its label.
    fn group(&mut self) {
        let length = name(self.rest());
        let after = &self.rest()[length..];
        let end = after.trim_start_matches([' ', '\t']);
        let has_label = end.starts_with('[');
        let is_alone = end.is_empty() || end.starts_with(['\n', ';']);
        if length == 0 || !(has_label || is_alone) {
            return;
        }

        let name = &self.rest()[..length];
        let other = self.other_name(name);
        self.out.push_str(&other);
        self.at += length;
        if let Some((_, is_labelled)) = self.names.get_mut(name) {
            *is_labelled = true;
            if is_alone {
                write!(self.out, "[\"{name}\"]").expect("writing to a String cannot fail");
            }
        }
        if has_label {
            self.copy(spaces(self.rest()));
            self.label();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body_of(statements: &str) -> String {
        let read = rewritten(&format!("flowchart LR\n{statements}")).expect("a flowchart");
        read.source["flowchart LR\n".len()..].to_owned()
    }

    #[test]
    fn statements_are_on_one_line() {
        for (source, expected) in [
            ("a -->\nb -->\nc\nd", "a --> b --> c\n\n\nd"),
            ("a\n  --> b\n  -.-> c", "a --> b -.-> c"),
            ("a ==>\n\n%% a remark\nb\nc", "a ==> b\n\n\n\nc"),
            ("a -->\n|yes| b", "a --> |yes| b"),
            ("a -- one\n  two --> b", "a -- one<br/>two --> b"),
            ("a -. x\n.-> b", "a -. x .-> b"),
            ("a[\"one\n  two\"] --> b(three\nfour)", "a[\"one<br/>two\"] --> b(three<br/>four)"),
            ("a[\"x\"\n] --> b", "a[\"x\" ] --> b"),
            ("a@{ shape: rect\n  label: \"x\n  y\"\n}\nb", "a@{ shape: rect, label: \"x<br/>y\" }\n\n\n\nb"),
            ("subgraph s[\"one\ntwo\"]\na\nend", "subgraph s[\"one<br/>two\"]\n\na\nend"),
            ("a e1@-->\nb", "a e1@--> b"),
            ("subgraph \"one\ntwo\"\na\nend", "subgraph \"one<br/>two\"\n\na\nend"),
            ("a[\"`**one** *two*\n2 * 3`\"]", "a[\"one two<br/>2 * 3\"]"),
        ] {
            assert_eq!(body_of(source).trim_end(), expected, "{source}");
        }
    }

    #[test]
    fn names_are_such_that_the_library_reads_them() {
        for (source, expected) in [
            ("it's --> b*", "node0_1 --> node0_2\nnode0_2[\"b*\"]\nnode0_1[\"it's\"]"),
            ("it's[One] --> b\nb --> it's", "node0_1[One] --> b\nb --> node0_1"),
            ("node0_1 --> a!", "node0_1 --> node1_1\nnode1_1[\"a!\"]"),
            ("a*@{ shape: circle }", "node0_1@{label: \"a*\",  shape: circle }"),
            ("subgraph it's\na\nend\nb --> it's", "subgraph node0_1[\"it's\"]\na\nend\nb --> node0_1"),
            ("style it's fill:red", "style node0_1 fill:red\nnode0_1[\"it's\"]"),
        ] {
            assert_eq!(body_of(source), expected, "{source}");
        }
    }

    #[test]
    fn what_is_understood_already_stays() {
        for source in [
            "a-->b-->c & d\n",
            "a --x b; c o--o d ; e <-.-> f\n",
            "a -- text --> b -->|text| c[label]:::big ~~~ d\n",
            "A -- B -- C\n",
            "a[x] & b(y) ---> c{z}\n\n  %% a remark\n  style a fill:#fff,stroke:#333\nclass a,b big\n",
            "a[unclosed\nb --> c\n",
            "a[one [\nb] --> c\n",
            "style a fill:red,\n  stroke:blue\n",
            "a[\"**one** * two\"] --> b[`*x*`]\n",
            "accDescr {\n a -->\n}\nclick a \"x\"\nsubgraph one two\n direction LR\nend\n",
        ] {
            assert_eq!(body_of(source), source);
        }
        assert_eq!(rewritten("sequenceDiagram\n  A->>B: x\n"), None);
        let source = "---\ntitle: x\n---\n%% a remark\ngraph LR; a --> b\n";
        assert_eq!(rewritten(source).expect("a flowchart").source, source);
    }

    #[test]
    fn an_arrow_without_a_target_is_a_mistake() {
        for (source, line) in [
            ("a -->", Some(2)),
            ("a\n-->\n\n", Some(3)),
            ("a -->|yes|\nb", Some(2)),
            ("subgraph s\na -->\nend", Some(3)),
            ("a --> b", None),
        ] {
            let read = rewritten(&format!("flowchart LR\n{source}")).expect("a flowchart");
            assert_eq!(read.mistake.map(|(_, line)| line), line, "{source}");
        }
    }
}
