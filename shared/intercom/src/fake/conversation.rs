//! A conversation as the fake Intercom knows it.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use super::FakeContact;

/// A conversation in the Inbox.
#[derive(Debug, Clone, Serialize)]
pub struct FakeConversation {
    /// Unique in the workspace.
    pub id: String,
    /// Subject line.
    pub title: String,
    /// The person on the other side.
    pub contact: FakeContact,
    /// Where they were when they began it.
    #[serde(skip)]
    pub page: Option<String>,
    /// Oldest first; the first one began the conversation.
    pub messages: Vec<Message>,
    /// Fields of its JSON that are different in the answers of the API: what a reader has to survive.
    #[serde(skip)]
    pub odd: Map<String, Value>,
}

/// One message.
#[derive(Debug, Clone, Serialize)]
pub struct Message {
    /// Who wrote it.
    pub from: Author,
    /// Plain text.
    pub text: String,
    /// When; seconds since 1970 in JSON, as everywhere in Intercom.
    #[serde(serialize_with = "jiff::fmt::serde::timestamp::second::required::serialize")]
    pub at: Timestamp,
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Author {
    /// The person on the other side.
    Contact,
    /// Somebody of the support team.
    Teammate,
}

impl FakeConversation {
    /// One without a title and messages.
    #[must_use]
    pub fn new(id: String, contact: FakeContact) -> Self {
        Self {
            id,
            title: String::new(),
            contact,
            page: None,
            messages: Vec::new(),
            odd: Map::new(),
        }
    }

    /// When the first message came.
    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        self.messages
            .first()
            .map_or(Timestamp::UNIX_EPOCH, |message| message.at)
    }

    /// When the latest message came.
    #[must_use]
    pub fn updated_at(&self) -> Timestamp {
        self.messages
            .last()
            .map_or(Timestamp::UNIX_EPOCH, |message| message.at)
    }
}
