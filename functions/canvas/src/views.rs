//! How many panels were opened: counted in memory, and written to the table behind the answers.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use identity::OrganizationId;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use store::{Counter, Store};
use tokio::task::JoinHandle;

/// Organizations whose views are held in memory at most; each takes some 150 bytes.
const MAX_ORGANIZATIONS: usize = 10_000;

/// Views that are counted. Clones count together.
///
/// A write is begun while the panel is drawn and nobody waits for it, so a view may be lost with the instance
/// that counted it: the numbers are for people.
#[derive(Clone)]
pub struct Views(Option<Arc<Counting>>);

struct Counting {
    store: Store,
    every: SignedDuration,
    organizations: Mutex<HashMap<OrganizationId, Unwritten>>,
    under_way: Mutex<Vec<JoinHandle<()>>>,
}

/// What one organization's views have come to since they were last written.
struct Unwritten {
    day: Date,
    views: u64,
    written_at: Timestamp,
}

impl Views {
    /// How often an instance writes the views of one organization: each write costs more than drawing the
    /// panel.
    pub const WRITE_INTERVAL: SignedDuration = SignedDuration::from_mins(1);

    /// Views that are written to `store`, those of one organization at most once in `every`.
    #[must_use]
    pub fn counted(store: Store, every: SignedDuration) -> Self {
        Self(Some(Arc::new(Counting {
            store,
            every,
            organizations: Mutex::default(),
            under_way: Mutex::default(),
        })))
    }

    /// Views that nobody counts, for measuring what drawing itself takes.
    #[must_use]
    pub fn uncounted() -> Self {
        Self(None)
    }

    /// Waits for the writes that are under way.
    pub async fn written(&self) {
        let Some(counting) = &self.0 else {
            return;
        };
        let under_way = std::mem::take(&mut *lock(&counting.under_way));
        for write in under_way {
            // One that panicked has said so.
            let _ = write.await;
        }
    }

    /// Counts a view, and begins to write what there is when it is time.
    pub(crate) fn count(&self, organization: &OrganizationId, now: Timestamp) {
        let Some(counting) = &self.0 else {
            return;
        };
        let today = now.to_zoned(TimeZone::UTC).date();
        for (day, views) in counting.due(organization, today, now) {
            counting.begin_write(organization.clone(), day, views);
        }
    }
}

impl Counting {
    /// Counts a view of today; what is to be written now, by day.
    fn due(&self, organization: &OrganizationId, today: Date, now: Timestamp) -> Vec<(Date, u64)> {
        let mut organizations = lock(&self.organizations);
        let Some(unwritten) = organizations.get_mut(organization) else {
            if organizations.len() >= MAX_ORGANIZATIONS {
                organizations.retain(|_, unwritten| unwritten.views > 0);
            }
            if organizations.len() < MAX_ORGANIZATIONS {
                let unwritten = Unwritten {
                    day: today,
                    views: 0,
                    written_at: now,
                };
                organizations.insert(organization.clone(), unwritten);
            }
            // The first one at once: the instance may not live to see the next.
            return vec![(today, 1)];
        };
        let mut due = Vec::new();
        if unwritten.day != today {
            due.push((unwritten.day, std::mem::take(&mut unwritten.views)));
            unwritten.day = today;
        }
        unwritten.views += 1;
        if unwritten.written_at + self.every <= now {
            unwritten.written_at = now;
            due.push((today, std::mem::take(&mut unwritten.views)));
        }
        due.retain(|(_, views)| *views > 0);
        due
    }

    fn begin_write(&self, organization: OrganizationId, day: Date, views: u64) {
        let store = self.store.clone();
        let write = tokio::spawn(async move {
            let counted = store
                .of(&organization)
                .counters()
                .add(day, Counter::CanvasViews, views);
            if let Err(error) = counted.await {
                tracing::warn!(%error, views, "views were not counted");
            }
        });
        let mut under_way = lock(&self.under_way);
        under_way.retain(|write| !write.is_finished());
        under_way.push(write);
    }
}

impl fmt::Debug for Views {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Views").finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
