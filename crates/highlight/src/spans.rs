//! Scopes that open and close, as spans of classes.

use super::class::Class;

/// A stretch of code in one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColouredSpan {
    /// Where it ends, in bytes; it begins where the one before ends.
    pub end: u32,
    /// Its class.
    pub class: Class,
}

/// A change of the scopes that are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeChange {
    /// A scope is opened. Its class; `None` is that of the scope around it.
    Open(Option<Class>),
    /// The innermost scopes are closed, so many.
    Close(usize),
    /// The innermost scopes are set aside: so many, or all.
    SetAside(Option<usize>),
    /// Those that were set aside last are open again.
    Restore,
}

/// The spans of a text in the making.
#[derive(Debug)]
pub struct SpanWriter<'t> {
    text: &'t str,
    spans: Vec<ColouredSpan>,
    /// The classes of the open scopes. The first is that of code outside of all scopes.
    open: Vec<Class>,
    set_aside: Vec<Vec<Class>>,
}

impl<'t> SpanWriter<'t> {
    /// Begins at the start of a text.
    pub fn new(text: &'t str) -> Self {
        SpanWriter { text, spans: Vec::new(), open: vec![Class::default()], set_aside: Vec::new() }
    }

    /// Writes the text up to a place, and changes what is open there.
    pub fn change(&mut self, at: usize, change: ScopeChange) {
        self.write(at);
        match change {
            ScopeChange::Open(class) => self.open.push(class.unwrap_or(self.class())),
            ScopeChange::Close(count) => self.open.truncate(self.outermost(count)),
            ScopeChange::SetAside(count) => {
                let from = count.map_or(1, |count| self.outermost(count));
                self.set_aside.push(self.open.split_off(from));
            }
            ScopeChange::Restore => self.open.extend(self.set_aside.pop().unwrap_or_default()),
        }
    }

    /// Writes the text up to a place. White space looks the same in all classes, so it is added to the span before it.
    pub fn write(&mut self, end: usize) {
        let start = self.spans.last().map_or(0, |span| span.end as usize);
        if end <= start {
            return;
        }

        let class = self.class();
        let is_space = || self.text.get(start..end).is_some_and(|text| text.trim().is_empty());
        let end = u32::try_from(end).unwrap_or(u32::MAX);
        match self.spans.last_mut() {
            Some(last) if last.class == class || is_space() => last.end = end,
            _ => self.spans.push(ColouredSpan { end, class }),
        }
    }

    /// The spans, which cover what was written.
    pub fn finish(self) -> Vec<ColouredSpan> {
        self.spans
    }

    fn class(&self) -> Class {
        self.open.last().copied().unwrap_or_default()
    }

    /// How many scopes are left without so many of the innermost. The first always stays.
    fn outermost(&self, count: usize) -> usize {
        self.open.len().saturating_sub(count).max(1)
    }
}
