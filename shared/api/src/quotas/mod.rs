//! What one organization may send, so that the others are served and nobody's bill runs away.
//!
//! The write key is public: whoever has seen it can send. So everything is counted, and what is above a
//! limit is refused before anything else is done for it, with 429 and the seconds after which to come again.
//!
//! Counts stand in memory. Each instance tells the others of its own after a part of the limit
//! ([`store::Quotas`]), and hears of theirs: most requests cost no call, and all instances together pass a
//! limit by no more than they have not told. A single process, such as local mode, holds it exactly.

mod admission;
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

pub use admission::Sight;
pub use limits::{Limits, Quota};

use crate::Error;
use known::KnownSessions;
use tally::{News, Tally};

/// Counts that are held at most; each takes some 200 bytes.
const MAX_TALLIES: usize = 20_000;

/// The code of a request that is above a limit.
pub const QUOTA_EXCEEDED: &str = "quota_exceeded";

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
            // Boxed, as all calls here: hardly any request needs the room.
            Box::pin(self.tell(&counted, news)).await;
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
