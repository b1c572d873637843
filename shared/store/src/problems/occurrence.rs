//! That a session had a problem on a day.

use identity::SessionId;
use jiff::civil::Date;
use jiff::fmt::serde::timestamp::millisecond;
use jiff::{SignedDuration, Timestamp};
use replay::{Fingerprint, MomentKind};
use serde::{Deserialize, Serialize};

use crate::problems::days::{end_of, start_of};

/// A problem on a day.
pub(crate) type Entry = (Date, Fingerprint);

/// A problem of a session on a day, by our clock.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Occurrence {
    pub(crate) fingerprint: Fingerprint,
    pub(crate) kind: MomentKind,
    /// The day (UTC).
    pub(crate) day: Date,
    /// When the session had it last on that day; first: when [`Example::at`] says.
    pub(crate) last_at: Timestamp,
    pub(crate) example: Example,
}

impl Occurrence {
    /// What the session remembers of it.
    pub(crate) fn entry(&self) -> Entry {
        (self.day, self.fingerprint)
    }

    /// The same on another day, as near to its times as that day goes.
    pub(crate) fn on(&self, day: Date) -> Self {
        let mut moved = self.clone();
        let ends = end_of(day) - SignedDuration::from_millis(1);
        let within = |at: Timestamp| at.clamp(start_of(day), ends);
        moved.day = day;
        moved.last_at = within(self.last_at);
        moved.example.at = within(self.example.at);
        moved
    }
}

/// A session that has a problem, and where in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// The session.
    pub session: SessionId,
    /// How far into its recording, milliseconds.
    pub at_ms: u64,
    /// When, by our clock.
    #[serde(with = "millisecond::required")]
    pub at: Timestamp,
    /// The problem in its words.
    pub label: String,
    /// The page, without query and fragment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Browser and version, such as `Chrome 131`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browser: Option<String>,
}
