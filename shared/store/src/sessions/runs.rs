//! When a session is summarized: asking for a run, and beginning it.
//!
//! A busy session gets a chunk every second or so, and a run takes all that have come. So while a message
//! that asks for a run is under way, chunks send no other; `pending_since` in `META` says so.

use std::time::Duration;

use aws_sdk_dynamodb::types::ReturnValue;
use identity::SessionId;
use jiff::{SignedDuration, Timestamp};
use table::{Attempt, Conditional, attempt_in, number};

use crate::Error;
use crate::sessions::begun::SESSION_OVER_AFTER;
use crate::sessions::meta::Meta;
use crate::sessions::progress::Progress;
use crate::sessions::{Sessions, rows};
use crate::tenants::retention::{RetentionDays, expires_at};

/// After this long a message that nobody has worked on counts as lost, and the next chunk sends another.
const LOST_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// Runs of one session are at least this far apart. With the queue's own latency a busy session is summarized
/// about every five seconds, and what a run finds is visible within six seconds of its chunk.
const RUN_EVERY: SignedDuration = SignedDuration::from_secs(4);

/// Names the call that claimed the sending of a message last.
pub(crate) const CLAIM_CALL: &str = "claim_call";

/// A run that is to be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SummaryRequest {
    /// The delay that the message should have, in whole seconds.
    pub delay: Duration,
    /// No run was begun of the session yet, or for so long that it counts as over: unless it is noted again
    /// ([`Sessions::note_begun`]), nobody will look whether it was summarized.
    pub is_unwatched: bool,
}

impl Sessions<'_> {
    /// Claims the sending of a message that asks for a run; `None` when one is under way.
    ///
    /// `force` asks even when one is under way, at once: for a chunk sent again, because the message of its
    /// first time may never have been sent.
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
            request.update_expression(
                "SET pending_since = :now, last_chunk_at = if_not_exists(last_chunk_at, :now), \
                 began_at = if_not_exists(began_at, :now), \
                 retention_days = if_not_exists(retention_days, :days), expires = if_not_exists(expires, :expires)",
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
            is_unwatched: meta
                .last_run_at
                .is_none_or(|last| now.duration_since(last) >= SESSION_OVER_AFTER),
        }))
    }

    /// Takes back what [`Self::request_summary`] claimed at `now`, because the message could not be sent:
    /// the next chunk asks again, instead of relying on a run that nobody will do.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: the claim stands until it counts as
    /// lost.
    pub async fn withdraw_request(self, session: &SessionId, now: Timestamp) -> Result<(), Error> {
        self.scope
            .table
            .update(&rows::meta(self.scope.organization, session))
            .update_expression("REMOVE pending_since")
            // Another moment is another chunk's claim.
            .condition_expression("pending_since = :now")
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .attempt("withdraw a request")
            .await?;
        Ok(())
    }

    /// Begins a run; `None` when the session is unknown, has expired, or was erased.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn begin_summary(
        self,
        session: &SessionId,
        now: Timestamp,
    ) -> Result<Option<Progress>, Error> {
        // `pending_since` goes before the run lists its chunks. So a chunk that finds it set was stored
        // before this run's listing, which sees it; and one that finds it gone asks for a run of its own.
        // None is forgotten.
        let begun = self
            .scope
            .table
            .update(&rows::meta(self.scope.organization, session))
            .update_expression(
                "SET last_run_at = :now, version = if_not_exists(version, :zero), \
                 next_seq = if_not_exists(next_seq, :zero) REMOVE pending_since",
            )
            .condition_expression(
                "attribute_exists(PK) AND attribute_not_exists(erased_at) AND expires > :seconds",
            )
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":seconds", number(now.as_second()))
            .expression_attribute_values(":zero", number(0))
            .return_values(ReturnValue::AllNew)
            .attempt("begin a summary")
            .await?;
        let Some(row) = begun.done() else {
            return Ok(None);
        };
        let meta = Meta::parse(row)?;
        if let (Some(person), Some(row)) = (&meta.person, &meta.unlisted) {
            // An identification broke off between taking the session and listing it.
            self.list_unlisted(person, row, now).await?;
        }
        let is_moved = !meta.former.is_empty();
        if is_moved {
            // Another one may have broken off before it was moved, or a run has listed it where it was.
            Box::pin(self.rehome(session, &meta, now)).await?;
        }
        Ok(Some(Progress {
            organization: self.scope.organization.clone(),
            session: session.clone(),
            person: meta.person,
            next_seq: meta.next_seq,
            version: meta.version,
            state: meta.state,
            skipped: meta.skipped,
            last_chunk_at: meta.last_chunk_at,
            retention_days: meta.retention_days.into(),
            sort_at: meta.sort_at,
            indexed_until: meta.indexed_until,
            aliases: meta.aliases,
            is_moved,
        }))
    }
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
