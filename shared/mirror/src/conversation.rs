//! A conversation as the mirror keeps it, and its parts.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A conversation without what was said in it. No `Debug`: it is personal data.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Conversation {
    /// Intercom's id.
    pub id: String,
    /// As Intercom calls it.
    pub title: Option<String>,
    /// Where it stands.
    pub state: ConversationState,
    /// The channel it came by, in Intercom's words, as in `conversation` or `email`.
    pub channel: Option<String>,
    /// The page that the first message was sent from.
    pub page_url: Option<String>,
    /// When it began.
    pub created_at: Option<Timestamp>,
    /// When anything about it was last changed.
    pub updated_at: Option<Timestamp>,
    /// Intercom's ids of the contacts that take part.
    pub contacts: Vec<String>,
    /// The admin whose it is.
    pub admin_assignee_id: Option<String>,
    /// The team whose it is.
    pub team_assignee_id: Option<String>,
    /// As Intercom calls it: `priority`, `high`, …; `None` where there is none.
    pub priority: Option<String>,
    /// Ids of its tags.
    pub tags: Vec<String>,
    /// What the person thought of it, 1 to 5.
    pub rating: Option<u8>,
    /// What they said about that.
    pub rating_remark: Option<String>,
    /// How Fin's part in it ended, in Intercom's words; `None` where it had none.
    pub ai_resolution: Option<String>,
    /// Whether Fin took part.
    pub ai_participated: bool,
    /// Whether Fin answered with what a data connector told it.
    pub used_connector: bool,
    /// How many parts there are at Intercom.
    pub parts_total: Option<u64>,
    /// How many of them Intercom has not given us: it gives the newest 500.
    pub parts_missing: u64,
}

/// Where a conversation stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationState {
    /// Somebody is to answer.
    #[default]
    Open,
    /// Nobody is.
    Closed,
    /// Nobody is until later.
    Snoozed,
}

impl ConversationState {
    /// As the API says it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Snoozed => "snoozed",
        }
    }
}

/// Something said or done in a conversation. No `Debug`: it is personal data.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Part {
    /// Intercom's id; of the first message its source's.
    pub id: String,
    /// In Intercom's words, as in `comment` or `note`; `source` for the first message.
    pub kind: String,
    /// Plain text; `None` when nothing was said.
    pub body: Option<String>,
    /// Whether the text goes on at Intercom.
    pub is_cut: bool,
    /// When it was said.
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    pub updated_at: Option<Timestamp>,
    /// Who said it.
    pub author: PartAuthor,
    /// Only teammates see it.
    pub is_note: bool,
    /// Whether its text was taken away at Intercom.
    pub is_redacted: bool,
    /// What is attached; the files stay at Intercom.
    pub attachments: Vec<Attachment>,
}

impl Part {
    /// Whether it is the first message, which Intercom keeps apart from the others.
    #[must_use]
    pub fn is_source(&self) -> bool {
        self.kind == "source"
    }
}

/// Who said a part. No `Debug`: it is personal data.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PartAuthor {
    /// On which side.
    pub side: Side,
    /// Intercom's id.
    pub id: Option<String>,
    /// As Intercom shows it.
    pub name: Option<String>,
}

/// The sides of a conversation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The person.
    Contact,
    /// A teammate.
    Admin,
    /// Fin, or another agent that answers by itself.
    Ai,
    /// A bot or workflow that follows rules.
    #[default]
    Bot,
}

impl Side {
    /// As the API says it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Admin => "admin",
            Self::Ai => "ai",
            Self::Bot => "bot",
        }
    }
}

/// A file of a part's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Attachment {
    /// As whoever sent it called it.
    pub name: String,
    /// As in `image/png`.
    pub content_type: Option<String>,
    /// Bytes.
    pub size: Option<u64>,
}
