//! A data event as the fake Intercom knows it.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use super::FakeContact;
use crate::write::Metadata;

/// Something that a contact did.
#[derive(Clone, Serialize)]
pub struct FakeEvent {
    /// Intercom's id of the contact.
    pub contact: String,
    /// What was done.
    pub name: String,
    /// When, in whole seconds.
    #[serde(serialize_with = "jiff::fmt::serde::timestamp::second::required::serialize")]
    pub created_at: Timestamp,
    /// The first ten things that were said about it, in their order.
    pub metadata: Metadata,
}

impl FakeEvent {
    /// As the REST API and notifications have it. Its id is the same each time.
    pub(super) fn json(&self, contact: &FakeContact) -> Value {
        let second = self.created_at.as_second();
        json!({
            "type": "event", "id": format!("{}-{}-{second}", self.contact, self.name), "event_name": self.name,
            "created_at": second, "intercom_user_id": self.contact, "user_id": contact.external_id,
            "email": contact.email, "metadata": self.metadata,
        })
    }
}

/// What was said about it is not shown.
impl fmt::Debug for FakeEvent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut event = formatter.debug_struct("FakeEvent");
        event
            .field("contact", &self.contact)
            .field("name", &self.name);
        event
            .field("created_at", &self.created_at)
            .finish_non_exhaustive()
    }
}
