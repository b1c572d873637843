//! Times as the workspace's people read them.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use store::Connection;

/// Writes times in one time zone.
pub(super) struct Dates {
    timezone: TimeZone,
}

impl Dates {
    /// In the workspace's time zone; in UTC when it is none that we know.
    pub(super) fn of(connection: &Connection) -> Self {
        Self {
            timezone: TimeZone::get(&connection.timezone).unwrap_or(TimeZone::UTC),
        }
    }

    /// `Nov 20, 2026 at 1:05PM`
    pub(super) fn write(&self, at: Timestamp) -> String {
        at.to_zoned(self.timezone.clone())
            .strftime("%b %-d, %Y at %-I:%M%p")
            .to_string()
    }
}
