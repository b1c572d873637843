//! A data event as the mirror keeps it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Something that somebody did, as Intercom was told. No `Debug`: it is personal data.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DataEvent {
    /// Intercom's id.
    pub id: String,
    /// As in `placed-order`.
    pub name: String,
    /// When it happened.
    pub created_at: Option<Timestamp>,
    /// Intercom's id of whoever did it.
    pub contact: Option<String>,
    /// What was said about it.
    pub metadata: Map<String, Value>,
}

/// A name that events have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventName {
    /// The name.
    pub name: String,
    /// How many arrived in the last 30 days; those of a name that is ignored are not counted.
    pub count: u64,
    /// When one last arrived.
    pub last_at: Option<Timestamp>,
}
