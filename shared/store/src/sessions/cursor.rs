//! A place in a list of sessions, as it travels through a canvas.

use std::fmt;

use identity::SessionId;
use jiff::Timestamp;

/// A place in a contact's list of sessions; good for all people of the contact.
///
/// As text: `<milliseconds since 1970>:<session>`, with `~` before it where the list of claims is meant,
/// which follows that of verified sessions.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionCursor {
    pub(crate) is_claimed: bool,
    pub(crate) sort_at: u64,
    pub(crate) session: SessionId,
}

impl SessionCursor {
    /// The cursor that a text spells.
    ///
    /// # Errors
    /// [`identity::Error::Malformed`] when it spells none.
    pub fn parse(text: &str) -> Result<Self, identity::Error> {
        let malformed = identity::Error::Malformed {
            name: "cursor",
            rule: "<milliseconds since 1970>:<session>",
        };
        let (is_claimed, text) = match text.strip_prefix('~') {
            Some(text) => (true, text),
            None => (false, text),
        };
        let (sort_at, session) = text.split_once(':').ok_or_else(|| malformed.clone())?;
        let sort_at: i64 = sort_at.parse().map_err(|_| malformed.clone())?;
        let sort_at = Timestamp::from_millisecond(sort_at).map_err(|_| malformed.clone())?;
        Ok(Self {
            is_claimed,
            sort_at: u64::try_from(sort_at.as_millisecond()).map_err(|_| malformed)?,
            session: SessionId::parse(session)?,
        })
    }

    /// The session that stands there.
    #[must_use]
    pub fn session(&self) -> &SessionId {
        &self.session
    }
}

impl fmt::Display for SessionCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let claimed = if self.is_claimed { "~" } else { "" };
        write!(formatter, "{claimed}{}:{}", self.sort_at, self.session)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_place_is_refused() {
        for text in [
            "",
            "5",
            "5:",
            ":s",
            "-5:s",
            "five:s",
            "5:a b",
            "999999999999999:s",
            "99999999999999999999:s",
        ] {
            assert!(SessionCursor::parse(text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_cursor_parses_back(sort_at in 0_u64..250_000_000_000_000, session in "[A-Za-z0-9._:-]{0,127}[A-Za-z0-9_:-]") {
            let cursor = SessionCursor { is_claimed: sort_at % 2 == 1, sort_at, session: SessionId::parse(&session).unwrap() };
            prop_assert_eq!(SessionCursor::parse(&cursor.to_string()), Ok(cursor));
        }
    }
}
