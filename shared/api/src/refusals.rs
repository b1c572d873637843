//! What was refused: counted in memory, and written to the table behind the answers.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use identity::OrganizationId;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use platform::metrics;
use store::{Counter, RefusedOrigin, Store};

/// Organizations, each with what was refused, that are counted at most; each takes some 150 bytes.
const MAX_COUNTED: usize = 10_000;

/// Why a request was refused, of the reasons that an admin should see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// It came from a site that the organization does not allow.
    Origin,
    /// Its key is not known, has ended, or may not do that.
    Key,
    /// It was above a limit.
    Quota,
}

/// Refusals that are counted. Clones count together.
///
/// An instance writes them at most once in a while, for each organization and reason: a flood of refused
/// requests costs no flood of writes and log lines. Nobody waits for a write, so what was counted since the
/// last one may be lost with the instance: the numbers are for people.
#[derive(Clone)]
pub struct Refusals(Arc<Counting>);

struct Counting {
    store: Store,
    every: SignedDuration,
    unwritten: Mutex<HashMap<Counted, Unwritten>>,
}

/// Of whom, and what; of nobody where the key is not known.
type Counted = (Option<OrganizationId>, Refusal);

struct Unwritten {
    day: Date,
    refused: u64,
    written_at: Timestamp,
}

impl Refusal {
    fn counter(self) -> Counter {
        match self {
            Self::Origin => Counter::RefusedOrigins,
            Self::Key => Counter::RefusedKeys,
            Self::Quota => Counter::RefusedQuotas,
        }
    }

    fn log(self, refused: u64) {
        match self {
            Self::Origin => {
                tracing::info!({ metrics::ORIGIN_REFUSED } = refused, "origins refused");
            }
            Self::Key => tracing::info!({ metrics::KEY_REFUSED } = refused, "keys refused"),
            Self::Quota => tracing::info!({ metrics::QUOTA_EXCEEDED } = refused, "quotas exceeded"),
        }
    }
}

impl Refusals {
    /// How often an instance writes those of one organization.
    pub const WRITE_INTERVAL: SignedDuration = SignedDuration::from_mins(1);

    /// Refusals that are written to `store`, at most once in `every`.
    #[must_use]
    pub fn counted(store: Store, every: SignedDuration) -> Self {
        Self(Arc::new(Counting {
            store,
            every,
            unwritten: Mutex::default(),
        }))
    }

    /// Counts one, of nobody where it is not known whose it is; begins to write what there is when it is
    /// time.
    pub fn count(&self, organization: Option<&OrganizationId>, refusal: Refusal, now: Timestamp) {
        for (day, refused) in self.due(organization, refusal, now) {
            if let Some(organization) = organization {
                let (store, organization) = (self.0.store.clone(), organization.clone());
                tokio::spawn(async move {
                    let counters = store.of(&organization).counters();
                    let counted = counters.add(day, refusal.counter(), refused).await;
                    warn_unless(counted, refused);
                });
            }
        }
    }

    /// Counts a request from a site that is not allowed. What is written names the site that came last.
    pub fn count_origin(&self, organization: &OrganizationId, origin: &str, now: Timestamp) {
        for (day, refused) in self.due(Some(organization), Refusal::Origin, now) {
            let (store, organization) = (self.0.store.clone(), organization.clone());
            let origin = RefusedOrigin::parse(origin);
            tokio::spawn(async move {
                let counters = store.of(&organization).counters();
                let counted = counters.add_refused_origin(day, refused, origin.as_ref());
                warn_unless(counted.await, refused);
            });
        }
    }

    fn due(
        &self,
        organization: Option<&OrganizationId>,
        refusal: Refusal,
        now: Timestamp,
    ) -> Vec<(Date, u64)> {
        let today = now.to_zoned(TimeZone::UTC).date();
        let due = self.0.due(&(organization.cloned(), refusal), today, now);
        for (_, refused) in &due {
            refusal.log(*refused);
        }
        due
    }
}

fn warn_unless(counted: Result<(), store::Error>, refused: u64) {
    if let Err(error) = counted {
        tracing::warn!(%error, refused, "refusals were not counted");
    }
}

impl Counting {
    /// Counts one of today; what is to be written now, by day.
    fn due(&self, counted: &Counted, today: Date, now: Timestamp) -> Vec<(Date, u64)> {
        let mut all = self
            .unwritten
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let Some(unwritten) = all.get_mut(counted) else {
            if all.len() >= MAX_COUNTED {
                all.retain(|_, unwritten| unwritten.refused > 0);
            }
            if all.len() < MAX_COUNTED {
                let unwritten = Unwritten {
                    day: today,
                    refused: 0,
                    written_at: now,
                };
                all.insert(counted.clone(), unwritten);
            }
            // The first one at once: the instance may not live to see the next.
            return vec![(today, 1)];
        };
        let mut due = Vec::new();
        if unwritten.day != today {
            due.push((unwritten.day, std::mem::take(&mut unwritten.refused)));
            unwritten.day = today;
        }
        unwritten.refused += 1;
        if now.duration_since(unwritten.written_at) >= self.every {
            unwritten.written_at = now;
            due.push((today, std::mem::take(&mut unwritten.refused)));
        }
        due.retain(|(_, refused)| *refused > 0);
        due
    }
}

impl fmt::Debug for Refusals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Refusals").finish_non_exhaustive()
    }
}
