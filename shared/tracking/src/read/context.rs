//! The keys of `context` that are used; the others are passed over unread.

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess};
use serde_json::value::RawValue;

use super::mend::mend;
use super::words::Flag;
use crate::destinations::Destinations;
use crate::event::Context;
use crate::json::{FromParts, Known, Sent};
use crate::{Call, Fields, Json};

/// What an event and its batch say of the circumstances, and for whom it is meant where they say it here: the
/// event's own counts before the batch's. `None`: one of them is no JSON, even mended.
pub(super) fn read(
    event: Option<&RawValue>,
    batch: Option<&RawValue>,
    call: Call,
) -> Option<(Context, Destinations)> {
    let Said(mut context, mut destinations) = parse(event)?;
    if batch.is_some() {
        let Said(of_batch, for_whom) = parse(batch)?;
        context.fill_from(of_batch);
        destinations.fill_from(&for_whom);
    }
    if call == Call::Identify {
        let Circumstances(mut fields) = parse(event)?;
        fields.fill_from(parse::<Circumstances>(batch)?.0);
        context.circumstances = fields;
    }
    Some((context, destinations))
}

/// A raw value is checked for where it ends alone, so that it may need mending when all else did not.
fn parse<T: for<'a> FromParts<'a>>(text: Option<&RawValue>) -> Option<T> {
    let Some(text) = text else {
        return Some(T::default());
    };
    let read = |text: &str| serde_json::from_str(text).ok().map(|Known(read)| read);
    read(text.get()).or_else(|| read(&mend(text.get())))
}

#[derive(Deserialize)]
#[serde(field_identifier)]
enum Key {
    #[serde(rename = "traits")]
    Traits,
    #[serde(rename = "Intercom", alias = "intercom", alias = "INTERCOM")]
    Intercom,
    #[serde(rename = "active")]
    Active,
    #[serde(rename = "unsubscribedFromEmails", alias = "unsubscribed_from_emails")]
    Unsubscribed,
    /// Segment's document shows them here.
    #[serde(rename = "integrations")]
    Integrations,
    #[serde(other)]
    Other,
}

#[derive(Default)]
struct Said(Context, Destinations);

impl<'de> FromParts<'de> for Said {
    fn from_object<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let Self(mut context, mut destinations) = Self::default();
        while let Some(key) = map.next_key()? {
            match key {
                Key::Traits => context.traits = map.next_value::<Known<_>>()?.0,
                Key::Intercom => context.intercom = map.next_value::<Known<_>>()?.0,
                Key::Active => context.active = map.next_value::<Known<Flag>>()?.0.0,
                Key::Unsubscribed => context.unsubscribed = map.next_value::<Known<Flag>>()?.0.0,
                Key::Integrations => destinations = map.next_value::<Known<_>>()?.0,
                Key::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Self(context, destinations))
    }
}

impl Context {
    fn fill_from(&mut self, batch: Self) {
        self.traits.fill_from(batch.traits);
        self.intercom.fill_from(batch.intercom);
        self.active = self.active.or(batch.active);
        self.unsubscribed = self.unsubscribed.or(batch.unsubscribed);
    }
}

/// Network address, browser, device, system and app, under the names that Segment gave them.
#[derive(Default)]
struct Circumstances(Fields);

impl<'de> FromParts<'de> for Circumstances {
    fn from_object<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut pairs = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            let parts: &[&str] = match key.as_str() {
                "ip" | "userAgent" => &[],
                "device" => &["type", "manufacturer", "model"],
                "os" | "app" => &["name", "version"],
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            let Sent(value) = map.next_value()?;
            match value {
                Json::Object(fields) => {
                    pairs.extend(parts.iter().filter_map(|part| {
                        Some((format!("{key}_{part}"), fields.get(part)?.clone()))
                    }))
                }
                value if parts.is_empty() && key == "ip" => {
                    pairs.push(("last_seen_ip".to_owned(), value))
                }
                value if parts.is_empty() => pairs.push(("last_seen_user_agent".to_owned(), value)),
                _ => {}
            }
        }
        pairs
            .retain(|(_, value)| matches!(value, Json::Text(_) | Json::Integer(_) | Json::Real(_)));
        Ok(Self(Fields::new(pairs)))
    }
}
