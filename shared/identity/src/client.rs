//! With what somebody visits a site, in terms that Intercom's names and a recording's can be compared in.

use serde::{Deserialize, Serialize};

/// A browser and its surroundings, as far as they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientDetails {
    /// Family, as in `Chrome`.
    pub browser: Option<String>,
    /// As in `156` or `156.0.1`; the first number is compared.
    pub browser_version: Option<String>,
    /// As in `Mac OS X`.
    pub os: Option<String>,
    /// As in `en` or `en-US`.
    pub language: Option<String>,
}

impl ClientDetails {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
