//! How content the contact was.

use jiff::Timestamp;
use serde::Deserialize;

use crate::lenient;

/// How content the contact was. No `Debug`: a remark is personal data.
#[derive(Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Rating {
    /// From 1 to 5; `None` when they were asked and did not answer.
    #[serde(deserialize_with = "lenient::count")]
    pub rating: Option<u64>,
    /// What they said about it.
    #[serde(deserialize_with = "lenient::body")]
    pub remark: Option<String>,
    /// When they were asked.
    #[serde(rename = "created_at", deserialize_with = "lenient::timestamp")]
    pub at: Option<Timestamp>,
}
