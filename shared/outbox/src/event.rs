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
    /// Said with a server source's key.
    Verified,
    /// Said in a browser, with a signature over each of the person's own names.
    Signed,
    /// Said in a browser, with a signature over the user id: the e-mail address beside it is a claim.
    SignedId,
    /// Said with a public key, without a signature: anybody may have.
    Claimed,
}

impl Trust {
    /// Whether the person themselves, or their server, speaks.
    #[must_use]
    pub const fn is_of_person(self) -> bool {
        !matches!(self, Self::Claimed)
    }

    /// Whether the e-mail address is theirs: only then it says who somebody is, and is taken from
    /// others.
    #[must_use]
    pub const fn covers_email(self) -> bool {
        matches!(self, Self::Verified | Self::Signed)
    }

    /// Whether it is believed of others than the person: of companies, and of other user ids. A
    /// signature says nothing of those.
    #[must_use]
    pub const fn covers_others(self) -> bool {
        matches!(self, Self::Verified)
    }
}
