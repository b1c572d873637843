//! Reading fields whose shape Intercom does not promise: what cannot be read counts as missing.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::Role;

/// Longest text kept of any field, bytes. Intercom's ids have at most 128 characters, e-mails 254.
const MAX_TEXT_BYTES: usize = 2_048;

/// A string or a number as text; `None` when empty, blank, too long or anything else.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = match Value::deserialize(deserializer)? {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        _ => return Ok(None),
    };
    Ok(Some(text).filter(|text| !text.trim().is_empty() && text.len() <= MAX_TEXT_BYTES))
}

/// As [`text`], for the fields that Intercom encodes HTML entities in (`&amp;`, `&#39;`, …).
pub(super) fn decoded_text<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let decode = |text: String| html_escape::decode_html_entities(&text).into_owned();
    Ok(text(deserializer)?.map(decode))
}

/// A contact's role.
pub(super) fn role<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Role, D::Error> {
    Ok(match text(deserializer)?.as_deref() {
        Some("user") => Role::User,
        Some("lead") => Role::Lead,
        _ => Role::Unknown,
    })
}

/// An object of a known kind; `None` for `null` and whatever is no object.
pub(super) fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        object @ Value::Object(_) => T::deserialize(object).ok(),
        _ => None,
    })
}

/// Unix seconds, whole or not, or ISO text: REST sends the one, webhooks the other.
pub(super) fn timestamp<'de, D: Deserializer<'de>>(
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
