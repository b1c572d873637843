//! A JSON object whose fields are read one by one, so that an error can name the field and need not quote it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::MalformedNotification;
use crate::lenient;

/// The fields of a JSON object as they were sent. Of a field that was sent twice the last one counts.
pub(super) struct Fields<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Fields<'a> {
    pub(super) fn parse(json: &'a [u8]) -> Result<Self, MalformedNotification> {
        let fields = serde_json::from_slice(json).map_err(|error| {
            if error.is_data() {
                return MalformedNotification::NotAnObject;
            }
            // Keeps where, not what: serde's message may quote the body.
            MalformedNotification::NotJson {
                line: error.line(),
                column: error.column(),
            }
        })?;
        Ok(Self(fields))
    }

    /// A text; `None` when it is missing, `null` or blank.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<String>, MalformedNotification> {
        let Some(json) = self.0.get(name) else {
            return Ok(None);
        };
        let text: Option<String> =
            serde_json::from_str(json.get()).map_err(|_| MalformedNotification::WrongType(name))?;
        Ok(text.filter(|text| !text.trim().is_empty()))
    }

    /// A time in any of Intercom's forms; `None` when it is missing or `null`.
    pub(super) fn time(
        &self,
        name: &'static str,
    ) -> Result<Option<Timestamp>, MalformedNotification> {
        #[derive(Deserialize)]
        struct Time(#[serde(deserialize_with = "lenient::timestamp")] Option<Timestamp>);

        let Some(json) = self.0.get(name).filter(|json| json.get() != "null") else {
            return Ok(None);
        };
        match serde_json::from_str(json.get()) {
            Ok(Time(Some(time))) => Ok(Some(time)),
            _ => Err(MalformedNotification::WrongType(name)),
        }
    }

    /// An object, unread; `None` when it is missing or `null`. `path` is its name as errors call it.
    pub(super) fn object(
        &self,
        name: &str,
        path: &'static str,
    ) -> Result<Option<&'a RawValue>, MalformedNotification> {
        match self.0.get(name) {
            Some(json) if json.get().starts_with('{') => Ok(Some(*json)),
            Some(json) if json.get() != "null" => Err(MalformedNotification::WrongType(path)),
            _ => Ok(None),
        }
    }

    /// All that can be read; what cannot counts as missing.
    pub(super) fn readable(self) -> Value {
        let read = |(name, json): (String, &RawValue)| {
            let value: Value = serde_json::from_str(json.get()).ok()?;
            Some((name, value))
        };
        self.0.into_iter().filter_map(read).collect()
    }
}
