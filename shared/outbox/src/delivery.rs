//! What becomes of an event at Intercom.

use std::fmt;

use identity::{SourceId, WorkspaceId};
use jiff::fmt::serde::timestamp::millisecond;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::event::EventType;
use crate::lane::Lane;

/// How long it is known what became of an event: so long, the same message is not done again.
pub const KEPT_DAYS: i64 = 30;

/// What has become of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Intercom has been told.
    Sent,
    /// It waits, for its person or for Intercom.
    Waiting,
    /// It is not told, by a rule.
    Dropped,
    /// Intercom did not take it. It can be sent again.
    Failed,
}

impl Outcome {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Sent, Self::Waiting, Self::Dropped, Self::Failed];

    /// Its name in the API and in keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Waiting => "waiting",
            Self::Dropped => "dropped",
            Self::Failed => "failed",
        }
    }

    /// That of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|outcome| outcome.as_str() == name)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A call of Intercom's API that was made for an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiCall {
    /// As in `POST`.
    pub method: String,
    /// As in `/contacts/6762f0`: Intercom's ids are in it, and nothing that names a person.
    pub path: String,
    /// Intercom's HTTP status; `None` when it did not answer.
    pub status: Option<u16>,
}

/// What became of an event. Nothing of it is personal, except what a client may have put into the
/// message's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The id that the client gave its message.
    pub message_id: String,
    /// Where it came from.
    pub source: SourceId,
    /// Which call it was; `None` when that could not be read.
    #[serde(default)]
    pub event_type: Option<EventType>,
    /// When it was taken.
    #[serde(with = "millisecond::required")]
    pub received_at: Timestamp,
    /// What became of it.
    pub outcome: Outcome,
    /// Since when that is known.
    #[serde(with = "millisecond::required")]
    pub known_at: Timestamp,
    /// Why it waits, was dropped or failed: a stable word.
    #[serde(default)]
    pub reason: Option<String>,
    /// What was left out, or is to be looked at.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// What Intercom was asked, in order.
    #[serde(default)]
    pub calls: Vec<ApiCall>,
    /// Where it goes; `None` when it was refused before that was known.
    #[serde(default)]
    pub workspace: Option<WorkspaceId>,
    /// Where the event itself waits, or is kept.
    #[serde(default)]
    pub(crate) lane: Option<Lane>,
}

impl Delivery {
    /// Whether it can be [sent again](crate::Deliveries::resend).
    #[must_use]
    pub fn can_be_sent_again(&self) -> bool {
        self.lane.is_some() && matches!(self.outcome, Outcome::Failed | Outcome::Dropped)
    }
}

/// A delivery, apart from its row's key.
#[derive(Serialize, Deserialize)]
pub(crate) struct DeliveryRow {
    #[serde(flatten)]
    pub(crate) delivery: Delivery,
    pub(crate) expires: i64,
}

/// When what is known now is forgotten, Unix seconds.
pub(crate) fn expires_after(now: Timestamp) -> i64 {
    let kept = SignedDuration::from_hours(24 * KEPT_DAYS);
    now.checked_add(kept).unwrap_or(Timestamp::MAX).as_second()
}
