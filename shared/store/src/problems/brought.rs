//! What a session remembers of the problems that it has brought: what was counted, and what is to be.
//!
//! It stands in the session's own row, and is written together with the summary, before anything is counted.
//! So a run that dies leaves to the next one what it has not counted, and an erasure knows every row that
//! may tell of the session.

use std::fmt;

use jiff::SignedDuration;
use jiff::civil::{Date, date};
use replay::Fingerprint;
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::problems::sample::Mark;
use crate::problems::told::MAX_PROBLEMS;

/// Most problems of all days together: a session over midnight has twice as many as another.
const MAX_ENTRIES: usize = 2 * MAX_PROBLEMS;

/// A problem on a day.
pub(crate) type Entry = (Date, Fingerprint);

/// The problems that a session has brought, in the order in which it did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Brought {
    /// Whom they count for.
    person: Option<Mark>,
    /// So many of them, from the first, are known to be counted for that person.
    counted: usize,
    entries: Vec<Entry>,
}

impl Brought {
    /// With these as well. For another person than before all of them count anew.
    pub(crate) fn with(&self, person: Mark, told: impl Iterator<Item = Entry>) -> Self {
        let mut brought = self.clone();
        if brought.person != Some(person) {
            brought.person = Some(person);
            brought.counted = 0;
        }
        for entry in told {
            let of_day = |(day, _): &&Entry| *day == entry.0;
            let is_full = brought.entries.len() >= MAX_ENTRIES
                || brought.entries.iter().filter(of_day).count() >= MAX_PROBLEMS;
            if !is_full && !brought.entries.contains(&entry) {
                brought.entries.push(entry);
            }
        }
        // Whoever brought nothing is remembered for nothing.
        match brought.entries.is_empty() {
            true => Self::default(),
            false => brought,
        }
    }

    /// With all of them counted.
    pub(crate) fn settled(&self) -> Self {
        Self {
            counted: self.entries.len(),
            ..self.clone()
        }
    }

    /// Those that may not be counted yet.
    pub(crate) fn due(&self) -> &[Entry] {
        self.entries.get(self.counted..).unwrap_or_default()
    }

    /// Those that may be counted: all of them.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many are counted, for whom, and each: ten bytes, for the row is written with every chunk.
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![u8::try_from(self.counted).unwrap_or_default()];
        bytes.extend(self.person.unwrap_or(Mark::from_bytes([0; 6])).bytes());
        for (day, fingerprint) in &self.entries {
            let days = day.duration_since(EPOCH).as_hours() / 24;
            bytes.extend(u16::try_from(days).unwrap_or_default().to_be_bytes());
            let number = u64::from_str_radix(&fingerprint.to_string(), 16);
            bytes.extend(number.unwrap_or_default().to_be_bytes());
        }
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (counted, rest) = bytes.split_first()?;
        let (person, mut rest) = rest.split_first_chunk()?;
        let mut entries = Vec::new();
        while !rest.is_empty() {
            let (days, after) = rest.split_first_chunk()?;
            let (fingerprint, after) = after.split_first_chunk()?;
            rest = after;
            let hours = 24 * i64::from(u16::from_be_bytes(*days));
            let day = EPOCH.checked_add(SignedDuration::from_hours(hours)).ok()?;
            let fingerprint = format!("{:016x}", u64::from_be_bytes(*fingerprint));
            entries.push((day, Fingerprint::parse(&fingerprint)?));
        }
        Some(Self {
            person: Some(Mark::from_bytes(*person)),
            counted: usize::from(*counted),
            entries,
        })
    }
}

/// Days are counted from here.
const EPOCH: Date = date(1970, 1, 1);

impl Serialize for Brought {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.to_bytes())
    }
}

impl<'de> Deserialize<'de> for Brought {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;

        impl Visitor<'_> for Bytes {
            type Value = Brought;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("problems that a session has brought")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Brought, E> {
                Brought::from_bytes(bytes).ok_or_else(|| E::custom("no problems"))
            }
        }

        deserializer.deserialize_bytes(Bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(day: i8, number: u64) -> Entry {
        let fingerprint = Fingerprint::parse(&format!("{number:016x}")).unwrap();
        (date(2026, 11, day), fingerprint)
    }

    fn ada() -> Mark {
        Mark::from_bytes([1; 6])
    }

    #[test]
    fn each_is_due_once_a_day_and_again_for_another_person() {
        let brought = Brought::default().with(ada(), [entry(29, 1), entry(29, 2)].into_iter());
        assert_eq!(brought.due(), [entry(29, 1), entry(29, 2)]);
        let settled = brought.settled();
        assert_eq!(settled.due(), []);
        let again = settled.with(ada(), [entry(29, 2), entry(30, 2)].into_iter());
        assert_eq!(again.due(), [entry(30, 2)]);
        let identified = again
            .settled()
            .with(Mark::from_bytes([2; 6]), [].into_iter());
        assert_eq!(identified.due().len(), 3);
        assert_eq!(identified.entries().len(), 3);
    }

    #[test]
    fn a_session_brings_twenty_a_day_and_forty_in_all() {
        let told = (1..=3).flat_map(|day| (0..50).map(move |number| entry(day, number)));
        let brought = Brought::default().with(ada(), told);
        let of_day = |wanted: i8| {
            let entries = brought.entries().iter();
            entries.filter(|(day, _)| day.day() == wanted).count()
        };
        assert_eq!((of_day(1), of_day(2), of_day(3)), (20, 20, 0));
        assert!(brought.to_bytes().len() < 410);
    }

    #[test]
    fn it_is_read_back_as_it_was_and_nothing_else_is_taken_for_it() {
        let told = [entry(29, u64::MAX), entry(30, 0)];
        let brought = Brought::default().with(ada(), told.into_iter()).settled();
        let brought = brought.with(ada(), [entry(30, 7)].into_iter());
        let bytes = brought.to_bytes();
        assert_eq!(Brought::from_bytes(&bytes), Some(brought));
        for cut in [0, 1, 6, 8, bytes.len() - 1] {
            assert_eq!(Brought::from_bytes(&bytes[..cut]), None, "{cut}");
        }
        assert_eq!(
            Brought::default().with(ada(), [].into_iter()),
            Brought::default()
        );
    }
}
