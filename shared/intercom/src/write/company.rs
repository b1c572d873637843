//! A company, as it is created and updated.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The body of `POST /companies`, which creates the company of this `company_id` or updates it.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CompanyWrite {
    /// What the workspace itself calls the company. It never changes.
    pub company_id: String,
    /// As its people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The name of its plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// How many work there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<i64>,
    /// Any text; mostly an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// Any text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub industry: Option<String>,
    /// What it pays a month. Intercom keeps whole numbers below 2^31.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly_spend: Option<i64>,
    /// When it came to be at the workspace's own site, seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_created_at: Option<i64>,
    /// Only those that the workspace knows. Those that are not named stay as they are.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub custom_attributes: Map<String, Value>,
}
