//! Sessions by the hour in which they began: what is looked through, once an hour, for chunks that nobody
//! summarizes.
//!
//! A chunk asks for a run, and the answer or the message may get lost with the process that waited for it.
//! Then the next chunk asks again; but the last one of a session has none after it, and stands in no list and
//! no log. So every session is looked at when its hour is over, and again while it goes on.

use futures::{StreamExt, TryStreamExt, stream};
use identity::{OrganizationId, SessionId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use table::{Item, Key, Read, SORT};

use crate::sessions::meta::Meta;
use crate::sessions::{Sessions, rows};
use crate::{Error, Store};

/// Partitions of an hour. DynamoDB takes a thousand writes a second of one: so many sessions may begin eight
/// times.
const SHARDS: u8 = 8;

/// Hours that are looked through each time: the last one, and the one before in case the schedule skipped it,
/// or a note came late.
const HOURS: i64 = 2;

/// How long the note that a session began is kept: until it has been looked at, and a day for a schedule that
/// stood.
const NOTE_LIFETIME: SignedDuration = SignedDuration::from_hours(26);

/// Sessions looked at at the same time: each may take two calls, one after the other.
const AT_ONCE: usize = 16;

/// After this long without a run nobody is working on it: a queue delivers a message again after six minutes.
const UNANSWERED: SignedDuration = SignedDuration::from_mins(15);

/// After this long without a chunk a session is over: a run has skipped what was missing by then.
pub(crate) const SESSION_OVER_AFTER: SignedDuration = SignedDuration::from_mins(50);

/// Sessions that are asked for again and again, but no longer than this: what cannot be summarized in a day
/// needs an operator, who has had the alarm.
const GIVEN_UP: SignedDuration = SignedDuration::from_hours(24);

/// Which of so many partitions a session's rows stand in, so that none has to take the writes of all.
fn shard_of(session: &SessionId, shards: u8) -> u8 {
    let bytes = session.as_str().bytes();
    // FNV-1a: any spread will do, as long as it stays the same.
    let hash = bytes.fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    (hash % u32::from(shards)) as u8
}

/// Where somebody is in looking through the sessions of an hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BegunPlace {
    /// Hours since 1970.
    hour: i64,
    shard: u8,
    /// The sort key of the last one that was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

/// What was found in one page of an hour.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BegunPage {
    /// Sessions with chunks that no run has taken, and nobody is about to.
    pub unanswered: Vec<(OrganizationId, SessionId)>,
    /// Where the next page begins; `None` when that was the last.
    pub next: Option<BegunPlace>,
}

/// The row, apart from its key.
#[derive(Serialize)]
struct BegunRow {
    expires: i64,
}

/// What is to be done about a session.
enum Verdict {
    /// All of it is summarized, or it is gone.
    Settled,
    /// It goes on: to be looked at again in an hour.
    GoesOn,
    /// A run is to be asked for, and looked for in an hour.
    Unanswered,
}

impl BegunPlace {
    /// Where to begin with the hours that are over: one place for each partition of each.
    pub fn last_hours(now: Timestamp) -> impl Iterator<Item = Self> {
        let this = hour_of(now);
        let hours = this - HOURS..this;
        hours.flat_map(|hour| {
            (0..SHARDS).map(move |shard| Self {
                hour,
                shard,
                after: None,
            })
        })
    }

    fn partition(&self) -> String {
        rows::begun_partition(self.hour, self.shard)
    }
}

impl Sessions<'_> {
    /// Notes that the first chunk of a session has come, so that it is looked at when the hour is over.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: should all else go wrong, nobody would
    /// see it.
    pub async fn note_begun(self, session: &SessionId, now: Timestamp) -> Result<(), Error> {
        let row = BegunRow {
            expires: (now + NOTE_LIFETIME).as_second(),
        };
        let shard = shard_of(session, SHARDS);
        let key = rows::begun(hour_of(now), shard, self.scope.organization, session);
        self.scope
            .table
            .put(&key, &row)?
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("note that a session began", &error))?;
        Ok(())
    }

    async fn verdict(
        self,
        session: &SessionId,
        meta: Option<Meta>,
        now: Timestamp,
    ) -> Result<Verdict, Error> {
        let is_there = |meta: &Meta| !meta.is_erased() && meta.expires > now.as_second();
        let Some(meta) = meta.filter(is_there) else {
            return Ok(Verdict::Settled);
        };
        let since =
            |at: Option<Timestamp>| at.map_or(SignedDuration::MAX, |at| now.duration_since(at));
        if since(meta.last_chunk_at) > GIVEN_UP {
            return Ok(Verdict::Settled);
        }
        match meta.pending_since.or(meta.wake_at) {
            Some(asked_at) if now.duration_since(asked_at) > UNANSWERED => {
                return Ok(Verdict::Unanswered);
            }
            Some(_) => return Ok(Verdict::GoesOn),
            None => {}
        }
        if since(meta.last_chunk_at.max(meta.last_run_at)) < SESSION_OVER_AFTER {
            return Ok(Verdict::GoesOn);
        }
        let left = self.chunks_from(session, meta.next_seq, 1).await?;
        Ok(match left.is_empty() {
            true => Verdict::Settled,
            false => Verdict::Unanswered,
        })
    }
}

impl Store {
    /// Looks at up to `limit` (1 to 100) sessions that began in an hour, and notes which are to be looked at
    /// again.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer; it may be repeated.
    pub async fn look_at_begun(
        &self,
        place: &BegunPlace,
        limit: u16,
        now: Timestamp,
    ) -> Result<BegunPage, Error> {
        let operation = "look at sessions that began";
        let start = place.after.as_ref().map(|sort| {
            Key {
                partition: place.partition(),
                sort: sort.clone(),
            }
            .attributes()
        });
        let answer = self
            .table
            .query_all(place.partition())
            .projection_expression(SORT)
            .consistent_read(true)
            .limit(i32::from(limit))
            .set_exclusive_start_key(start)
            .send()
            .await
            .map_err(|error| table::Error::from_sdk(operation, &error))?;
        let sort = |item: &Item| item.get(SORT)?.as_s().ok().cloned();
        let sorts: Vec<String> = answer.items().iter().filter_map(sort).collect();
        let sessions: Vec<_> = sorts
            .iter()
            .filter_map(|sort| rows::parse_begun(sort))
            .collect();
        let metas: Vec<Key> = sessions
            .iter()
            .map(|(organization, session)| rows::meta(organization, session))
            .collect();
        let mut found = self
            .table
            .get_all(operation, &metas, Read::Consistent)
            .await?;
        let mut page = BegunPage::default();
        let looks = sessions.into_iter().zip(&metas).map(|(name, key)| {
            let meta = found.remove(key);
            self.look_at(name, meta, now)
        });
        let looks: Vec<_> = looks.collect();
        let mut looks = stream::iter(looks).buffer_unordered(AT_ONCE);
        while let Some(unanswered) = looks.try_next().await? {
            page.unanswered.extend(unanswered);
        }
        page.next = match answer.last_evaluated_key {
            Some(_) => sorts.last().map(|last| BegunPlace {
                after: Some(last.clone()),
                ..place.clone()
            }),
            None => None,
        };
        Ok(page)
    }

    /// Looks at one session; returns it when a run is to be asked for.
    async fn look_at(
        &self,
        (organization, session): (OrganizationId, SessionId),
        meta: Option<Item>,
        now: Timestamp,
    ) -> Result<Option<(OrganizationId, SessionId)>, Error> {
        let meta = match meta.map(Meta::parse).transpose() {
            Ok(meta) => meta,
            // It must not keep the others from being looked at.
            Err(error) => {
                tracing::error!(session.id = %session, %error, "a session cannot be looked at");
                return Ok(None);
            }
        };
        let sessions = Sessions::of(self.scope(&organization));
        let verdict = sessions.verdict(&session, meta, now).await?;
        if let Verdict::Settled = verdict {
            return Ok(None);
        }
        sessions.note_begun(&session, now).await?;
        let is_unanswered = matches!(verdict, Verdict::Unanswered);
        Ok(is_unanswered.then_some((organization, session)))
    }
}

fn hour_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(3_600)
}
