//! Span events of OpenTelemetry that hold an event of rrweb's: Rollbar writes its type and its data as
//! attributes.

use std::borrow::Cow;

use crate::error::Fault;
use crate::json::{Cursor, Kind};

/// How Rollbar names them.
const NAME: &str = "rrweb-replay-events";

/// The event in the span event that comes next, if there is one.
pub(super) fn event(cursor: &mut Cursor<'_>) -> Result<Option<String>, Fault> {
    let (mut is_named, mut kind, mut data, mut at) = (false, None, None, None);
    cursor.object(|cursor, key| {
        match key {
            "name" => {
                is_named = cursor
                    .string_if_any()?
                    .is_some_and(|name| name.raw() == NAME)
            }
            "timeUnixNano" => at = milliseconds(cursor)?,
            "attributes" => cursor.array_if_any(|cursor| {
                let Attribute { name, value } = attribute(cursor)?;
                match &*name {
                    "eventType" => kind = value.and_then(|value| value.parse::<u8>().ok()),
                    "json" => data = value,
                    _ => {}
                }
                Ok(())
            })?,
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    let (true, Some(kind), Some(data), Some(at)) = (is_named, kind, data, at) else {
        return Ok(None);
    };
    Ok(Some(format!(
        r#"{{"type":{kind},"data":{data},"timestamp":{at}}}"#
    )))
}

/// A time in nanoseconds, a number or a text, in milliseconds.
pub(super) fn milliseconds(cursor: &mut Cursor<'_>) -> Result<Option<i64>, Fault> {
    let nanoseconds: Option<f64> = scalar(cursor)?.and_then(|number| number.parse().ok());
    Ok(nanoseconds.map(|nanoseconds| (nanoseconds / 1e6).round() as i64))
}

/// An attribute of OpenTelemetry, `{"key", "value": {"stringValue"}}`, its value as text.
#[derive(Default)]
pub(super) struct Attribute<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) value: Option<Cow<'a, str>>,
}

/// The attribute that comes next.
pub(super) fn attribute<'a>(cursor: &mut Cursor<'a>) -> Result<Attribute<'a>, Fault> {
    let mut attribute = Attribute::default();
    cursor.object_if_any(|cursor, key| {
        match key {
            "key" => attribute.name = cursor.string_if_any()?.unwrap_or_default().decode(),
            "value" => attribute.value = any_value(cursor)?,
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    Ok(attribute)
}

/// A value of OpenTelemetry, an object with one key for its type, as text.
pub(super) fn any_value<'a>(cursor: &mut Cursor<'a>) -> Result<Option<Cow<'a, str>>, Fault> {
    let mut value = None;
    cursor.object_if_any(|cursor, key| {
        match key {
            "stringValue" | "intValue" | "doubleValue" => value = scalar(cursor)?,
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    Ok(value)
}

/// A text, or a number as it is written.
fn scalar<'a>(cursor: &mut Cursor<'a>) -> Result<Option<Cow<'a, str>>, Fault> {
    cursor.skip_whitespace();
    let start = cursor.position();
    Ok(match cursor.kind()? {
        Kind::String => Some(cursor.string()?.decode()),
        Kind::Number => {
            cursor.skip()?;
            Some(Cow::Borrowed(cursor.since(start)))
        }
        _ => {
            cursor.skip()?;
            None
        }
    })
}
