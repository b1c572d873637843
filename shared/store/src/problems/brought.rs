//! What a session remembers of the problems that it has brought: what was counted, and what is to be.
//!
//! It stands in the session's own row, and is written together with the summary, before anything is counted.
//! So a run that dies leaves to the next one what it has not counted, and an erasure knows every row that
//! may tell of the session.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::SignedDuration;
use jiff::civil::{Date, date};
use replay::definitions::MAX_PROBLEMS;
use replay::{Fingerprint, MomentKind};
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::problems::occurrence::{Entry, Occurrence};
use crate::problems::sample::Mark;

/// Most problems of all days together: a session over midnight has twice as many as another.
const MAX_ENTRIES: usize = 2 * MAX_PROBLEMS;

/// Most console errors and failed requests of a day: however many differ, there is room for worse.
const MAX_NOISY: usize = 12;

/// Set in the day of an entry that is one of [`MAX_NOISY`]: days fill the other bits until 2059.
const NOISY: u16 = 1 << 15;

/// The problems that a session has brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Brought {
    /// Whom they count for.
    person: Option<Mark>,
    /// So many of them, from the first, are known to be counted for that person.
    counted: usize,
    entries: Vec<Entry>,
    /// Those of them that are console errors or failed requests.
    noisy: BTreeSet<Entry>,
}

impl Brought {
    /// With these as well. For another person than before all of them count anew.
    pub(crate) fn with(
        &self,
        person: Mark,
        told: impl Iterator<Item = (Entry, MomentKind)>,
    ) -> Self {
        let mut brought = self.clone();
        if brought.person != Some(person) {
            brought.person = Some(person);
            brought.counted = 0;
        }
        for (entry, kind) in told {
            let is_noisy = matches!(kind, MomentKind::ConsoleError | MomentKind::FailedRequest);
            if brought.entries.contains(&entry) || !brought.has_room(entry.0, is_noisy) {
                continue;
            }
            brought.entries.push(entry);
            if is_noisy {
                brought.noisy.insert(entry);
            }
        }
        // Whoever brought nothing is remembered for nothing.
        match brought.entries.is_empty() {
            true => Self::default(),
            false => brought,
        }
    }

    /// What a summary tells, on the days that are known already. When the latest chunk was held up, all
    /// of the session looks as much later; so of a problem whose first time seems to have moved to
    /// another day no day is new. Where the first time stands, the last one may have come on a new day.
    pub(crate) fn dated(&self, told: Vec<Occurrence>) -> Vec<Occurrence> {
        let mut firsts = BTreeMap::new();
        let mut dated = Vec::new();
        for occurrence in told {
            let fingerprint = occurrence.fingerprint;
            let first = *firsts.entry(fingerprint).or_insert(occurrence.day);
            let entries = self.entries.iter();
            let known = entries.filter(|(_, known)| *known == fingerprint);
            let days: Vec<Date> = known.map(|(day, _)| *day).collect();
            if days.is_empty() || days.contains(&first) {
                dated.push(occurrence);
            } else if first == occurrence.day {
                dated.extend(days.into_iter().map(|day| occurrence.on(day)));
            }
        }
        dated
    }

    /// Whether one more of that day is remembered.
    fn has_room(&self, day: Date, is_noisy: bool) -> bool {
        let of_day = |entry: &&Entry| entry.0 == day;
        self.entries.len() < MAX_ENTRIES
            && self.entries.iter().filter(of_day).count() < MAX_PROBLEMS
            && (!is_noisy || self.noisy.iter().filter(of_day).count() < MAX_NOISY)
    }

    /// With these counted. Others stay due: they have left the summary, which may tell of them again.
    pub(crate) fn settled(&self, done: &[Entry]) -> Self {
        let entries = self.entries.iter().enumerate();
        let (mut counted, due): (Vec<_>, Vec<_>) = entries
            .map(|(index, entry)| (index < self.counted || done.contains(entry), *entry))
            .partition(|(is_counted, _)| *is_counted);
        let many = counted.len();
        counted.extend(due);
        Self {
            counted: many,
            entries: counted.into_iter().map(|(_, entry)| entry).collect(),
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
        for entry in &self.entries {
            let (day, fingerprint) = entry;
            let days = day.duration_since(EPOCH).as_hours() / 24;
            let noisy = if self.noisy.contains(entry) { NOISY } else { 0 };
            let days = u16::try_from(days).unwrap_or_default() & !NOISY;
            bytes.extend((days | noisy).to_be_bytes());
            let number = u64::from_str_radix(&fingerprint.to_string(), 16);
            bytes.extend(number.unwrap_or_default().to_be_bytes());
        }
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (counted, rest) = bytes.split_first()?;
        let (person, mut rest) = rest.split_first_chunk()?;
        let mut entries = Vec::new();
        let mut noisy = BTreeSet::new();
        while !rest.is_empty() {
            let (days, after) = rest.split_first_chunk()?;
            let (fingerprint, after) = after.split_first_chunk()?;
            rest = after;
            let days = u16::from_be_bytes(*days);
            let hours = 24 * i64::from(days & !NOISY);
            let day = EPOCH.checked_add(SignedDuration::from_hours(hours)).ok()?;
            let fingerprint = format!("{:016x}", u64::from_be_bytes(*fingerprint));
            let entry = (day, Fingerprint::parse(&fingerprint)?);
            entries.push(entry);
            if days & NOISY != 0 {
                noisy.insert(entry);
            }
        }
        Some(Self {
            person: Some(Mark::from_bytes(*person)),
            counted: usize::from(*counted),
            entries,
            noisy,
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

    /// Errors of scripts.
    fn errors(
        entries: impl IntoIterator<Item = Entry>,
    ) -> impl Iterator<Item = (Entry, MomentKind)> {
        let entries = entries.into_iter();
        entries.map(|entry| (entry, MomentKind::JsError))
    }

    fn settled(brought: &Brought) -> Brought {
        brought.settled(brought.due())
    }

    #[test]
    fn each_is_due_once_a_day_and_again_for_another_person() {
        let brought = Brought::default().with(ada(), errors([entry(29, 1), entry(29, 2)]));
        assert_eq!(brought.due(), [entry(29, 1), entry(29, 2)]);
        let settled_once = settled(&brought);
        assert_eq!(settled_once.due(), []);
        let again = settled_once.with(ada(), errors([entry(29, 2), entry(30, 2)]));
        assert_eq!(again.due(), [entry(30, 2)]);
        let identified = settled(&again).with(Mark::from_bytes([2; 6]), errors([]));
        assert_eq!(identified.due().len(), 3);
        assert_eq!(identified.entries().len(), 3);
    }

    #[test]
    fn what_was_not_counted_stays_due() {
        let brought = Brought::default().with(ada(), errors((1..=4).map(|of| entry(29, of))));
        let counted = brought.settled(&[entry(29, 2), entry(29, 4)]);
        assert_eq!(counted.due(), [entry(29, 1), entry(29, 3)]);
        let again = counted.settled(&[entry(29, 3)]);
        assert_eq!(again.due(), [entry(29, 1)]);
        assert_eq!(again.entries().len(), 4);
        assert_eq!(settled(&again).due(), []);
    }

    #[test]
    fn a_session_brings_twenty_a_day_and_forty_in_all() {
        let told = (1..=3).flat_map(|day| (0..50).map(move |number| entry(day, number)));
        let brought = Brought::default().with(ada(), errors(told));
        let of_day = |wanted: i8| {
            let entries = brought.entries().iter();
            entries.filter(|(day, _)| day.day() == wanted).count()
        };
        assert_eq!((of_day(1), of_day(2), of_day(3)), (20, 20, 0));
        assert!(brought.to_bytes().len() < 410);
    }

    #[test]
    fn however_noisy_a_day_began_there_is_room_for_what_is_worse() {
        let kinds = [MomentKind::ConsoleError, MomentKind::FailedRequest];
        let noise = (0..20_u8).map(|of| (entry(29, of.into()), kinds[usize::from(of % 2)]));
        let brought = Brought::default().with(ada(), noise.clone());
        assert_eq!(brought.entries().len(), 12);
        // The row that is read back knows it as well.
        let brought = Brought::from_bytes(&brought.to_bytes()).unwrap();
        let rage = (entry(29, 99), MomentKind::RageClick);
        let brought = brought.with(ada(), noise.chain([rage]));
        assert_eq!(brought.entries().len(), 13);
        assert!(brought.entries().contains(&entry(29, 99)));
    }

    #[test]
    fn it_is_read_back_as_it_was_and_nothing_else_is_taken_for_it() {
        let told = [entry(29, u64::MAX), entry(30, 0)];
        let brought = settled(&Brought::default().with(ada(), errors(told)));
        let noise = [(entry(30, 7), MomentKind::ConsoleError)];
        let brought = brought.with(ada(), noise.into_iter());
        let bytes = brought.to_bytes();
        assert_eq!(Brought::from_bytes(&bytes), Some(brought));
        for cut in [0, 1, 6, 8, bytes.len() - 1] {
            assert_eq!(Brought::from_bytes(&bytes[..cut]), None, "{cut}");
        }
        assert_eq!(
            Brought::default().with(ada(), errors([])),
            Brought::default()
        );
    }
}
