//! Reading fields whose shape Intercom does not promise: what cannot be read counts as missing.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::entities;

/// Longest text kept of any field, bytes. Intercom's ids have at most 128 characters, e-mails 254.
const MAX_TEXT_BYTES: usize = 2_048;

/// Longest body kept of a message, bytes; what is longer is cut off.
pub(crate) const MAX_BODY_BYTES: usize = 64 * 1_024;

/// Most custom attributes kept of anything: Intercom allows people 250.
const MAX_ATTRIBUTES: usize = 250;

/// Longest value kept of a custom attribute, bytes as JSON, and of all of them: Intercom's texts have 255
/// characters.
const MAX_ATTRIBUTE_BYTES: usize = 2_048;
const MAX_ATTRIBUTES_BYTES: usize = 48 * 1_024;

/// Most elements kept of a list: a page of companies, the contacts of a group, a conversation's parts.
const MAX_ELEMENTS: usize = 1_000;

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

/// The id of an admin or a team: nobody is `null`, and 0 since API version 2.16.
pub(crate) fn assignee<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    Ok(text(deserializer)?.filter(|id| id != "0"))
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
    Ok(read.take(MAX_ELEMENTS).collect())
}

/// As [`list`], which may stand in an object as well, under any name: `{ "type": "tag.list", "tags": [] }`.
pub(crate) fn listed<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let found = match Value::deserialize(deserializer)? {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(_, value)| value)
            .find(Value::is_array),
        other => Some(other),
    };
    Ok(list(found.unwrap_or_default()).unwrap_or_default())
}

/// What somebody wrote, cut where it is too long; `None` when blank.
pub(crate) fn body<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let Value::String(mut body) = Value::deserialize(deserializer)? else {
        return Ok(None);
    };
    body.truncate(body.floor_char_boundary(MAX_BODY_BYTES));
    Ok(Some(body).filter(|body| !body.trim().is_empty()))
}

/// Custom attributes by name, in a bounded number and size. What is nested too large is left out; texts have
/// no entities.
pub(crate) fn attributes<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Map<String, Value>, D::Error> {
    let Value::Object(sent) = Value::deserialize(deserializer)? else {
        return Ok(Map::new());
    };
    let mut bytes = 0;
    let kept = sent.into_iter().filter_map(|(name, value)| {
        let value = match value {
            Value::String(text) => Value::String(entities::decode(&text).into_owned()),
            other => other,
        };
        let size = value.to_string().len();
        bytes += name.len() + size;
        let fits = size <= MAX_ATTRIBUTE_BYTES && bytes <= MAX_ATTRIBUTES_BYTES;
        (fits && name.len() <= MAX_TEXT_BYTES).then_some((name, value))
    });
    Ok(kept.take(MAX_ATTRIBUTES).collect())
}

/// A number, or a text that is one.
pub(crate) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let number = text(deserializer)?.and_then(|text| text.trim().parse::<f64>().ok());
    Ok(number.filter(|number| number.is_finite()))
}

/// How many: a number that is not negative, whole or cut off to it, or a text that is one.
pub(crate) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates"
    )]
    let whole = |number: f64| number as u64;
    Ok(number(deserializer)?
        .filter(|number| *number >= 0.0)
        .map(whole))
}

/// `true`, `false`, or not said.
pub(crate) fn answer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(Value::deserialize(deserializer)?.as_bool())
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
