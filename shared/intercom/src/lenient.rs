//! Reading fields whose shape Intercom does not promise: what cannot be read counts as missing.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::entities;

/// Longest text kept of any field, bytes. Intercom's ids have at most 128 characters, e-mails 254.
const MAX_TEXT_BYTES: usize = 2_048;

/// A string or a number as text; `None` when empty, blank, too long or anything else.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = match Value::deserialize(deserializer)? {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        _ => return Ok(None),
    };
    Ok(Some(text).filter(|text| !text.trim().is_empty() && text.len() <= MAX_TEXT_BYTES))
}

/// As [`text`], for the fields that Intercom encodes HTML entities in (`&amp;`, `&#39;`, …).
pub(crate) fn decoded_text<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let decode = |text: String| entities::decode(&text).into_owned();
    Ok(text(deserializer)?.map(decode))
}

/// An object of a known kind; `None` for `null` and whatever is no object.
pub(crate) fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        object @ Value::Object(_) => T::deserialize(object).ok(),
        _ => None,
    })
}

/// A list of objects of a known kind: `null` is empty, elements that cannot be read are left out.
pub(crate) fn list<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let Value::Array(elements) = Value::deserialize(deserializer)? else {
        return Ok(Vec::new());
    };
    let read = elements
        .into_iter()
        .filter_map(|element| T::deserialize(element).ok());
    Ok(read.collect())
}

/// `true` or not: `null` and whatever is no boolean is `false`.
pub(crate) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Value::deserialize(deserializer)? == Value::Bool(true))
}

/// Unix seconds, whole or not, or ISO text: REST sends the one, webhooks the other.
pub(crate) fn timestamp<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    let Some(text) = text(deserializer)? else {
        return Ok(None);
    };
    Ok(match text.parse::<f64>() {
        Ok(seconds) if seconds.is_finite() => {
            #[allow(clippy::cast_possible_truncation)]
            // `as` saturates, and jiff refuses what is out of range.
            Timestamp::from_millisecond((seconds * 1_000.0).round() as i64).ok()
        }
        _ => text.parse().ok(),
    })
}
