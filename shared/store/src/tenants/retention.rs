//! How long recordings, and what is made of them, are kept.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::tenants::preference_error::PreferenceError;

/// Days that hold unless the organization chose otherwise. The template names them as well.
const DEFAULT_DAYS: u32 = 30;

/// How long recordings are kept: one of [`RetentionDays::CHOICES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "u32", into = "u32")]
pub struct RetentionDays(u32);

impl RetentionDays {
    /// What can be chosen, days. The bucket deletes by folders, which its lifecycle rules name one by one.
    pub const CHOICES: [u32; 3] = [30, 90, 365];

    /// What holds unless the organization chose otherwise.
    pub const DEFAULT: Self = Self(DEFAULT_DAYS);

    /// The longest that can be chosen.
    pub const LONGEST: Self = Self(365);

    /// Takes a number of days.
    ///
    /// # Errors
    /// [`PreferenceError::RetentionDays`].
    pub fn new(days: u32) -> Result<Self, PreferenceError> {
        match Self::CHOICES.contains(&days) {
            true => Ok(Self(days)),
            false => Err(PreferenceError::RetentionDays),
        }
    }

    /// Reads a number of days from a form.
    ///
    /// # Errors
    /// [`PreferenceError::RetentionDays`].
    pub fn parse(text: &str) -> Result<Self, PreferenceError> {
        let days = text.parse().map_err(|_| PreferenceError::RetentionDays)?;
        Self::new(days)
    }

    /// The number of days.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for RetentionDays {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl From<u32> for RetentionDays {
    /// The longest choice that is not longer.
    fn from(stored: u32) -> Self {
        Self(longest_within(Self::CHOICES, stored))
    }
}

impl From<RetentionDays> for u32 {
    fn from(retention: RetentionDays) -> u32 {
        retention.0
    }
}

/// The longest of the choices, which ascend, that is not longer than this; else the shortest.
pub(crate) fn longest_within(choices: [u32; 3], days: u32) -> u32 {
    let [shortest, ..] = choices;
    let fitting = choices.into_iter().rev().find(|choice| *choice <= days);
    fitting.unwrap_or(shortest)
}

/// The TTL attribute of a row that is kept for so long from `since`, seconds since 1970.
pub(crate) fn expires_at(since: Timestamp, retention_days: RetentionDays) -> i64 {
    days_after(since, retention_days.get())
}

/// So many days after a moment, seconds since 1970.
pub(crate) fn days_after(since: Timestamp, days: u32) -> i64 {
    since.as_second() + i64::from(days) * 86_400
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_and_the_longest_are_choices() {
        let [shortest, .., longest] = RetentionDays::CHOICES;
        assert_eq!(RetentionDays::DEFAULT.get(), shortest);
        assert_eq!(RetentionDays::LONGEST.get(), longest);
    }
}
