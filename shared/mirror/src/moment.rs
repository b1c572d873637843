//! What stands on a time line: a conversation, an event or a session, in short.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::conversation::{ConversationState, Side};

/// What kind of moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MomentKind {
    /// They wrote, or were written to.
    Conversation,
    /// They did something that Intercom was told.
    Event,
    /// They were recorded.
    Session,
}

impl MomentKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Conversation, Self::Event, Self::Session];

    pub(crate) fn as_key(self) -> &'static str {
        match self {
            Self::Conversation => "MOMENT#CONVERSATION",
            Self::Event => "MOMENT#EVENT",
            Self::Session => "MOMENT#SESSION",
        }
    }
}

/// Something that happened to a contact. No `Debug`: it is personal data.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// When it began.
    pub at: Timestamp,
    /// Its id: Intercom's, or the session's.
    pub id: String,
    /// Intercom's id of the contact.
    pub contact: String,
    /// What it was.
    pub what: What,
}

/// What it was. No `Debug`: it is personal data.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// A conversation began.
    Conversation {
        /// As Intercom calls it, or how it begins.
        title: Option<String>,
        /// Where it stands.
        state: ConversationState,
        /// Who began it.
        begun_by: Side,
        /// When anything about it was last changed.
        updated_at: Option<Timestamp>,
    },
    /// Intercom was told of an event.
    Event {
        /// Its name.
        name: String,
    },
    /// A session was recorded.
    Session(SessionLine),
}

/// A session in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLine {
    /// What went wrong, or what it was about.
    pub story: String,
    /// How long it lasted, milliseconds.
    pub duration_ms: u64,
    /// Rage clicks.
    pub rage_clicks: u32,
    /// Errors and failed requests.
    pub errors: u32,
    /// Whether its names are but claimed.
    pub is_claimed: bool,
}

impl Moment {
    /// Which kind it is.
    #[must_use]
    pub fn kind(&self) -> MomentKind {
        match self.what {
            What::Conversation { .. } => MomentKind::Conversation,
            What::Event { .. } => MomentKind::Event,
            What::Session(_) => MomentKind::Session,
        }
    }

    pub(crate) fn sort(&self) -> String {
        crate::rows::moment(self.kind(), self.at, &self.id)
    }

    pub(crate) fn tally(&self) -> Tally {
        match &self.what {
            What::Conversation { state, .. } => Tally {
                open: *state == ConversationState::Open,
                ..Tally::default()
            },
            What::Event { .. } => Tally::default(),
            What::Session(session) => Tally {
                rage_clicks: session.rage_clicks,
                errors: session.errors,
                ..Tally::default()
            },
        }
    }
}

/// What is counted of a moment: it stands in clear, so that counting opens nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Tally {
    pub(crate) open: bool,
    pub(crate) rage_clicks: u32,
    pub(crate) errors: u32,
}
