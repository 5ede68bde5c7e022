//! Templates: the engine, its limits, and its errors as ours.
//!
//! A theme is code that its author runs. The engine limits how deep components call each other. What is limited here
//! keeps a mistake from taking the whole machine: how much a template writes, and how deep templates extend and include
//! each other. How long it takes is limited from outside (`watchdog.rs`), since rendering has no clock.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use regex::Regex;
use serde::Serialize;
use tera::{ErrorKind, Kwargs, State, Tera, TeraResult, Value};

use super::words::{Plural, fill};
use crate::text::diagnostic::in_our_style;
use crate::text::html::escape_to;
use crate::text::{Diagnostic, DiagnosticCode, Source, nearest};

/// The most that a template may write besides the text that it is given, in bytes. One that writes more is in a loop.
const LONGEST_PAGE: usize = 64 << 20;

/// How deep templates can extend and include each other. The engine takes up some of the [`STACK`] for each.
const DEEPEST: usize = 20;

/// How much stack a thread that renders needs, in bytes: enough for the deepest calls of components and includes.
pub const STACK: usize = 32 << 20;

/// The initial capacity for a page, in bytes. Few pages are longer.
const PAGE_CAPACITY: usize = 64 << 10;

/// The initial capacity for a piece of a page, in bytes.
const PIECE_CAPACITY: usize = 512;

/// The templates of a theme, parsed.
#[derive(Debug)]
pub struct Templates {
    engine: Tera,
    sources: TemplateSources,
}

/// The sources of templates, by the engine's names.
#[derive(Debug)]
struct TemplateSources(BTreeMap<String, Arc<Source>>);

impl Templates {
    /// Parses templates, given by their names.
    ///
    /// # Errors
    /// [`DiagnosticCode::InvalidTemplate`] with its place if one does not parse, or asks for what is not there.
    pub fn parse(templates: BTreeMap<String, Arc<Source>>, plural: &Plural) -> Result<Self, Diagnostic> {
        let plural = plural.clone();
        let mut engine = Tera::default();
        engine.autoescape_on([".html", ".svg"]);
        engine.set_escape_fn(|text, page| escape_to(page, text));
        engine.register_filter("say", move |word: Value, values: Kwargs, _: &State<'_>| {
            say(&word, &values, &plural)
        });

        let sources = TemplateSources(templates);
        let texts = sources.0.iter().map(|(name, source)| (name.as_str(), source.text.as_str()));
        if let Err(error) = engine.add_raw_templates(texts) {
            return Err(sources.diagnostic("", &error));
        }
        sources.check_depth()?;
        Ok(Templates { engine, sources })
    }

    /// Whether there is a template of this name.
    pub fn has(&self, template: &str) -> bool {
        self.sources.0.contains_key(template)
    }

    /// The names of all.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.sources.0.keys().map(String::as_str)
    }

    /// Renders a template with a view, in which there is text of this length in bytes.
    ///
    /// # Errors
    /// [`DiagnosticCode::InvalidTemplate`] with its place if the template fails.
    pub fn render(&self, template: &str, view: &impl Serialize, text: usize) -> Result<Bytes, Diagnostic> {
        // The page for print is so long that making room while it is written would take twice the memory.
        let capacity = PAGE_CAPACITY.max(text + text / 16);
        let page = LimitedBuffer { bytes: Vec::with_capacity(capacity), most: LONGEST_PAGE + text };
        self.write(template, view, page).map(Bytes::from)
    }

    /// Renders a template that writes a piece of a page.
    ///
    /// # Errors
    /// [`DiagnosticCode::InvalidTemplate`] with its place if the template fails.
    pub fn piece(&self, template: &str, view: &impl Serialize) -> Result<String, Diagnostic> {
        let piece = LimitedBuffer { bytes: Vec::with_capacity(PIECE_CAPACITY), most: LONGEST_PAGE };
        let html = self.write(template, view, piece)?;
        Ok(String::from_utf8(html).expect("the engine writes UTF-8"))
    }

    fn write(
        &self,
        template: &str,
        view: &impl Serialize,
        mut page: LimitedBuffer,
    ) -> Result<Vec<u8>, Diagnostic> {
        let diagnostic = |error| self.sources.diagnostic(template, &error);
        let context = tera::Context::from_serialize(view).map_err(diagnostic)?;
        self.engine.render_to(template, &context, &mut page).map_err(diagnostic)?;
        Ok(page.bytes)
    }
}

/// A page while it is written.
struct LimitedBuffer {
    bytes: Vec<u8>,
    /// How long it can become.
    most: usize,
}

impl std::io::Write for LimitedBuffer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.most {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A view in the form that the template engine works with. It is cheap to clone.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct EngineValue<V> {
    value: tera::Value,
    #[serde(skip)]
    view: PhantomData<V>,
}

impl<V: Serialize> EngineValue<V> {
    /// Converts a view.
    pub fn new(view: &V) -> Self {
        EngineValue { value: tera::Value::from_serializable(view), view: PhantomData }
    }
}

/// HTML that templates write without escaping.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Html(Value);

impl Html {
    /// Takes HTML that is safe to write into a page.
    pub fn new(html: &str) -> Self {
        Html(Value::safe_string(html))
    }

    /// The length in bytes.
    pub fn len(&self) -> usize {
        self.0.as_str().map_or(0, str::len)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Default for Html {
    fn default() -> Self {
        Html::new("")
    }
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

/// A tag that extends or includes another template, whose name is the group.
static NAMING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"\{%-?\s*(?:extends|include)\s*["'`]([^"'`]*)["'`]"#).expect("the expression is valid")
});

/// The templates that one extends or includes, and where it names them.
fn named(source: &Source) -> impl Iterator<Item = (&str, usize)> {
    let names = NAMING.captures_iter(&source.text).filter_map(|tag| tag.get(1));
    names.map(|name| (name.as_str(), name.start() - 1))
}

impl TemplateSources {
    /// Looks at how deep templates extend and include each other.
    fn check_depth(&self) -> Result<(), Diagnostic> {
        // Those that are named by others; then those that are named by these, and so on, each with where.
        let mut inner: BTreeMap<&str, (&str, usize)> =
            self.0.keys().map(|name| (name.as_str(), (name.as_str(), 0))).collect();
        for _ in 0..DEEPEST {
            let mut next = BTreeMap::new();
            for outer in inner.into_keys() {
                let Some((outer, source)) = self.0.get_key_value(outer) else { continue };
                next.extend(named(source).map(|(name, at)| (name, (outer.as_str(), at))));
            }
            next.retain(|name, _| self.0.contains_key(*name));
            inner = next;
        }

        let Some((outer, at)) = inner.into_values().next() else { return Ok(()) };
        let message = format!("templates extend and include each other more than {DEEPEST} deep");
        Err(Diagnostic::new(DiagnosticCode::InvalidTemplate, message).at(&self.0[outer], at..at + 1))
    }

    /// An error in what one template says of another, at the other's name.
    fn at_name(&self, template: &str, is_other: impl Fn(&str) -> bool, message: String) -> Diagnostic {
        let diagnostic = Diagnostic::new(DiagnosticCode::InvalidTemplate, message);
        let Some(source) = self.0.get(template) else {
            return diagnostic.on(format!("template `{template}`"));
        };
        let found = named(source).find(|(name, _)| is_other(name));
        let span = found.map_or(0..1, |(name, at)| at..at + name.len() + 2);
        diagnostic.at(source, span)
    }

    /// The error of a template, at its own file, line and column.
    fn diagnostic(&self, template: &str, error: &tera::Error) -> Diagnostic {
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                let span = report.span();
                self.at_place(report.filename(), (span.start_line, span.start_col), report.message())
            }
            ErrorKind::MissingParent { current, parent } => {
                let message = format!("this extends `{parent}`, which no theme has");
                let diagnostic = self.at_name(current, |name| name == parent, message);
                let names = self.0.keys().map(String::as_str).filter(|name| name != current);
                match nearest(parent, names) {
                    Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
                    None => diagnostic,
                }
            }
            ErrorKind::CircularExtend { tpl, inheritance_chain: chain } => {
                let is_next = |name: &str| name == tpl || chain.iter().any(|other| other == name);
                self.at_name(tpl, is_next, "this template extends itself in a cycle".to_owned())
            }
            ErrorKind::CircularInclude { tpl, include_chain: chain } => {
                let is_next = |name: &str| name == tpl || chain.iter().any(|other| other == name);
                self.at_name(tpl, is_next, "this template includes itself in a cycle".to_owned())
            }
            ErrorKind::Io(_) => {
                let limit = LONGEST_PAGE >> 20;
                self.at_place(template, (1, 0), &format!("this writes more than {limit} MB into one page"))
            }
            _ => self.first_of_report(template, &error.to_string()),
        }
    }

    /// The first error of several, of which the engine has only a text.
    fn first_of_report(&self, template: &str, report: &str) -> Diagnostic {
        let (message, rest) = report.split_once('\n').unwrap_or((report, ""));
        let place = rest.split_once("--> ").and_then(|(_, rest)| {
            let mut parts = rest.lines().next()?.trim().rsplitn(3, ':');
            let (column, line) = (parts.next()?.parse::<usize>().ok()?, parts.next()?.parse().ok()?);
            Some((parts.next()?, (line, column.saturating_sub(1))))
        });
        let (name, place) = place.unwrap_or((template, (1, 0)));
        self.at_place(name, place, message.trim_start_matches("error: "))
    }

    /// An error at a line, counted from 1, and a column, in characters from 0.
    fn at_place(&self, template: &str, (line, column): (usize, usize), message: &str) -> Diagnostic {
        let diagnostic = Diagnostic::new(DiagnosticCode::InvalidTemplate, in_our_style(message));
        let Some(source) = self.0.get(template) else {
            return diagnostic.on(format!("template `{template}`"));
        };
        let start = source.offset(line, column + 1);
        let rest = source.text[start..].split(['\n', '}', '%']).next().unwrap_or_default();
        diagnostic.at(source, start..start + rest.trim_end_matches([' ', '-']).len())
    }
}
