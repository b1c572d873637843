//! Ids of components: what Intercom sends back when somebody clicks.

use std::fmt;

use serde::Serialize;

/// The id of a component, list item or option. Any text but the empty one, unique in its canvas: both are
/// checked by [`super::Canvas::new`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct ComponentId(String);

impl ComponentId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ComponentId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl From<String> for ComponentId {
    fn from(id: String) -> Self {
        Self(id)
    }
}

impl fmt::Display for ComponentId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
