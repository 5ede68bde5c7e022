//! The text of a pattern while it is read.

/// Something in a pattern that is not understood here.
#[derive(Clone, Copy, Debug)]
pub struct NotUnderstood;

/// What is still to be read of a pattern.
pub struct Cursor<'p>(&'p str);

impl<'p> Cursor<'p> {
    /// Begins at the start of a pattern.
    pub fn new(pattern: &'p str) -> Self {
        Cursor(pattern)
    }

    /// The next character.
    pub fn peek(&self) -> Option<char> {
        self.0.chars().next()
    }

    /// The character that comes so many after the next.
    pub fn peek_after(&self, count: usize) -> Option<char> {
        self.0.chars().nth(count)
    }

    /// Takes the next character.
    ///
    /// # Errors
    /// At the end.
    pub fn next(&mut self) -> Result<char, NotUnderstood> {
        let c = self.peek().ok_or(NotUnderstood)?;
        self.0 = &self.0[c.len_utf8()..];
        Ok(c)
    }

    /// Takes a text if it comes next.
    pub fn eat(&mut self, text: &str) -> bool {
        let rest = self.0.strip_prefix(text);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// Takes so many bytes, which are whole characters.
    pub fn take(&mut self, length: usize) -> &'p str {
        let (taken, rest) = self.0.split_at(length);
        self.0 = rest;
        taken
    }

    /// Takes characters as long as they are such.
    pub fn eat_while(&mut self, is_such: impl Fn(char) -> bool) -> &'p str {
        self.take(self.0.find(|c| !is_such(c)).unwrap_or(self.0.len()))
    }

    /// Takes characters as long as they are such, so many at most.
    pub fn eat_some(&mut self, most: usize, is_such: impl Fn(char) -> bool) -> &'p str {
        let taken = self.0.chars().take(most).take_while(|c| is_such(*c));
        self.take(taken.map(char::len_utf8).sum())
    }

    /// Takes the text before a character, and that character too.
    ///
    /// # Errors
    /// If it does not come.
    pub fn until(&mut self, end: char) -> Result<&'p str, NotUnderstood> {
        let taken = self.eat_while(|c| c != end);
        self.next()?;
        Ok(taken)
    }

    /// How many letters and digits come next.
    pub fn length_of_word(&self) -> usize {
        self.0.bytes().take_while(u8::is_ascii_alphanumeric).count()
    }

    /// What is still to be read.
    pub fn rest(&self) -> &'p str {
        self.0
    }
}
