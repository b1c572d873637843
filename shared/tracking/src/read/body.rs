//! The outermost object or list of a body.

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess, SeqAccess};
use serde_json::value::RawValue;

use super::MAX_EVENTS;
use super::words::{Moment, Text};
use crate::destinations::Destinations;
use crate::json::{FromParts, Known};

/// A batch, or the one event that the body is.
#[derive(Default)]
pub(super) struct Body<'a> {
    /// The events, each as it was sent; `None` if the body is no batch. One more than may be, at most.
    pub(super) events: Option<Vec<&'a str>>,
    /// The batch's own write key.
    pub(super) write_key: Option<String>,
    /// When the client's clock said that it sent this.
    pub(super) sent_at: Option<Timestamp>,
    /// What holds for each event that says nothing else.
    pub(super) context: Option<&'a RawValue>,
    /// The same.
    pub(super) destinations: Destinations,
}

impl<'a> Body<'a> {
    /// Reads it; `None` if it is no JSON. Of the events it is known only where they begin and end.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let Known(mut body) = serde_json::from_str::<Known<Self>>(text).ok()?;
        if body.events.is_none() {
            // What it said is the event's own.
            body = Self {
                sent_at: body.sent_at,
                ..Self::default()
            };
        }
        Some(body)
    }
}

#[derive(Deserialize)]
#[serde(field_identifier)]
#[allow(clippy::enum_variant_names, reason = "`writeKey` is what it is called")]
enum Key {
    #[serde(rename = "batch")]
    Batch,
    #[serde(rename = "writeKey", alias = "write_key")]
    WriteKey,
    #[serde(rename = "sentAt", alias = "sent_at")]
    SentAt,
    #[serde(rename = "context")]
    Context,
    #[serde(rename = "integrations")]
    Integrations,
    #[serde(other)]
    Other,
}

impl<'de> FromParts<'de> for Body<'de> {
    fn from_object<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut body = Self::default();
        while let Some(key) = map.next_key()? {
            match key {
                Key::Batch => body.events = map.next_value::<Known<Events<'de>>>()?.0.0,
                Key::WriteKey => body.write_key = map.next_value::<Known<Text>>()?.0.0,
                Key::SentAt => body.sent_at = map.next_value::<Known<Moment>>()?.0.0,
                Key::Context => body.context = Some(map.next_value()?),
                Key::Integrations => {
                    body.destinations = map.next_value::<Known<Destinations>>()?.0;
                }
                Key::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(body)
    }

    /// Events without anything around them.
    fn from_list<A: SeqAccess<'de>>(list: A) -> Result<Self, A::Error> {
        Ok(Self {
            events: Events::from_list(list)?.0,
            ..Self::default()
        })
    }
}

/// Where each event begins and ends.
#[derive(Default)]
struct Events<'a>(Option<Vec<&'a str>>);

impl<'de> FromParts<'de> for Events<'de> {
    fn from_list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut events = Vec::new();
        while events.len() <= MAX_EVENTS {
            match list.next_element::<&RawValue>()? {
                Some(event) => events.push(event.get()),
                None => return Ok(Self(Some(events))),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self(Some(events)))
    }
}
