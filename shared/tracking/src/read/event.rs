//! One event's keys.

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess};
use serde_json::value::RawValue;

use super::body::Body;
use super::words::{Kind, Moment, Text};
use super::{Entry, Envelope, MAX_EVENT_BYTES, clock, context, message_id, people};
use crate::destinations::Destinations;
use crate::json::{FromParts, Known};
use crate::{Call, DropReason, Fields, TrackedEvent};

/// An event as it was sent, before it is known whether it can be used.
#[derive(Default)]
pub(super) struct Draft<'a> {
    kind: Kind,
    message_id: Text,
    write_key: Text,
    user_id: Text,
    anonymous_id: Text,
    group_id: Text,
    previous_id: Text,
    event: Text,
    traits: Fields,
    properties: Fields,
    /// Read once it is known which call it is.
    context: Option<&'a RawValue>,
    destinations: Destinations,
    times: clock::Times,
}

#[derive(Deserialize)]
#[serde(field_identifier)]
#[allow(clippy::enum_variant_names, reason = "`writeKey` is what it is called")]
enum Key {
    #[serde(rename = "type")]
    Kind,
    #[serde(rename = "messageId", alias = "message_id")]
    MessageId,
    #[serde(rename = "writeKey", alias = "write_key")]
    WriteKey,
    #[serde(rename = "userId", alias = "user_id")]
    UserId,
    #[serde(rename = "anonymousId", alias = "anonymous_id")]
    AnonymousId,
    #[serde(rename = "groupId", alias = "group_id")]
    GroupId,
    #[serde(rename = "previousId", alias = "previous_id")]
    PreviousId,
    #[serde(rename = "event")]
    Event,
    #[serde(rename = "traits")]
    Traits,
    #[serde(rename = "properties")]
    Properties,
    #[serde(rename = "context")]
    Context,
    #[serde(rename = "integrations")]
    Integrations,
    #[serde(rename = "timestamp")]
    Timestamp,
    #[serde(rename = "originalTimestamp", alias = "original_timestamp")]
    OriginalTimestamp,
    #[serde(rename = "sentAt", alias = "sent_at")]
    SentAt,
    #[serde(other)]
    Other,
}

impl<'de> FromParts<'de> for Draft<'de> {
    fn from_object<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut draft = Self::default();
        while let Some(key) = map.next_key()? {
            match key {
                Key::Kind => draft.kind = next(&mut map)?,
                Key::MessageId => draft.message_id = next(&mut map)?,
                Key::WriteKey => draft.write_key = next(&mut map)?,
                Key::UserId => draft.user_id = next(&mut map)?,
                Key::AnonymousId => draft.anonymous_id = next(&mut map)?,
                Key::GroupId => draft.group_id = next(&mut map)?,
                Key::PreviousId => draft.previous_id = next(&mut map)?,
                Key::Event => draft.event = next(&mut map)?,
                Key::Traits => draft.traits = next(&mut map)?,
                Key::Properties => draft.properties = next(&mut map)?,
                Key::Context => draft.context = Some(map.next_value()?),
                Key::Integrations => draft.destinations = next(&mut map)?,
                Key::Timestamp => draft.times.timestamp = next::<_, Moment>(&mut map)?.0,
                Key::OriginalTimestamp => draft.times.original = next::<_, Moment>(&mut map)?.0,
                Key::SentAt => draft.times.sent_at = next::<_, Moment>(&mut map)?.0,
                Key::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(draft)
    }
}

fn next<'de, A: MapAccess<'de>, T: FromParts<'de>>(map: &mut A) -> Result<T, A::Error> {
    map.next_value::<Known<T>>().map(|Known(value)| value)
}

impl<'a> Draft<'a> {
    /// Reads an event; `None` if it is too large, or no JSON. What is no object is an event that says
    /// nothing.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        if text.len() > MAX_EVENT_BYTES {
            return None;
        }
        serde_json::from_str(text).ok().map(|Known(draft)| draft)
    }

    /// Whether it says which call it is, or its path does.
    pub(super) fn has_call(&self, envelope: Envelope) -> bool {
        !matches!(self.kind, Kind::Unsaid) || envelope.call.is_some()
    }

    /// The key under which it was sent.
    pub(super) fn take_write_key(&mut self) -> Option<String> {
        self.write_key.0.take()
    }

    /// The event with what the batch and the request say of it. `text`: the event as it was sent.
    pub(super) fn finish(self, text: &str, batch: &Body<'_>, envelope: Envelope) -> Entry {
        let message_id = match self.times.are_said() {
            true => message_id::of(self.message_id.0, text),
            false => message_id::of_undated(
                self.message_id.0,
                text,
                batch.sent_at.filter(clock::is_said),
                envelope.received_at,
            ),
        };
        let Some(call) = call(self.kind, envelope) else {
            return Entry::Refused {
                message_id,
                call: None,
                reason: DropReason::UnknownCall,
            };
        };
        let Some((mut context, for_whom)) = context::read(self.context, batch.context, call) else {
            return Entry::Refused {
                message_id,
                call: Some(call),
                reason: DropReason::Unreadable,
            };
        };
        let mut traits = self.traits;
        if call == Call::Identify {
            traits.fill_from(std::mem::take(&mut context.traits));
        }
        let mut destinations = self.destinations;
        destinations.fill_from(&for_whom);
        destinations.fill_from(&batch.destinations);
        let mut event = TrackedEvent {
            message_id,
            call,
            user_id: self.user_id.0,
            anonymous_id: self.anonymous_id.0,
            email: None,
            timestamp: self.times.happened_at(batch.sent_at, envelope.received_at),
            event: self.event.0,
            group_id: self.group_id.0,
            previous_id: self.previous_id.0,
            traits,
            properties: self.properties,
            context,
            destinations,
        };
        people::name(&mut event);
        Entry::Event(event)
    }
}

fn call(kind: Kind, envelope: Envelope) -> Option<Call> {
    match kind {
        Kind::Known(call) => Some(call),
        // A word that we do not know says less than the path.
        Kind::Unsaid | Kind::Other => envelope.call,
    }
}

/// What an event is called, and nothing else of it.
#[derive(Default)]
struct Name {
    kind: Kind,
    message_id: Text,
}

impl<'de> FromParts<'de> for Name {
    fn from_object<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut name = Self::default();
        while let Some(key) = map.next_key()? {
            match key {
                Key::Kind => name.kind = next(&mut map)?,
                Key::MessageId => name.message_id = next(&mut map)?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(name)
    }
}

/// An event that is too large or broken: what can be told of it nevertheless.
pub(super) fn refused(text: &str, envelope: Envelope) -> Entry {
    let named = serde_json::from_str::<Known<Name>>(text);
    let Name { kind, message_id } = named.map_or_else(|_| Name::default(), |Known(name)| name);
    Entry::Refused {
        message_id: message_id::of(message_id.0, text),
        call: call(kind, envelope),
        reason: if text.len() > MAX_EVENT_BYTES {
            DropReason::TooLarge
        } else {
            DropReason::Unreadable
        },
    }
}
