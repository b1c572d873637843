//! Who else had a problem: what the panel asks.

use std::collections::{BTreeSet, HashMap};

use identity::{PersonId, SessionId};
use jiff::Timestamp;
use jiff::civil::Date;
use replay::Fingerprint;
use table::{Key, Read};

use crate::Error;
use crate::problems::day_row::{DayRow, StoredDay};
use crate::problems::sample::{Mark, Tally};
use crate::problems::{Problems, rows};

/// Most problems that are asked for at a time: one batch of the table.
pub(crate) const MAX_ASKED: usize = 20;

/// A problem on a day at others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// How many others had it.
    pub others: Tally,
    /// When it was first there that day, at whomever.
    pub first_at: Timestamp,
}

/// Who is left out of a count, because it is about them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Excluding<'a> {
    /// These people, with all their sessions.
    pub people: &'a [PersonId],
    /// Whoever's these sessions are.
    pub sessions: &'a [SessionId],
}

impl Problems<'_> {
    /// Which of these problems others had on a day (UTC): the first twenty, in one round trip. Problems that
    /// nobody else had are left out. May miss the last second.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn seen(
        self,
        fingerprints: &[Fingerprint],
        day: Date,
        excluding: Excluding<'_>,
        now: Timestamp,
    ) -> Result<HashMap<Fingerprint, Seen>, Error> {
        let asked: BTreeSet<Fingerprint> = fingerprints.iter().take(MAX_ASKED).copied().collect();
        if asked.is_empty() {
            return Ok(HashMap::new());
        }
        let key = |fingerprint| rows::problem_day(self.scope.organization, fingerprint, day);
        let keys: Vec<Key> = asked.iter().map(|asked| key(*asked)).collect();
        let read = self
            .scope
            .table
            .get_all("read problems", &keys, Read::Eventual);
        let mut items = read.await?;
        let people: BTreeSet<Mark> = excluding.people.iter().map(Mark::of).collect();
        let sessions = excluding.sessions.iter();
        let sessions: BTreeSet<Mark> = sessions
            .map(|session| self.visitor(session, None).session)
            .collect();
        let mut seen = HashMap::new();
        for fingerprint in asked {
            let Some(item) = items.remove(&key(fingerprint)) else {
                continue;
            };
            let row: DayRow = StoredDay::parse(item)?.row;
            let others = row.people.others(&people, &sessions);
            if others.people > 0 && row.expires > now.as_second() {
                let first_at = row.first_at;
                seen.insert(fingerprint, Seen { others, first_at });
            }
        }
        Ok(seen)
    }
}
