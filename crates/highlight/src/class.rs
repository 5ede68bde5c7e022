//! Classes of code, and the scopes that have them.

use foldhash::HashMap;

/// The class of a stretch of code: a letter, or none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Class(Option<u8>);

impl Class {
    /// The letter.
    pub fn name(self) -> Option<char> {
        self.0.map(char::from)
    }
}

/// Which class a scope has: that of its longest prefix in the table, whole words of it. A scope that has none has the
/// class of the scope around it.
#[derive(Debug)]
pub struct ClassTable(HashMap<&'static str, Class>);

impl ClassTable {
    /// Makes a table of prefixes of scopes and their letters; 0 is no class.
    pub fn new(classes: &[(&'static str, u8)]) -> ClassTable {
        let class = |letter: u8| Class((letter != 0).then_some(letter));
        ClassTable(classes.iter().map(|(prefix, letter)| (*prefix, class(*letter))).collect())
    }

    /// The class of a scope; `None` if it has that of the scope around it.
    pub fn class(&self, scope: &str) -> Option<Class> {
        let mut prefix = scope.trim_end_matches('.');
        loop {
            if let Some(class) = self.0.get(prefix) {
                return Some(*class);
            }
            (prefix, _) = prefix.rsplit_once('.')?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_prefix_counts() {
        let table = ClassTable::new(&[("string", b's'), ("string.regexp", b'e'), ("string.unquoted", 0)]);
        let class = |scope| table.class(scope).map(Class::name);
        assert_eq!(class("string"), Some(Some('s')));
        assert_eq!(class("string.quoted.double"), Some(Some('s')));
        assert_eq!(class("string.regexp.js"), Some(Some('e')));
        assert_eq!(class("string.unquoted.yaml."), Some(None));
        assert_eq!(class("strings"), None);
        assert_eq!(class("source.js"), None);
    }
}
