//! From chunks to a summary: what a run starts from, and what it saves.

use aws_sdk_dynamodb::types::ReturnValue;
use identity::{OrganizationId, PersonId, SessionId};
use jiff::Timestamp;
use replay::Summary;
use table::{Conditional, attempt_in, nested, number, text};

use crate::Error;
use crate::problems::brought::Brought;
use crate::sessions::checkpoint::Checkpoint;
use crate::sessions::gap::Gap;
use crate::sessions::listing::ListedRow;
use crate::sessions::meta::Meta;
use crate::sessions::object_path::ObjectPath;
use crate::sessions::objects::Class;
use crate::sessions::recordings::Recordings;
use crate::sessions::{Sessions, objects, rows};
use crate::tenants::retention::{RetentionDays, expires_at};

/// Names the call that saved a summary last.
pub(crate) const SAVE_CALL: &str = "save_call";

/// How far a session is summarized: what a run starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Whose session.
    pub organization: OrganizationId,
    /// Which session.
    pub session: SessionId,
    /// Its owner, once identified.
    pub person: Option<PersonId>,
    /// The first chunk that has not been summarized.
    pub next_seq: u32,
    /// Counts the summaries saved.
    pub version: u64,
    /// Where a run can begin; `None`: with the first chunk. See [`Recordings::read_state`].
    pub checkpoint: Option<Checkpoint>,
    /// The gaps skipped so far.
    pub skipped: Vec<Gap>,
    /// When a chunk last asked for a run; chunks that found one under way came up to a minute later.
    pub last_chunk_at: Option<Timestamp>,
    /// How long what the run writes is kept, days.
    pub retention_days: RetentionDays,
    pub(crate) sort_at: Option<u64>,
    /// When the row of the index expires, seconds since 1970; 0 while there is none.
    pub(crate) indexed_until: i64,
    /// What it was identified by, sealed.
    pub(crate) aliases: Vec<Vec<u8>>,
    /// Whether it has just been moved from another owner's list.
    pub(crate) is_moved: bool,
    /// The problems that it has brought so far.
    pub(crate) brought: Brought,
}

/// What a run has made of a session.
#[derive(Debug, Clone, PartialEq)]
pub struct Advance {
    /// The first chunk that it did not take.
    pub next_seq: u32,
    /// Path of the state after the chunks before `next_seq`, from [`Recordings::write_state`]; `None` leaves
    /// the checkpoint where it is.
    pub state: Option<ObjectPath>,
    /// The summary of all chunks before `next_seq`; `None` before the first event.
    pub summary: Option<Summary>,
    /// The summary that the run started from: what of it lists show is not written again.
    pub before: Option<Summary>,
    /// When the last chunk that it took had arrived.
    pub received_at: Timestamp,
    /// All gaps skipped, those of [`Progress::skipped`] included.
    pub skipped: Vec<Gap>,
}

impl Advance {
    /// Where the next run can begin.
    fn checkpoint(&self, progress: &Progress) -> Option<Checkpoint> {
        let new = self.state.clone().map(|state| Checkpoint {
            next_seq: self.next_seq,
            state,
        });
        new.or_else(|| progress.checkpoint.clone())
    }
}

/// Whether what a run made counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaveOutcome {
    /// It is the session's summary now.
    Saved,
    /// Another run was faster, or the session got its owner meanwhile: start again from
    /// [`Sessions::begin_summary`].
    Outrun,
}

impl Recordings {
    /// The analyzer's state of the last checkpoint; `None` when there is none.
    ///
    /// # Errors
    /// [`table::Error::Vanished`] when another run has replaced it: start again from
    /// [`Sessions::begin_summary`].
    pub async fn read_state(&self, progress: &Progress) -> Result<Option<Vec<u8>>, Error> {
        match &progress.checkpoint {
            Some(checkpoint) => self.read_checkpoint(checkpoint).await.map(Some),
            None => Ok(None),
        }
    }

    /// Writes the analyzer's state after a run and returns its path, for [`Advance::state`].
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the bucket does not answer.
    pub async fn write_state(
        &self,
        progress: &Progress,
        state: &[u8],
    ) -> Result<ObjectPath, Error> {
        let path = objects::path(
            Class::State,
            progress.retention_days,
            &progress.organization,
            &progress.session,
            progress.version + 1,
            &table::digest(state),
        );
        self.bucket.put(&path, state).await?;
        Ok(ObjectPath::of(&path))
    }

    /// Saves what a run has made, unless another run has saved since this one began.
    ///
    /// The lists come first and `META` second: a run that breaks off in between is done again from the old
    /// progress and overwrites what it listed. Before the first of all stands its place, so that it is listed
    /// there for good.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: run again.
    pub async fn save_summary(
        &self,
        progress: &Progress,
        advance: &Advance,
        now: Timestamp,
    ) -> Result<SaveOutcome, Error> {
        let outcome = self.save(progress, advance, now).await?;
        if outcome == SaveOutcome::Outrun {
            self.take_back(progress, advance, now).await?;
        }
        Ok(outcome)
    }

    async fn save(
        &self,
        progress: &Progress,
        advance: &Advance,
        now: Timestamp,
    ) -> Result<SaveOutcome, Error> {
        let sessions = self.of(&progress.organization).sessions();
        let mut saved = Saved {
            row: None,
            indexed_until: progress.indexed_until,
            brought: Brought::default(),
        };
        if let Some(summary) = &advance.summary {
            let Some(sort_at) = sessions.place(progress, summary, now).await? else {
                return Ok(SaveOutcome::Outrun);
            };
            let row = listed(progress, advance, summary, sort_at)?;
            let before = advance.before.as_ref();
            saved.indexed_until = sessions
                .index_session(progress, before, summary, &row)
                .await?;
            if let Some(person) = &progress.person
                && !sessions.put_in_list(person, &row, now).await?
            {
                return Ok(SaveOutcome::Outrun);
            }
            saved.row = Some(row);
        }
        saved.brought = sessions.bringing(progress, advance);
        if !sessions.save_progress(progress, advance, &saved).await? {
            return Ok(SaveOutcome::Outrun);
        }
        if let (Some(_), Some(replaced)) = (&advance.state, &progress.checkpoint) {
            self.bucket.discard(&replaced.state.path()?).await;
        }
        Ok(SaveOutcome::Saved)
    }
}

impl Recordings {
    /// Leaves nothing of a run during which the session was erased, or moved to another owner.
    async fn take_back(
        &self,
        progress: &Progress,
        advance: &Advance,
        now: Timestamp,
    ) -> Result<(), Error> {
        let sessions = self.of(&progress.organization).sessions();
        let session = &progress.session;
        let Some(meta) = sessions.meta(session).await? else {
            return Ok(());
        };
        if !meta.is_erased() {
            if let Some(person) = progress.person.as_ref()
                && meta.person.as_ref() != Some(person)
            {
                let sort_at = progress.sort_at.or(meta.sort_at);
                let rows = sessions.rows_of_list(session, person, sort_at);
                let table = sessions.scope.table;
                table.delete_all("move a session", &rows).await?;
            }
            return Ok(());
        }
        let summary = advance.summary.as_ref();
        let row = summary.map(|summary| {
            let sort_at = progress.sort_at.or(meta.sort_at);
            listed(progress, advance, summary, sort_at.unwrap_or_default())
        });
        let left = Meta {
            person: progress.person.clone(),
            sort_at: progress.sort_at.or(meta.sort_at),
            unlisted: row.transpose()?,
            ..Meta::default()
        };
        sessions.unlist(session, &left, now).await?;
        sessions.unindex(session, &left, false).await?;
        if let Some(state) = &advance.state {
            self.bucket.delete_all(vec![state.path()?]).await?;
        }
        Ok(())
    }
}

/// What lists show of a summary, and what is to be counted of it.
struct Saved {
    row: Option<ListedRow>,
    indexed_until: i64,
    brought: Brought,
}

impl Sessions<'_> {
    /// The session's place in every list, which the first summary decides; `None` when another run has saved
    /// since this one began.
    async fn place(
        self,
        progress: &Progress,
        summary: &Summary,
        now: Timestamp,
    ) -> Result<Option<u64>, Error> {
        if progress.sort_at.is_some() {
            return Ok(progress.sort_at);
        }
        // The visitor's clock may be wrong: a session from the future would stay on top of the list for good.
        let started = summary.started_at.min(now).as_millisecond().max(0);
        let placed = self
            .scope
            .table
            .update(&rows::meta(self.scope.organization, &progress.session))
            .update_expression("SET sort_at = if_not_exists(sort_at, :started)")
            .condition_expression("version = :old")
            .expression_attribute_values(":started", number(started))
            .expression_attribute_values(":old", number(progress.version.cast_signed()))
            .return_values(ReturnValue::AllNew)
            .attempt("place a session")
            .await?;
        let Some(placed) = placed.done() else {
            return Ok(None);
        };
        Ok(Meta::parse(placed)?.sort_at)
    }

    /// Records in `META` what was saved; `false` when it has changed since the run began.
    async fn save_progress(
        self,
        progress: &Progress,
        advance: &Advance,
        saved: &Saved,
    ) -> Result<bool, Error> {
        let mut set = "version = :new, next_seq = :next_seq, skipped = :skipped".to_owned();
        // A state of a checkpoint stands in the checkpoint.
        let mut removed = "#state".to_owned();
        let mut request = self
            .scope
            .table
            .update(&rows::meta(self.scope.organization, &progress.session))
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":old", number(progress.version.cast_signed()))
            .expression_attribute_values(":new", number((progress.version + 1).cast_signed()))
            .expression_attribute_values(":next_seq", number(advance.next_seq))
            .expression_attribute_values(":skipped", nested(&advance.skipped)?);
        if let Some(checkpoint) = advance.checkpoint(progress) {
            set += ", checkpoint = :checkpoint";
            request = request.expression_attribute_values(":checkpoint", nested(&checkpoint)?);
        }
        if saved.indexed_until != progress.indexed_until {
            set += ", indexed_until = :indexed_until";
            request =
                request.expression_attribute_values(":indexed_until", number(saved.indexed_until));
        }
        if saved.brought != progress.brought {
            // Before it is counted: whoever erases the session knows where.
            set += ", brought = :brought";
            request = request.expression_attribute_values(":brought", nested(&saved.brought)?);
        }
        match (&progress.person, &saved.row) {
            (None, Some(row)) => {
                set += ", unlisted = :unlisted";
                request = request.expression_attribute_values(":unlisted", nested(row)?);
            }
            // Where it stood before it was moved needs not be known any more: whoever began before that takes
            // back what they listed there.
            (Some(_), Some(_)) if progress.is_moved => removed += ", unlisted, former",
            (Some(_), Some(_)) => removed += ", unlisted",
            (_, None) => {}
        }
        let condition = match &progress.person {
            // Whoever identifies it better moves it to another list.
            Some(_) => "version = :old AND person = :person",
            // Who identifies the session now lists the summary that stands there, not this one.
            None => "version = :old AND attribute_not_exists(person)",
        };
        if let Some(person) = &progress.person {
            request = request.expression_attribute_values(":person", text(person));
        }
        let request = request
            .update_expression(format!("SET {set} REMOVE {removed}"))
            .condition_expression(condition);
        // A chunk or an identification that comes at this moment writes the same row.
        let saved = attempt_in(request, "save a summary", SAVE_CALL).await?;
        Ok(saved.is_done())
    }
}

/// The row of the session's owner's list, or what stands in `META` until it has one.
fn listed(
    progress: &Progress,
    advance: &Advance,
    summary: &Summary,
    sort_at: u64,
) -> Result<ListedRow, Error> {
    Ok(ListedRow {
        session: progress.session.clone(),
        sort_at,
        summary: summary
            .to_stored()
            .map_err(|error| table::Error::corrupt("summary", error))?,
        received_at: advance.received_at,
        version: progress.version + 1,
        next_seq: advance.next_seq,
        expires: expires_at(advance.received_at, progress.retention_days),
    })
}
