//! MkDocs, Material for MkDocs, and the extensions of Python-Markdown that books for them use.

use super::construct::{AS_CODE, AS_TEXT, AS_WRITTEN, Construct, ConstructPlace, is_word, word};
use super::instead::{INSERT, Instead, TABS};
use crate::parse::alert;

/// The names of emoji that are often written; `:word:` can be other things.
const EMOJI: &str = "+1 -1 100 arrow_down arrow_left arrow_right arrow_up art beer beers bell blue_heart blush book \
    bookmark books boom bug bulb check_mark cherry_blossom clap clipboard coffee construction cry \
    crossed_fingers dizzy earth_africa earth_americas earth_asia electric_plug elephant exclamation \
    exploding_head eyes fire fireworks floppy_disk gear gem ghost gift globe_with_meridians green_book \
    green_heart grey_exclamation grin grinning hammer handshake heart heart_eyes heavy_check_mark \
    heavy_multiplication_x heavy_plus_sign hourglass hugs information_source joy keyboard laughing \
    loudspeaker mag man_dancing medal_sports mega memo microscope moneybag monkey muscle mute no_entry \
    no_entry_sign ok ok_hand open_book open_file_folder open_hands orange_book page_facing_up paperclip \
    partying_face pencil2 point_down point_left point_right point_up pray purple_heart pushpin rainbow \
    raised_hands recycle red_circle relaxed relieved robot rocket rotating_light satisfied scream \
    see_no_evil seedling skull slightly_smiling_face smile smiley smirk snake snowflake sob sparkles \
    sparkling_heart speech_balloon star star2 stop_sign stuck_out_tongue sunglasses sunny sweat \
    sweat_smile tada telescope thinking thought_balloon thumbsdown thumbsup toolbox trophy turtle \
    two_hearts unlock vertical_traffic_light warning wastebasket wave whale white_check_mark wink wrench \
    writing_hand yellow_heart yum zap";

/// The constructs.
pub const ALL: &[Construct] = &[
    Construct {
        name: "mkdocs-admonition",
        tool: "MkDocs",
        what: "an admonition (`!!!`)",
        here: AS_CODE,
        opens: "!!!",
        ends: "",
        place: ConstructPlace::Head,
        is: |sight| is_box(&sight.line()[3..]),
        instead: Instead::Alert(kind),
    },
    Construct {
        name: "mkdocs-details",
        tool: "MkDocs",
        what: "a box that opens (`???`)",
        here: AS_CODE,
        opens: "???",
        ends: "",
        place: ConstructPlace::Head,
        is: |sight| is_box(sight.line()[3..].trim_start_matches('+')),
        instead: Instead::Words(
            "write `<details><summary>Title</summary>`, an empty line, the text without its indent, and `</details>`",
        ),
    },
    Construct {
        name: "mkdocs-tab",
        tool: "MkDocs",
        what: "a tab (`===`)",
        here: AS_CODE,
        opens: "===",
        ends: "",
        place: ConstructPlace::Head,
        is: |sight| sight.rest.trim_start_matches(['=', '!', '+']).trim_start().starts_with(['"', '\'']),
        instead: TABS,
    },
    Construct {
        name: "mkdocs-block",
        tool: "MkDocs",
        what: "a block (`///`)",
        here: AS_TEXT,
        opens: "///",
        ends: "",
        place: ConstructPlace::Line,
        is: |sight| is_block(sight.line().trim_start_matches('/')),
        instead: Instead::Alert(kind),
    },
    Construct {
        name: "mkdocs-snippet",
        tool: "MkDocs",
        what: "a snippet of another file (`--8<--`)",
        here: AS_WRITTEN,
        opens: "-",
        ends: "",
        place: ConstructPlace::Insert,
        is: |sight| {
            let cut = sight.line().trim_start_matches('-').strip_prefix("8<-");
            cut.is_some_and(|rest| {
                matches!(rest.trim_start_matches('-').trim_start().bytes().next(), None | Some(b'"' | b'\''))
            })
        },
        instead: INSERT,
    },
    Construct {
        name: "mkdocs-include",
        tool: "MkDocs",
        what: "the code of another file (`{* … *}`)",
        here: AS_WRITTEN,
        opens: "{*",
        ends: "*}",
        place: ConstructPlace::Insert,
        is: |sight| sight.between("{*", "*}").is_some_and(|inner| inner.contains(['.', '/'])),
        instead: INSERT,
    },
    Construct {
        name: "markdown-include",
        tool: "MkDocs",
        what: "the text of another file (`{! … !}`)",
        here: AS_WRITTEN,
        opens: "{!",
        ends: "!}",
        place: ConstructPlace::Insert,
        is: |sight| sight.between("{!", "!}").is_some_and(|inner| inner.contains(['.', '/'])),
        instead: INSERT,
    },
    Construct {
        name: "emoji",
        tool: "GitHub, MkDocs and others",
        what: "an emoji by its name (`:tada:`)",
        here: AS_TEXT,
        opens: ":",
        ends: ":",
        place: ConstructPlace::Text,
        is: |sight| {
            let name = sight.between(":", ":").unwrap_or_default();
            !sight.byte_before().is_ascii_alphanumeric() && EMOJI.split(' ').any(|known| known == name)
        },
        instead: Instead::Words("write the sign itself, as it is copied from the page"),
    },
    Construct {
        name: "mkdocs-icon",
        tool: "Material for MkDocs",
        what: "an icon",
        here: AS_TEXT,
        opens: ":",
        ends: ":",
        place: ConstructPlace::Text,
        is: |sight| {
            let name = sight.between(":", ":").unwrap_or_default();
            let set =
                ["material-", "octicons-", "fontawesome-", "simple-"].iter().any(|set| name.starts_with(set));
            set && is_word(name)
        },
        instead: Instead::Words("leave it out, or write a sign of Unicode or an image: `![](icon.svg)`"),
    },
    Construct {
        name: "mkdocs-keys",
        tool: "MkDocs",
        what: "keys (`++ctrl+c++`)",
        here: AS_TEXT,
        opens: "++",
        ends: "++",
        place: ConstructPlace::Text,
        is: |sight| {
            let keys = sight.between("++", "++").unwrap_or_default();
            let before = sight.byte_before();
            !before.is_ascii_alphanumeric() && before != b'+' && keys.split('+').all(is_key)
        },
        instead: Instead::Words("write `<kbd>Ctrl</kbd>+<kbd>C</kbd>`"),
    },
    Construct {
        name: "markdown-abbreviation",
        tool: "MkDocs and PHP Markdown Extra",
        what: "an abbreviation (`*[HTML]: …`)",
        here: AS_TEXT,
        opens: "*[",
        ends: "]:",
        place: ConstructPlace::Line,
        is: |sight| sight.line().contains("]:"),
        instead: Instead::Words("define it as a term, in a chapter with `glossary: true`"),
    },
    Construct {
        name: "table-of-contents",
        tool: "MkDocs, VitePress, GitLab and Jekyll",
        what: "a list of the headings",
        here: AS_TEXT,
        opens: "[",
        ends: "",
        place: ConstructPlace::Line,
        is: |sight| {
            ["[toc]", "[[toc]]", "[[_toc_]]"].iter().any(|toc| sight.line().eq_ignore_ascii_case(toc))
        },
        instead: Instead::Words("remove it: each page lists its headings, unless it has `toc: false`"),
    },
    Construct {
        name: "critic-markup",
        tool: "MkDocs and CriticMarkup",
        what: "a change or a comment",
        here: AS_TEXT,
        opens: "{",
        ends: "}",
        place: ConstructPlace::Text,
        is: |sight| {
            [("{++", "++}"), ("{--", "--}"), ("{~~", "~~}"), ("{>>", "<<}"), ("{==", "==}")]
                .iter()
                .any(|(opens, ends)| sight.between(opens, ends).is_some_and(|inner| !inner.is_empty()))
        },
        instead: Instead::Words(
            "marked text is `==text==`, text that goes is `~~text~~`, a remark is a paragraph that begins with `//`",
        ),
    },
];

/// The kind of a box: the first word after its signs.
fn kind(line: &str) -> &str {
    word(line.trim_start_matches(['!', '/', ':', ' ']))
}

/// Whether words after `!!!` are the kind of a box, its classes, and a title in quotes.
fn is_box(words: &str) -> bool {
    let words = words.trim();
    let (words, title) = words.split_once(['"', '\'']).unwrap_or((words, ""));
    let first = words.split_whitespace().next().unwrap_or_default();
    let is_kind = first.starts_with(|c: char| c.is_ascii_lowercase()) || alert::meant(first).is_some();
    is_kind && words.split_whitespace().all(is_word) && (title.is_empty() || title.ends_with(['"', '\'']))
}

/// The names of blocks that have no title.
const BLOCKS: &[&str] = &[
    "details",
    "tab",
    "admonition",
    "html",
    "define",
    "caption",
    "figure-caption",
    "table-caption",
    "accordion",
];

/// Whether words after `///` name a block.
fn is_block(words: &str) -> bool {
    let Some(words) = words.strip_prefix(' ') else { return false };
    let name = word(words.trim_start());
    let rest = words.trim_start()[name.len()..].trim_start();
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && (rest.starts_with('|')
            || rest.is_empty() && (BLOCKS.contains(&name) || alert::meant(name).is_some()))
}

/// Whether a text names a key.
fn is_key(key: &str) -> bool {
    !key.is_empty()
        && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        || key.len() > 2 && key.starts_with('"') && key.ends_with('"')
}
