//! A contact, as it is created and updated.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The body of `POST /contacts` and of `PUT /contacts/{id}`.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactWrite {
    /// Intercom makes a user of whoever has neither. A lead can become a user, and never the other way round.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<ContactRole>,
    /// What the workspace itself calls a user. Intercom gives leads one of its own, and overlooks this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// At most 255 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// In E.164, as in `+353871234567`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The whole name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The address of a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    /// When they signed up at the workspace's own site, seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_up_at: Option<i64>,
    /// When they were last there, seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seen_at: Option<i64>,
    /// Whether they want no e-mails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsubscribed_from_emails: Option<bool>,
    /// Only those that the workspace knows. Those that are not named stay as they are.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub custom_attributes: Map<String, Value>,
}

/// What kind of contact is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ContactRole {
    /// Known to the workspace's site.
    User,
    /// Somebody who is not known there.
    Lead,
}
