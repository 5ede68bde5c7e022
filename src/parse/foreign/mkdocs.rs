//! MkDocs, Material for MkDocs, and the extensions of Python-Markdown that books for them use.

use super::construct::{AS_CODE, AS_TEXT, AS_WRITTEN, Construct, ConstructPlace, is_word, word};
use super::instead::{INSERT, Instead, TABS};
use crate::parse::alert;

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
        name: "mkdocs-icon",
        tool: "Material for MkDocs",
        what: "an icon",
        here: AS_TEXT,
        opens: ":",
        ends: ":",
        place: ConstructPlace::Text,
        is: |sight| {
            let sets = ["material-", "octicons-", "fontawesome-", "simple-"];
            sets.iter().any(|set| sight.rest[1..].starts_with(set))
                && sight.between(":", ":").is_some_and(is_word)
        },
        instead: Instead::Words("leave it out, or write a sign of Unicode or an image: `![](icon.svg)`"),
    },
    Construct {
        name: "emoji",
        tool: "MkDocs, GitHub and others",
        what: "an emoji (`:smile:`)",
        here: AS_TEXT,
        opens: ":",
        ends: ":",
        place: ConstructPlace::Text,
        is: |sight| {
            let name = word(&sight.rest[1..]);
            let after = sight.rest[1 + name.len()..].strip_prefix(':');
            after.is_some_and(|after| !after.starts_with('`')) && EMOJI.split(' ').any(|emoji| emoji == name)
        },
        instead: Instead::Words("write the sign of Unicode"),
    },
    Construct {
        name: "mkdocs-annotation",
        tool: "Material for MkDocs",
        what: "the sign of a callout (`(1)!`)",
        here: "here it is shown",
        opens: ")!",
        ends: "",
        place: ConstructPlace::Code,
        is: |sight| {
            let line = sight.before.rsplit('\n').next().unwrap_or_default();
            let before = line.trim_end_matches(|c: char| c.is_ascii_digit());
            let comment = before.strip_suffix('(').unwrap_or_default().trim_end();
            before.len() < line.len()
                && ["#", "//", "--", "/*", "<!--", ";", "%"].iter().any(|sign| comment.ends_with(sign))
        },
        instead: Instead::Words("write `(1)` without the `!`; the list after the block explains it"),
    },
    Construct {
        name: "mkdocs-insertion",
        tool: "MkDocs",
        what: "text that was added (`^^text^^`)",
        here: AS_TEXT,
        opens: "^^",
        ends: "^^",
        place: ConstructPlace::Text,
        is: |sight| {
            let inner = sight.between("^^", "^^").unwrap_or_default();
            !inner.is_empty() && !inner.contains('^') && sight.rest[2..].starts_with(inner)
        },
        instead: Instead::Words("write `<ins>text</ins>`, or `==text==` for marked text"),
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

/// The names of the emoji that books have most, without those that are words of other notations too.
const EMOJI: &str = "\
    airplane alarm_clock alien anchor angry apple arrow_down arrow_left arrow_right arrow_up \
    arrow_upper_right arrows_counterclockwise balloon ballot_box_with_check banana bangbang bar_chart \
    basketball bee beer beers bell bike bird blue_heart blush bookmark_tabs boom bowtie brain broken_heart \
    bug bulb bust_in_silhouette busts_in_silhouette butterfly cake cat chart_with_downwards_trend \
    chart_with_upwards_trend checkered_flag clap clipboard cloud coffee confetti_ball confused construction \
    construction_worker cool crab credit_card crossed_fingers cry dart desktop_computer dizzy dog dollar \
    dragon droplet earth_africa earth_americas earth_asia elephant envelope evergreen_tree exclamation eyes \
    facepunch fast_forward file_folder fire flashlight floppy_disk four_leaf_clover game_die gear ghost \
    gift globe_with_meridians green_heart grey_exclamation grey_question grin grinning guitar hammer \
    hammer_and_wrench headphones heart heart_eyes heavy_check_mark heavy_exclamation_mark \
    heavy_heart_exclamation heavy_minus_sign heavy_plus_sign herb hourglass hugs inbox_tray \
    information_source innocent interrobang joy keyboard large_blue_circle laughing loudspeaker mag \
    mag_right mailbox medal_sports mega memo metal microphone moneybag movie_camera muscle musical_note \
    nerd_face neutral_face no_bell no_entry no_entry_sign notebook nut_and_bolt ocean octocat octopus \
    ok_hand open_file_folder outbox_tray page_facing_up paperclip partying_face pencil pencil2 penguin \
    pizza point_down point_left point_right point_up point_up_2 poop pray purple_heart question pushpin rage rainbow \
    raised_hand raised_hands recycle red_circle robot rocket rofl rotating_light round_pushpin scream \
    scroll see_no_evil seedling ship shipit skull sleeping slightly_smiling_face small_blue_diamond \
    small_orange_diamond smile smiley snake snowflake sob soccer sos sparkles sparkling_heart \
    speech_balloon star star2 stop_sign sunglasses sunny sweat_smile tada tea telephone test_tube thinking \
    thumbsdown thumbsup triangular_flag_on_post trollface trophy turtle umbrella unicorn unlock \
    upside_down_face vulcan_salute warning wave whale white_check_mark white_circle wink wrench \
    yellow_heart zap";

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
