//! What the pretend Intercom knows: conversations, and with whom.

use jiff::Timestamp;
use serde::Serialize;

/// A conversation in the Inbox.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Conversation {
    /// Unique in the workspace.
    pub(crate) id: String,
    /// Subject line.
    pub(crate) title: String,
    /// The person on the other side.
    pub(crate) contact: Contact,
    /// Oldest first; the first one began the conversation.
    pub(crate) messages: Vec<Message>,
}

/// A person as Intercom knows them. Everything but the id and the role may be missing.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Contact {
    /// Unique in the workspace.
    pub(crate) id: String,
    /// User or lead.
    pub(crate) role: Role,
    /// As the person gave it.
    pub(crate) name: Option<String>,
    /// As the person gave it.
    pub(crate) email: Option<String>,
    /// A user's id at the customer's site; a lead's visitor id.
    pub(crate) external_id: Option<String>,
}

/// What kind of contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    /// Known to the customer's site.
    User,
    /// Wrote without being known.
    Lead,
}

/// One message.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Message {
    /// Who wrote it.
    pub(crate) from: Author,
    /// Plain text.
    pub(crate) text: String,
    /// When; seconds since 1970 in JSON, as everywhere in Intercom.
    #[serde(serialize_with = "jiff::fmt::serde::timestamp::second::required::serialize")]
    pub(crate) at: Timestamp,
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Author {
    /// The person on the other side.
    Contact,
    /// Somebody of the support team.
    Teammate,
}

impl Conversation {
    /// When the first message came.
    pub(crate) fn created_at(&self) -> Timestamp {
        self.messages
            .first()
            .map_or(Timestamp::UNIX_EPOCH, |message| message.at)
    }

    /// When the latest message came.
    pub(crate) fn updated_at(&self) -> Timestamp {
        self.messages
            .last()
            .map_or(Timestamp::UNIX_EPOCH, |message| message.at)
    }
}
