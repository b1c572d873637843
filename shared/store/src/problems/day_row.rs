//! A problem on a day, as it stands in its row.

use aws_sdk_dynamodb::types::AttributeValue;
use identity::SessionId;
use jiff::civil::Date;
use jiff::fmt::serde::timestamp::millisecond;
use jiff::{SignedDuration, Timestamp};
use replay::MomentKind;
use serde::{Deserialize, Serialize};
use table::{CALL, Item, parse};

use crate::Error;
use crate::problems::days::{end_of, start_of};
use crate::problems::occurrence::{Example, Occurrence};
use crate::problems::place::Place;
use crate::problems::sample::{Mark, Sample};
use crate::tenants::retention::{RetentionDays, expires_at};

/// Most examples of a day: its first ones.
const MAX_EXAMPLES: usize = 5;

/// When a problem was last there is written so often, where nothing else changes.
const LAST_SEEN_WITHIN: SignedDuration = SignedDuration::from_mins(1);

/// The row, apart from its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DayRow {
    pub(crate) kind: MomentKind,
    pub(crate) people: Sample,
    #[serde(with = "millisecond::required")]
    pub(crate) first_at: Timestamp,
    #[serde(with = "millisecond::required")]
    pub(crate) last_at: Timestamp,
    /// When it was first there at all, as far as is known.
    #[serde(with = "millisecond::required")]
    pub(crate) known_since: Timestamp,
    /// The first of the day, in order. A problem's words are theirs, so they go with whoever they are of.
    #[serde(default)]
    pub(crate) examples: Vec<Example>,
    /// How often it has changed its place among the day's problems.
    #[serde(default)]
    pub(crate) moves: u32,
    pub(crate) expires: i64,
}

/// Who had a problem.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visitor {
    pub(crate) person: Mark,
    pub(crate) session: Mark,
}

impl DayRow {
    /// The row of a problem that nobody had on that day before.
    pub(crate) fn first(occurrence: &Occurrence, known_since: Timestamp) -> Self {
        Self {
            kind: occurrence.kind,
            people: Sample::default(),
            first_at: occurrence.example.at,
            last_at: occurrence.last_at,
            known_since: known_since.min(occurrence.example.at),
            examples: Vec::new(),
            moves: 0,
            expires: 0,
        }
    }

    /// The row with one more who had it. Done again it changes nothing, and order does not matter, but where
    /// somebody has been identified: then whom they are identified as last counts.
    pub(crate) fn with(
        &self,
        occurrence: &Occurrence,
        visitor: Visitor,
        retention_days: RetentionDays,
    ) -> Self {
        let mut row = self.clone();
        let example = &occurrence.example;
        row.people.add(visitor.person, visitor.session);
        row.first_at = row.first_at.min(example.at);
        row.last_at = row.last_at.max(occurrence.last_at);
        row.known_since = row.known_since.min(example.at);
        let is_shown = |known: &Example| known.session == example.session;
        if !row.examples.iter().any(is_shown) {
            row.examples.push(example.clone());
            row.examples
                .sort_by(|one, other| (one.at, &one.session).cmp(&(other.at, &other.session)));
            row.examples.truncate(MAX_EXAMPLES);
        }
        let expires = expires_at(end_of(occurrence.day), retention_days);
        row.expires = row.expires.max(expires);
        row
    }

    /// The row without a session; `None` when there is nobody left.
    pub(crate) fn without(&self, session: &SessionId, mark: Mark) -> Option<Self> {
        let mut row = self.clone();
        row.people.remove(mark);
        row.examples.retain(|example| example.session != *session);
        (!row.people.is_empty() || !row.examples.is_empty()).then_some(row)
    }

    /// Whether it says more than the row that stands.
    pub(crate) fn is_news(&self, standing: &Self) -> bool {
        let later = self.last_at.duration_since(standing.last_at);
        let is_seen = Self {
            last_at: standing.last_at,
            ..self.clone()
        };
        is_seen != *standing || later >= LAST_SEEN_WITHIN
    }

    /// Where it stands among the day's problems.
    pub(crate) fn place(&self, day: Date) -> Place {
        let people = self.people.tally().people;
        Place {
            is_new: self.known_since >= start_of(day),
            power: u64::BITS - people.leading_zeros(),
        }
    }

    /// The problem in the words of the first who had it and is not forgotten.
    pub(crate) fn label(&self) -> Option<&str> {
        Some(self.examples.first()?.label.as_str())
    }
}

/// A row with what tells whether it has changed since.
#[derive(Debug)]
pub(crate) struct StoredDay {
    pub(crate) row: DayRow,
    pub(crate) call: Option<AttributeValue>,
}

impl StoredDay {
    pub(crate) fn parse(mut item: Item) -> Result<Self, Error> {
        let call = item.remove(CALL);
        let row = parse("problem", item)?;
        Ok(Self { row, call })
    }
}
