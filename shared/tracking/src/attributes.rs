//! Whatever is no field of Intercom's own becomes a custom attribute.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::notes::Notes;
use crate::settings::Nested;
use crate::{Fields, Json, date};

/// Longest name of an attribute, characters: Intercom's limit.
const MAX_NAME_CHARS: usize = 190;

/// Gathers custom attributes.
pub(crate) struct Attributes<'a> {
    map: Map<String, Value>,
    nested: Nested,
    limit: usize,
    notes: &'a mut Notes,
}

impl<'a> Attributes<'a> {
    /// `limit`: how many Intercom can hold.
    pub(crate) fn new(nested: Nested, limit: usize, notes: &'a mut Notes) -> Self {
        Self {
            map: Map::new(),
            nested,
            limit,
            notes,
        }
    }

    /// Takes all fields but those that have become something else.
    pub(crate) fn rest_of(mut self, fields: &Fields, is_taken: impl Fn(&str) -> bool) -> Self {
        for (key, value) in fields.iter().filter(|(key, _)| !is_taken(key)) {
            self.add(key, value);
        }
        self
    }

    /// One more.
    pub(crate) fn add(&mut self, key: &str, value: &Json) {
        if is_too_long(key) {
            self.notes.attributes.push(key);
            return;
        }
        match value {
            Json::List(_) | Json::Object(_) if self.nested == Nested::Drop => {
                self.notes.nested.push(key);
            }
            Json::List(values) => {
                for (at, value) in values.iter().enumerate() {
                    self.add(&format!("{key}_{at}"), value);
                }
            }
            Json::Object(fields) => {
                for (name, value) in fields.iter() {
                    self.add(&format!("{key}_{name}"), value);
                }
            }
            _ => self.put(key, value),
        }
    }

    fn put(&mut self, key: &str, value: &Json) {
        let Some(value) = value.to_scalar() else {
            return;
        };
        let (name, value) = match value {
            Value::String(text) => match date::of_iso(&text) {
                Some(moment) => (date_name(key), date::whole_seconds(moment).into()),
                None => (Cow::Borrowed(key), Value::String(self.notes.fit(key, text))),
            },
            // Milliseconds would be a day in the far future.
            Value::Number(_) if names_a_date(key) => {
                let whole = value.as_f64().filter(|number| number.abs() >= 1e11);
                #[allow(clippy::cast_possible_truncation)] // `as` saturates.
                let seconds = whole.and_then(|number| date::seconds(&Json::Integer(number as i64)));
                (Cow::Borrowed(key), seconds.map_or(value, Value::from))
            }
            value => (Cow::Borrowed(key), value),
        };
        let name = self.proper(name);
        let is_known = self.map.contains_key(&name);
        if name.trim().is_empty() || is_too_long(&name) || !is_known && self.map.len() >= self.limit
        {
            self.notes.attributes.push(key);
            return;
        }
        self.map.insert(name, value);
    }

    /// The name without what Intercom does not take in one.
    fn proper(&mut self, name: Cow<'_, str>) -> String {
        if name.contains(['.', '$']) {
            self.notes.renamed.push(&name);
            return name.replace(['.', '$'], "_");
        }
        name.into_owned()
    }

    /// All of them.
    pub(crate) fn finish(self) -> Map<String, Value> {
        self.map
    }
}

/// Whether a name is longer than Intercom takes. Also of the parts of what is flattened: their names grow
/// with each level, and would cost more than the event that they are in.
pub(crate) fn is_too_long(name: &str) -> bool {
    name.len() > MAX_NAME_CHARS && name.chars().count() > MAX_NAME_CHARS
}

/// Whether an attribute of that name is a date: Intercom's rule of `_at`, and Segment's, who also took `At`
/// and ` at`. The value of such an attribute is seconds.
#[must_use]
pub fn names_a_date(name: &str) -> bool {
    name.ends_with("_at") || name.ends_with("At") || name.ends_with(" at")
}

/// A date's name ends as dates' names do, or `_at` is put to it.
fn date_name(key: &str) -> Cow<'_, str> {
    if names_a_date(key) {
        Cow::Borrowed(key)
    } else {
        Cow::Owned(format!("{key}_at"))
    }
}
