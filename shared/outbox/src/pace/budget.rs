//! How many calls a workspace has left, over all instances.
//!
//! Intercom counts calls in windows of ten seconds. An instance may make a hundredth of them unasked, so
//! that a quiet one writes nothing; beyond, instances reserve calls in lots, with a write that holds
//! only while there is room for it in nine tenths of the window. What Intercom's own headers say is
//! obeyed where it says less.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use aws_sdk_dynamodb::types::ReturnValue;
use identity::{OrganizationId, WorkspaceId};
use intercom::rest::RateLimit;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use table::{Attempt, Conditional, number, parse};

use super::line::Places;
use super::rows;
use crate::{Error, OrganizationOutbox};

/// A window of Intercom's (its documentation: 10,000 calls a minute, metered in windows of ten seconds).
pub(super) const WINDOW_SECONDS: i64 = 10;

/// Calls in a window until Intercom says how many there are.
pub(super) const ASSUMED_LIMIT: i64 = 1_666;

/// Calls that are reserved at once, at most: few enough that what an instance leaves is no loss.
const LARGEST_LOT: i64 = 20;

/// Calls that this process has left, workspace by workspace.
#[derive(Debug, Default)]
pub struct Allowances {
    of: Mutex<HashMap<(OrganizationId, WorkspaceId), Allowance>>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Allowance {
    window: i64,
    left: i64,
    limit: Option<i64>,
    /// Nobody calls before then, ms.
    closed_until: i64,
    places: Places,
}

#[derive(Default, Deserialize)]
struct BudgetRow {
    #[serde(default, rename = "w")]
    window: i64,
    #[serde(default)]
    closed_until: i64,
    #[serde(default)]
    most: Option<i64>,
}

/// Whether a call may be made.
pub(crate) enum Reserved {
    /// It may.
    Granted,
    /// Not before then.
    NotBefore(Timestamp),
}

impl Allowances {
    fn take(&self, key: &(OrganizationId, WorkspaceId), window: i64) -> Option<Option<i64>> {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        let allowance = of.entry(key.clone()).or_default();
        if allowance.window != window {
            allowance.window = window;
            allowance.left = allowance.limit.unwrap_or(ASSUMED_LIMIT) / 100;
        }
        if allowance.left > 0 {
            allowance.left -= 1;
            return None;
        }
        Some(allowance.limit)
    }

    fn give(
        &self,
        key: &(OrganizationId, WorkspaceId),
        window: i64,
        left: i64,
        limit: Option<i64>,
    ) {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        let allowance = of.entry(key.clone()).or_default();
        allowance.window = window;
        allowance.left = left;
        allowance.limit = limit.or(allowance.limit);
    }

    fn close(&self, key: &(OrganizationId, WorkspaceId), until: Timestamp) {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        let allowance = of.entry(key.clone()).or_default();
        allowance.left = 0;
        allowance.closed_until = allowance.closed_until.max(until.as_millisecond());
    }

    /// Calls in a window, as far as this process has heard.
    pub(super) fn limit(
        &self,
        organization: &OrganizationId,
        workspace: &WorkspaceId,
    ) -> Option<i64> {
        let key = (organization.clone(), workspace.clone());
        let of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        of.get(&key)?.limit
    }

    pub(super) fn with_places<T>(
        &self,
        organization: &OrganizationId,
        workspace: &WorkspaceId,
        change: impl FnOnce(&mut Places) -> T,
    ) -> T {
        let key = (organization.clone(), workspace.clone());
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut of.entry(key).or_default().places)
    }

    /// Until when nobody may call, as far as this process has heard.
    #[must_use]
    pub fn closed_until(
        &self,
        organization: &OrganizationId,
        workspace: &WorkspaceId,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let key = (organization.clone(), workspace.clone());
        let of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        let until = Timestamp::from_millisecond(of.get(&key)?.closed_until).ok()?;
        (until > now).then_some(until)
    }
}

impl OrganizationOutbox<'_> {
    /// Takes one call out of the workspace's window.
    pub(crate) async fn reserve_call(
        &self,
        allowances: &Allowances,
        workspace: &WorkspaceId,
        now: Timestamp,
    ) -> Result<Reserved, Error> {
        const ROUNDS: usize = 4;
        let window = now.as_second().div_euclid(WINDOW_SECONDS);
        let key = (self.organization.clone(), workspace.clone());
        if let Some(until) = allowances.closed_until(self.organization, workspace, now) {
            return Ok(Reserved::NotBefore(until));
        }
        let Some(limit) = allowances.take(&key, window) else {
            return Ok(Reserved::Granted);
        };
        let mut limit = limit.unwrap_or(ASSUMED_LIMIT);
        // Mostly nobody has been here in this window.
        let mut is_new = true;
        for _ in 0..ROUNDS {
            let lot = (limit / 50).clamp(1, LARGEST_LOT);
            let attempt = self.reserve(workspace, (window, is_new), (lot, limit), now);
            let row = match attempt.await? {
                Attempt::Done(row) => {
                    let row: BudgetRow = parse("budget", row)?;
                    allowances.give(&key, window, lot - 1, row.most);
                    return Ok(Reserved::Granted);
                }
                Attempt::Refused(row) => parse::<BudgetRow>("budget", row)?,
            };
            if row.closed_until > now.as_millisecond() {
                let open = Timestamp::from_millisecond(row.closed_until).unwrap_or(now);
                allowances.close(&key, open);
                return Ok(Reserved::NotBefore(open));
            }
            let most = row.most.unwrap_or(limit);
            let was_new = std::mem::replace(&mut is_new, row.window < window);
            // The window is full, by what everybody knows of it.
            if !was_new && !is_new && most >= limit {
                break;
            }
            limit = most;
        }
        let open = window_end(window);
        allowances.close(&key, open);
        Ok(Reserved::NotBefore(open))
    }

    async fn reserve(
        &self,
        workspace: &WorkspaceId,
        (window, is_new): (i64, bool),
        (lot, limit): (i64, i64),
        now: Timestamp,
    ) -> Result<Attempt, Error> {
        let update = self
            .table
            .update(&rows::budget(self.organization, workspace))
            .expression_attribute_names("#used", "used")
            .expression_attribute_values(":w", number(window))
            .expression_attribute_values(":lot", number(lot))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .return_values(ReturnValue::AllNew);
        let open = "(attribute_not_exists(closed_until) OR closed_until <= :now)";
        let update = match is_new {
            true => update
                .update_expression("SET w = :w, #used = :lot")
                .condition_expression(format!("(attribute_not_exists(w) OR w < :w) AND {open}")),
            false => update
                .update_expression("SET #used = #used + :lot")
                .condition_expression(format!("w = :w AND #used <= :room AND {open}"))
                .expression_attribute_values(":room", number((limit * 9 / 10 - lot).max(0))),
        };
        Ok(update.attempt("reserve calls of Intercom").await?)
    }

    /// Heeds what Intercom says of its window: how many calls it has, and that none are left.
    pub(crate) async fn heed_limit(
        &self,
        allowances: &Allowances,
        workspace: &WorkspaceId,
        said: &RateLimit,
        now: Timestamp,
    ) -> Result<(), Error> {
        let window = now.as_second().div_euclid(WINDOW_SECONDS);
        let key = (self.organization.clone(), workspace.clone());
        let known = {
            let of = allowances.of.lock().unwrap_or_else(PoisonError::into_inner);
            of.get(&key).copied().unwrap_or_default()
        };
        let limit = said.limit.map(i64::from).filter(|limit| *limit > 0);
        if let Some(limit) = limit.filter(|limit| known.limit != Some(*limit)) {
            let update = self
                .table
                .update(&rows::budget(self.organization, workspace));
            update
                .update_expression("SET most = :most")
                .expression_attribute_values(":most", number(limit))
                .send()
                .await
                .map_err(|error| table::Error::from_sdk("note a rate limit", &error))?;
            let left = known.left.min(limit / 50);
            allowances.give(&key, window, left, Some(limit));
        }
        if said.remaining == Some(0) {
            self.close_window(allowances, workspace, reset(Some(said), now))
                .await?;
        }
        Ok(())
    }

    /// Lets nobody call until then.
    pub(crate) async fn close_window(
        &self,
        allowances: &Allowances,
        workspace: &WorkspaceId,
        until: Timestamp,
    ) -> Result<(), Error> {
        allowances.close(&(self.organization.clone(), workspace.clone()), until);
        let update = self
            .table
            .update(&rows::budget(self.organization, workspace));
        update
            .update_expression("SET closed_until = :until")
            .condition_expression("attribute_not_exists(closed_until) OR closed_until < :until")
            .expression_attribute_values(":until", number(until.as_millisecond()))
            .attempt("close a window of Intercom's")
            .await?;
        Ok(())
    }
}

/// When Intercom's next window begins: by its own clock, and within a minute whatever it says.
pub(crate) fn reset(said: Option<&RateLimit>, now: Timestamp) -> Timestamp {
    const LONGEST: SignedDuration = SignedDuration::from_secs(60);
    let wait = said.map(|said| match said.resets_in {
        Some(wait) => SignedDuration::try_from(wait).unwrap_or(LONGEST),
        None => said.reset.duration_since(now),
    });
    let wait = wait.unwrap_or(SignedDuration::from_secs(WINDOW_SECONDS));
    let wait = wait.clamp(SignedDuration::from_secs(1), LONGEST);
    now.checked_add(wait).unwrap_or(now)
}

fn window_end(window: i64) -> Timestamp {
    let second = (window + 1).saturating_mul(WINDOW_SECONDS);
    Timestamp::from_second(second).unwrap_or(Timestamp::MAX)
}
