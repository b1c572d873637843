//! The keys of `context` that are used; the others are passed over unread.

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess};

use crate::event::Context;
use crate::json::{FromParts, Known, Sent};

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
    #[serde(rename = "ip")]
    Ip,
    #[serde(rename = "userAgent", alias = "user_agent")]
    UserAgent,
    #[serde(rename = "device")]
    Device,
    #[serde(rename = "os")]
    Os,
    #[serde(rename = "app")]
    App,
    #[serde(other)]
    Other,
}

impl<'de> FromParts<'de> for Context {
    fn from_object<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut context = Self::default();
        while let Some(key) = map.next_key()? {
            match key {
                Key::Traits => context.traits = map.next_value::<Known<_>>()?.0,
                Key::Intercom => context.intercom = map.next_value::<Known<_>>()?.0,
                Key::Active => context.active = map.next_value::<Sent>()?.0.as_flag(),
                Key::Unsubscribed => {
                    context.unsubscribed = map.next_value::<Sent>()?.0.as_flag();
                }
                Key::Ip => context.ip = map.next_value::<Sent>()?.0.to_text(),
                Key::UserAgent => context.user_agent = map.next_value::<Sent>()?.0.to_text(),
                Key::Device => context.device = map.next_value::<Known<_>>()?.0,
                Key::Os => context.os = map.next_value::<Known<_>>()?.0,
                Key::App => context.app = map.next_value::<Known<_>>()?.0,
                Key::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(context)
    }
}

impl Context {
    /// Takes up what the batch says of all its events.
    pub(super) fn fill_from(&mut self, batch: &Self) {
        if *batch == Self::default() {
            return;
        }
        let batch = batch.clone();
        self.traits.fill_from(batch.traits);
        self.intercom.fill_from(batch.intercom);
        self.device.fill_from(batch.device);
        self.os.fill_from(batch.os);
        self.app.fill_from(batch.app);
        self.active = self.active.or(batch.active);
        self.unsubscribed = self.unsubscribed.or(batch.unsubscribed);
        self.ip = self.ip.take().or(batch.ip);
        self.user_agent = self.user_agent.take().or(batch.user_agent);
    }
}
