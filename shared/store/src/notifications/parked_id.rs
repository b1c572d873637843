//! What names a parked notification.

use std::fmt;

use identity::NotificationId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Names a parked notification of a workspace. As text: `<milliseconds since 1970>:<notification>`.
///
/// Made of what the notification says of itself, so that one that is parked twice stands there once.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ParkedId {
    happened_at: Timestamp,
    notification: NotificationId,
}

impl ParkedId {
    /// The name of a notification about something that happened at a moment, which counts in milliseconds.
    ///
    /// # Errors
    /// [`identity::Error::Malformed`] when that was before 1970.
    pub fn new(
        happened_at: Timestamp,
        notification: NotificationId,
    ) -> Result<Self, identity::Error> {
        let malformed = |_| MALFORMED;
        let happened_at = happened_at.as_millisecond();
        u64::try_from(happened_at).map_err(|_| MALFORMED)?;
        Ok(Self {
            happened_at: Timestamp::from_millisecond(happened_at).map_err(malformed)?,
            notification,
        })
    }

    /// The name that a text spells.
    ///
    /// # Errors
    /// [`identity::Error::Malformed`] when it spells none.
    pub fn parse(text: &str) -> Result<Self, identity::Error> {
        let (happened_at, notification) = text.split_once(':').ok_or(MALFORMED)?;
        let happened_at = happened_at.parse().map_err(|_| MALFORMED)?;
        let happened_at = Timestamp::from_millisecond(happened_at).map_err(|_| MALFORMED)?;
        Self::new(happened_at, NotificationId::parse(notification)?)
    }

    /// When it happened, by Intercom's clock.
    #[must_use]
    pub fn happened_at(&self) -> Timestamp {
        self.happened_at
    }

    /// Intercom's id of the notification.
    #[must_use]
    pub fn notification(&self) -> &NotificationId {
        &self.notification
    }
}

const MALFORMED: identity::Error = identity::Error::Malformed {
    name: "parked notification",
    rule: "<milliseconds since 1970>:<notification>",
};

impl fmt::Display for ParkedId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let happened_at = self.happened_at.as_millisecond();
        write!(formatter, "{happened_at}:{}", self.notification)
    }
}

impl From<ParkedId> for String {
    fn from(id: ParkedId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for ParkedId {
    type Error = identity::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}
