//! What names a link to a recording.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond;
use serde::{Deserialize, Serialize};

/// Names a link: 16 random bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ShareId(String);

/// What a session's `META` says of its link: enough to find its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SessionLink {
    pub(crate) id: ShareId,
    #[serde(with = "millisecond::required")]
    pub(crate) created_at: Timestamp,
    pub(crate) expires: i64,
}

impl ShareId {
    /// The id made of bytes of a cryptographic generator.
    #[must_use]
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads an id from an address; `None` when it cannot be one of ours.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = (text.len() == 22).then(|| URL_SAFE_NO_PAD.decode(text).ok())??;
        Some(Self::from_random(bytes.try_into().ok()?))
    }

    /// The id, for an address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ShareId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for ShareId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("16 bytes in base64url")
    }
}

impl From<ShareId> for String {
    fn from(id: ShareId) -> String {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back_from_an_address_and_nothing_else_is() {
        let id = ShareId::from_random([0xfb; 16]);
        assert_eq!(ShareId::parse(id.as_str()), Some(id));
        for text in ["", "A", &"/".repeat(22), &"A".repeat(23), &"B".repeat(22)] {
            assert_eq!(ShareId::parse(text), None, "{text}");
        }
    }
}
