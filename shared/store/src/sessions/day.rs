//! Days of the index of all sessions, and places in a list.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The day of a place in a list (UTC).
pub(crate) fn day_of(sort_at: u64) -> Date {
    let sort_at = i64::try_from(sort_at).unwrap_or(i64::MAX);
    let at = Timestamp::from_millisecond(sort_at).unwrap_or(Timestamp::MAX);
    at.to_zoned(TimeZone::UTC).date()
}

/// The place in a list at which a day begins (UTC), milliseconds since 1970.
pub(crate) fn start_of(day: Date) -> u64 {
    let begins = day.to_zoned(TimeZone::UTC);
    begins.map_or(0, |begins| {
        begins.timestamp().as_millisecond().max(0).cast_unsigned()
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_begin_at_midnight_utc() {
        let day = date(2026, 11, 28);
        assert_eq!(day_of(start_of(day)), day);
        assert_eq!(day_of(start_of(day) - 1), date(2026, 11, 27));
        assert_eq!(day_of(u64::MAX).year(), 9999);
    }
}
