//! Which unknown visitors were on which page when: what possible matches are looked for in.
//!
//! A session is noted once for each quarter of an hour in which it went on, and each of its pages once for
//! each in which it was open. A run writes only what is new since the run before, which it knows without
//! reading: so a session costs a write unit for each page and quarter, and one that somebody is known by
//! costs none. That is done for every organization: whether it has a workspace connected would cost a read
//! each time, about as much as the writes.

use std::collections::HashSet;

use futures::future::try_join_all;
use identity::matching::Visit;
use identity::{AliasKind, OrganizationId, OrganizationKey, PageAddress, SessionId};
use jiff::{SignedDuration, Timestamp};
use replay::Summary;
use serde::Serialize;
use table::Key;

use crate::Error;
use crate::sessions::cipher::Cipher;
use crate::sessions::listing::ListedRow;
use crate::sessions::progress::{Advance, Progress};
use crate::sessions::{Sessions, rows};

/// One partition of the index: long enough that few pages are written twice, short enough that one who
/// looks half an hour back reads little in vain.
const ACTIVITY_SLOT: SignedDuration = SignedDuration::from_mins(15);

/// How long rows are of use: Intercom's notification of a conversation comes within seconds, and again within
/// minutes when we did not answer.
const ACTIVITY_LIFETIME: SignedDuration = SignedDuration::from_hours(2);

/// How long a recorder may hold events back. A recording that arrives so long after its last event, or
/// earlier, has been made by a clock that agrees with ours.
const BATCHING: SignedDuration = SignedDuration::from_secs(10);

/// That a session was active, apart from its key.
#[derive(Serialize)]
struct ActiveRow {
    expires: i64,
}

impl Sessions<'_> {
    /// Notes where a session was that nobody is known by; what [`Advance::before`] says is noted already. To
    /// be called before the summary is saved: a run that breaks off is done again, from the same summary.
    ///
    /// Whoever is known by a user id, an e-mail address or a visitor id is found by that and needs no guess.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: some is noted, all of it may be
    /// repeated.
    pub async fn note_activity(
        self,
        progress: &Progress,
        advance: &Advance,
        now: Timestamp,
    ) -> Result<(), Error> {
        let session = &progress.session;
        let key = self.scope.key();
        let cipher = Cipher::new(key.clone(), self.scope.organization, session);
        let Some(summary) = &advance.summary else {
            return Ok(());
        };
        if is_known(&cipher, &progress.aliases) {
            return Ok(());
        }
        // One offset for both: what the run before took for the visitor's clock may differ by seconds.
        let offset = clock_offset(summary, advance.received_at);
        let rows = |summary: &Summary| {
            Track::of(summary, offset).keys(&key, self.scope.organization, session, now)
        };
        let noted = advance.before.as_ref().map(rows).unwrap_or_default();
        let puts = rows(summary).into_iter().filter(|key| !noted.contains(key));
        try_join_all(puts.map(|key| self.put_active(key, now))).await?;
        Ok(())
    }

    /// The rows that may have been written of a session, given its summary. None once they have expired.
    pub(crate) fn activity_of(
        self,
        row: &ListedRow,
        now: Timestamp,
    ) -> Result<HashSet<Key>, Error> {
        let key = self.scope.key();
        let summary = row.summary()?;
        let offset = clock_offset(&summary, row.received_at);
        let mut rows = HashSet::new();
        // What earlier runs took for the visitor's clock may have been another one, a bit.
        for shift in [-ACTIVITY_SLOT, SignedDuration::ZERO, ACTIVITY_SLOT] {
            let track = Track::of(&summary, offset + shift);
            rows.extend(track.keys(&key, self.scope.organization, &row.session, now));
        }
        Ok(rows)
    }

    async fn put_active(self, key: Key, now: Timestamp) -> Result<(), Error> {
        let row = ActiveRow {
            expires: (now + ACTIVITY_LIFETIME).as_second(),
        };
        self.scope
            .table
            .put(&key, &row)?
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("note activity", &error))?;
        Ok(())
    }
}

/// Whether one of the aliases says who it is, or is one that Intercom has as well. One that cannot be read
/// may.
pub(crate) fn is_known(cipher: &Cipher, sealed: &[Vec<u8>]) -> bool {
    sealed
        .iter()
        .any(|alias| !matches!(cipher.open(alias), Ok((AliasKind::AnonymousId, _))))
}

/// The quarters of an hour, since 1970, that a time touches.
pub(crate) fn quarters(from: Timestamp, until: Timestamp) -> impl Iterator<Item = i64> {
    let quarter = |at: Timestamp| at.as_second().div_euclid(ACTIVITY_SLOT.as_secs());
    quarter(from)..=quarter(until)
}

/// How far the visitor's clock is behind ours.
///
/// The times of a summary are the visitor's, whose clock may be anything; what tells is when the end of the
/// recording arrived. A recording that was held up on its way looks like one by a slow clock, until the next
/// part of it comes.
pub(crate) fn clock_offset(summary: &Summary, received_at: Timestamp) -> SignedDuration {
    let behind = received_at.duration_since(summary.ended_at);
    match (SignedDuration::ZERO..=BATCHING).contains(&behind) {
        true => SignedDuration::ZERO,
        false => behind,
    }
}

/// Where a session was and when, by our clock.
pub(crate) struct Track {
    pub(crate) visits: Vec<Visit>,
    pub(crate) began_at: Timestamp,
    pub(crate) last_active_at: Timestamp,
}

impl Track {
    /// `offset`: how far the clock that the summary's times were read from is behind ours.
    pub(crate) fn of(summary: &Summary, offset: SignedDuration) -> Self {
        // Only spans of calendar units make it fail.
        let later = |at: Timestamp, by| at.saturating_add(by).unwrap_or(Timestamp::MAX);
        let began_at = later(summary.started_at, offset);
        let after = |milliseconds: u64| {
            let milliseconds = i64::try_from(milliseconds).unwrap_or(i64::MAX);
            later(began_at, SignedDuration::from_millis(milliseconds))
        };
        let last = summary.pages.len().saturating_sub(1);
        let visits = summary
            .pages
            .iter()
            .enumerate()
            .filter_map(|(index, page)| {
                Some(Visit {
                    page: PageAddress::of(&page.url)?,
                    from: after(page.at_ms),
                    until: (index < last).then(|| after(page.at_ms.saturating_add(page.dwell_ms))),
                })
            });
        Self {
            visits: visits.collect(),
            began_at,
            last_active_at: later(summary.ended_at, offset),
        }
    }

    /// The activity rows to write. Left out: front pages, which distinguish nobody, and times so far off that
    /// the visitor's clock must be wrong.
    fn keys(
        &self,
        key: &OrganizationKey,
        organization: &OrganizationId,
        session: &SessionId,
        now: Timestamp,
    ) -> HashSet<Key> {
        let of_use = |from: Timestamp, until: Timestamp| {
            quarters(from.max(now - ACTIVITY_LIFETIME), until.min(now + BATCHING))
        };
        let mut rows: HashSet<Key> = of_use(self.began_at, self.last_active_at)
            .map(|quarter| rows::active_session(organization, quarter, session))
            .collect();
        for visit in self.visits.iter().filter(|visit| !visit.page.is_root()) {
            let page = key.hash_page(&visit.page);
            let until = visit.until.unwrap_or(self.last_active_at);
            rows.extend(
                of_use(visit.from, until)
                    .map(|quarter| rows::active_page(organization, quarter, &page, session)),
            );
        }
        rows
    }
}
