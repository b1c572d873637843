//! A person as the pretend Intercom knows them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A person as Intercom knows them. Everything but the id and the role may be missing.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Contact {
    /// Unique in the workspace.
    pub(crate) id: String,
    /// User or lead.
    pub(crate) role: Role,
    /// As the person gave it.
    pub(crate) name: Option<String>,
    /// As the person gave it.
    pub(crate) email: Option<String>,
    /// A user's id at the customer's site; a lead's visitor id.
    pub(crate) external_id: Option<String>,
    /// With what they were last seen.
    #[serde(skip)]
    pub(crate) browser: Browser,
    /// Whether they can be found.
    pub(crate) standing: Standing,
    /// When they came to be.
    #[serde(skip)]
    pub(crate) created_at: Timestamp,
    /// When something about them last changed.
    #[serde(skip)]
    pub(crate) updated_at: Timestamp,
}

/// What kind of contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    /// Known to the customer's site.
    User,
    /// Wrote without being known.
    Lead,
}

/// Whether a contact can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Standing {
    /// As usual.
    Present,
    /// Put away; may come back.
    Archived,
    /// Gone for good. What they wrote stays.
    Deleted,
}

/// What the Messenger says about a browser, in Intercom's words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Browser {
    /// Family, in lower case.
    pub(crate) browser: Option<String>,
    /// As in `156.0.7204.92`.
    pub(crate) browser_version: Option<String>,
    /// As in `Mac OS X`.
    pub(crate) os: Option<String>,
    /// As in `en`.
    pub(crate) browser_language: Option<String>,
}

impl Contact {
    /// Somebody of whom nothing is known yet.
    pub(crate) fn new(id: String, role: Role, created_at: Timestamp) -> Self {
        Self {
            id,
            role,
            name: None,
            email: None,
            external_id: None,
            browser: Browser::default(),
            standing: Standing::Present,
            created_at,
            updated_at: created_at,
        }
    }
}
