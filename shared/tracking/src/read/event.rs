//! One event's keys.

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess};

use super::body::Body;
use super::{Entry, Envelope, MAX_EVENT_BYTES, clock, mend, message_id, people};
use crate::destinations::Destinations;
use crate::event::Context;
use crate::json::{FromParts, Json, Known, Sent};
use crate::{Call, DropReason, Fields, TrackedEvent};

/// An event as it was sent, before it is known whether it can be used.
#[derive(Default)]
pub(super) struct Draft {
    name: Name,
    pub(super) write_key: Option<String>,
    user_id: Option<String>,
    anonymous_id: Option<String>,
    group_id: Option<String>,
    previous_id: Option<String>,
    event: Option<String>,
    traits: Fields,
    properties: Fields,
    context: Context,
    destinations: Destinations,
    times: clock::Times,
}

/// What an event is called, and nothing else of it.
#[derive(Default)]
pub(super) struct Name {
    pub(super) message_id: Option<String>,
    kind: Option<String>,
}

#[derive(Deserialize)]
#[serde(field_identifier)]
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

impl<'de> FromParts<'de> for Draft {
    fn from_object<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut draft = Self::default();
        while let Some(key) = map.next_key()? {
            match key {
                Key::Kind => draft.name.kind = text(&mut map)?,
                Key::MessageId => draft.name.message_id = text(&mut map)?,
                Key::WriteKey => draft.write_key = text(&mut map)?,
                Key::UserId => draft.user_id = text(&mut map)?,
                Key::AnonymousId => draft.anonymous_id = text(&mut map)?,
                Key::GroupId => draft.group_id = text(&mut map)?,
                Key::PreviousId => draft.previous_id = text(&mut map)?,
                Key::Event => draft.event = text(&mut map)?,
                Key::Traits => draft.traits = map.next_value::<Known<_>>()?.0,
                Key::Properties => draft.properties = map.next_value::<Known<_>>()?.0,
                Key::Context => draft.context = map.next_value::<Known<_>>()?.0,
                Key::Integrations => draft.destinations = map.next_value::<Known<_>>()?.0,
                Key::Timestamp => draft.times.timestamp = clock::time(&mut map)?,
                Key::OriginalTimestamp => draft.times.original = clock::time(&mut map)?,
                Key::SentAt => draft.times.sent_at = clock::time(&mut map)?,
                Key::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(draft)
    }
}

fn text<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<String>, A::Error> {
    Ok(match map.next_value::<Sent>()?.0 {
        // Moved where nothing is to be trimmed: an allocation less for each id.
        Json::Text(text) if !text.is_empty() && text.trim().len() == text.len() => Some(text),
        other => other.to_text(),
    })
}

impl Draft {
    /// Reads an event; `None` if it is too large, or broken beyond mending. What is no object is an event that
    /// says nothing.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_EVENT_BYTES {
            return None;
        }
        let read = |text: &str| serde_json::from_str::<Known<Self>>(text).ok();
        let Known(draft) = read(text).or_else(|| read(&mend::mend(text)))?;
        Some(draft)
    }

    /// Whether it says which call it is, or its path does.
    pub(super) fn has_call(&self, envelope: Envelope) -> bool {
        self.name.kind.is_some() || envelope.call.is_some()
    }

    /// The event with what the batch and the request say of it. `text`: the event as it was sent.
    pub(super) fn finish(mut self, text: &str, batch: &Body<'_>, envelope: Envelope) -> Entry {
        let message_id = message_id::of(self.name.message_id.as_deref(), text);
        let call = match (self.name.kind.as_deref(), envelope.call) {
            (Some(kind), _) => Call::from_name(kind),
            (None, call) => call,
        };
        let Some(call) = call else {
            return Entry::Refused {
                message_id,
                call: None,
                reason: DropReason::UnknownCall,
            };
        };
        self.context.fill_from(&batch.context);
        self.destinations.fill_from(&batch.destinations);
        if call == Call::Identify {
            self.traits
                .fill_from(std::mem::take(&mut self.context.traits));
        }
        let timestamp = self.times.happened_at(batch.sent_at, envelope.received_at);
        let mut event = TrackedEvent {
            message_id,
            call,
            user_id: self.user_id,
            anonymous_id: self.anonymous_id,
            email: None,
            timestamp,
            event: self.event,
            group_id: self.group_id,
            previous_id: self.previous_id,
            traits: self.traits,
            properties: self.properties,
            context: self.context,
            destinations: self.destinations,
        };
        people::name(&mut event);
        Entry::Event(event)
    }
}

impl Name {
    /// What an event is called that cannot be read otherwise.
    pub(super) fn parse(text: &str) -> Option<Self> {
        serde_json::from_str::<Known<Self>>(text)
            .ok()
            .map(|Known(name)| name)
    }

    /// The call that it says it is.
    pub(super) fn call(&self) -> Option<Call> {
        Call::from_name(self.kind.as_deref()?)
    }
}

impl<'de> FromParts<'de> for Name {
    fn from_object<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut name = Self::default();
        while let Some(key) = map.next_key()? {
            match key {
                Key::Kind => name.kind = text(&mut map)?,
                Key::MessageId => name.message_id = text(&mut map)?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(name)
    }
}
