//! The text of a pattern while it is read.

/// Something in a pattern that is not understood here.
#[derive(Clone, Copy, Debug)]
pub struct NotUnderstood;

/// A pattern, and the place up to which it was read.
pub struct Cursor {
    chars: Vec<char>,
    at: usize,
}

impl Cursor {
    /// Begins at the start of a pattern.
    pub fn new(pattern: &str) -> Self {
        Cursor { chars: pattern.chars().collect(), at: 0 }
    }

    /// The next character.
    pub fn peek(&self) -> Option<char> {
        self.peek_after(0)
    }

    /// The character that comes so many after the next.
    pub fn peek_after(&self, count: usize) -> Option<char> {
        self.chars.get(self.at + count).copied()
    }

    /// Takes the next character.
    ///
    /// # Errors
    /// At the end.
    pub fn next(&mut self) -> Result<char, NotUnderstood> {
        let c = self.peek().ok_or(NotUnderstood)?;
        self.at += 1;
        Ok(c)
    }

    /// Takes a text if it comes next.
    pub fn eat(&mut self, text: &str) -> bool {
        let length = text.chars().count();
        let is_next = self.rest().iter().copied().take(length).eq(text.chars());
        if is_next {
            self.at += length;
        }
        is_next
    }

    /// Takes so many characters.
    pub fn skip(&mut self, count: usize) {
        self.at += count;
    }

    /// Takes characters as long as they are such.
    pub fn eat_while(&mut self, is_such: impl Fn(char) -> bool) -> String {
        let taken: String = self.rest().iter().copied().take_while(|c| is_such(*c)).collect();
        self.at += taken.chars().count();
        taken
    }

    /// Takes the text before a character, and that character too.
    ///
    /// # Errors
    /// If it does not come.
    pub fn until(&mut self, end: char) -> Result<String, NotUnderstood> {
        let taken = self.eat_while(|c| c != end);
        self.next()?;
        Ok(taken)
    }

    /// What is still to be read.
    pub fn rest(&self) -> &[char] {
        &self.chars[self.at.min(self.chars.len())..]
    }
}
