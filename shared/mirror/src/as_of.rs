//! Which of two statements about the same thing is newer.

use std::fmt;

use jiff::Timestamp;

/// How new a statement of Intercom's is: when the thing was changed there, and then when that was read.
///
/// Intercom counts changes in seconds, and some changes do not count as such (a tag): of two statements with
/// one time of change the later reading wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AsOf {
    changed_at: i64,
    read_at: i64,
}

impl AsOf {
    /// `changed_at`: as Intercom says, where it says it. `read_at`: when we asked, or when a notification was
    /// made.
    #[must_use]
    pub fn new(changed_at: Option<Timestamp>, read_at: Timestamp) -> Self {
        Self {
            changed_at: changed_at.unwrap_or(read_at).as_millisecond().max(0),
            read_at: read_at.as_millisecond().max(0),
        }
    }

    /// The same reading's word on a part, which has changes of its own.
    pub(crate) fn of_part(self, changed_at: Option<Timestamp>) -> Self {
        let changed_at = changed_at.map(|at| at.as_millisecond().max(0));
        Self {
            changed_at: changed_at.unwrap_or(self.changed_at),
            read_at: self.read_at,
        }
    }

    /// When it was read, seconds since 1970.
    pub(crate) fn read_at_seconds(self) -> i64 {
        self.read_at / 1_000
    }

    /// That of a change which is known by its notification alone.
    #[must_use]
    pub fn at(at: Timestamp) -> Self {
        Self::new(None, at)
    }
}

/// As it stands in rows: sorts as text as it does in time.
impl fmt::Display for AsOf {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:015}.{:015}", self.changed_at, self.read_at)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn newer_as_text_is_newer(one in (0_i64..4_000_000_000_000, 0_i64..4_000_000_000_000), other in (0_i64..4_000_000_000_000, 0_i64..4_000_000_000_000)) {
            let of = |(changed, read)| AsOf { changed_at: changed, read_at: read };
            let (one, other) = (of(one), of(other));
            prop_assert_eq!(one.to_string().cmp(&other.to_string()), one.cmp(&other));
        }
    }

    #[test]
    fn a_change_that_intercom_does_not_date_is_as_new_as_its_reading() {
        let read_at = Timestamp::from_second(1_795_176_000).unwrap();
        let changed_at = Timestamp::from_second(1_795_175_000).unwrap();
        assert_eq!(AsOf::new(None, read_at), AsOf::new(Some(read_at), read_at));
        assert!(AsOf::new(Some(changed_at), read_at) < AsOf::at(read_at));
    }
}
