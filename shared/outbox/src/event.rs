//! What is known of an event before it is read.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Which call of an analytics client made an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventType {
    /// Says who somebody is.
    Identify,
    /// Says what somebody did.
    Track,
    /// Says which page somebody saw.
    Page,
    /// Says which screen of an app somebody saw.
    Screen,
    /// Says which company somebody belongs to.
    Group,
    /// Says that somebody has another user id now.
    Alias,
}

impl EventType {
    /// Every one.
    pub const ALL: [Self; 6] = [
        Self::Identify,
        Self::Track,
        Self::Page,
        Self::Screen,
        Self::Group,
        Self::Alias,
    ];

    /// Its name, as clients write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identify => "identify",
            Self::Track => "track",
            Self::Page => "page",
            Self::Screen => "screen",
            Self::Group => "group",
            Self::Alias => "alias",
        }
    }

    /// That of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|call| call.as_str() == name)
    }

    /// What comes first in a lane: who somebody is, before what they did.
    pub(crate) const fn rank(self) -> u8 {
        match self {
            Self::Identify | Self::Group | Self::Alias => 0,
            Self::Track | Self::Page | Self::Screen => 1,
        }
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// How much an event's names are to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// Said with a server source's key, or signed.
    Verified,
    /// Said with a public key, without a signature: anybody may have.
    Claimed,
}
