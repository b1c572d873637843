//! Where a workspace is: at which of Intercom's regions, and in which time zone.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// The region of Intercom's that hosts a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "&'static str")]
pub enum WorkspaceRegion {
    /// The United States; also what was stored and names no region that we know.
    Us,
    /// The European Union.
    Eu,
    /// Australia.
    Au,
}

impl WorkspaceRegion {
    /// Reads its short name, as [`Self::as_str`] writes it.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        match name {
            "EU" => Self::Eu,
            "AU" => Self::Au,
            _ => Self::Us,
        }
    }

    /// Its short name: `US`, `EU` or `AU`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Us => "US",
            Self::Eu => "EU",
            Self::Au => "AU",
        }
    }
}

impl From<String> for WorkspaceRegion {
    fn from(stored: String) -> Self {
        Self::parse(&stored)
    }
}

impl From<WorkspaceRegion> for &'static str {
    fn from(region: WorkspaceRegion) -> Self {
        region.as_str()
    }
}

/// A workspace's time zone, by its IANA name.
///
/// The name stays as Intercom gave it, also where we know no such zone: then times are written in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct WorkspaceTimeZone(String);

impl WorkspaceTimeZone {
    /// The zone of this name; UTC when there is no name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        match name {
            "" => Self("UTC".to_owned()),
            name => Self(name.to_owned()),
        }
    }

    /// Its name, for people.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The zone itself, to write times in. Looked up each time: most of what reads a connection writes none.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.0).unwrap_or(TimeZone::UTC)
    }
}

impl From<String> for WorkspaceTimeZone {
    fn from(stored: String) -> Self {
        Self::of(&stored)
    }
}

impl From<WorkspaceTimeZone> for String {
    fn from(timezone: WorkspaceTimeZone) -> Self {
        timezone.0
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_region_is_read_back_and_an_unknown_one_is_the_us() {
        for region in [
            WorkspaceRegion::Us,
            WorkspaceRegion::Eu,
            WorkspaceRegion::Au,
        ] {
            let stored = serde_json::to_value(region).unwrap();
            assert_eq!(stored, json!(region.as_str()));
            let read: WorkspaceRegion = serde_json::from_value(stored).unwrap();
            assert_eq!(read, region);
        }
        assert_eq!(WorkspaceRegion::parse("Mars"), WorkspaceRegion::Us);
    }

    #[test]
    fn a_time_zone_keeps_its_name_and_is_utc_when_it_is_none_that_we_know() {
        for (name, shown, zone) in [
            ("Europe/Dublin", "Europe/Dublin", "Europe/Dublin"),
            ("", "UTC", "UTC"),
            ("Mars/Olympus", "Mars/Olympus", "UTC"),
        ] {
            let stored: WorkspaceTimeZone = serde_json::from_value(json!(name)).unwrap();
            assert_eq!(stored.as_str(), shown);
            assert_eq!(stored.zone().iana_name(), Some(zone));
            assert_eq!(serde_json::to_value(&stored).unwrap(), json!(shown));
        }
    }
}
