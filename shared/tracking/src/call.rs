//! The calls of analytics clients.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a client called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Call {
    /// Who somebody is.
    Identify,
    /// Something that somebody did.
    Track,
    /// A page that somebody saw.
    Page,
    /// The same in an app.
    Screen,
    /// The company that somebody belongs to.
    Group,
    /// Somebody has another id from now on.
    Alias,
}

impl Call {
    /// Every call.
    pub const ALL: [Self; 6] = [
        Self::Identify,
        Self::Track,
        Self::Page,
        Self::Screen,
        Self::Group,
        Self::Alias,
    ];

    /// The word in an event's `type`, in paths and in our API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identify => "identify",
            Self::Track => "track",
            Self::Page => "page",
            Self::Screen => "screen",
            Self::Group => "group",
            Self::Alias => "alias",
        }
    }

    /// The call of that name, as in `/v1/track`, or of its first letter, as in `/v1/t`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let is_it = |call: &Self| {
            name.eq_ignore_ascii_case(call.name()) || name.eq_ignore_ascii_case(&call.name()[..1])
        };
        Self::ALL.into_iter().find(is_it)
    }
}

impl fmt::Display for Call {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_known_by_its_name_and_its_first_letter() {
        for call in Call::ALL {
            assert_eq!(Call::from_name(call.name()), Some(call));
            assert_eq!(Call::from_name(&call.name()[..1]), Some(call));
            assert_eq!(Call::from_name(&call.name().to_uppercase()), Some(call));
        }
        for other in ["", "tr", "tracks", "record", "batch"] {
            assert_eq!(Call::from_name(other), None, "{other}");
        }
    }
}
