//! A data event: something that a contact did.

use serde::{Deserialize, Serialize};

use super::Metadata;

/// The body of `POST /events`.
///
/// It is sent with one of `id`, `user_id` and `email`. Intercom takes two events of one contact, one name and
/// one second for the same, so that an event may be sent twice.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EventWrite {
    /// What was done. A workspace may have 120 names, then Intercom answers 422.
    pub event_name: String,
    /// When, seconds since 1970.
    pub created_at: i64,
    /// The contact's id at Intercom; the only one that names a lead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The user's external id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The contact's e-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// More about it. Intercom keeps the first ten keys, in this order.
    #[serde(skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
}
