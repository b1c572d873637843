//! What one organization may send, so that the others are served and nobody's bill runs away.
//!
//! The write key is public: whoever has seen it can send. So everything is counted, and what is above a
//! limit is refused before anything else is done for it, with 429 and the seconds after which to come again.
//!
//! Counts stand in memory. Each instance tells the others of its own after a part of the limit
//! ([`store::Quotas`]), and hears of theirs: most requests cost no call, and all instances together pass a
//! limit by no more than they have not told. A single process, such as local mode, holds it exactly.

mod known;
mod limits;
mod tally;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use identity::{OrganizationId, SessionId};
use jiff::{SignedDuration, Timestamp};
use lambda_http::http::header::RETRY_AFTER;
use lambda_http::http::{HeaderValue, StatusCode};
use platform::http::ApiError;
use store::{Grant, Store};

pub use limits::{Limits, Quota};

use crate::Error;
use known::KnownSessions;
use tally::{News, Tally};

/// Counts that are held at most; each takes some 200 bytes.
const MAX_TALLIES: usize = 20_000;

/// A chunk may be so far above the highest that is stored. Our recorder leaves no gap at all.
const FARTHEST: u32 = 1_000;

/// The code of a request that is above a limit.
pub const QUOTA_EXCEEDED: &str = "quota_exceeded";

/// Whether a session is new, as far as a request tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// It begins one.
    First,
    /// It may belong to one that is there: what is written will tell ([`Quotas::note_session`]).
    Unsure,
}

/// What of whom is counted.
type Counted = (Quota, OrganizationId, Option<SessionId>);

/// The quotas of all organizations. One per process.
#[derive(Debug)]
pub struct Quotas {
    store: Store,
    limits: Limits,
    tallies: Mutex<HashMap<Counted, Tally>>,
    sessions: Mutex<KnownSessions>,
}

impl Quotas {
    /// Nothing is counted yet.
    #[must_use]
    pub fn new(store: Store, limits: Limits) -> Self {
        Self {
            store,
            limits,
            tallies: Mutex::default(),
            sessions: Mutex::default(),
        }
    }

    /// Counts `by` more of a quota for an organization.
    ///
    /// # Errors
    /// 429 when they are above its limit; then they are not counted.
    pub async fn take(
        &self,
        grant: &Grant,
        quota: Quota,
        by: u64,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.take_of(grant, None, quota, by, now).await
    }

    /// The same for one session.
    ///
    /// # Errors
    /// 429.
    pub async fn take_of_session(
        &self,
        grant: &Grant,
        session: &SessionId,
        quota: Quota,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.take_of(grant, Some(session), quota, 1, now).await
    }

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
            if !sessions.is_begun(session).await? {
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
        let highest = sessions.highest_chunk(session).await?;
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

    async fn take_of(
        &self,
        grant: &Grant,
        session: Option<&SessionId>,
        quota: Quota,
        by: u64,
        now: Timestamp,
    ) -> Result<(), Error> {
        let take = |tally: &mut Tally, limit| tally.take(by, limit, now);
        let taken = self.count(grant, session, quota, now, take).await;
        taken.map_err(|wait| refusal(quota, wait))
    }

    /// Counts, and tells the other instances when it is time.
    async fn count<T>(
        &self,
        grant: &Grant,
        session: Option<&SessionId>,
        quota: Quota,
        now: Timestamp,
        change: impl FnOnce(&mut Tally, u64) -> T,
    ) -> T {
        let counted = (quota, grant.organization.clone(), session.cloned());
        let limit = self.limits.of(quota, grant.new_sessions_a_minute);
        let (outcome, news) = {
            let mut tallies = lock(&self.tallies);
            make_room(&mut tallies, &counted, now);
            let mut spare = Tally::new(quota.window(), now);
            let tally = match tallies.len() < MAX_TALLIES || tallies.contains_key(&counted) {
                true => tallies.entry(counted.clone()).or_insert(spare),
                false => &mut spare,
            };
            let outcome = change(tally, limit);
            let every = quota.told_every(limit);
            (outcome, every.and_then(|every| tally.news(every, now)))
        };
        if let Some(news) = news {
            self.tell(&counted, news).await;
        }
        outcome
    }

    /// Tells the others, and hears of them. Nobody is refused because that failed.
    async fn tell(&self, counted: &Counted, news: News) {
        let (quota, organization, _) = counted;
        let window = (quota.name(), news.window, quota.window().length());
        let quotas = self.store.of(organization).quotas();
        match quotas.add(window, news.by).await {
            Ok(total) => {
                if let Some(tally) = lock(&self.tallies).get_mut(counted) {
                    tally.hear(news, total);
                }
            }
            Err(error) => {
                tracing::warn!(%error, quota.name = quota.name(), "a quota was not shared")
            }
        }
    }

    fn has_room(&self, grant: &Grant, quota: Quota, now: Timestamp) -> bool {
        let limit = self.limits.of(quota, grant.new_sessions_a_minute);
        let tallies = lock(&self.tallies);
        let tally = tallies.get(&(quota, grant.organization.clone(), None));
        tally.is_none_or(|tally| tally.has_room(1, limit, now))
    }

    /// The refusal of one more, which does not count it.
    fn exceeded(&self, grant: &Grant, quota: Quota, now: Timestamp) -> Error {
        let tallies = lock(&self.tallies);
        let tally = tallies.get(&(quota, grant.organization.clone(), None));
        refusal(
            quota,
            tally.map_or(SignedDuration::ZERO, |tally| tally.left(now)),
        )
    }
}

/// Forgets counts whose window is over, once there are too many for another one.
fn make_room(tallies: &mut HashMap<Counted, Tally>, counted: &Counted, now: Timestamp) {
    if tallies.len() < MAX_TALLIES || tallies.contains_key(counted) {
        return;
    }
    tallies.retain(|_, tally| !tally.is_over(now));
    if tallies.len() >= MAX_TALLIES {
        // Somebody plays with session ids: what is an organization's counts more.
        tallies.retain(|(_, _, session), _| session.is_none());
    }
}

fn refusal(quota: Quota, wait: SignedDuration) -> Error {
    let seconds = wait.as_millis().max(1).cast_unsigned().div_ceil(1_000);
    let message = format!(
        "More than the organization may send ({}). Send the same request again in {seconds} seconds.",
        quota.name().replace('_', " ")
    );
    let error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, QUOTA_EXCEEDED, message);
    let seconds = u64::try_from(seconds).unwrap_or(u64::MAX);
    error
        .with_header(RETRY_AFTER, HeaderValue::from(seconds))
        .into()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
