//! Times as the workspace's people read them.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use pages::format;
use store::Connection;

/// Writes times in one time zone.
pub(crate) struct Dates {
    timezone: TimeZone,
}

impl Dates {
    /// In the workspace's time zone; in UTC when it is none that we know.
    pub(crate) fn of(connection: &Connection) -> Self {
        Self {
            timezone: connection.timezone.zone(),
        }
    }

    /// As every page writes them.
    pub(crate) fn write(&self, at: Timestamp) -> String {
        format::date_and_time(at, &self.timezone)
    }
}
