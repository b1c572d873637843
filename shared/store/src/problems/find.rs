//! One problem over the days.

use std::collections::BTreeSet;

use identity::SessionId;
use jiff::Timestamp;
use jiff::civil::Date;
use replay::{Fingerprint, MomentKind};
use serde::Deserialize;
use table::{SORT, text};

use crate::Error;
use crate::problems::day_row::{DayRow, StoredDay};
use crate::problems::occurrence::Example;
use crate::problems::sample::{Sample, Tally};
use crate::problems::{Problems, rows};

/// Most examples of all days together: the latest days' come first.
const MAX_EXAMPLES: usize = 20;

/// Most days that are looked back on.
pub const MAX_DAYS: usize = 31;

/// A problem over some days.
#[derive(Debug, Clone, PartialEq)]
pub struct CountedProblem {
    /// Which.
    pub fingerprint: Fingerprint,
    /// What kind: an error, a failed request, a rage or dead click.
    pub kind: MomentKind,
    /// In its words; `None` once those are forgotten whose words it had.
    pub label: Option<String>,
    /// Who had it in these days, nobody twice.
    pub total: Tally,
    /// When it was first there in these days.
    pub first_seen: Timestamp,
    /// When somebody was last known to come to it, within a minute.
    pub last_seen: Timestamp,
    /// When it was first there at all, as far as is kept.
    pub known_since: Timestamp,
    /// Sessions that had it: the first of each day, the latest day first.
    pub examples: Vec<Example>,
    /// Who had it on each of these days on which somebody had it, in order.
    pub days: Vec<(Date, Tally)>,
}

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

    /// So many days, at least the last.
    #[must_use]
    pub fn until(last: Date, days: usize) -> Self {
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

    /// All of them, the latest first.
    pub fn latest_first(self) -> impl Iterator<Item = Date> {
        let days = self.last.series(jiff::Span::new().days(-1));
        days.take_while(move |day| *day >= self.first)
    }
}

impl Problems<'_> {
    /// A problem over some days (UTC); `None` when nobody had it.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn find(
        self,
        fingerprint: Fingerprint,
        days: Days,
        now: Timestamp,
    ) -> Result<Option<CountedProblem>, Error> {
        #[derive(Deserialize)]
        struct DayKey {
            #[serde(rename = "SK")]
            sort: String,
        }
        const { assert!(SORT.len() == 2, "the key above") };

        let operation = "read a problem";
        let answer = self
            .scope
            .table
            .query(
                rows::problem_partition(self.scope.organization, fingerprint),
                "SK BETWEEN :first AND :last",
            )
            .expression_attribute_values(":first", text(rows::problem_day_sort(days.first)))
            .expression_attribute_values(":last", text(rows::problem_day_sort(days.last)))
            .send()
            .await
            .map_err(|error| table::Error::from_sdk(operation, &error))?;
        let mut rows = Vec::new();
        for item in answer.items.unwrap_or_default() {
            let DayKey { sort } = table::parse("problem", item.clone())?;
            let day = sort.strip_prefix(rows::PROBLEM_DAY_PREFIX);
            let day = day.and_then(|day| day.parse::<Date>().ok());
            let day =
                day.ok_or_else(|| table::Error::corrupt("problem", "its key names no day"))?;
            let row = StoredDay::parse(item)?.row;
            if row.expires > now.as_second() {
                rows.push((day, row));
            }
        }
        Ok(joined(fingerprint, rows))
    }
}

/// The days of a problem, in order, as one.
fn joined(fingerprint: Fingerprint, rows: Vec<(Date, DayRow)>) -> Option<CountedProblem> {
    let (_, last) = rows.last()?;
    let times = |time: fn(&DayRow) -> Timestamp| rows.iter().map(move |(_, row)| time(row));
    let mut people = Sample::default();
    let mut examples = Vec::new();
    let mut sessions: BTreeSet<&SessionId> = BTreeSet::new();
    for (_, row) in rows.iter().rev() {
        people.join(&row.people);
        for example in &row.examples {
            if examples.len() < MAX_EXAMPLES && sessions.insert(&example.session) {
                examples.push(example.clone());
            }
        }
    }
    let labels = rows.iter().rev().find_map(|(_, row)| row.label());
    Some(CountedProblem {
        fingerprint,
        kind: last.kind,
        label: labels.map(str::to_owned),
        total: people.tally(),
        first_seen: times(|row| row.first_at).min()?,
        last_seen: times(|row| row.last_at).max()?,
        known_since: times(|row| row.known_since).min()?,
        examples,
        days: rows
            .iter()
            .map(|(day, row)| (*day, row.people.tally()))
            .collect(),
    })
}
