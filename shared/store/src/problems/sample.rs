//! Who has had a problem on a day, in a kilobyte or two, whoever tells of it twice.
//!
//! People are told apart by marks, each with the marks of their sessions that had it. While there are few,
//! all of them stand in the sample, and counting it is exact. Once there are more than it holds, it keeps
//! the people whose mark ends in a zero bit: one of two; then one of four. What is kept is decided by the
//! mark alone (adaptive sampling, Wegman 1984), so it is the same in any order and however often somebody
//! is added. And a problem that everybody has is hardly ever written any more: most people change nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use identity::PersonId;
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// Most people in a sample. An estimate from 50 to 100 of them is off by an eighth, typically.
const MAX_PEOPLE: usize = 100;

/// Most sessions of one person that are told apart: nobody alone fills a sample.
const MAX_SESSIONS_OF_ONE: usize = 8;

/// Most sessions in a sample.
const MAX_SESSIONS: usize = 200;

/// Bytes of a mark: 48 bits, by which two of a few hundred are the same once in some ten thousand million
/// samples.
const MARK_BYTES: usize = 6;

/// The most that a level can be: one person in so many powers of two.
const MAX_LEVEL: u8 = 40;

/// Tells a person or a session apart in a sample. Made of an id that is made with the organization's key, so
/// nobody outside can choose who is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark(u64);

impl Mark {
    /// The mark of a person. That of a session is the one of
    /// [`identity::OrganizationKey::person_of_session`].
    pub(crate) fn of(person: &PersonId) -> Self {
        let digest = table::digest(person.as_str().as_bytes());
        let digits = digest.get(..2 * MARK_BYTES).unwrap_or_default();
        Self(u64::from_str_radix(digits, 16).unwrap_or_default())
    }

    pub(crate) fn bytes(self) -> [u8; MARK_BYTES] {
        let [_, _, bytes @ ..] = self.0.to_be_bytes();
        bytes
    }

    pub(crate) fn from_bytes(bytes: [u8; MARK_BYTES]) -> Self {
        let mut all = [0; 8];
        all[8 - MARK_BYTES..].copy_from_slice(&bytes);
        Self(u64::from_be_bytes(all))
    }

    fn is_of_level(self, level: u8) -> bool {
        self.0.trailing_zeros() >= u32::from(level)
    }
}

/// People with their sessions: all of them, or one in `2^level`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sample {
    level: u8,
    people: BTreeMap<Mark, BTreeSet<Mark>>,
}

/// How many people, in how many sessions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// People: as many lists of sessions as had it. See docs/api.md for who counts as one.
    pub people: u64,
    /// Their sessions.
    pub sessions: u64,
    /// Whether `people` is the number; otherwise both are estimates, right to an eighth or so.
    pub is_exact: bool,
    /// Whether `sessions` is the number as well: of one person only so many are told apart.
    pub are_sessions_exact: bool,
}

impl Sample {
    /// Adds a session of somebody. A session that stood beside somebody else moves: it has been identified.
    pub(crate) fn add(&mut self, person: Mark, session: Mark) {
        let is_elsewhere = |(other, sessions): (&Mark, &BTreeSet<Mark>)| {
            *other != person && sessions.contains(&session)
        };
        if self.people.iter().any(is_elsewhere) {
            self.remove(session);
        }
        if person.is_of_level(self.level) {
            self.insert(person, session);
            self.thin();
        }
    }

    /// Takes a session out, and its person with their last.
    pub(crate) fn remove(&mut self, session: Mark) {
        self.people.retain(|_, sessions| {
            sessions.remove(&session);
            !sessions.is_empty()
        });
    }

    /// Everybody who is in either, as if they had been added to one.
    pub(crate) fn join(&mut self, other: &Self) {
        self.level = self.level.max(other.level);
        let level = self.level;
        self.people.retain(|person, _| person.is_of_level(level));
        for (person, sessions) in &other.people {
            if person.is_of_level(level) {
                sessions
                    .iter()
                    .for_each(|session| self.insert(*person, *session));
            }
        }
        self.thin();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// How many there are.
    pub(crate) fn tally(&self) -> Tally {
        self.tally_of(|_, _| true)
    }

    /// How many there are besides these people and sessions.
    pub(crate) fn others(&self, people: &BTreeSet<Mark>, sessions: &BTreeSet<Mark>) -> Tally {
        self.tally_of(|person, theirs| !people.contains(&person) && theirs.is_disjoint(sessions))
    }

    fn tally_of(&self, counts: impl Fn(Mark, &BTreeSet<Mark>) -> bool) -> Tally {
        let mut tally = Tally {
            is_exact: self.level == 0,
            are_sessions_exact: self.level == 0,
            ..Tally::default()
        };
        for (person, sessions) in &self.people {
            if counts(*person, sessions) {
                tally.people += 1 << self.level;
                tally.sessions += (sessions.len() as u64) << self.level;
                tally.are_sessions_exact &= sessions.len() < MAX_SESSIONS_OF_ONE;
            }
        }
        tally
    }

    /// Of one person the lowest marks stay: those that do in any order.
    fn insert(&mut self, person: Mark, session: Mark) {
        let sessions = self.people.entry(person).or_default();
        sessions.insert(session);
        if sessions.len() > MAX_SESSIONS_OF_ONE {
            sessions.pop_last();
        }
    }

    fn thin(&mut self) {
        while self.level < MAX_LEVEL
            && (self.people.len() > MAX_PEOPLE || self.sessions() > MAX_SESSIONS)
        {
            self.level += 1;
            let level = self.level;
            self.people.retain(|person, _| person.is_of_level(level));
        }
    }

    fn sessions(&self) -> usize {
        self.people.values().map(BTreeSet::len).sum()
    }

    /// The level; then each person, how many sessions, and those.
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![self.level];
        for (person, sessions) in &self.people {
            bytes.extend(person.bytes());
            bytes.push(u8::try_from(sessions.len()).unwrap_or(u8::MAX));
            bytes.extend(sessions.iter().flat_map(|session| session.bytes()));
        }
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (level, mut rest) = bytes.split_first()?;
        let mut sample = Self {
            level: *level,
            people: BTreeMap::new(),
        };
        let mark = |rest: &mut &[u8]| {
            let (mark, after) = rest.split_first_chunk()?;
            *rest = after;
            Some(Mark::from_bytes(*mark))
        };
        while !rest.is_empty() {
            let person = mark(&mut rest)?;
            let (sessions, after) = rest.split_first()?;
            rest = after;
            let sessions = (0..*sessions).map(|_| mark(&mut rest));
            sample
                .people
                .insert(person, sessions.collect::<Option<_>>()?);
        }
        (sample.level <= MAX_LEVEL).then_some(sample)
    }
}

impl Serialize for Sample {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.to_bytes())
    }
}

impl<'de> Deserialize<'de> for Sample {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;

        impl Visitor<'_> for Bytes {
            type Value = Sample;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a sample")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Sample, E> {
                Sample::from_bytes(bytes).ok_or_else(|| E::custom("no sample"))
            }
        }

        deserializer.deserialize_bytes(Bytes)
    }
}

#[cfg(test)]
mod tests;
