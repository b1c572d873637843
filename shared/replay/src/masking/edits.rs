//! Places of a text that become others.

use std::ops::Range;

use super::stars;
use crate::error::Fault;
use crate::json::{Cursor, Kind};

/// What of one event's JSON is to be replaced, and by what JSON.
#[derive(Debug, Default)]
pub(super) struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    /// Reads the value that comes next. A string that `change` makes another one of is replaced.
    pub(super) fn string(
        &mut self,
        cursor: &mut Cursor<'_>,
        change: impl FnOnce(&str) -> Option<String>,
    ) -> Result<(), Fault> {
        if cursor.kind()? != Kind::String {
            return cursor.skip();
        }
        let start = cursor.position();
        let text = cursor.string()?.decode();
        if let Some(changed) = change(&text) {
            self.replace(start..cursor.position(), json_string(&changed));
        }
        Ok(())
    }

    /// Reads the value that comes next: somebody typed it.
    pub(super) fn typed(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Fault> {
        match cursor.kind()? {
            Kind::String => self.string(cursor, stars::typed),
            Kind::Bool | Kind::Null => cursor.skip(),
            Kind::Number | Kind::Array | Kind::Object => self.by(cursor, "\"****\""),
        }
    }

    /// Reads the value that comes next, and replaces it.
    pub(super) fn by(&mut self, cursor: &mut Cursor<'_>, json: &str) -> Result<(), Fault> {
        cursor.skip_whitespace();
        let start = cursor.position();
        cursor.skip()?;
        if cursor.since(start) != json {
            self.replace(start..cursor.position(), json.to_owned());
        }
        Ok(())
    }

    pub(super) fn replace(&mut self, place: Range<usize>, json: String) {
        self.0.push((place, json));
    }

    /// The text with all of it replaced; `None` when there is nothing to replace.
    pub(super) fn applied_to(mut self, text: &str) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        self.0.sort_by_key(|(place, _)| place.start);
        let mut changed = String::with_capacity(text.len());
        let mut copied = 0;
        for (place, json) in self.0 {
            // A place within one that is replaced already is gone with it.
            if let Some(before) = text.get(copied..place.start) {
                changed.push_str(before);
                changed.push_str(&json);
                copied = place.end;
            }
        }
        changed.push_str(text.get(copied..).unwrap_or_default());
        Some(changed)
    }
}

/// The text as JSON.
pub(super) fn json_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
