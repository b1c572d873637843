//! Calls for whoever can wait: deliveries go first.

use identity::WorkspaceId;
use intercom::rest::RateLimit;
use jiff::Timestamp;
use table::{Attempt, parse};

use super::budget::{self, ASSUMED_LIMIT, Allowances, BudgetRow, WINDOW_SECONDS};
use crate::{Error, OrganizationOutbox};

/// Calls that are reserved at once: few enough that what is left of them is no loss.
const LOT: i64 = 10;

/// Calls that whoever can wait may make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spare {
    /// So many, now.
    Granted(u32),
    /// None before then.
    NotBefore(Timestamp),
}

impl OrganizationOutbox<'_> {
    /// Takes some calls out of the workspace's window, as long as half of it stays free.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn reserve_spare_calls(
        &self,
        workspace: &WorkspaceId,
        now: Timestamp,
    ) -> Result<Spare, Error> {
        const ROUNDS: usize = 4;
        let window = now.as_second().div_euclid(WINDOW_SECONDS);
        let mut limit = ASSUMED_LIMIT;
        let mut is_new = false;
        for _ in 0..ROUNDS {
            let lot = LOT.min(limit / 2).max(1);
            let room = limit / 2 - lot;
            let attempt = self.reserve(workspace, (window, is_new), (lot, room), now);
            let row: BudgetRow = match attempt.await? {
                Attempt::Done(row) => {
                    let row: BudgetRow = parse("budget", row)?;
                    let most = row.most.unwrap_or(limit);
                    let granted = lot.min(most / 2).max(1);
                    return Ok(Spare::Granted(u32::try_from(granted).unwrap_or(1)));
                }
                Attempt::Refused(row) => parse("budget", row)?,
            };
            if row.closed_until > now.as_millisecond() {
                let open = Timestamp::from_millisecond(row.closed_until).unwrap_or(now);
                return Ok(Spare::NotBefore(open));
            }
            let most = row.most.unwrap_or(ASSUMED_LIMIT);
            let turns_new = row.window < window;
            if !turns_new && !is_new && most == limit {
                break;
            }
            (is_new, limit) = (turns_new, most);
        }
        Ok(Spare::NotBefore(budget::window_end(window)))
    }

    /// Heeds what an answer to whoever can wait says of the window: how many calls it has, and whether any
    /// are left.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn heed_answer(
        &self,
        allowances: &Allowances,
        workspace: &WorkspaceId,
        said: &RateLimit,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.heed_limit(allowances, workspace, said, now).await
    }

    /// Lets nobody call the workspace before the window ends that Intercom has refused a call in (429); when
    /// that is.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn heed_refusal(
        &self,
        allowances: &Allowances,
        workspace: &WorkspaceId,
        said: Option<&RateLimit>,
        now: Timestamp,
    ) -> Result<Timestamp, Error> {
        let until = budget::reset(said, now);
        self.close_window(allowances, workspace, until).await?;
        Ok(until)
    }
}
