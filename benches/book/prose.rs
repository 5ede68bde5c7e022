//! The text of a tutorial between its code: sentences, paragraphs, lists, tables, notes.

use super::words::{Words, capital};

/// Titles of chapters.
pub const TITLES: &[&str] = &[
    "«verb» the «adj» «noun» of a «noun»",
    "How a «adj» «noun» «verbs» its «noun»",
    "Why the «noun» «verbs» every «adj» «noun»",
    "When one «noun» is not a «adj» «noun»",
    "From a «adj» «noun» to the «noun»",
    "«verb» one «noun», «verb» every «adj» «noun»",
];
/// Titles of parts.
pub const PARTS: &[&str] = &["The «adj» «noun» and its «noun»", "«verb» and «verb» a «adj» «noun»"];
/// Titles of sections.
pub const HEADINGS: &[&str] = &[
    "«verb» the «noun»",
    "A «adj» «noun» for the «noun»",
    "What the «noun» «verbs»",
    "«verb» it «adv»",
    "The «noun» and the «adj» «noun»",
    "If the «noun» does not «verb»",
];

const SENTENCES: &[&str] = &[
    "The «noun» «verbs» the «adj» «noun» before the «noun» can «verb» it.",
    "If a «adj» «noun» does not answer, «verb» its «noun» «adv» and «verb» the «noun».",
    "You do not need to «verb» every «noun»: a «adj» one is enough for this chapter.",
    "Nobody should «verb» a «noun» that they cannot «verb» «adv».",
    "At the end of this section, your «noun» «verbs» a «adj» «noun», and you know why.",
    "It is tempting to «verb» the «noun» first, but a «adj» «noun» would then «verb» the wrong one.",
    "Look at the «noun» once more; it names the «adj» «noun» that failed to «verb».",
    "Most people «verb» the «noun» «adv» and find out a week later that the «noun» was **«adj»**.",
    "The file `«a».conf` «verbs» the «noun», and nothing else may «verb» it.",
    "A «noun» is only as «adj» as the «noun» that «verbs» it.",
    "Set `«b»` to «n» so that the «noun» can «verb» «adv»; the default of «n» is too «adj» here.",
    "What matters is *that* the «noun» «verbs», not how «adj» its «noun» is.",
    "There are two ways to «verb» a «noun»: «adv», or with a «adj» «noun» that «verbs» it for you.",
    "Your numbers may differ, because each «noun» «verbs» its own «noun».",
    "Whenever the «adj» «noun» stops, `systemd` «verbs» it after «n» seconds and «verbs» the «noun».",
    "Do not «verb» the «noun» yet: the «adj» «noun» still «verbs» port `«port»`.",
    "Later, a «noun» will «verb» this for you; for now we «verb» it «adv».",
    "Everything under `/srv/«a»` belongs to the «noun», and the «noun» may only «verb» it.",
    "That is why the «noun» in the previous section could not «verb» its «adj» «noun».",
    "Once the «noun» is «adj», close the «noun» & open another, so that both «verb» the same «noun».",
    "The first «noun» takes about «n» minutes, the second less than «n» seconds.",
    "Call `«c»()` with a «adj» «noun», and it «verbs» the «noun» or tells you what is wrong with it.",
    "You could also «verb» the «noun» from a «adj» «noun», as [the manual](https://docs.example.org/«a»/«b») says.",
    "Remember the «noun»: without it, no «noun» can «verb» the «adj» «noun».",
];
const MARKED: &[&str] = &[
    "==«verb» the «noun» before you go on==: the «adj» one cannot be brought back.",
    "From here on, ==every `«a»` must be «adj»==, or the «noun» «verbs» nothing.",
];
const LINKS: &[&str] = &[
    "explained in",
    "much like the one in",
    "a step further than",
    "what you need for",
    "said once more in",
];
const ITEMS: &[&str] = &[
    "«verb» the «adj» «noun» of the «noun»",
    "`«a»`, which «verbs» the «noun» «adv»",
    "a «adj» «noun» for **every «noun»** that you «verb»",
    "the «noun»: «verb» it with `--«b»=«n»`, never «adv»",
    "one «noun» that «verbs» the «adj» «noun» and its «noun»",
];
const TASKS: &[&str] = &[
    "say how the «noun» «verbs» a «adj» «noun»",
    "«verb» the «noun» with `«a»`",
    "is the «noun» still «adj»? see [the list](https://docs.example.org/«b»)",
    "a picture of the «noun»",
];
const KINDS: &[&str] = &["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"];

/// Capitalizes the first letter of a sentence.
pub fn sentence(words: &mut Words, patterns: &[&'static str]) -> String {
    capital(&words.one_of(patterns))
}

/// A paragraph with this number of sentences, in lines of about 100 characters.
pub fn paragraph(words: &mut Words, sentences: usize) -> String {
    // In steps of 7, so that a paragraph does not repeat a pattern; 7 and the number of patterns have no common
    // factor.
    let first = words.random.below(SENTENCES.len());
    let patterns = SENTENCES.iter().cycle().skip(first).step_by(7).take(sentences);
    let text: Vec<String> = patterns.map(|pattern| capital(&words.fill(pattern))).collect();
    wrapped(&text.join(" "), "")
}

/// A sentence with a link to another chapter, in a paragraph of its own.
pub fn reference(words: &mut Words, title: &str, url: &str) -> String {
    let link = format!("This is {} [{title}]({url}).", words.random.word(LINKS));
    let more = sentence(words, SENTENCES);
    wrapped(&format!("{link} {more}"), "")
}

/// What some paragraphs are followed by: a list, a table, a note, marked text, or nothing.
pub fn extra(words: &mut Words) -> String {
    match words.random.below(9) {
        0 | 1 => items(words, |_| "- ".to_owned()),
        2 => items(words, |number| format!("{}. ", number + 1)),
        3 => items(words, |number| if number % 2 == 1 { "  - ".to_owned() } else { "- ".to_owned() }),
        4 => table(words),
        5 => note(words),
        6 => format!("{}\n", sentence(words, MARKED)),
        7 => wrapped(&format!("> {} {}", sentence(words, SENTENCES), sentence(words, SENTENCES)), "> "),
        _ => String::new(),
    }
}

/// A TODO list.
pub fn todo(words: &mut Words) -> String {
    let mut list = String::from("TODO\n\n");
    for number in 0..3 + words.random.below(4) {
        let sign = if number == 0 { 'x' } else { ' ' };
        list.push_str(&format!("- [{sign}] {}\n", words.one_of(TASKS)));
    }
    list
}

/// An author's note.
pub fn question(words: &mut Words) -> String {
    words.fill("//does the «noun» still «verb» the «adj» «noun»?\n")
}

fn items(words: &mut Words, bullet: impl Fn(usize) -> String) -> String {
    let count = 3 + words.random.below(3);
    (0..count).map(|number| format!("{}{}\n", bullet(number), words.one_of(ITEMS))).collect()
}

fn table(words: &mut Words) -> String {
    let mut table = words.fill("| «noun» | «noun» | What it «verbs» |\n| --- | ---: | --- |\n");
    for _ in 0..3 + words.random.below(3) {
        table.push_str(&words.fill("| `«noun»_«noun»` | «n» | the «adj» «noun», «adv» |\n"));
    }
    table
}

fn note(words: &mut Words) -> String {
    let kind = words.random.word(KINDS);
    let text = format!("> {} {}", sentence(words, SENTENCES), sentence(words, SENTENCES));
    format!("> [!{kind}]\n{}", wrapped(&text, "> "))
}

/// Text in lines of about 100 characters; the lines after the first begin with `indent`.
fn wrapped(text: &str, indent: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut length = 0;
    for word in text.split(' ') {
        if length + word.len() > 100 {
            out.push('\n');
            out.push_str(indent);
            length = indent.len();
        } else if length > 0 {
            out.push(' ');
            length += 1;
        }
        out.push_str(word);
        length += word.len();
    }
    out.push('\n');
    out
}
