//! Templates: the engine, its limits, and its faults as ours.
//!
//! A template of a book can loop without end ([`budget`] ends that) or write without end, which is ended here; every
//! fault is one of the template's own file, line and column.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;
use tera::{ErrorKind, Kwargs, State, Tera, TeraResult, Value};

use super::budget::{self, BOUNDED, Counted};
use super::words::{InterfaceWords, Plural, fill};
use crate::text::diagnostic::in_our_style;
use crate::text::html::{escape_into, escape_to};
use crate::text::{Diagnostic, DiagnosticCode, Source, nearest};

/// The templates of a theme, parsed.
#[derive(Debug)]
pub struct Templates {
    engine: Tera,
    texts: TemplateTexts,
}

/// A template as it was written.
#[derive(Clone, Debug)]
pub struct Template {
    /// The text.
    pub source: Arc<Source>,
    /// Whether it came with the program, which knows that it ends.
    pub is_built_in: bool,
}

/// The texts of templates, by the engine's names.
#[derive(Debug)]
struct TemplateTexts {
    /// As they were written.
    written: BTreeMap<String, Template>,
    /// As the engine gets those of a book.
    counted: BTreeMap<String, Counted>,
    /// As the engine gets those that came with the program.
    built_in: BTreeMap<String, String>,
}

impl Templates {
    /// Parses templates, given by their names. They will be shown these words.
    ///
    /// # Errors
    /// [`DiagnosticCode::InvalidTemplate`] with its place if one does not parse, or asks for what is not there.
    pub fn parse(templates: BTreeMap<String, Template>, words: &InterfaceWords) -> Result<Self, Diagnostic> {
        let texts = TemplateTexts::new(templates, words);
        let plural = words.plural.clone();
        let mut engine = Tera::default();
        engine.autoescape_on([".html", ".svg"]);
        engine.set_escape_fn(|text, page| escape_to(page, text));
        engine.register_function(BOUNDED, budget::function);
        engine.register_filter(BOUNDED, budget::filter);
        engine.register_filter("say", move |word: Value, values: Kwargs, _: &State<'_>| {
            say(&word, &values, &plural)
        });
        match engine.add_raw_templates(texts.for_engine()) {
            Ok(()) => texts.check_depth().map(|()| Templates { engine, texts }),
            Err(error) => Err(texts.fault("", &error)),
        }
    }

    /// Whether there is a template of this name.
    pub fn has(&self, template: &str) -> bool {
        self.texts.written.contains_key(template)
    }

    /// The names of all.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.texts.written.keys().map(String::as_str)
    }

    /// Renders a template with a view.
    ///
    /// # Errors
    /// [`DiagnosticCode::InvalidTemplate`] with its place if the template fails.
    pub fn render(&self, template: &str, view: &impl Serialize) -> Result<Bytes, Diagnostic> {
        self.write(template, view, LONG_PAGE).map(Bytes::from)
    }

    /// Renders a template that writes a piece of a page.
    ///
    /// # Errors
    /// [`DiagnosticCode::InvalidTemplate`] with its place if the template fails.
    pub fn piece(&self, template: &str, view: &impl Serialize) -> Result<String, Diagnostic> {
        let html = self.write(template, view, LONG_PIECE)?;
        Ok(String::from_utf8(html).unwrap_or_default())
    }

    fn write(&self, template: &str, view: &impl Serialize, room: usize) -> Result<Vec<u8>, Diagnostic> {
        let fault = |error| self.texts.fault(template, &error);
        let context = tera::Context::from_serialize(view).map_err(fault)?;
        budget::begin();
        let mut page = PageBuffer(Vec::with_capacity(room));
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
pub struct EngineValue<V> {
    value: tera::Value,
    #[serde(skip)]
    view: PhantomData<V>,
}

impl<V: Serialize> EngineValue<V> {
    /// Makes a view ready.
    pub fn new(view: &V) -> Self {
        EngineValue { value: tera::Value::from_serializable(view), view: PhantomData }
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
struct PageBuffer(Vec<u8>);

impl std::io::Write for PageBuffer {
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

/// A template in which the words stand that it writes as they are, such as `{{ words.page.contents }}`: a tenth of what
/// the engine does for a page was to look them up.
fn with_words(template: &str, words: &InterfaceWords) -> String {
    const OPEN: &str = "{{ words.";
    const CLOSE: &str = " }}";
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once(OPEN) {
        out.push_str(before);
        let word = after.split_once(CLOSE).and_then(|(path, behind)| {
            let (group, name) = path.split_once('.')?;
            // One with a sign of the engine's, or of more lines than one, would be something else in a template.
            let word = words.plain(group, name).filter(|word| !word.contains(['{', '}', '\n']))?;
            Some((word, behind))
        });
        rest = match word {
            Some((word, behind)) => {
                escape_into(&mut out, word);
                behind
            }
            None => {
                out.push_str(OPEN);
                after
            }
        };
    }
    out + rest
}

/// How deep templates can extend and include each other. The engine takes up some of the [`STACK`] for each.
const DEEPEST: usize = 20;

/// How much stack a thread that renders needs, in bytes: components in as many includes each, at their deepest.
pub const STACK: usize = 32 << 20;

impl TemplateTexts {
    fn new(written: BTreeMap<String, Template>, words: &InterfaceWords) -> Self {
        let (mut counted, mut built_in) = (BTreeMap::new(), BTreeMap::new());
        for (name, Template { source, is_built_in }) in &written {
            if *is_built_in {
                built_in.insert(name.clone(), with_words(&source.text, words));
            } else {
                counted.insert(name.clone(), Counted::new(&source.text));
            }
        }
        TemplateTexts { written, counted, built_in }
    }

    /// Looks at how deep templates extend and include each other.
    fn check_depth(&self) -> Result<(), Diagnostic> {
        let of_book = |name: &str| self.counted.get_key_value(name);
        // Those that are named by those that are named by …, and where.
        let mut inner: BTreeMap<&str, (&str, usize)> =
            self.counted.keys().map(|name| (name.as_str(), (name.as_str(), 0))).collect();
        for _ in 0..DEEPEST {
            inner = inner
                .into_keys()
                .filter_map(of_book)
                .flat_map(|(by, template)| {
                    template.named.iter().map(move |(name, at)| (name, (by.as_str(), *at)))
                })
                .filter_map(|(name, by)| Some((of_book(name)?.0.as_str(), by)))
                .collect();
        }
        let Some((by, at)) = inner.into_values().next() else { return Ok(()) };
        let message = format!("templates extend and include each other more than {DEEPEST} deep");
        Err(Diagnostic::new(DiagnosticCode::InvalidTemplate, message)
            .at(&self.written[by].source, at..at + 1))
    }

    fn for_engine(&self) -> impl Iterator<Item = (&str, &str)> {
        let of_book = self.counted.iter().map(|(name, counted)| (name.as_str(), counted.text.as_str()));
        of_book.chain(self.built_in.iter().map(|(name, text)| (name.as_str(), text.as_str())))
    }

    /// Where the author wrote what the engine knows by its line, counted from 1, and its column, in characters from 0.
    fn written_at(&self, name: &str, (line, column): (usize, usize)) -> usize {
        match self.counted.get(name) {
            None => self.written[name].source.offset(line, column + 1),
            Some(counted) => {
                counted.written_at(Source::new(String::new(), &counted.text).offset(line, column + 1))
            }
        }
    }

    /// A fault of what one template says of another, at the other's name.
    fn at_named(&self, template: &str, is_other: impl Fn(&str) -> bool, message: String) -> Diagnostic {
        let fault = Diagnostic::new(DiagnosticCode::InvalidTemplate, message);
        let named = self
            .counted
            .get(template)
            .and_then(|counted| counted.named.iter().find(|(name, _)| is_other(name)));
        match (self.written.get(template), named) {
            (Some(Template { source, .. }), Some((name, at))) => fault.at(source, *at..at + name.len() + 2),
            (Some(Template { source, .. }), None) => fault.at(source, 0..1),
            (None, _) => fault.on(format!("template `{template}`")),
        }
    }

    /// The fault of a template, at its own file, line and column.
    fn fault(&self, template: &str, error: &tera::Error) -> Diagnostic {
        let report: String;
        let (name, message, place) = match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                let span = report.span();
                (report.filename(), report.message().to_owned(), Some((span.start_line, span.start_col)))
            }
            ErrorKind::MissingParent { current, parent } => {
                let message = format!("this extends `{parent}`, which no theme has");
                let names = self.written.keys().map(String::as_str).filter(|name| name != current);
                let hint = nearest(parent, names).map(|near| format!("did you mean `{near}`?"));
                let fault = self.at_named(current, |name| name == parent, message);
                return hint.into_iter().fold(fault, Diagnostic::hint);
            }
            ErrorKind::CircularExtend { tpl, inheritance_chain: chain } => {
                let is_next = |name: &str| name == tpl || chain.iter().any(|other| other == name);
                return self.at_named(tpl, is_next, "this template extends itself in a circle".to_owned());
            }
            ErrorKind::CircularInclude { tpl, include_chain: chain } => {
                let is_next = |name: &str| name == tpl || chain.iter().any(|other| other == name);
                return self.at_named(tpl, is_next, "this template includes itself in a circle".to_owned());
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
        let fault = Diagnostic::new(DiagnosticCode::InvalidTemplate, message);
        match self.written.get(name) {
            Some(Template { source, .. }) => {
                let start = self.written_at(name, place.unwrap_or((1, 0)));
                let rest = source.text[start..].split(['\n', '}', '%']).next().unwrap_or_default();
                let length = rest.trim_end_matches([' ', '-']).len();
                fault.at(source, start..start + length)
            }
            None => fault.on(format!("template `{name}`")),
        }
    }
}
