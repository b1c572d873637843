//! A company as the mirror keeps it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A company of a workspace.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Company {
    /// Intercom's own id.
    pub id: String,
    /// What the workspace itself calls it.
    pub company_id: Option<String>,
    /// As its people call it.
    pub name: Option<String>,
    /// The name of its plan.
    pub plan: Option<String>,
    /// Per month, in whatever currency the workspace counts.
    pub monthly_spend: Option<f64>,
    /// How many people it says it has.
    pub size: Option<u64>,
    /// Its site; any text.
    pub website: Option<String>,
    /// As in `Manufacturing`.
    pub industry: Option<String>,
    /// How many users Intercom counts in it.
    pub user_count: Option<u64>,
    /// How many visits Intercom counts.
    pub session_count: Option<u64>,
    /// When the workspace says that it was made.
    pub remote_created_at: Option<Timestamp>,
    /// When Intercom first heard of it.
    pub created_at: Option<Timestamp>,
    /// When anything about it was last changed.
    pub updated_at: Option<Timestamp>,
    /// When one of its people was last seen.
    pub last_request_at: Option<Timestamp>,
    /// Ids of its tags.
    pub tags: Vec<String>,
    /// Ids of its segments.
    pub segments: Vec<String>,
    /// The workspace's own attributes.
    pub custom_attributes: Map<String, Value>,
}

/// What we have counted of a company's people, over thirty days unless it says otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Figures {
    /// Its people that are mirrored.
    pub people: u64,
    /// Recorded sessions.
    pub sessions: u64,
    /// Rage clicks in them.
    pub rage_clicks: u64,
    /// Errors in them.
    pub errors: u64,
    /// Sessions in which anything went wrong.
    pub sessions_with_problems: u64,
    /// When the last session began, whenever that was.
    pub last_session_at: Option<Timestamp>,
    /// Conversations that are open, whenever they began.
    pub open_conversations: u64,
    /// When this was counted.
    pub counted_at: Option<Timestamp>,
}

/// A company in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedCompany {
    /// What a list shows of it.
    pub company: CompanyLine,
    /// What we have counted.
    pub figures: Figures,
}

/// What a list shows of a company. In clear: the name of a company is nobody's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CompanyLine {
    /// Intercom's own id.
    pub id: String,
    /// What the workspace itself calls it.
    pub company_id: Option<String>,
    /// As its people call it.
    pub name: Option<String>,
    /// The name of its plan.
    pub plan: Option<String>,
    /// Per month.
    pub monthly_spend: Option<f64>,
    /// When anything about it was last changed.
    pub updated_at: Option<Timestamp>,
    /// When one of its people was last seen.
    pub last_request_at: Option<Timestamp>,
}

impl Company {
    /// What a list shows of it.
    #[must_use]
    pub fn line(&self) -> CompanyLine {
        CompanyLine {
            id: self.id.clone(),
            company_id: self.company_id.clone(),
            name: self.name.clone(),
            plan: self.plan.clone(),
            monthly_spend: self.monthly_spend,
            updated_at: self.updated_at,
            last_request_at: self.last_request_at,
        }
    }
}
