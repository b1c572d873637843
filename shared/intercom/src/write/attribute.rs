//! A custom attribute, as it is made known to a workspace.

use serde::{Deserialize, Serialize};

/// The body of `POST /data_attributes`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeWrite {
    /// What it is called: at most 190 characters, without `.` and `$`. People and companies of a workspace
    /// share their names: what one has, the other cannot have.
    pub name: String,
    /// What it belongs to.
    pub model: Model,
    /// What its values are. It never changes.
    pub data_type: AttributeType,
    /// For the teammates who see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether a browser may write it through the Messenger.
    #[serde(default)]
    pub messenger_writable: bool,
}

/// What attributes belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Model {
    /// People.
    Contact,
    /// Companies.
    Company,
}

impl Model {
    /// Intercom's word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Company => "company",
        }
    }
}

/// What the values of an attribute are. Lists (`options`) are left to those who know what may be in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AttributeType {
    /// Text, at most 255 characters.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Float,
    /// Yes or no.
    Boolean,
    /// A time, seconds since 1970.
    Date,
}
