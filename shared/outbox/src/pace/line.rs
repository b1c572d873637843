//! When whoever finds the window spent has its turn.
//!
//! Not everybody who was turned away by one window can come back in the next: where many lanes wait, most
//! would be turned away again, window after window. So each has a place in one line over all instances, as
//! far behind the one before it as a call is in a window. An instance takes places in lots, so that a place
//! costs a fraction of a write.

use aws_sdk_dynamodb::types::ReturnValue;
use identity::WorkspaceId;
use jiff::Timestamp;
use serde::Deserialize;
use table::{Attempt, Conditional, number, parse};

use super::budget::{ASSUMED_LIMIT, Allowances, WINDOW_SECONDS};
use super::rows;
use crate::{Error, OrganizationOutbox};

/// Places that are taken at once.
const LOT: i64 = 20;

/// Longest wait, ms: for how long an event is tried at all. Whoever stands behind comes back then, and stands
/// in line again.
const LONGEST_MS: i64 = 12 * 60 * 60 * 1_000;

/// Places that a process has taken, and not given away.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Places {
    /// When the next one has its turn, µs since 1970.
    next: i64,
    left: i64,
}

#[derive(Deserialize)]
struct LineRow {
    /// The end of the line, µs since 1970.
    line: i64,
}

impl Places {
    /// The next place that is not before `opens`.
    fn take(&mut self, opens: i64, step: i64) -> Option<i64> {
        if self.left <= 0 || self.next < opens {
            return None;
        }
        let place = self.next;
        self.next += step;
        self.left -= 1;
        Some(place)
    }
}

impl OrganizationOutbox<'_> {
    /// When a lane comes back that found the window spent, which opens at `opens_at`: behind all that were
    /// turned away before it.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn stand_in_line(
        &self,
        allowances: &Allowances,
        workspace: &WorkspaceId,
        opens_at: Timestamp,
        now: Timestamp,
    ) -> Result<Timestamp, Error> {
        const ROUNDS: usize = 4;
        let limit = allowances.limit(self.organization, workspace);
        let calls = (limit.unwrap_or(ASSUMED_LIMIT) * 9 / 10).max(1);
        let step = WINDOW_SECONDS * 1_000_000 / calls;
        let opens = opens_at.as_microsecond();
        let most = now.as_microsecond() + LONGEST_MS * 1_000;
        let at = |place: i64| Timestamp::from_microsecond(place.min(most)).unwrap_or(opens_at);
        let taken = allowances.with_places(self.organization, workspace, |places| {
            places.take(opens, step)
        });
        if let Some(place) = taken {
            return Ok(at(place));
        }
        // Mostly nobody stands in line.
        let mut is_empty = true;
        for _ in 0..ROUNDS {
            let attempt = self.take_places(workspace, (opens, step * LOT), is_empty);
            let end = match attempt.await? {
                Attempt::Done(row) => parse::<LineRow>("line", row)?.line,
                Attempt::Refused(_) => {
                    is_empty = !is_empty;
                    continue;
                }
            };
            let first = end - step * LOT;
            allowances.with_places(self.organization, workspace, |places| {
                *places = Places {
                    next: first + step,
                    left: LOT - 1,
                };
            });
            return Ok(at(first));
        }
        Ok(opens_at)
    }

    async fn take_places(
        &self,
        workspace: &WorkspaceId,
        (opens, lot): (i64, i64),
        is_empty: bool,
    ) -> Result<Attempt, Error> {
        let update = self
            .table
            .update(&rows::budget(self.organization, workspace))
            .expression_attribute_values(":opens", number(opens))
            .return_values(ReturnValue::AllNew);
        let update = match is_empty {
            true => update
                .update_expression("SET line = :end")
                .condition_expression("attribute_not_exists(line) OR line < :opens")
                .expression_attribute_values(":end", number(opens + lot)),
            false => update
                .update_expression("SET line = line + :lot")
                .condition_expression("line >= :opens")
                .expression_attribute_values(":lot", number(lot)),
        };
        Ok(update.attempt("stand in line for Intercom").await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_a_lot_are_given_once_and_not_those_that_have_passed() {
        let mut places = Places { next: 100, left: 3 };
        assert_eq!(places.take(90, 10), Some(100));
        assert_eq!(places.take(115, 10), None, "it is too early");
        assert_eq!(places.take(110, 10), Some(110));
        assert_eq!(places.take(110, 10), Some(120));
        assert_eq!(places.take(110, 10), None, "there are no more");
    }
}
