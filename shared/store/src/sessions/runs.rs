//! Beginning a run.

use aws_sdk_dynamodb::types::ReturnValue;
use identity::SessionId;
use jiff::Timestamp;
use table::{Conditional, number};

use crate::Error;
use crate::sessions::meta::Meta;
use crate::sessions::progress::Progress;
use crate::sessions::{Sessions, rows};

impl Sessions<'_> {
    /// Begins a run; `None` when the session is unknown, has expired, or was erased.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn begin_summary(
        self,
        session: &SessionId,
        now: Timestamp,
    ) -> Result<Option<Progress>, Error> {
        self.begin(session, "pending_since", now).await
    }

    /// The same for a message that was delivered later, and is not under way any more.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn wake_summary(
        self,
        session: &SessionId,
        now: Timestamp,
    ) -> Result<Option<Progress>, Error> {
        self.begin(session, "pending_since, wake_at", now).await
    }

    async fn begin(
        self,
        session: &SessionId,
        answered: &str,
        now: Timestamp,
    ) -> Result<Option<Progress>, Error> {
        // The claim goes before the run lists its chunks. So a chunk that finds it set was stored before this
        // run's listing, which sees it; and one that finds it gone asks for a run of its own. None is
        // forgotten.
        let begun = self
            .scope
            .table
            .update(&rows::meta(self.scope.organization, session))
            .update_expression(format!(
                "SET last_run_at = :now, version = if_not_exists(version, :zero), \
                 next_seq = if_not_exists(next_seq, :zero) REMOVE has_gap, {answered}",
            ))
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
        let checkpoint = meta.checkpoint();
        Ok(Some(Progress {
            organization: self.scope.organization.clone(),
            session: session.clone(),
            person: meta.person,
            next_seq: meta.next_seq,
            version: meta.version,
            checkpoint,
            skipped: meta.skipped,
            last_chunk_at: meta.last_chunk_at,
            retention_days: meta.retention_days.into(),
            sort_at: meta.sort_at,
            indexed_until: meta.indexed_until,
            aliases: meta.aliases,
            is_moved,
            brought: meta.brought,
        }))
    }
}
