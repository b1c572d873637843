//! The most frequent problems of some days.
//!
//! Each day names its most frequent ones first, as many as one can page through, whatever the page is:
//! so pages fit together, and only those of a page are read.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::try_join_all;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use jiff::civil::Date;
use replay::{Fingerprint, MomentKind};
use serde::Deserialize;
use table::{SORT, parse, text};

use crate::Error;
use crate::problems::count::MAX_PROBLEMS_A_DAY;
use crate::problems::days::Days;
use crate::problems::find::CountedProblem;
use crate::problems::{Problems, rows};
use crate::tenants::Counters;
use crate::tenants::counters::Counter;

/// Most problems that one can page through: more are looked for by kind, or by day.
pub const MAX_LISTED: usize = 500;

/// Names of a day that are read: one more than can be listed tells that there are more.
const MAX_NAMED: usize = MAX_LISTED + 1;

/// Names of a day that are read to find those of one kind: all, but for a few beyond the bound.
const MAX_NAMED_OF_ALL_KINDS: usize = 1_000;
const _: () = assert!(MAX_NAMED_OF_ALL_KINDS as u64 >= MAX_PROBLEMS_A_DAY);

/// Problems that are read at the same time.
const AT_A_TIME: usize = 20;

/// Days of which it is known how many problems were not counted: counts are kept for so many.
const COUNTED_DAYS: usize = 7;

/// Which problems are listed.
#[derive(Debug, Clone, Copy)]
pub struct ProblemQuery {
    /// Of which days (UTC).
    pub days: Days,
    /// Of which kind only.
    pub kind: Option<MomentKind>,
    /// Whether only those that nobody had before the day on which somebody had it first.
    pub only_new: bool,
    /// So many of the most frequent are passed over.
    pub skip: usize,
    /// How many at most.
    pub limit: usize,
}

/// Problems of some days.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ProblemList {
    /// Those that most people had first.
    pub problems: Vec<CountedProblem>,
    /// Whether there are more of them, which can be listed.
    pub has_more: bool,
}

impl Problems<'_> {
    /// The problems that most people had, roughly: those of one list are in order, and none of the next list
    /// was had by twice as many people a day as one of this.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn list(self, query: ProblemQuery, now: Timestamp) -> Result<ProblemList, Error> {
        let end = query.skip.saturating_add(query.limit).min(MAX_LISTED);
        let named = self.named(query).await?;
        let has_more = named.len() > end && end < MAX_LISTED;
        let wanted = named.into_iter().take(end).skip(query.skip);
        let found = wanted.map(|fingerprint| self.find(fingerprint, query.days, now));
        let found: Vec<Option<CountedProblem>> = stream::iter(found)
            .buffered(AT_A_TIME)
            .try_collect()
            .await?;
        let mut problems: Vec<CountedProblem> = found.into_iter().flatten().collect();
        problems
            .sort_by_key(|problem| std::cmp::Reverse((problem.total.people, problem.last_seen)));
        Ok(ProblemList { problems, has_more })
    }

    /// The names of those that most people had, at most [`MAX_NAMED`].
    async fn named(self, query: ProblemQuery) -> Result<Vec<Fingerprint>, Error> {
        let lists = query
            .days
            .latest_first()
            .flat_map(|day| [(day, true), (day, false)])
            .filter(|(_, is_new)| *is_new || !query.only_new);
        let lists = lists.map(|(day, is_new)| self.named_on(day, is_new, query.kind));
        let lists: Vec<_> = stream::iter(lists)
            .buffered(AT_A_TIME)
            .try_collect()
            .await?;
        let mut weights: BTreeMap<Fingerprint, u64> = BTreeMap::new();
        for list in lists {
            let mut named = BTreeSet::new();
            for (power, fingerprint) in list {
                // It stands at two places while it moves, and the higher one comes first.
                if named.insert(fingerprint) {
                    *weights.entry(fingerprint).or_default() += 1 << power.min(40);
                }
            }
        }
        let mut named: Vec<_> = weights.into_iter().collect();
        named.sort_by_key(|(fingerprint, weight)| (std::cmp::Reverse(*weight), *fingerprint));
        let named = named.into_iter().map(|(fingerprint, _)| fingerprint);
        Ok(named.take(MAX_NAMED).collect())
    }

    /// The most frequent of a day that were new on it, or that were not.
    async fn named_on(
        self,
        day: Date,
        is_new: bool,
        kind: Option<MomentKind>,
    ) -> Result<Vec<(u32, Fingerprint)>, Error> {
        #[derive(Deserialize)]
        struct OfKind {
            kind: MomentKind,
        }

        let mut named = Vec::new();
        let mut start = None;
        let mut left = kind.map_or(MAX_NAMED, |_| MAX_NAMED_OF_ALL_KINDS);
        loop {
            let partition = rows::day_partition(self.scope.organization, day);
            let answer = self
                .scope
                .table
                .query(partition, "begins_with(SK, :prefix)")
                .expression_attribute_values(":prefix", text(rows::listed_prefix(is_new)))
                .scan_index_forward(false)
                .projection_expression(format!("{SORT}, #kind"))
                .expression_attribute_names("#kind", "kind")
                .limit(i32::try_from(left).unwrap_or(i32::MAX))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| table::Error::from_sdk("list problems", &error))?;
            let items = answer.items.unwrap_or_default();
            left = left.saturating_sub(items.len());
            for item in items {
                let sort = item.get(SORT).and_then(|sort| sort.as_s().ok());
                let Some(place) = sort.and_then(|sort| rows::parse_listed(sort)) else {
                    return Err(table::Error::corrupt("problem", "its key names none").into());
                };
                let is_wanted = match kind {
                    Some(kind) => parse::<OfKind>("problem", item)?.kind == kind,
                    None => true,
                };
                if is_wanted {
                    named.push(place);
                }
            }
            start = answer.last_evaluated_key;
            if start.is_none() || left == 0 || named.len() >= MAX_NAMED {
                break;
            }
        }
        Ok(named)
    }

    /// How often a problem was not counted, because its day had too many different ones; of the last seven of
    /// the days.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn uncounted(self, days: Days) -> Result<u64, Error> {
        let counters = Counters::of(self.scope);
        let days = days.latest_first().take(COUNTED_DAYS);
        let counts = days.map(|day| counters.read(day, Counter::UncountedProblems));
        Ok(try_join_all(counts).await?.iter().sum())
    }
}
