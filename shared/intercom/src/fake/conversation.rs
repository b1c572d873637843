//! A conversation as the fake Intercom knows it.

use jiff::Timestamp;
use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};
use serde_json::{Map, Value};

use super::{FakeContact, FakePart, FakeTag, Writer};

/// A conversation in the Inbox. As JSON it is what the Inbox page of local mode shows: all that was said to
/// the contact and by them.
#[derive(Debug, Clone)]
pub struct FakeConversation {
    /// Unique in the workspace.
    pub id: String,
    /// Subject line.
    pub title: String,
    /// The person on the other side.
    pub contact: FakeContact,
    /// Where they were when they began it.
    pub page: Option<String>,
    /// Oldest first; the first one began the conversation.
    pub messages: Vec<Message>,
    /// All else that was said and done, oldest first.
    pub parts: Vec<FakePart>,
    /// What is said about its beginning.
    pub source: FakeSource,
    /// Who has to do something next.
    pub state: FakeState,
    /// `priority` or `not_priority`, or the words that they have since version 2.16.
    pub priority: String,
    /// Which admin looks after it.
    pub admin_assignee: Option<String>,
    /// Which team looks after it.
    pub team_assignee: Option<String>,
    /// In any order.
    pub tags: Vec<FakeTag>,
    /// Intercom's id of the company that it is about.
    pub company: Option<String>,
    /// From 1 to 5, with what was said about it.
    pub rating: Option<(u8, String)>,
    /// What Fin did, as it stands in `ai_agent`.
    pub ai_agent: Option<Value>,
    /// Whether it is a ticket: then Intercom shows it only to apps that may read tickets.
    pub is_ticket: bool,
    /// When something that is no part last changed.
    pub changed_at: Option<Timestamp>,
    /// Fields of its JSON that are different in the answers of the API: what a reader has to survive.
    pub odd: Map<String, Value>,
}

/// What is said about a conversation's beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FakeSource {
    /// `conversation`, `email`, `push`, …
    pub kind: String,
    /// Who began: `customer_initiated`, `admin_initiated`, `automated`, …
    pub delivered_as: String,
    /// Of an e-mail.
    pub subject: String,
    /// Who wrote the first message.
    pub author: Writer,
    /// Its words were taken back.
    pub redacted: bool,
}

/// Who has to do something next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FakeState {
    /// The workspace.
    Open,
    /// Nobody.
    Closed,
    /// The workspace, later.
    Snoozed,
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

impl Default for FakeSource {
    /// A contact wrote in the Messenger.
    fn default() -> Self {
        Self {
            kind: "conversation".to_owned(),
            delivered_as: "customer_initiated".to_owned(),
            subject: String::new(),
            author: Writer::Contact,
            redacted: false,
        }
    }
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
            parts: Vec::new(),
            source: FakeSource::default(),
            state: FakeState::Open,
            priority: "not_priority".to_owned(),
            admin_assignee: None,
            team_assignee: None,
            tags: Vec::new(),
            company: None,
            rating: None,
            ai_agent: None,
            is_ticket: false,
            changed_at: None,
            odd: Map::new(),
        }
    }

    /// When the first message came.
    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        let first = self.messages.first().map(|message| message.at);
        let part = || self.parts.first().map(|part| part.at);
        first.or_else(part).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// When the latest message came, or something else changed.
    #[must_use]
    pub fn updated_at(&self) -> Timestamp {
        let message = self.messages.last().map(|message| message.at);
        let part = self.parts.last().map(|part| part.at);
        let latest = message.max(part).max(self.changed_at);
        latest.unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Every part, oldest first: the messages after the first one are some as well.
    #[must_use]
    pub fn every_part(&self) -> Vec<FakePart> {
        let messages = self.messages.iter().enumerate().skip(1);
        let messages = messages.map(|(number, message)| {
            let author = match message.from {
                Author::Contact => Writer::Contact,
                Author::Teammate => Writer::Admin("1".to_owned()),
            };
            let id = format!("{}{:04}", self.id, number + 1);
            FakePart::new(&id, "comment", author, Some(&message.text), message.at)
        });
        let mut parts: Vec<FakePart> = messages.chain(self.parts.iter().cloned()).collect();
        parts.sort_by_key(|part| part.at);
        parts
    }

    /// What the contact sees of it.
    fn shown(&self) -> Vec<Message> {
        let said = self.parts.iter().filter(|part| part.kind == "comment");
        let said = said.filter_map(|part| {
            let from = match part.author {
                Writer::Contact => Author::Contact,
                Writer::Admin(_) | Writer::Bot | Writer::Ai => Author::Teammate,
            };
            let text = part.body.clone()?;
            Some(Message {
                from,
                text,
                at: part.at,
            })
        });
        let mut shown: Vec<Message> = self.messages.iter().cloned().chain(said).collect();
        shown.sort_by_key(|message| message.at);
        shown
    }
}

impl Serialize for FakeConversation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut shown = serializer.serialize_struct("FakeConversation", 4)?;
        shown.serialize_field("id", &self.id)?;
        shown.serialize_field("title", &self.title)?;
        shown.serialize_field("contact", &self.contact)?;
        shown.serialize_field("messages", &self.shown())?;
        shown.end()
    }
}
