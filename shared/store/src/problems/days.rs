//! Days that are looked back on.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Most days that are looked back on.
pub const MAX_DAYS: usize = 31;

/// Days from one to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    first: Date,
    last: Date,
}

impl Days {
    /// From the first to the last of them, but no more than [`MAX_DAYS`] before and with the last.
    #[must_use]
    pub fn new(first: Date, last: Date) -> Self {
        let days = last.series(jiff::Span::new().days(-1)).take(MAX_DAYS);
        let earliest = days.last().unwrap_or(last);
        Self {
            first: first.clamp(earliest, last),
            last,
        }
    }

    /// From the day of one moment (UTC) to that of another.
    #[must_use]
    pub fn since(since: Timestamp, now: Timestamp) -> Self {
        Self::new(day_of(since), day_of(now))
    }

    /// So many days (UTC) up to this moment's, at least that one.
    #[must_use]
    pub fn until(now: Timestamp, days: usize) -> Self {
        let last = day_of(now);
        let first = last.series(jiff::Span::new().days(-1)).take(days.max(1));
        Self::new(first.last().unwrap_or(last), last)
    }

    /// The first.
    #[must_use]
    pub fn first(self) -> Date {
        self.first
    }

    /// The last.
    #[must_use]
    pub fn last(self) -> Date {
        self.last
    }

    /// The last two begin with this one, and before it are so many.
    pub(crate) fn lately(self) -> (Date, u64) {
        let before = self.last.yesterday().unwrap_or(self.last);
        let earlier = self.latest_first().skip(2).count();
        (before, u64::try_from(earlier).unwrap_or(u64::MAX))
    }

    /// All of them, the latest first.
    pub fn latest_first(self) -> impl Iterator<Item = Date> {
        let days = self.last.series(jiff::Span::new().days(-1));
        days.take_while(move |day| *day >= self.first)
    }
}

/// The day (UTC) of a moment.
pub(crate) fn day_of(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// When a day begins (UTC).
pub(crate) fn start_of(day: Date) -> Timestamp {
    let begins = day.to_zoned(TimeZone::UTC);
    begins.map_or(Timestamp::MIN, |begins| begins.timestamp())
}

/// When it has ended.
pub(crate) fn end_of(day: Date) -> Timestamp {
    let ends = start_of(day).saturating_add(SignedDuration::from_hours(24));
    ends.unwrap_or(Timestamp::MAX)
}
