//! As much of SQL's lexer as tells where a statement ends.
//!
//! The client of a database waits for a `;`, also where the author left out its continuation prompts.

/// What a line of a result, or of the client's answer, begins with.
const ANSWERS: &[&str] = &["+-", "|", "---", "ERROR", "Query OK", "Empty set", "Database changed"];

/// Words that begin a line within a statement.
const CLAUSES: &[&str] = &[
    "AND",
    "AS",
    "CROSS",
    "FROM",
    "FULL",
    "GROUP",
    "HAVING",
    "IDENTIFIED",
    "INNER",
    "INTO",
    "JOIN",
    "LEFT",
    "LIMIT",
    "NATURAL",
    "OFFSET",
    "ON",
    "OR",
    "ORDER",
    "RETURNING",
    "RIGHT",
    "SELECT",
    "SET",
    "TO",
    "UNION",
    "USING",
    "VALUES",
    "WHERE",
    "WITH",
];

/// Words that begin a statement.
const STATEMENTS: &[&str] = &[
    "ALTER", "ANALYZE", "BEGIN", "COMMIT", "COPY", "CREATE", "DELETE", "DROP", "EXPLAIN", "GRANT", "INSERT",
    "REVOKE", "ROLLBACK", "SELECT", "SET", "SHOW", "TRUNCATE", "UPDATE", "VACUUM", "WITH",
];

/// Whether text begins as a statement does.
pub fn is_statement(text: &str) -> bool {
    let word = text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    STATEMENTS.iter().any(|statement| statement.eq_ignore_ascii_case(word))
}

/// A statement, as far as it has been read.
#[derive(Default)]
pub struct Statement {
    /// The quote that is open; `$` means `$$`.
    quote: Option<char>,
    /// How many parentheses are open.
    depth: usize,
    /// Whether the last line ends with a comma.
    joins: bool,
    /// Whether it is read to its end.
    has_ended: bool,
}

impl Statement {
    /// Reads a line, without the author's comment.
    pub fn line(&mut self, code: &str) {
        if code.starts_with('.') && self.quote.is_none() {
            // SQLite's `.tables`; those of PostgreSQL, and the `\G` of MySQL, begin with a backslash.
            self.has_ended = true;
            return;
        }

        let mut chars = code.char_indices();
        while let Some((at, c)) = chars.next() {
            let is_double = |sign: char| c == sign && code[at + 1..].starts_with(sign);
            let is_dollars = is_double('$') && matches!(self.quote, None | Some('$'));
            if is_dollars {
                chars.next();
            }

            match (self.quote, c) {
                (Some(open), _) if c == open && (c != '$' || is_dollars) => self.quote = None,
                (Some(_), _) => {}
                (None, '$') if is_dollars => self.quote = Some(c),
                (None, '\'' | '"' | '`') => self.quote = Some(c),
                (None, '-') if is_double('-') => break,
                (None, '\\') => {
                    self.has_ended = true;
                    break;
                }
                (None, '(') => self.depth += 1,
                (None, ')') => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }

            if !c.is_whitespace() {
                self.has_ended = c == ';' && self.quote.is_none() && self.depth == 0;
            }
        }

        self.joins = code.ends_with(',');
    }

    /// Whether the client waits for nothing more.
    pub fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Whether a line below without a prompt can belong to the statement: in quotes any; else none
    /// that looks like an answer, and outside of parentheses only one that is indented or begins a clause.
    pub fn takes(&self, line: &str) -> bool {
        let text = line.trim_start();
        if self.quote.is_some() {
            return true;
        }
        if text.is_empty() || text.contains(" | ") || ANSWERS.iter().any(|answer| text.starts_with(answer)) {
            return false;
        }

        let word = text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        let is_clause = || CLAUSES.iter().any(|clause| clause.eq_ignore_ascii_case(word));
        self.depth > 0 || self.joins || text.len() < line.len() || is_clause()
    }
}
