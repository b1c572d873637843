//! Log records of OpenTelemetry whose body is an event, or a fragment of one: HyperDX, and Splunk's
//! recorder before its version 3, from which it comes. As protobuf, or as JSON.

use std::borrow::Cow;

use super::fragments::Fragment;
use super::protobuf::{Fields, Value};
use super::span_events::{Attribute, any_value, attribute, milliseconds};
use super::{Reading, Take, foreign};
use crate::error::Fault;
use crate::json::Cursor;

/// The fragments of an event that are put together; no event has so many.
const MAX_FRAGMENTS: f64 = 10_000.0;

/// A log record, as far as recordings are concerned.
#[derive(Debug, Default)]
pub(super) struct LogRecord<'a> {
    body: Cow<'a, str>,
    at: i64,
    /// Number of the event, and which fragment of how many the body is.
    event: f64,
    fragment: f64,
    fragments: f64,
    /// Of a recording that Splunk's recorder makes since its version 3.
    is_splunks: bool,
}

impl Reading {
    pub(super) fn log_record(
        &mut self,
        record: LogRecord<'_>,
        take: Take<'_, '_>,
    ) -> Result<(), Fault> {
        if record.is_splunks {
            return Err(foreign::SPLUNK.into());
        }
        if !(2.0..=MAX_FRAGMENTS).contains(&record.fragments) {
            return self.written(&record.body, take);
        }
        self.inflater.spend(record.body.len())?;
        let text = record.body.into_owned();
        let fragment = Fragment {
            event: format!("{}", record.event),
            number: record.fragment as u32,
            of: record.fragments as u32,
            at: record.at,
            text,
        };
        self.fragment(fragment, take)
    }
}

impl<'a> LogRecord<'a> {
    fn attribute(&mut self, name: &str, number: Option<f64>) {
        let number = number.unwrap_or_default();
        match name {
            "rr-web.event" => self.event = number,
            "rr-web.chunk" => self.fragment = number,
            "rr-web.total-chunks" => self.fragments = number,
            "segmentMetadata" => self.is_splunks = true,
            _ => {}
        }
    }

    /// It, if it may be of a recording: other logs are sent in the same way.
    fn recorded(self) -> Option<Self> {
        (self.fragments >= 1.0 || self.body.starts_with(r#"{"type":"#)).then_some(self)
    }
}

/// The log record that comes next in JSON, if it may be of a recording.
pub(super) fn in_json<'a>(cursor: &mut Cursor<'a>) -> Result<Option<LogRecord<'a>>, Fault> {
    let mut record = LogRecord::default();
    cursor.object(|cursor, key| {
        match key {
            "body" => record.body = any_value(cursor)?.unwrap_or_default(),
            "timeUnixNano" => record.at = milliseconds(cursor)?.unwrap_or_default(),
            "attributes" => cursor.array_if_any(|cursor| {
                let Attribute { name, value } = attribute(cursor)?;
                record.attribute(&name, value.and_then(|value| value.parse().ok()));
                Ok(())
            })?,
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    Ok(record.recorded())
}

/// The log records of a recording in an `ExportLogsServiceRequest`; `None` if the bytes are none, or
/// hold no such record.
pub(super) fn in_protobuf(bytes: &[u8]) -> Option<Vec<LogRecord<'_>>> {
    const RESOURCE_LOGS: u64 = 1;
    const SCOPE_LOGS: u64 = 2;
    const LOG_RECORDS: u64 = 2;
    if bytes.first() != Some(&0x0a) {
        return None;
    }
    let mut records = Vec::new();
    let mut has_logs = false;
    for resource in messages(bytes, RESOURCE_LOGS)? {
        for scope in messages(resource, SCOPE_LOGS)? {
            for record in messages(scope, LOG_RECORDS)? {
                has_logs = true;
                records.extend(log_record(record)?.recorded());
            }
        }
    }
    // Log lines alone are no recording, and no other recorder's either.
    (!records.is_empty() || has_logs).then_some(records)
}

/// The messages under a field's number; `None` if the bytes are no message.
fn messages(message: &[u8], number: u64) -> Option<Vec<&[u8]>> {
    let mut found = Vec::new();
    for field in Fields::of(message) {
        match field? {
            (of, Value::Bytes(bytes)) if of == number => found.push(bytes),
            _ => {}
        }
    }
    Some(found)
}

fn log_record(message: &[u8]) -> Option<LogRecord<'_>> {
    const TIME: u64 = 1;
    const BODY: u64 = 5;
    const ATTRIBUTES: u64 = 6;
    let mut record = LogRecord::default();
    for field in Fields::of(message) {
        match field? {
            (TIME, Value::Fixed64(nanoseconds)) => {
                let milliseconds = (nanoseconds as f64 / 1e6).round();
                record.at = milliseconds as i64;
            }
            (BODY, Value::Bytes(value)) => {
                if let Some(Scalar::Text(text)) = scalar(value)? {
                    record.body = Cow::Borrowed(text);
                }
            }
            (ATTRIBUTES, Value::Bytes(pair)) => {
                let (name, number) = key_value(pair)?;
                record.attribute(name, number);
            }
            _ => {}
        }
    }
    Some(record)
}

fn key_value(message: &[u8]) -> Option<(&str, Option<f64>)> {
    let (mut name, mut number) = ("", None);
    for field in Fields::of(message) {
        match field? {
            (1, Value::Bytes(key)) => name = std::str::from_utf8(key).ok()?,
            (2, Value::Bytes(value)) => {
                number = match scalar(value)? {
                    Some(Scalar::Number(number)) => Some(number),
                    Some(Scalar::Text(text)) => text.parse().ok(),
                    None => None,
                };
            }
            _ => {}
        }
    }
    Some((name, number))
}

enum Scalar<'a> {
    Text(&'a str),
    Number(f64),
}

/// An `AnyValue`, if it is a text or a number; `None` if the bytes are no message.
fn scalar(message: &[u8]) -> Option<Option<Scalar<'_>>> {
    let mut value = None;
    for field in Fields::of(message) {
        match field? {
            (1, Value::Bytes(text)) => value = Some(Scalar::Text(std::str::from_utf8(text).ok()?)),
            (3, Value::Varint(number)) => value = Some(Scalar::Number(number as i64 as f64)),
            (4, Value::Fixed64(bits)) => value = Some(Scalar::Number(f64::from_bits(bits))),
            _ => {}
        }
    }
    Some(value)
}
