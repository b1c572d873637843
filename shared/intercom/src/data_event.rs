//! Something that a contact did, as Intercom keeps it.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::lenient;

/// A data event, from `event.created` and from the events of a contact. No `Debug`: it is personal data.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Wire")]
pub struct DataEvent {
    /// Intercom's; some have none.
    pub id: Option<String>,
    /// What was done.
    pub name: String,
    /// When it was done: a notification of it may be much later.
    pub created_at: Option<Timestamp>,
    /// Intercom's id of the contact.
    pub contact_id: Option<String>,
    /// What the workspace itself calls the contact.
    pub user_id: Option<String>,
    /// As written in Intercom; nobody verified it.
    pub email: Option<String>,
    /// What was said about it; ten keys at most in Intercom.
    pub metadata: Map<String, Value>,
}

/// An event without a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a name is missing")]
pub(crate) struct NoName;

#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    event_name: Option<String>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient::text")]
    intercom_user_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    user_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    email: Option<String>,
    #[serde(default, deserialize_with = "lenient::attributes")]
    metadata: Map<String, Value>,
}

impl TryFrom<Wire> for DataEvent {
    type Error = NoName;

    fn try_from(wire: Wire) -> Result<Self, NoName> {
        Ok(Self {
            id: wire.id,
            name: wire.event_name.ok_or(NoName)?,
            created_at: wire.created_at,
            contact_id: wire.intercom_user_id,
            user_id: wire.user_id,
            email: wire.email,
            metadata: wire.metadata,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_event_says_who_did_what_and_when() {
        let read = DataEvent::deserialize(json!({
            "type": "event", "event_name": "placed-order", "id": "e1", "intercom_user_id": "c1", "user_id": "42",
            "email": "a@b.c", "metadata": { "price": { "amount": 100, "currency": "eur" } }, "ext_metadata": {},
            "created_at": 1_795_176_000,
        }))
        .ok()
        .unwrap();
        assert_eq!(
            (read.name.as_str(), read.id.as_deref()),
            ("placed-order", Some("e1"))
        );
        assert_eq!(read.contact_id.as_deref(), Some("c1"));
        assert_eq!(read.created_at.unwrap().as_second(), 1_795_176_000);
        assert_eq!(read.metadata["price"]["amount"], 100);
        assert!(DataEvent::deserialize(json!({ "id": "e1", "event_name": " " })).is_err());
    }
}
