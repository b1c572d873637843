//! The fields of an object, in the order in which they were sent.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::Json;

/// Up to this many keys are compared with each other; beyond, a table is cheaper.
const FEW: usize = 32;

/// Keys with their values, each key once.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Fields(Vec<(String, Json)>);

impl Fields {
    /// Of a key that comes twice, the last value counts, as in a browser. It stands where the first one was.
    #[must_use]
    pub fn new(mut pairs: Vec<(String, Json)>) -> Self {
        if pairs.len() <= FEW {
            let mut at = 1;
            while at < pairs.len() {
                let first = pairs[..at].iter().position(|(key, _)| *key == pairs[at].0);
                match first {
                    Some(first) => pairs[first].1 = pairs.remove(at).1,
                    None => at += 1,
                }
            }
            return Self(pairs);
        }
        let mut places = HashMap::with_capacity(pairs.len());
        let mut kept: Vec<(String, Json)> = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            if let Some(place) = places.get(&key) {
                let place: usize = *place;
                kept[place].1 = value;
            } else {
                places.insert(key.clone(), kept.len());
                kept.push((key, value));
            }
        }
        Self(kept)
    }

    /// What stands under a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Json> {
        let field = self.0.iter().find(|(name, _)| name == key);
        field.map(|(_, value)| value)
    }

    /// What stands under the first of these keys that says something: `null` and blank text say nothing.
    #[must_use]
    pub fn first_of(&self, keys: &[&str]) -> Option<&Json> {
        let says_something = |value: &&Json| match value {
            Json::Null => false,
            Json::Text(text) => !text.trim().is_empty(),
            _ => true,
        };
        let mut values = keys.iter().filter_map(|key| self.get(key));
        values.find(says_something)
    }

    /// Takes up what `others` has and this has not.
    pub fn fill_from(&mut self, others: Self) {
        if self.0.is_empty() || others.0.is_empty() || *self == others {
            if self.0.is_empty() {
                *self = others;
            }
            return;
        }
        // What was here counts, so it comes last; in the order of what was here.
        let mine = std::mem::take(&mut self.0);
        let mut pairs = mine.clone();
        pairs.extend(others.0);
        pairs.extend(mine);
        *self = Self::new(pairs);
    }

    /// Every field in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, i64)]) -> Fields {
        let pair = |(key, value): &(&str, i64)| ((*key).to_owned(), Json::Integer(*value));
        Fields::new(pairs.iter().map(pair).collect())
    }

    fn shown(fields: &Fields) -> String {
        let shown = fields.iter().map(|(key, value)| match value {
            Json::Integer(number) => format!("{key}{number}"),
            _ => key.to_owned(),
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn of_a_key_that_comes_twice_the_last_value_counts_where_the_first_stood() {
        assert_eq!(
            shown(&fields(&[("a", 1), ("b", 2), ("a", 3), ("a", 4)])),
            "a4 b2"
        );
        let many: Vec<(String, Json)> = (0..200)
            .map(|number| (format!("k{}", number % 100), Json::Integer(number)))
            .collect();
        let fields = Fields::new(many);
        assert_eq!(fields.len(), 100);
        assert!(fields.get("k3") == Some(&Json::Integer(103)));
    }

    #[test]
    fn what_is_there_is_not_replaced_by_what_fills_in() {
        let mut mine = fields(&[("a", 1), ("b", 2)]);
        mine.fill_from(fields(&[("b", 9), ("c", 3)]));
        assert_eq!(shown(&mine), "a1 b2 c3");
    }
}
