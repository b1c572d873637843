//! Who wrote a message.

use serde::Deserialize;

use crate::lenient;
use crate::request::Role;

/// Who wrote a message. No `Debug`: it is personal data.
#[derive(Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(from = "Wire")]
pub struct Author {
    /// On which side.
    pub side: Side,
    /// A contact's, an admin's or a bot's id.
    pub id: Option<String>,
    /// As written in Intercom.
    pub name: Option<String>,
    /// As written in Intercom; nobody verified it.
    pub email: Option<String>,
    /// Whether a bot wrote it, or a campaign, and no admin.
    pub is_bot: bool,
    /// Whether it was Fin, who answers by itself; other bots keep house.
    pub from_ai_agent: bool,
    /// Whether it is an answer of Fin's.
    pub is_ai_answer: bool,
}

/// The two sides of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Side {
    /// A contact, and what Intercom takes it for.
    Contact(Role),
    /// The workspace: an admin, a bot, a campaign.
    Workspace,
    /// Not said, or something new.
    #[default]
    Unknown,
}

impl Side {
    fn named(name: Option<&str>) -> Self {
        match name {
            Some("user") => Self::Contact(Role::User),
            Some("lead") => Self::Contact(Role::Lead),
            Some("contact") => Self::Contact(Role::Unknown),
            Some("admin" | "bot" | "team") => Self::Workspace,
            _ => Self::Unknown,
        }
    }
}

impl Author {
    /// Whether Fin wrote it: what other bots write is no answer.
    #[must_use]
    pub fn is_ai(&self) -> bool {
        self.from_ai_agent || self.is_ai_answer
    }
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default, rename = "type", deserialize_with = "lenient::text")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    email: Option<String>,
    #[serde(default, deserialize_with = "lenient::flag")]
    from_ai_agent: bool,
    #[serde(default, deserialize_with = "lenient::flag")]
    is_ai_answer: bool,
}

impl From<Wire> for Author {
    fn from(wire: Wire) -> Self {
        Self {
            side: Side::named(wire.kind.as_deref()),
            is_bot: wire.kind.as_deref() == Some("bot"),
            id: wire.id,
            name: wire.name,
            email: wire.email,
            from_ai_agent: wire.from_ai_agent,
            is_ai_answer: wire.is_ai_answer,
        }
    }
}
