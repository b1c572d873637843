//! How far the copy of what Intercom has of a workspace is: part by part, from page to page.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond;
use serde::{Deserialize, Serialize};

/// How far an import is. It stands beside the progress of reconciliation, and moves with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Import {
    /// Whatever changed at Intercom before that moment is copied; `None` before the first pass has ended.
    #[serde(with = "millisecond::optional")]
    pub complete_until: Option<Timestamp>,
    /// What the copy was made for: with other choices it is begun anew.
    pub choices: String,
    /// Somebody asked for all of it anew.
    #[serde(with = "millisecond::optional")]
    pub wanted_at: Option<Timestamp>,
    /// The pass under way.
    pub pass: Option<ImportPass>,
    /// Part by part, what was read.
    pub parts: BTreeMap<ImportPart, PartProgress>,
}

/// A pass through what Intercom has that has begun and not ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPass {
    /// The run whose messages go on with it.
    #[serde(with = "millisecond::required")]
    pub asked_at: Timestamp,
    /// When it began: what changed later is for the next one.
    #[serde(with = "millisecond::required")]
    pub started_at: Timestamp,
    /// It reads what has changed since; `None`: all that is kept.
    #[serde(with = "millisecond::optional", default)]
    pub since: Option<Timestamp>,
    /// What is being read.
    pub part: ImportPart,
    /// Where the next page begins; `None` at the first.
    #[serde(default)]
    pub cursor: Option<String>,
    /// What the page before named, and is still to be read one by one: Intercom's ids.
    #[serde(default)]
    pub pending: Vec<String>,
    /// Whether the part was begun anew because Intercom did not know its own words any more.
    #[serde(default)]
    pub is_second_try: bool,
    /// When its next step is due. Long after that, whoever was to take it is gone.
    #[serde(with = "millisecond::required")]
    pub due_at: Timestamp,
}

/// What a pass reads, and then writes, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportPart {
    /// Teammates.
    Admins,
    /// Names of tags.
    Tags,
    /// Names of segments.
    Segments,
    /// Companies that were seen lately.
    Companies,
    /// Their people.
    Members,
    /// People who have changed since.
    Contacts,
    /// Conversations and what was said in them.
    Conversations,
    /// Conversations that were deleted.
    Deletions,
    /// Our figures, to companies and contacts at Intercom.
    WriteBack,
}

/// How far a part is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PartProgress {
    /// Whether all of it was read.
    pub done: bool,
    /// How many were read.
    pub count: u64,
    /// Whether Intercom does not let us read it.
    pub is_refused: bool,
}

impl Import {
    /// When the latest pass began.
    #[must_use]
    pub fn begun_at(&self) -> Option<Timestamp> {
        let under_way = self.pass.as_ref().map(|pass| pass.started_at);
        under_way.or(self.complete_until)
    }
}

impl ImportPart {
    /// All of them, in their order.
    pub const ALL: [Self; 9] = [
        Self::Admins,
        Self::Tags,
        Self::Segments,
        Self::Companies,
        Self::Members,
        Self::Contacts,
        Self::Conversations,
        Self::Deletions,
        Self::WriteBack,
    ];

    /// As the API and pages say it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admins => "admins",
            Self::Tags => "tags",
            Self::Segments => "segments",
            Self::Companies => "companies",
            Self::Members => "contacts",
            Self::Contacts => "changed_contacts",
            Self::Conversations => "conversations",
            Self::Deletions => "deleted_conversations",
            Self::WriteBack => "write_back",
        }
    }
}
