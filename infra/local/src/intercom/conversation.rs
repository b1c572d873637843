//! What the pretend Intercom knows: conversations, and with whom.

use jiff::Timestamp;
use serde::Serialize;

use super::Contact;

/// A conversation in the Inbox.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Conversation {
    /// Unique in the workspace.
    pub(crate) id: String,
    /// Subject line.
    pub(crate) title: String,
    /// The person on the other side.
    pub(crate) contact: Contact,
    /// Where they were when they began it.
    #[serde(skip)]
    pub(crate) page: Option<String>,
    /// Oldest first; the first one began the conversation.
    pub(crate) messages: Vec<Message>,
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
