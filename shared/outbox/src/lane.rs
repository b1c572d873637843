//! In which line an event waits.

use std::fmt;

use identity::{AliasKind, OrganizationKey};
use serde::{Deserialize, Serialize};

/// Hexadecimal digits of a lane: 128 bits.
const DIGITS: usize = 32;

/// A line of events that are told in order: those of one name of a person. It is a keyed hash of that
/// name, so nobody can read or guess the name from it.
///
/// One person may have several lanes, one by user id and one by e-mail address. Order between them is
/// kept by what was last told of the contact, not by the lane.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Lane(String);

/// What an event says of who it is about, and its own id.
#[derive(Clone, Copy, Default)]
pub struct Keys<'a> {
    /// The user id, as it was sent.
    pub user_id: Option<&'a str>,
    /// The e-mail address, as it was sent.
    pub email: Option<&'a str>,
    /// The browser's or device's id, as it was sent.
    pub anonymous_id: Option<&'a str>,
    /// The message's id.
    pub message_id: &'a str,
}

/// Some text is no lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a lane has {DIGITS} hexadecimal digits")]
pub struct MalformedLane;

impl Lane {
    /// The lane of the first of an event's keys: user id, e-mail address, anonymous id, else the
    /// message's.
    ///
    /// A user id and an anonymous id of the same text share a lane: who has anonymous ids taken for user
    /// ids means the same person.
    pub(crate) fn of(key: &OrganizationKey, keys: &Keys<'_>) -> Self {
        let hash = if let Some(id) = said(keys.user_id) {
            id_hash(key, id)
        } else if let Some(email) = said(keys.email) {
            email_hash(key, email)
        } else if let Some(id) = said(keys.anonymous_id) {
            id_hash(key, id)
        } else {
            key.hash_sent(keys.message_id)
        };
        Self::of_hash(&hash)
    }

    /// The lane of events whose first key has this hash.
    pub(crate) fn of_hash(hash: &str) -> Self {
        Self(hash.chars().take(DIGITS).collect())
    }

    /// Takes a lane as it was stored.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, MalformedLane> {
        let digits = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        match digits && text.len() == DIGITS {
            true => Ok(Self(text.to_owned())),
            false => Err(MalformedLane),
        }
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Stands for a user id or anonymous id.
pub(crate) fn id_hash(key: &OrganizationKey, id: &str) -> String {
    let hash = key.hash_value(AliasKind::UserId, id.trim());
    hash.as_str().to_owned()
}

/// Stands for an e-mail address, in its normal form.
pub(crate) fn email_hash(key: &OrganizationKey, email: &str) -> String {
    let hash = key.hash_value(AliasKind::Email, &email.trim().to_lowercase());
    hash.as_str().to_owned()
}

fn said(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

impl TryFrom<String> for Lane {
    type Error = MalformedLane;

    fn try_from(text: String) -> Result<Self, MalformedLane> {
        Self::parse(&text)
    }
}

impl From<Lane> for String {
    fn from(lane: Lane) -> String {
        lane.0
    }
}

impl fmt::Display for Lane {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use identity::{MasterKey, OrganizationId};

    use super::*;

    fn key(organization: &str) -> OrganizationKey {
        let organization = OrganizationId::parse(organization).unwrap();
        MasterKey::new([1; 32]).unwrap().organization(&organization)
    }

    #[test]
    fn the_first_key_decides() {
        let of = |keys: Keys<'_>| Lane::of(&key("org_a"), &keys);
        let all = Keys {
            user_id: Some("42"),
            email: Some("Ada@Example.com "),
            anonymous_id: Some("a-1"),
            message_id: "m-1",
        };
        let only = |user_id, email, anonymous_id| Keys {
            user_id,
            email,
            anonymous_id,
            message_id: "m-2",
        };
        let email = only(None, Some("ada@example.com"), None);
        let anonymous = only(None, None, Some("a-1"));
        assert_eq!(of(all), of(only(Some(" 42"), None, None)));
        assert_eq!(
            of(Keys {
                user_id: None,
                ..all
            }),
            of(email)
        );
        let without_names = Keys {
            user_id: Some(" "),
            email: None,
            ..all
        };
        assert_eq!(of(without_names), of(anonymous));
        assert_eq!(of(anonymous), of(only(Some("a-1"), None, None)));
        let nobody = Keys {
            message_id: "m-1",
            ..Keys::default()
        };
        assert_ne!(
            of(nobody),
            of(Keys {
                message_id: "m-2",
                ..nobody
            })
        );
        assert_ne!(Lane::of(&key("org_b"), &all), of(all));
    }

    #[test]
    fn only_digits_are_a_lane() {
        assert!(Lane::parse(&"0f".repeat(16)).is_ok());
        for text in ["", "0f", &"0F".repeat(16), &"0f".repeat(17)] {
            assert_eq!(Lane::parse(text), Err(MalformedLane), "{text}");
        }
    }
}
