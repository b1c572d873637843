//! Asking for a run: at once, or later.
//!
//! What a teammate is to see at once (another page, an error, rage) is summarized at once. Everything else
//! waits for a run that takes what came in half a minute. While a message that asks for a run is under way,
//! chunks send no other: `pending_since` in `META` says so of one that asks for a run at once, and `wake_at`
//! of one that is delivered later.

use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use identity::SessionId;
use jiff::{SignedDuration, Timestamp};
use table::{Attempt, Conditional, attempt_in, number};

use crate::Error;
use crate::sessions::begun::SESSION_OVER_AFTER;
use crate::sessions::meta::Meta;
use crate::sessions::{Sessions, rows};
use crate::tenants::retention::{RetentionDays, expires_at};

/// This long after it should have been delivered, a message that nobody has worked on counts as lost, and the
/// next chunk sends another.
const LOST_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// Runs of one session are at least this far apart. With the queue's own latency a session in which much is
/// urgent is summarized about every five seconds, and what a run finds is visible within six seconds of its
/// chunk.
const RUN_EVERY: SignedDuration = SignedDuration::from_secs(4);

/// How long a chunk that is not urgent waits for a run. With our recorder's ten seconds between chunks, a
/// summary is behind by less than the minute for which somebody counts as live.
const WAKE_AFTER: SignedDuration = SignedDuration::from_secs(25);

/// Names the call that claimed the sending of a message last.
pub(crate) const CLAIM_CALL: &str = "claim_call";

/// A run that is to be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SummaryRequest {
    /// The delay that the message should have, in whole seconds.
    pub delay: Duration,
    /// When the message is to be delivered, if that is later: it wakes whoever summarizes the session.
    pub wake_at: Option<Timestamp>,
    /// No run was begun of the session yet, or for so long that it counts as over: unless it is noted again
    /// ([`Sessions::note_begun`]), nobody will look whether it was summarized.
    pub is_unwatched: bool,
    /// Nothing had been heard of the session before.
    pub is_new_session: bool,
}

impl Sessions<'_> {
    /// Claims the sending of a message that asks for a run at once; `None` when one is under way.
    ///
    /// `force` asks even when one is under way, at once: for a chunk sent again, because the message of its
    /// first time may never have been sent, whatever it claimed.
    ///
    /// # Errors
    /// [`Error::Erased`]: what was stored is to be discarded again
    /// ([`OrganizationRecordings::discard_chunk`]). [`table::Error::Unavailable`] when the table does not
    /// answer: no message is under way, the chunk is to be sent again.
    ///
    /// [`OrganizationRecordings::discard_chunk`]: crate::OrganizationRecordings::discard_chunk
    pub async fn request_summary(
        self,
        session: &SessionId,
        retention_days: RetentionDays,
        now: Timestamp,
        force: bool,
    ) -> Result<Option<SummaryRequest>, Error> {
        let request = self
            .scope
            .table
            .update(&rows::meta(self.scope.organization, session));
        let request = if force {
            request
                .update_expression(
                    "SET pending_since = :now, last_chunk_at = if_not_exists(last_chunk_at, :now), \
                 began_at = if_not_exists(began_at, :now), \
                 retention_days = if_not_exists(retention_days, :days), \
                 expires = if_not_exists(expires, :expires) REMOVE wake_at",
                )
                .condition_expression("attribute_not_exists(erased_at)")
        } else {
            request
                .update_expression(
                    "SET pending_since = :now, last_chunk_at = :now, \
                     began_at = if_not_exists(began_at, :now), \
                     retention_days = :days, expires = :expires",
                )
                .condition_expression(
                    "attribute_not_exists(erased_at) AND \
                     (attribute_not_exists(pending_since) OR pending_since <= :lost)",
                )
                .expression_attribute_values(":lost", number((now - LOST_AFTER).as_millisecond()))
        };
        let request = request
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":days", number(retention_days.get()))
            .expression_attribute_values(":expires", number(expires_at(now, retention_days)))
            .return_values(ReturnValue::AllNew);
        // Whoever identifies the session at this moment writes the same row.
        let requested = attempt_in(request, "request a summary", CLAIM_CALL).await?;
        let meta = match requested {
            Attempt::Done(row) => Meta::parse(row)?,
            Attempt::Refused(row) if row.contains_key("erased_at") => return Err(Error::Erased),
            Attempt::Refused(_) => return Ok(None),
        };
        let last_run = meta.last_run_at.filter(|_| !force);
        Ok(Some(SummaryRequest {
            delay: last_run.map_or(Duration::ZERO, |last| delay_after(last, now)),
            wake_at: None,
            is_unwatched: is_unwatched(&meta, now),
            is_new_session: meta.is_begun_at(now),
        }))
    }

    /// Claims the sending of a message that asks for a run later; `None` when a message is under way, be it
    /// at once or later. Before the first run of all, and where chunks wait for the one with the number
    /// `seq`, it is one at once.
    ///
    /// Reads first: most chunks find a message under way, and a read costs a fifth of a write that is
    /// refused.
    ///
    /// # Errors
    /// As [`Self::request_summary`].
    pub async fn request_summary_later(
        self,
        session: &SessionId,
        seq: u32,
        retention_days: RetentionDays,
        now: Timestamp,
    ) -> Result<Option<SummaryRequest>, Error> {
        let meta = self.meta(session).await?.unwrap_or_default();
        if meta.is_erased() {
            return Err(Error::Erased);
        }
        let is_under_way =
            |asked: Option<Timestamp>| asked.is_some_and(|asked| asked > now - LOST_AFTER);
        let is_waited_for = meta.has_gap && seq <= meta.next_seq;
        if is_under_way(meta.pending_since) || (is_under_way(meta.wake_at) && !is_waited_for) {
            return Ok(None);
        }
        if meta.last_run_at.is_none() || is_waited_for {
            return self
                .request_summary(session, retention_days, now, false)
                .await;
        }
        let wake_at = now + WAKE_AFTER;
        let request = self
            .scope
            .table
            .update(&rows::meta(self.scope.organization, session))
            .update_expression(
                "SET wake_at = :wake_at, last_chunk_at = :now, retention_days = :days, expires = :expires",
            )
            .condition_expression(
                "attribute_not_exists(erased_at) AND \
                 (attribute_not_exists(wake_at) OR wake_at <= :lost)",
            )
            .expression_attribute_values(":lost", number((now - LOST_AFTER).as_millisecond()))
            .expression_attribute_values(":wake_at", number(wake_at.as_millisecond()))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":days", number(retention_days.get()))
            .expression_attribute_values(":expires", number(expires_at(now, retention_days)))
            .return_values(ReturnValue::AllNew);
        match attempt_in(request, "request a summary", CLAIM_CALL).await? {
            Attempt::Done(_) => Ok(Some(SummaryRequest {
                delay: WAKE_AFTER.unsigned_abs(),
                wake_at: Some(wake_at),
                is_unwatched: is_unwatched(&meta, now),
                is_new_session: false,
            })),
            Attempt::Refused(row) if row.contains_key("erased_at") => Err(Error::Erased),
            Attempt::Refused(_) => Ok(None),
        }
    }

    /// Notes that a run has found chunks beyond a gap, until the next one begins.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn note_gap(self, session: &SessionId) -> Result<(), Error> {
        self.scope
            .table
            .update(&rows::meta(self.scope.organization, session))
            .update_expression("SET has_gap = :yes")
            .condition_expression("attribute_exists(PK) AND attribute_not_exists(erased_at)")
            .expression_attribute_values(":yes", AttributeValue::Bool(true))
            .attempt("note a gap")
            .await?;
        Ok(())
    }

    /// Takes back what was claimed at `now`, because the message could not be sent: the next chunk asks
    /// again, instead of relying on a run that nobody will do.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: the claim stands until it counts as
    /// lost.
    pub async fn withdraw_request(
        self,
        session: &SessionId,
        request: &SummaryRequest,
        now: Timestamp,
    ) -> Result<(), Error> {
        // Another moment is another chunk's claim.
        let (claim, at) = match request.wake_at {
            Some(wake_at) => ("wake_at", wake_at),
            None => ("pending_since", now),
        };
        self.scope
            .table
            .update(&rows::meta(self.scope.organization, session))
            .update_expression(format!("REMOVE {claim}"))
            .condition_expression(format!("{claim} = :at"))
            .expression_attribute_values(":at", number(at.as_millisecond()))
            .attempt("withdraw a request")
            .await?;
        Ok(())
    }
}

fn is_unwatched(meta: &Meta, now: Timestamp) -> bool {
    meta.last_run_at
        .is_none_or(|last| now.duration_since(last) >= SESSION_OVER_AFTER)
}

/// How long a run that is asked for `now` has to wait, rounded up to the whole seconds that queues know.
fn delay_after(last_run: Timestamp, now: Timestamp) -> Duration {
    let wait = RUN_EVERY - now.duration_since(last_run);
    let seconds = wait.as_millis().max(0).cast_unsigned().div_ceil(1000);
    Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_waits_until_the_last_one_is_four_seconds_ago() {
        let now = Timestamp::from_second(1_000).unwrap();
        for (milliseconds_ago, seconds) in [
            (0, 4),
            (1, 4),
            (999, 4),
            (1_000, 3),
            (3_999, 1),
            (4_000, 0),
            (90_000, 0),
        ] {
            let last_run = now - SignedDuration::from_millis(milliseconds_ago);
            assert_eq!(
                delay_after(last_run, now),
                Duration::from_secs(seconds),
                "{milliseconds_ago} ms ago"
            );
        }
    }
}
