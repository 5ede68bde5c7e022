//! The words of a flowchart, as Mermaid's grammar has them: what a text begins with, and how long that is.

/// The brackets around labels, longer ones first. Those of leaning shapes can be mixed.
pub const BRACKETS: &[(&str, &[&str])] = &[
    ("(((", &[")))"]),
    ("([", &["])"]),
    ("[[", &["]]"]),
    ("[(", &[")]"]),
    ("((", &["))"]),
    ("{{", &["}}"]),
    ("[/", &["/]", "\\]"]),
    ("[\\", &["/]", "\\]"]),
    (">", &["]"]),
    ("[", &["]"]),
    ("(", &[")"]),
    ("{", &["}"]),
];

/// What a line is that is no chain of nodes, by its first word.
const DIRECTIVES: &[&str] = &[
    "accDescr",
    "accTitle",
    "class",
    "classDef",
    "click",
    "direction",
    "end",
    "linkStyle",
    "style",
    "subgraph",
];

/// An arrow: the lengths of its beginning, of the label in it, and of its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrow {
    pub start: usize,
    pub label: usize,
    pub end: usize,
}

/// Finds the arrow that a text begins with: a whole one (`-->`), or one with a label (`-- yes -->`).
pub fn arrow(text: &str) -> Option<Arrow> {
    let tail = usize::from(text.starts_with(['<', 'x', 'o']));
    let line = &text[tail..];
    if let Some(length) = whole(line) {
        return Some(Arrow { start: tail + length, ..Arrow::default() });
    }

    // The label ends where the same line begins again.
    let (open, again) =
        [("-.", ".-"), ("--", "--"), ("==", "==")].into_iter().find(|(open, _)| line.starts_with(open))?;
    let label = line[open.len()..].find(again)?;
    let end = whole(&line[open.len() + label..])?;
    Some(Arrow { start: tail + open.len(), label, end })
}

/// The length of a whole arrow from its line on, as in Mermaid's grammar.
fn whole(text: &str) -> Option<usize> {
    let run = |text: &str, sign: char| text.len() - text.trim_start_matches(sign).len();
    let invisible = run(text, '~');
    if invisible >= 3 {
        return Some(invisible);
    }

    let is_head = |at: usize, heads: &[char]| text[at..].starts_with(heads);
    for sign in ['-', '='] {
        let length = run(text, sign);
        if length >= 2 && is_head(length, &['>', 'x', 'o']) {
            return Some(length + 1);
        }
        if length >= 3 {
            return Some(length);
        }
    }

    // Dots between two strokes, of which the first may be missing at the end of a label.
    let stroke = usize::from(text.starts_with('-'));
    let dots = run(&text[stroke..], '.');
    let end = stroke + dots;
    if dots == 0 || !text[end..].starts_with('-') {
        return None;
    }
    Some(end + 1 + usize::from(is_head(end + 1, &['>', 'x', 'o'])))
}

/// The length of an edge's name before an arrow, as in `e1@-->`.
pub fn edge_id(text: &str) -> usize {
    let length = name(text);
    let is_id = length > 0 && text[length..].starts_with('@') && arrow(&text[length + 1..]).is_some();
    if is_id { length + 1 } else { 0 }
}

/// The length of the name that a text begins with, as in Mermaid's grammar.
pub fn name(text: &str) -> usize {
    let mut end = 0;
    while let Some(c) = text[end..].chars().next() {
        let next = text[end + c.len_utf8()..].chars().next().unwrap_or(' ');
        let is_part = match c {
            '_' | '.' | '!' | '#' | '$' | '\'' | '*' | '+' | '?' | '\\' | '/' | ',' | '`' => true,
            '%' => next != '%',
            '-' => !matches!(next, '>' | '-' | '.') && !next.is_whitespace(),
            '=' => next != '=',
            ':' => next != ':' && !text[..end].ends_with(':'),
            c => c.is_alphanumeric(),
        };
        if !is_part {
            break;
        }
        end += c.len_utf8();
    }
    end
}

/// The length of the white space and comments that a text begins with, and how many line ends are in it.
pub fn gap(text: &str) -> (usize, usize) {
    let mut end = text.len() - text.trim_start().len();
    while end > 0 && text[..end].contains('\n') && text[end..].starts_with("%%") {
        end += text[end..].find('\n').unwrap_or(text.len() - end);
        end += text[end..].len() - text[end..].trim_start().len();
    }
    (end, text[..end].matches('\n').count())
}

/// The length of the spaces that a line begins with.
pub fn spaces(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

/// Where a sign is that is not in quotes.
pub fn unquoted(text: &str, sign: &str) -> Option<usize> {
    let mut is_quoted = false;
    text.char_indices().find_map(|(at, c)| {
        is_quoted ^= c == '"';
        (!is_quoted && text[at..].starts_with(sign)).then_some(at)
    })
}

/// The word of the directive that a text begins with.
pub fn directive(text: &str) -> Option<&str> {
    let word = &text[..text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len())];
    let is_name = text[word.len()..].starts_with(['-', '=', '[', '(', '{', '@', '\'', '*']);
    (DIRECTIVES.contains(&word) && !is_name).then_some(word)
}
