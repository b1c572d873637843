//! One problem over the days.

use std::collections::BTreeSet;

use identity::SessionId;
use jiff::Timestamp;
use jiff::civil::Date;
use replay::{Fingerprint, MomentKind};
use table::{SORT, text};

use crate::Error;
use crate::problems::day_row::{DayRow, StoredDay};
use crate::problems::days::{Days, start_of};
use crate::problems::occurrence::Example;
use crate::problems::sample::{Sample, Tally};
use crate::problems::{Problems, rows};

/// Most examples of all days together: the latest days' come first.
const MAX_EXAMPLES: usize = 20;

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

impl CountedProblem {
    /// Whether nobody is known to have had it before these days.
    #[must_use]
    pub fn is_new_in(&self, days: Days) -> bool {
        self.known_since >= start_of(days.first())
    }

    /// Whether at least three people had it on the last two of these days, and twice as many a day as on the
    /// others; of what nobody had before the last two nobody knows.
    #[must_use]
    pub fn is_growing(&self, days: Days) -> bool {
        let (lately, earlier) = days.lately();
        let people = |since: Date| {
            let days = self.days.iter().filter(move |(day, _)| *day >= since);
            days.map(|(_, tally)| tally.people).sum::<u64>()
        };
        let recent = people(lately);
        let before = people(days.first()).saturating_sub(recent);
        let is_known = self.known_since < start_of(lately);
        is_known && earlier > 0 && recent >= 3 && recent * earlier >= 4 * before
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
        let operation = "read a problem";
        let answer = self
            .scope
            .table
            .query(
                rows::problem_partition(self.scope.organization, fingerprint),
                "SK BETWEEN :first AND :last",
            )
            .expression_attribute_values(":first", text(rows::problem_day_sort(days.first())))
            .expression_attribute_values(":last", text(rows::problem_day_sort(days.last())))
            .send()
            .await
            .map_err(|error| table::Error::from_sdk(operation, &error))?;
        let mut rows = Vec::new();
        for item in answer.items.unwrap_or_default() {
            let sort = item.get(SORT).and_then(|sort| sort.as_s().ok());
            let day = sort.and_then(|sort| sort.strip_prefix(rows::PROBLEM_DAY_PREFIX));
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
