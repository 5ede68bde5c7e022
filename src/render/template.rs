//! Templates: the engine, its limits, and its faults as ours.
//!
//! A template of an author's can loop without end or write without end; both are ended here, and every fault is
//! one of the template's own file, line and column.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;
use tera::{ErrorKind, Kwargs, State, Tera, TeraResult, Value};

use super::words::{Plural, fill};
use crate::text::html::escape_to;
use crate::text::{Code, Diagnostic, Source};

/// The templates of a theme, parsed.
#[derive(Debug)]
pub struct Templates {
    engine: Tera,
    /// The sources, by the engine's names.
    sources: BTreeMap<String, Arc<Source>>,
}

impl Templates {
    /// Parses templates, given by their names.
    ///
    /// # Errors
    /// [`Code::Template`] with its place if one does not parse, or asks for what is not there.
    pub fn parse(sources: BTreeMap<String, Arc<Source>>, plural: Plural) -> Result<Self, Diagnostic> {
        let mut engine = Tera::default();
        engine.autoescape_on([".html", ".svg"]);
        engine.set_escape_fn(|text, page| escape_to(page, text));
        engine.register_function("range", range);
        engine.register_filter("say", move |word: Value, values: Kwargs, _: &State<'_>| {
            say(&word, &values, &plural)
        });
        let texts = sources.iter().map(|(name, source)| (name.as_str(), source.text.as_str()));
        match engine.add_raw_templates(texts) {
            Ok(()) => Ok(Templates { engine, sources }),
            Err(error) => Err(template_fault(&sources, "", &error)),
        }
    }

    /// Whether there is a template of this name.
    pub fn has(&self, template: &str) -> bool {
        self.sources.contains_key(template)
    }

    /// Renders a template with a view.
    ///
    /// # Errors
    /// [`Code::Template`] with its place if the template fails.
    pub fn render(&self, template: &str, view: &impl Serialize) -> Result<Bytes, Diagnostic> {
        self.write(template, view, LONG_PAGE).map(Bytes::from)
    }

    /// Renders a template that writes a piece of a page.
    ///
    /// # Errors
    /// [`Code::Template`] with its place if the template fails.
    pub fn piece(&self, template: &str, view: &impl Serialize) -> Result<String, Diagnostic> {
        let html = self.write(template, view, LONG_PIECE)?;
        Ok(String::from_utf8(html).unwrap_or_default())
    }

    fn write(&self, template: &str, view: &impl Serialize, room: usize) -> Result<Vec<u8>, Diagnostic> {
        let fault = |error| template_fault(&self.sources, template, &error);
        let context = tera::Context::from_serialize(view).map_err(fault)?;
        NUMBERS.set(0);
        let mut page = Page(Vec::with_capacity(room));
        self.engine.render_to(template, &context, &mut page).map_err(fault)?;
        Ok(page.0)
    }
}

/// Few pages are longer, in bytes; the others are written without moving.
const LONG_PAGE: usize = 64 << 10;
/// Few pieces are.
const LONG_PIECE: usize = 512;

/// A view in the form that the template engine works with, which costs next to nothing to copy.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Ready<V> {
    value: tera::Value,
    #[serde(skip)]
    view: PhantomData<V>,
}

impl<V: Serialize> Ready<V> {
    /// Makes a view ready.
    pub fn new(view: &V) -> Self {
        Ready { value: tera::Value::from_serializable(view), view: PhantomData }
    }
}

/// HTML that stands in a page as it is.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Html(Value);

impl Html {
    /// Takes HTML that is fit to stand in a page.
    pub fn new(html: &str) -> Self {
        Html(Value::safe_string(html))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.as_str().is_none_or(str::is_empty)
    }
}

impl Default for Html {
    fn default() -> Self {
        Html::new("")
    }
}

/// The longest page, in bytes. A template that writes more is in a loop.
const LONGEST_PAGE: usize = 256 << 20;

/// A page in the making, which ends a template that never would.
struct Page(Vec<u8>);

impl std::io::Write for Page {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > LONGEST_PAGE {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// How many numbers `range` gives in one page. Loops in loops that count would take hours.
const MOST_NUMBERS: i64 = 1_000_000;

thread_local! {
    /// How many numbers `range` has given in the page that this thread renders.
    static NUMBERS: Cell<i64> = const { Cell::new(0) };
}

/// The engine's own `range(start, end, step_by)`, but with an end to all that a page can count.
fn range(arguments: Kwargs, _: &State<'_>) -> TeraResult<Vec<i64>> {
    let start = arguments.get::<i64>("start")?.unwrap_or(0);
    let end = arguments.must_get::<i64>("end")?;
    let step = arguments.get::<i64>("step_by")?.unwrap_or(1);
    if step == 0 || (start > end && step > 0) {
        return Err(tera::Error::message("`range` never ends: it counts away from its `end`"));
    }
    let length =
        if step > 0 { (end.saturating_sub(start)) / step } else { start.saturating_sub(end) / -step };
    let given = NUMBERS.get().saturating_add(length).saturating_add(1);
    NUMBERS.set(given);
    if given > MOST_NUMBERS {
        return Err(tera::Error::message(format!(
            "`range` gives more than {MOST_NUMBERS} numbers in one page"
        )));
    }
    let numbers = std::iter::successors(Some(start), |number| number.checked_add(step));
    Ok(numbers.take_while(|number| if step > 0 { *number < end } else { *number > end }).collect())
}

/// The filter `say`: a word with its values, in the form for its `count`.
fn say(word: &Value, values: &Kwargs, plural: &Plural) -> TeraResult<String> {
    let text = match word.as_map() {
        None => word.as_str(),
        Some(forms) => {
            let category = plural.category(values.must_get::<usize>("count")?);
            forms.get(&category.into()).or_else(|| forms.get(&"other".into())).and_then(Value::as_str)
        }
    };
    let text = text.ok_or_else(|| tera::Error::message("`say` takes a word of `words`"))?;
    Ok(values.iter().fold(text.to_owned(), |text, (name, value)| fill(&text, &name.to_string(), value)))
}

/// The fault of a template, at its own file, line and column.
fn template_fault(
    templates: &BTreeMap<String, Arc<Source>>,
    template: &str,
    error: &tera::Error,
) -> Diagnostic {
    let report: String;
    let (name, message, place) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let span = report.span();
            (report.filename(), report.message().to_owned(), Some((span.start_line, span.start_col)))
        }
        ErrorKind::MissingParent { current, parent } => {
            (current.as_str(), format!("this extends `{parent}`, which no theme has"), None)
        }
        ErrorKind::CircularExtend { tpl, .. } => {
            (tpl.as_str(), "this template extends itself in a circle".to_owned(), None)
        }
        ErrorKind::CircularInclude { tpl, .. } => {
            (tpl.as_str(), "this template includes itself in a circle".to_owned(), None)
        }
        ErrorKind::Io(_) => (template, "this writes more than a page can hold".to_owned(), None),
        _ => {
            // Of several faults, the text says the places; the first is shown.
            report = error.to_string();
            let (message, rest) = report.split_once("\n").unwrap_or((&report, ""));
            let place = rest.split_once("--> ").and_then(|(_, rest)| {
                let mut parts = rest.lines().next()?.trim().rsplitn(3, ':');
                let (column, line) = (parts.next()?.parse::<usize>().ok()?, parts.next()?.parse().ok()?);
                Some((parts.next()?, (line, column.saturating_sub(1))))
            });
            let message = message.trim_start_matches("error: ").to_owned();
            (place.map_or(template, |(name, _)| name), message, place.map(|(_, place)| place))
        }
    };
    let message = in_our_style(&message);
    let fault = Diagnostic::new(Code::Template, message);
    match templates.get(name) {
        Some(source) => {
            // The engine counts lines from 1, columns in characters from 0.
            let (line, column) = place.unwrap_or((1, 0));
            let start = source.offset(line, column + 1);
            let length = source.text[start..].find(['\n', '}', '%']).unwrap_or(0);
            fault.at(source, start..start + length)
        }
        None => fault.on(format!("template `{name}`")),
    }
}

/// The engine's message in the form of ours: lower case, no full stop.
fn in_our_style(message: &str) -> String {
    let message = message.trim_end().trim_end_matches('.');
    let mut letters = message.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
