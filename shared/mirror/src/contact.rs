//! A contact as the mirror keeps it.

use identity::Alias;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A lead or a user of a workspace. No `Debug`: it is personal data.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// Intercom's id.
    pub id: String,
    /// Whether it is a user; else a lead.
    pub is_user: bool,
    /// What the workspace itself calls a user; a lead's visitor id.
    pub external_id: Option<String>,
    /// As written in Intercom; nobody verified it.
    pub email: Option<String>,
    /// As written in Intercom.
    pub name: Option<String>,
    /// As written in Intercom.
    pub phone: Option<String>,
    /// When Intercom first heard of it.
    pub created_at: Option<Timestamp>,
    /// When the workspace says that it signed up.
    pub signed_up_at: Option<Timestamp>,
    /// When anything about it was last changed.
    pub updated_at: Option<Timestamp>,
    /// When it was last seen at the workspace's site.
    pub last_seen_at: Option<Timestamp>,
    /// When it last wrote.
    pub last_replied_at: Option<Timestamp>,
    /// When it was last written to.
    pub last_contacted_at: Option<Timestamp>,
    /// Whether it wants no e-mails.
    pub unsubscribed_from_emails: bool,
    /// Whether its address is known to be dead.
    pub has_hard_bounced: bool,
    /// Whether it has called an e-mail spam.
    pub marked_email_as_spam: bool,
    /// The admin who looks after it.
    pub owner_id: Option<String>,
    /// Ids of its tags.
    pub tags: Vec<String>,
    /// Ids of its segments.
    pub segments: Vec<String>,
    /// The workspace's own attributes.
    pub custom_attributes: Map<String, Value>,
    /// As in `chrome`.
    pub browser: Option<String>,
    /// As in `Windows 10`.
    pub os: Option<String>,
    /// In English.
    pub city: Option<String>,
    /// In English.
    pub country: Option<String>,
}

/// What a list shows of a contact. No `Debug`: it is personal data.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactLine {
    /// Intercom's id.
    pub id: String,
    /// Whether it is a user; else a lead.
    pub is_user: bool,
    /// What the workspace itself calls a user.
    pub external_id: Option<String>,
    /// As written in Intercom.
    pub email: Option<String>,
    /// As written in Intercom.
    pub name: Option<String>,
    /// When it was last seen at the workspace's site.
    pub last_seen_at: Option<Timestamp>,
}

impl Contact {
    /// What it is known by besides Intercom's id, surest first. A lead's id is its visitor's.
    #[must_use]
    pub fn aliases(&self) -> Vec<Alias> {
        let id = self.external_id.as_deref();
        let id = id.and_then(|id| match self.is_user {
            true => Alias::user_id(id).ok(),
            false => Alias::visitor_id(id).ok(),
        });
        let email = self.email.as_deref();
        let email = email.and_then(|email| Alias::email(email).ok());
        id.into_iter().chain(email).collect()
    }

    /// What a list shows of it.
    #[must_use]
    pub fn line(&self) -> ContactLine {
        ContactLine {
            id: self.id.clone(),
            is_user: self.is_user,
            external_id: self.external_id.clone(),
            email: self.email.clone(),
            name: self.name.clone(),
            last_seen_at: self.last_seen_at,
        }
    }
}
