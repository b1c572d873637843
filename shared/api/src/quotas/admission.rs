//! Which sessions and chunks pass: new sessions are counted, and no number leaves a gap of a thousand.

use identity::SessionId;
use jiff::Timestamp;
use lambda_http::http::StatusCode;
use platform::http::ApiError;
use store::Grant;

use super::tally::Tally;
use super::{Quota, Quotas, lock};
use crate::Error;

/// A chunk may be so far above the highest that is stored. Our recorder leaves no gap at all.
const FARTHEST: u32 = 1_000;

/// Whether a session is new, as far as a request tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// It begins one.
    First,
    /// It may belong to one that is there: what is written will tell ([`Quotas::note_session`]).
    Unsure,
}

impl Quotas {
    /// Lets a session pass that is known or begins within the limit.
    ///
    /// While there is room this asks nobody. Once the limit is reached the table is asked about sessions that
    /// this instance has not seen, as often as sessions may begin: those that are there go on.
    ///
    /// # Errors
    /// 429 for a session that is one too many.
    pub async fn admit_session(
        &self,
        grant: &Grant,
        session: &SessionId,
        sight: Sight,
        now: Timestamp,
    ) -> Result<(), Error> {
        let organization = &grant.organization;
        if lock(&self.sessions)
            .highest(organization, session)
            .is_some()
        {
            return Ok(());
        }
        let refused = match sight {
            Sight::First => self.take(grant, Quota::NewSessions, 1, now).await.err(),
            Sight::Unsure if self.has_room(grant, Quota::NewSessions, now) => return Ok(()),
            Sight::Unsure => Some(self.exceeded(grant, Quota::NewSessions, now)),
        };
        if let Some(refused) = refused {
            if self.take(grant, Quota::Lookups, 1, now).await.is_err() {
                return Err(refused);
            }
            let sessions = self.store.of(organization).sessions();
            if !Box::pin(sessions.is_begun(session)).await? {
                return Err(refused);
            }
        }
        lock(&self.sessions).remember(organization, session, 0);
        Ok(())
    }

    /// Takes what a write has told of a session that [`Sight::Unsure`] let pass: whether it was new.
    pub async fn note_session(
        &self,
        grant: &Grant,
        session: &SessionId,
        is_new: bool,
        now: Timestamp,
    ) {
        let organization = &grant.organization;
        {
            let mut sessions = lock(&self.sessions);
            if sessions.highest(organization, session).is_some() {
                return;
            }
            sessions.remember(organization, session, 0);
        }
        if is_new {
            let count = |tally: &mut Tally, _: u64| tally.note(1, now);
            self.count(grant, None, Quota::NewSessions, now, count)
                .await;
        }
    }

    /// Lets a chunk pass whose number may follow what is stored.
    ///
    /// The first thousand may come in any order. Above them the highest that is stored is asked for once in a
    /// thousand chunks.
    ///
    /// # Errors
    /// 409, for a recorder goes on in another session: `session_full` above the chunks that a session may
    /// have, `sequence_too_far` for a number far beyond the highest that is stored.
    pub async fn admit_chunk(
        &self,
        grant: &Grant,
        session: &SessionId,
        seq: u32,
    ) -> Result<(), Error> {
        let most = self.limits.chunks_a_session.get();
        if seq >= most {
            let message =
                format!("A session may have {most} chunks: begin another one under a new id.");
            return Err(ApiError::new(StatusCode::CONFLICT, "session_full", message).into());
        }
        let organization = &grant.organization;
        let seen = lock(&self.sessions).highest(organization, session);
        if seq <= seen.unwrap_or(0).saturating_add(FARTHEST) {
            return Ok(());
        }
        let sessions = self.store.of(organization).sessions();
        let highest = Box::pin(sessions.highest_chunk(session)).await?;
        if seq > highest.unwrap_or(0).saturating_add(FARTHEST) {
            return Err(ApiError::new(
                StatusCode::CONFLICT,
                "sequence_too_far",
                "This number is far beyond the highest that is stored of the session. Number chunks from 0 without \
                 gaps, or begin another session under a new id.",
            )
            .into());
        }
        if let Some(highest) = highest {
            lock(&self.sessions).remember(organization, session, highest);
        }
        Ok(())
    }
}
