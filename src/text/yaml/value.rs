//! Reading values with a limit for what aliases stand for: `*name` is all that `&name` is put before, however often it is
//! there. The library counts how often aliases are followed, and not how much there is behind them.

use std::cell::Cell;
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde_yaml::value::{Tag, TaggedValue};
use serde_yaml::{Mapping, Value};

/// How many bytes a value may take for each byte of its text, and how many besides. Without aliases, it takes at most the
/// size of a [`Value`] for every other byte.
const MOST: (usize, usize) = (100, 10_000_000);

/// What the error says if there is more.
pub const TOO_MUCH: &str = "its aliases stand for too much";

/// Reads a text.
pub fn read(text: &str) -> Result<Value, serde_yaml::Error> {
    let left = Cell::new(MOST.0 * text.len() + MOST.1);
    LimitedValue(&left).deserialize(serde_yaml::Deserializer::from_str(text))
}

/// Reads a value, and takes what it needs from the bytes that are left.
#[derive(Clone, Copy)]
struct LimitedValue<'l>(&'l Cell<usize>);

impl LimitedValue<'_> {
    /// Takes what a value needs, besides these bytes of text.
    fn take<E: Error>(self, text: usize) -> Result<(), E> {
        let left = self.0.get().checked_sub(size_of::<Value>() + text);
        self.0.set(left.ok_or_else(|| E::custom(TOO_MUCH))?);
        Ok(())
    }

    /// A number or a truth value.
    fn scalar<E: Error>(self, value: impl Into<Value>) -> Result<Value, E> {
        self.take(0)?;
        Ok(value.into())
    }
}

impl<'de> DeserializeSeed<'de> for LimitedValue<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for LimitedValue<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any YAML value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.scalar(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.scalar(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.scalar(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.scalar(value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.take(value.len())?;
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.take(0)?;
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.take(0)?;
        let mut sequence = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            sequence.push(item);
        }
        Ok(Value::Sequence(sequence))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        self.take(0)?;
        let mut mapping = Mapping::new();
        while let Some(key) = entries.next_key_seed(self)? {
            if mapping.contains_key(&key) {
                return Err(A::Error::custom("duplicate entry in YAML map"));
            }
            let value = entries.next_value_seed(self)?;
            mapping.insert(key, value);
        }
        Ok(Value::Mapping(mapping))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Value, A::Error> {
        let (tag, contents) = data.variant::<String>()?;
        self.take(tag.len())?;
        let value = contents.newtype_variant_seed(self)?;
        Ok(Value::Tagged(Box::new(TaggedValue { tag: Tag::new(tag), value })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_the_library() {
        for text in [
            "",
            "~",
            "a: 1\nb: [x, -2, 1.5, true, null, 18446744073709551615]\n? [k]\n: {c: !t {d: e}}\nf: !u 1\n",
            "a: &a {b: [1]}\nc: *a\nd: {<<: *a}\n1: x\n",
            "- |\n  text\n- 'x'\n- 2024-01-02\n- .inf\n",
        ] {
            let theirs: Value = serde_yaml::from_str(text).expect("it is YAML");
            assert_eq!(read(text).expect("it is YAML"), theirs, "{text}");
        }
        for text in ["a: 1\na: 2\n", "a: [", "--- 1\n--- 2\n", "a: *x\n", "\ta: b"] {
            assert!(read(text).is_err() && serde_yaml::from_str::<Value>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_aliases_stand_for_is_limited() {
        let list = |item: &str, count: usize| vec![item; count].join(", ");
        let long = "x".repeat(100_000);
        for text in [
            format!("a: &a {long}\nb: [{}]\n", list("*a", 2_000)),
            format!("a: &a [{}]\nb: [{}]\n", list("[]", 3_000), list("*a", 3_000)),
            format!("k:\tv\na: &a [{}]\nb: [{}]\n", list("\"\"", 3_000), list("*a", 3_000)),
        ] {
            let error = read(&text).expect_err("it is too much");
            assert!(error.to_string().contains(TOO_MUCH), "{error}");
        }

        for text in [
            format!("a: &a {long}\nb: [{}]\n", list("*a", 20)),
            format!("[{}]\n", list("[]", 100_000)),
            format!("[{}]\n", "a,".repeat(200_000)),
        ] {
            assert!(read(&text).is_ok(), "{}", &text[..20]);
        }
    }
}
