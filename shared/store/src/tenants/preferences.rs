//! What an organization chose for one workspace. Each choice is a type that holds nothing else than a legal
//! one.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use url::Url;

use crate::tenants::origins::AllowedOrigins;
use crate::tenants::preference_error::{MAX_SESSIONS_IN_LIST, MAX_TEMPLATE_BYTES, PreferenceError};
use crate::tenants::retention::{RetentionDays, longest_within};

/// What an organization chose for one workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// Sessions on a page of the panel's list: what *Show more* lists at a time.
    pub sessions_in_list: ListLength,
    /// The organization's own player, if it has one.
    #[serde(deserialize_with = "template_if_legal")]
    pub player_url_template: Option<PlayerUrlTemplate>,
    /// How long recordings are kept.
    pub retention_days: RetentionDays,
    /// Whether the panel of a lead without an e-mail address shows sessions that may be theirs.
    pub show_possible_matches: bool,
    /// How long a link to a recording can be opened by whoever has it.
    pub share_link_days: ShareLinkDays,
    /// Whether what was recorded of a contact is erased when Intercom says that the contact was deleted.
    pub erase_deleted_contacts: bool,
    /// The sites that may record.
    pub allowed_origins: AllowedOrigins,
    /// Whether a user id or e-mail address that nobody has signed is refused.
    pub require_signatures: bool,
    /// Whether a recording that is watched loads pictures, fonts and media of other sites than those.
    pub load_foreign_media: bool,
    /// Whether recordings are stored as other recorders send them, with what people typed.
    pub store_unmasked: bool,
}

/// How many sessions a list begins with: 1 to 10.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "u64", into = "u64")]
pub struct ListLength(u8);

/// How long a link to a recording can be opened: one of [`ShareLinkDays::CHOICES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "u32", into = "u32")]
pub struct ShareLinkDays(u32);

/// The address of a recording in the organization's own player: `https`, with `{session_id}` where the
/// session's id goes, and perhaps `{seconds}` where its moment does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlayerUrlTemplate(String);

impl ListLength {
    /// Most sessions: more make a canvas that nobody scrolls through.
    pub const MAX: u8 = MAX_SESSIONS_IN_LIST;

    /// Takes a number.
    ///
    /// # Errors
    /// [`PreferenceError::ListLength`].
    pub fn new(number: u8) -> Result<Self, PreferenceError> {
        match number {
            1..=Self::MAX => Ok(Self(number)),
            _ => Err(PreferenceError::ListLength),
        }
    }

    /// Reads a number from a form.
    ///
    /// # Errors
    /// [`PreferenceError::ListLength`].
    pub fn parse(text: &str) -> Result<Self, PreferenceError> {
        let number = text.parse().map_err(|_| PreferenceError::ListLength)?;
        Self::new(number)
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> usize {
        self.0.into()
    }
}

impl ShareLinkDays {
    /// What can be chosen, days.
    pub const CHOICES: [u32; 3] = [1, 7, 30];

    /// Reads a number of days from a form.
    ///
    /// # Errors
    /// [`PreferenceError::ShareLinkDays`].
    pub fn parse(text: &str) -> Result<Self, PreferenceError> {
        let days = text.parse().map_err(|_| PreferenceError::ShareLinkDays)?;
        match Self::CHOICES.contains(&days) {
            true => Ok(Self(days)),
            false => Err(PreferenceError::ShareLinkDays),
        }
    }

    /// The number of days.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }
}

impl PlayerUrlTemplate {
    /// Longest template, bytes: with an id in it, it still is an address that every browser opens.
    pub const MAX_BYTES: usize = MAX_TEMPLATE_BYTES;

    /// Reads a template.
    ///
    /// # Errors
    /// [`PreferenceError::PlayerUrlTemplate`].
    pub fn parse(text: &str) -> Result<Self, PreferenceError> {
        let text = text.trim();
        let is_address = || {
            let address = Url::parse(&text.replace("{session_id}", "s").replace("{seconds}", "0"));
            // Two ids, two hosts: a session's id must not choose where a teammate is sent.
            let other = Url::parse(&text.replace("{session_id}", "t").replace("{seconds}", "1"));
            matches!((address, other), (Ok(address), Ok(other))
                if address.scheme() == "https" && address.has_host() && address.origin() == other.origin())
        };
        let is_legal = text.len() <= Self::MAX_BYTES
            && text.contains("{session_id}")
            && !text.chars().any(char::is_control)
            && is_address();
        match is_legal {
            true => Ok(Self(text.to_owned())),
            false => Err(PreferenceError::PlayerUrlTemplate),
        }
    }

    /// The template.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            sessions_in_list: ListLength(10),
            player_url_template: None,
            retention_days: RetentionDays::DEFAULT,
            show_possible_matches: true,
            share_link_days: ShareLinkDays(7),
            erase_deleted_contacts: false,
            allowed_origins: AllowedOrigins::default(),
            require_signatures: false,
            load_foreign_media: false,
            store_unmasked: false,
        }
    }
}

impl fmt::Display for ListLength {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Display for ShareLinkDays {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Display for PlayerUrlTemplate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

// What stands in a row is taken as near as it gets to a legal choice: a panel must not fail for a preference.

impl From<u64> for ListLength {
    fn from(stored: u64) -> Self {
        let nearest = stored.clamp(1, Self::MAX.into());
        Self(u8::try_from(nearest).unwrap_or(Self::MAX))
    }
}

impl From<ListLength> for u64 {
    fn from(length: ListLength) -> u64 {
        length.0.into()
    }
}

impl From<u32> for ShareLinkDays {
    /// The longest choice that is not longer.
    fn from(stored: u32) -> Self {
        Self(longest_within(Self::CHOICES, stored))
    }
}

impl From<ShareLinkDays> for u32 {
    fn from(days: ShareLinkDays) -> u32 {
        days.0
    }
}

fn template_if_legal<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<PlayerUrlTemplate>, D::Error> {
    let stored = Option::<String>::deserialize(deserializer)?;
    Ok(stored.and_then(|text| PlayerUrlTemplate::parse(&text).ok()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_legal_numbers_are_taken_from_a_form() {
        for (text, length, retention) in [
            ("1", Some(1), None),
            ("10", Some(10), None),
            ("30", None, Some(30)),
            ("365", None, Some(365)),
            ("0", None, None),
            ("11", None, None),
            ("45", None, None),
            ("-1", None, None),
            ("", None, None),
            ("4294967326", None, None),
        ] {
            let list = ListLength::parse(text).ok().map(ListLength::get);
            assert_eq!(list, length, "{text}");
            let days = RetentionDays::parse(text).ok().map(RetentionDays::get);
            assert_eq!(days, retention, "{text}");
        }
    }

    #[test]
    fn a_template_leads_to_one_https_host_by_the_sessions_id() {
        let long = format!("https://play.example/{{session_id}}{}", "x".repeat(1_024));
        for (text, is_legal) in [
            ("https://play.example/{session_id}", true),
            ("https://play.example/?s={session_id}&t={seconds}", true),
            ("https://play.example/#{session_id}", true),
            ("https://play.example/", false),
            ("http://play.example/{session_id}", false),
            ("javascript:alert('{session_id}')", false),
            ("https://{session_id}.example/", false),
            ("https://{session_id}", false),
            ("{session_id}", false),
            ("", false),
            (&long, false),
        ] {
            assert_eq!(
                PlayerUrlTemplate::parse(text).is_ok(),
                is_legal,
                "{text:.60}"
            );
        }
    }

    #[test]
    fn a_stored_choice_that_is_not_legal_becomes_the_nearest_that_is() {
        let stored = json!({
            "sessions_in_list": 99, "player_url_template": "javascript:{session_id}", "retention_days": 100,
            "share_link_days": 20, "allowed_origins": ["https://a.example", "ftp://b.example"],
        });
        let read: Preferences = serde_json::from_value(stored).unwrap();
        let nearest = Preferences {
            sessions_in_list: ListLength(10),
            player_url_template: None,
            retention_days: RetentionDays::new(90).unwrap(),
            share_link_days: ShareLinkDays(7),
            allowed_origins: AllowedOrigins::parse("https://a.example").unwrap(),
            ..Preferences::default()
        };
        assert_eq!(read, nearest);
        let shortest: RetentionDays = serde_json::from_value(json!(1)).unwrap();
        assert_eq!(shortest.get(), 30);
    }

    #[test]
    fn what_is_stored_is_read_back() {
        let preferences = Preferences {
            sessions_in_list: ListLength::new(3).unwrap(),
            player_url_template: PlayerUrlTemplate::parse("https://p.example/{session_id}").ok(),
            retention_days: RetentionDays::new(365).unwrap(),
            show_possible_matches: false,
            share_link_days: ShareLinkDays::parse("30").unwrap(),
            erase_deleted_contacts: true,
            allowed_origins: AllowedOrigins::parse("https://shop.example").unwrap(),
            require_signatures: true,
            load_foreign_media: true,
            store_unmasked: true,
        };
        let stored = serde_json::to_value(&preferences).unwrap();
        assert_eq!(
            serde_json::from_value::<Preferences>(stored).unwrap(),
            preferences
        );
    }
}
