//! What the front matter at the head of a chapter says.

use std::sync::Arc;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use serde::Deserialize;

use super::chapter_source::ChapterSource;
use super::front_fence::{self, Fence};
use crate::read::config_values::anchor;
use crate::text::yaml::{Yaml, YamlReader, YamlTable};
use crate::text::{Diagnostic, DiagnosticCode, Source, Span};

/// What a chapter's front matter says.
#[derive(Clone, Debug, Default)]
pub struct FrontMatter {
    /// The title.
    pub title: Option<String>,
    /// The address, as written, and where.
    pub path: Option<(String, Span)>,
    /// When it was first published.
    pub date: Option<Moment>,
    /// When it was last changed.
    pub updated: Option<Moment>,
    /// One sentence about it.
    pub description: Option<String>,
    /// Whether it is not yet to be published.
    pub draft: bool,
    /// Its place among its neighbours.
    pub order: Option<i64>,
    /// Addresses that lead here, and where each is written.
    pub aliases: Vec<(String, Span)>,
    /// The template that renders it, and where that is said.
    pub template: Option<(String, Span)>,
    /// Whether the page lists its headings.
    pub toc: Option<bool>,
    /// Whether its definition lists are the book's glossary.
    pub glossary: bool,
    /// The machine that its commands are for, and where that is said.
    pub machine: Option<(String, Span)>,
    /// The section for readers whose commands do something else, and where that is said.
    pub stuck: Option<(String, Span)>,
    /// Whether all of its sections are steps.
    pub steps: bool,
    /// The revisions of a source that it leads from and to.
    pub source: Option<ChapterSource>,
    /// All else, as JSON, for templates; a list in the order of the keys.
    pub extra: Vec<(String, serde_json::Value)>,
}

/// A date, with the time of day where the author gave one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    instant: Timestamp,
    day: Date,
}

impl Moment {
    /// Reads a day (`2021-12-31`, taken as midnight UTC), or a day with a time as RFC 3339 (`2021-12-31T00:36:17.177Z`) and
    /// other tools have it: with spaces, and without an offset from UTC.
    fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let wrong = || format!("`{text}` is not a date such as `2026-01-31` or `2026-01-31T09:30:00Z`");
        let (day, time) = text.split_at_checked(10).ok_or_else(wrong)?;

        // The day is the author's own, not that of UTC.
        let is_day =
            |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
        if !day.bytes().enumerate().all(is_day) {
            return Err(wrong());
        }
        let day: Date = day.parse().map_err(|_| format!("there is no day `{day}`"))?;

        let time = time.trim_start_matches(['T', 't', ' ']).replace(' ', "").replace("UTC", "Z");
        let instant = if time.is_empty() {
            TimeZone::UTC.to_timestamp(day.to_datetime(Time::midnight()))
        } else {
            let whole = format!("{day}T{time}");
            let of_utc = |_| TimeZone::UTC.to_timestamp(whole.parse::<DateTime>()?);
            whole.parse::<Timestamp>().or_else(of_utc)
        };
        Ok(Moment { instant: instant.map_err(|_| wrong())?, day })
    }

    /// RFC 3339 in UTC, as feeds want it; with three digits of a second at most, as HTML does.
    pub fn rfc3339(self) -> String {
        let millisecond = TimestampRound::new().smallest(Unit::Millisecond).mode(RoundMode::Trunc);
        self.instant.round(millisecond).unwrap_or(self.instant).to_string()
    }

    /// The day as `2021-12-31`.
    pub fn day(self) -> String {
        self.day.to_string()
    }

    /// The author's own day: year, month and day of the month.
    pub fn date(self) -> (i16, i8, i8) {
        (self.day.year(), self.day.month(), self.day.day())
    }
}

/// One string or several.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected an address or a list of addresses")]
enum Strings {
    One(String),
    Many(Vec<String>),
}

/// Cuts the front matter off a chapter: what it says, the span of the body, and its problems.
pub fn read(source: &Arc<Source>) -> (FrontMatter, Span, Vec<Diagnostic>) {
    let whole = Span::new(0, source.text.len());
    let none = FrontMatter::default();
    match front_fence::find(&source.text) {
        Fence::Closed { yaml, body } => {
            let (front, diagnostics) = keys(source, YamlReader::new(source, yaml), yaml);
            (front, body, diagnostics)
        }
        Fence::Toml { toml, body } => {
            let (front, diagnostics) = keys(source, YamlReader::of_toml(source, toml), toml);
            (front, body, diagnostics)
        }
        Fence::None => (none, whole, misplaced(source).into_iter().collect()),
        Fence::Open => {
            let diagnostic =
                Diagnostic::new(DiagnosticCode::UnclosedFrontMatter, "this front matter never ends");
            let at = source.text.len() - source.text.trim_start().len();
            let hint = format!("close it with a line of `{}`", &source.text[at..at + 3]);
            (none, whole, vec![diagnostic.at(source, at..at + 3).hint(hint)])
        }
    }
}

/// The diagnostic for front matter that does not begin the file: what it says, a draft too, would be read as text.
fn misplaced(source: &Arc<Source>) -> Option<Diagnostic> {
    let at = front_fence::misplaced(&source.text)?;
    let message = "front matter begins on the first line, and this does not";
    let diagnostic = Diagnostic::new(DiagnosticCode::MisplacedFrontMatter, message).at(source, at..at + 3);
    let sign = &source.text[at..at + 3];
    Some(diagnostic.hint(format!(
        "nothing can be before its `{sign}`, no blank line, space or comment: put that after it"
    )))
}

/// Keys of Hugo, Jekyll, Docusaurus, Starlight, VitePress and others, and what is written here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("weight", "`order`"),
    ("sidebar_position", "`order`"),
    ("nav_order", "`order`"),
    ("sidebar.order", "`order`"),
    ("slug", "`path`"),
    ("permalink", "`path`"),
    ("url", "`path`"),
    ("lastmod", "`updated`"),
    ("last_modified_at", "`updated`"),
    ("modified", "`updated`"),
    ("last_update.date", "`updated`"),
    ("publishDate", "`date`"),
    ("summary", "`description`"),
    ("excerpt", "`description`"),
    ("layout", "`template`, for a template of the book's theme; else leave it out"),
    ("redirect_from", "`aliases`"),
    ("unpublished", "`draft`"),
    ("tableOfContents", "`toc: true` or `toc: false`"),
    ("outline", "`toc: true` or `toc: false`"),
    ("hide_table_of_contents", "`toc: false`"),
];

/// Reads the keys of front matter, which is in a span.
fn keys(
    source: &Arc<Source>,
    (mut reader, mut table): (YamlReader<'_>, YamlTable),
    span: Span,
) -> (FrontMatter, Vec<Diagnostic>) {
    one_date(&mut reader, &mut table);
    let title = reader.take_text(&mut table, "title");
    let title = title.map(|title| title.trim().to_owned()).filter(|title| !title.is_empty());

    // Values are taken out of the table, so their places come first.
    let path_span = table.has("path").then(|| reader.value_span(&table, "path"));
    let template_span = table.has("template").then(|| reader.value_span(&table, "template"));
    let machine_span = table.has("machine").then(|| reader.value_span(&table, "machine"));
    let stuck_span = table.has("stuck").then(|| reader.value_span(&table, "stuck"));
    let aliases_span = table.has("aliases").then(|| reader.value_span(&table, "aliases"));
    let aliases = match reader.take::<Strings>(&mut table, "aliases") {
        Some(Strings::One(alias)) => vec![alias],
        Some(Strings::Many(aliases)) => aliases,
        None => Vec::new(),
    };

    let mut front = FrontMatter {
        title,
        path: reader.take_text(&mut table, "path").zip(path_span),
        date: date(&mut reader, &mut table, "date"),
        updated: date(&mut reader, &mut table, "updated"),
        description: reader.take_text(&mut table, "description"),
        draft: reader.take(&mut table, "draft").unwrap_or(false),
        order: reader.take(&mut table, "order"),
        aliases: located(aliases, source, aliases_span.unwrap_or_default(), span),
        template: reader.take(&mut table, "template").zip(template_span),
        toc: reader.take(&mut table, "toc"),
        glossary: reader.take(&mut table, "glossary").unwrap_or(false),
        machine: reader.take_text(&mut table, "machine").zip(machine_span),
        stuck: reader.take_with(&mut table, "stuck", anchor).zip(stuck_span),
        steps: reader.take(&mut table, "steps").unwrap_or(false),
        source: ChapterSource::take(&mut reader, &mut table, "source"),
        extra: Vec::new(),
    };
    if let (Some(date), Some(updated)) = (front.date, front.updated)
        && updated.day < date.day
        && updated.instant < date.instant
    {
        let message = "this chapter was updated before its `date`";
        let diagnostic = Diagnostic::new(DiagnosticCode::InvalidDate, message).hint("change one of them");
        reader.report_as(&table, "updated", diagnostic);
    }

    // Keys that are not ours are kept for templates.
    let named: Option<serde_json::Map<String, serde_json::Value>> = reader.take(&mut table, "extra");
    front.extra.extend(named.unwrap_or_default());
    front
        .extra
        .extend(reader.keep_rest(table, ELSEWHERE).into_iter().map(|(key, value)| (key, to_json(value))));
    (front, reader.finish())
}

/// Takes a date. One that cannot be read is left out: a page without a date is better than no book.
fn date(reader: &mut YamlReader<'_>, table: &mut YamlTable, key: &'static str) -> Option<Moment> {
    match Moment::parse(&reader.take_text(table, key)?) {
        Ok(moment) => Some(moment),
        Err(message) => {
            let diagnostic = Diagnostic::new(DiagnosticCode::InvalidDate, message);
            reader.report_as(table, key, diagnostic.hint("the page is published without this date"));
            None
        }
    }
}

/// Reports a date that is a mapping: MkDocs has `created` and `updated` in it.
fn one_date(reader: &mut YamlReader<'_>, table: &mut YamlTable) {
    if table.is_mapping("date") {
        let message = "`date` is one value, such as `2026-01-31`; `updated` is a key of its own";
        let diagnostic = Diagnostic::new(DiagnosticCode::InvalidDate, message);
        reader.report_as(table, "date", diagnostic.hint("the page is published without this date"));
        table.leave_out("date");
    }
}

/// Finds the places of the texts of a list, one after the other. A text that is written in another way, such as with
/// escapes, gets the place of the list.
fn located(texts: Vec<String>, source: &Source, list: Span, yaml: Span) -> Vec<(String, Span)> {
    let mut from = list.start;
    let mut locate = |text: &String| {
        let at = from + source.text.get(from..yaml.end)?.find(text.as_str())?;
        from = at + text.len();
        Some(Span::new(at, from))
    };
    let mut found = Vec::with_capacity(texts.len());
    for text in texts {
        let span = locate(&text).unwrap_or(list);
        found.push((text, span));
    }
    found
}

/// A value of front matter as templates see it. What JSON has no form for is written as text.
fn to_json(value: Yaml) -> serde_json::Value {
    serde_json::to_value(&value).unwrap_or_else(|_| format!("{value:?}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        let moment = Moment::parse("2021-12-31T00:36:17.177Z").expect("RFC 3339");
        assert_eq!((moment.rfc3339().as_str(), moment.date()), ("2021-12-31T00:36:17.177Z", (2021, 12, 31)));
        let moment = Moment::parse("2021-12-31T00:36:17.1779999Z").expect("RFC 3339");
        assert_eq!(moment.rfc3339(), "2021-12-31T00:36:17.177Z");
        let moment = Moment::parse("2026-01-02").expect("a plain date");
        assert_eq!(
            (moment.rfc3339().as_str(), moment.day().as_str()),
            ("2026-01-02T00:00:00Z", "2026-01-02")
        );
        let moment = Moment::parse("2026-01-01T23:30:00-05:00").expect("an offset");
        assert_eq!(
            (moment.rfc3339().as_str(), moment.day().as_str()),
            ("2026-01-02T04:30:00Z", "2026-01-01")
        );
        for (text, instant) in [
            ("2026-01-02 10:00:00 +0200", "2026-01-02T08:00:00Z"),
            ("2026-01-02 10:00:00", "2026-01-02T10:00:00Z"),
            ("2026-01-02T10:00", "2026-01-02T10:00:00Z"),
            ("2026-01-02 10:00 UTC", "2026-01-02T10:00:00Z"),
        ] {
            assert_eq!(Moment::parse(text).expect("a date with a time").rfc3339(), instant, "{text}");
        }
        for text in [
            "2026-02-30",
            "yesterday",
            "2026-01-02 noon",
            "2026/01/02",
            "",
            "2026-1-2",
            "日日日日日日日日日日日",
        ] {
            let message = Moment::parse(text).expect_err("no date");
            assert!(message.contains("is not a date such as") || message.contains("no day"), "{message}");
        }
    }
}
