//! Which sessions may be that of somebody unknown who wrote on a page.

use std::collections::{BTreeSet, HashSet};

use aws_sdk_dynamodb::types::AttributeValue;
use futures::future::{try_join, try_join_all};
use identity::matching::{Candidate, ENOUGH_LIVE_SESSIONS, MOST_CANDIDATES};
use identity::{Alias, ClientDetails, PageAddress, PersonId, SessionId};
use jiff::{SignedDuration, Timestamp};
use replay::Device;
use table::{Item, Key, Read, SORT, parse, text};

use crate::Error;
use crate::matching::Matching;
use crate::people::rows as people_rows;
use crate::sessions::activity::{Track, clock_offset, is_known, quarters};
use crate::sessions::cipher::Cipher;
use crate::sessions::identify::Change;
use crate::sessions::listing::ListedRow;
use crate::sessions::meta::Meta;
use crate::sessions::rows::SESSION_PREFIX;
use crate::sessions::{Sessions, rows as sessions_rows};
use crate::tenants::retention::RetentionDays;

/// How long before the conversation a session may have been on its page.
const LOOK_BACK: SignedDuration = SignedDuration::from_mins(30);

/// How far Intercom's clock may be behind ours.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(2);

/// Sessions that may be somebody's.
#[derive(Debug, Clone, Default)]
pub struct Candidates {
    /// Those that had the page; none when there are more than can be told apart.
    pub candidates: Vec<Candidate>,
    /// All that were going on, on whatever page, counted as far as the number matters.
    pub live_sessions: usize,
}

/// What a session's `META` says of a candidate.
struct UnknownVisitor {
    row: RowAt,
    /// The aliases that it was identified by.
    aliases: Vec<Key>,
}

/// Where a session's summary stands.
enum RowAt {
    Meta(Box<ListedRow>),
    List(Key),
}

impl Matching<'_> {
    /// The sessions that had `page` between half an hour before `at` and two minutes after it, of visitors
    /// that nobody is known by. One round trip when there are none, three when there are some: queries of
    /// three or four quarters of an hour, then at most 50 sessions in batches.
    ///
    /// Reads what may be a second old: a conversation begins longer after what it is about.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn candidates(
        self,
        page: &PageAddress,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<Candidates, Error> {
        if page.is_root() {
            return Ok(Candidates::default());
        }
        let page = sessions_rows::active_page_prefix(&self.scope.key().hash_page(page));
        let (there, live) = try_join(
            self.active(at, &page, MOST_CANDIDATES + 1),
            self.active(at, SESSION_PREFIX, ENOUGH_LIVE_SESSIONS),
        )
        .await?;
        let candidates = match there.len() > MOST_CANDIDATES {
            true => Vec::new(),
            false => self.unknown_visitors(there, now).await?,
        };
        Ok(Candidates {
            candidates,
            live_sessions: live.len(),
        })
    }

    /// Makes sure that a session has an owner, so that it can be listed. Keeps the one it has; else creates a
    /// person without aliases. An identification that comes later finds that owner and adds to it.
    ///
    /// # Errors
    /// [`Error::Erased`] when the session is. [`table::Error::Unavailable`] when the table does not answer;
    /// it may be repeated.
    pub async fn assign_owner(
        self,
        session: &SessionId,
        retention_days: RetentionDays,
        now: Timestamp,
    ) -> Result<PersonId, Error> {
        let sessions = Sessions::of(self.scope);
        let change = Change {
            owner: self.scope.key().person_of_session(session),
            before: None,
            verified: Vec::new(),
            claimed: Vec::new(),
        };
        let owner = change.owner.clone();
        let meta = match sessions.claim(session, change, retention_days, now).await? {
            Some(meta) => Some(meta),
            // It has an owner.
            None => sessions.meta(session).await?,
        };
        let Some(meta) = meta else {
            return Ok(owner);
        };
        if let (Some(owner), Some(row)) = (&meta.person, &meta.unlisted) {
            sessions.list_unlisted(owner, row, now).await?;
        }
        Ok(meta.person.unwrap_or(owner))
    }

    /// The sessions that were active about `at`, of rows with this prefix; more than `enough` may be left
    /// out.
    async fn active(
        self,
        at: Timestamp,
        prefix: &str,
        enough: usize,
    ) -> Result<BTreeSet<SessionId>, Error> {
        let queries = quarters(at - LOOK_BACK, at + CLOCK_SKEW).map(|quarter| {
            self.scope
                .table
                .query(
                    sessions_rows::active_partition(self.scope.organization, quarter),
                    "begins_with(SK, :prefix)",
                )
                .expression_attribute_values(":prefix", text(prefix))
                .projection_expression(SORT)
                .limit(i32::try_from(enough).unwrap_or(i32::MAX))
                .send()
        });
        let answers = try_join_all(queries)
            .await
            .map_err(|error| table::Error::from_sdk("find active sessions", &error))?;
        let session = |item: &Item| {
            let sort = item.get(SORT)?.as_s().ok()?;
            SessionId::parse(sort.strip_prefix(prefix)?).ok()
        };
        let items = answers.iter().flat_map(|answer| answer.items());
        Ok(items.filter_map(session).collect())
    }

    /// Those of the sessions whose visitors are not known, neither by this session nor by another one.
    async fn unknown_visitors(
        self,
        sessions: BTreeSet<SessionId>,
        now: Timestamp,
    ) -> Result<Vec<Candidate>, Error> {
        let operation = "read candidates";
        let metas: Vec<Key> = sessions
            .iter()
            .map(|session| sessions_rows::meta(self.scope.organization, session))
            .collect();
        let mut found = self
            .scope
            .table
            .get_all(operation, &metas, Read::Eventual)
            .await?;
        let mut unknown = Vec::new();
        for (session, key) in sessions.iter().zip(&metas) {
            if let Some(item) = found.remove(key) {
                unknown.extend(self.unknown(session, Meta::parse(item)?));
            }
        }
        let wanted: HashSet<&Key> = unknown.iter().flat_map(UnknownVisitor::keys).collect();
        let wanted: Vec<Key> = wanted.into_iter().cloned().collect();
        let found = self
            .scope
            .table
            .get_all(operation, &wanted, Read::Eventual)
            .await?;
        let is_named = |alias: &Key| found.get(alias).is_some_and(has_identities);
        let mut candidates = Vec::with_capacity(unknown.len());
        for UnknownVisitor { row, aliases } in unknown {
            let row = match row {
                RowAt::Meta(row) => Some(*row),
                RowAt::List(key) => found
                    .get(&key)
                    .map(|item| parse("session", item.clone()))
                    .transpose()?,
            };
            if let Some(row) = row
                && !row.is_expired(now)
                && !aliases.iter().any(is_named)
            {
                candidates.push(candidate(row)?);
            }
        }
        Ok(candidates)
    }

    /// Where to read on about a session; `None` when its visitor is known, or it is not summarized yet.
    fn unknown(self, session: &SessionId, meta: Meta) -> Option<UnknownVisitor> {
        let key = self.scope.key();
        let cipher = Cipher::new(key.clone(), self.scope.organization, session);
        if is_known(&cipher, &meta.aliases) {
            return None;
        }
        let aliases = meta.aliases.iter().filter_map(|sealed| {
            let (_, value) = cipher.open(sealed).ok()?;
            let alias = Alias::anonymous_id(&value).ok()?;
            Some(people_rows::alias(
                self.scope.organization,
                &key.name(&alias),
            ))
        });
        let row = match (meta.unlisted, &meta.person, meta.sort_at) {
            (Some(row), _, _) => RowAt::Meta(Box::new(row)),
            (None, Some(person), Some(sort_at)) => RowAt::List(sessions_rows::listed_session(
                self.scope.organization,
                person,
                sort_at,
                session,
            )),
            _ => return None,
        };
        Some(UnknownVisitor {
            row,
            aliases: aliases.collect(),
        })
    }
}

impl UnknownVisitor {
    /// The rows that are still to be read.
    fn keys(&self) -> impl Iterator<Item = &Key> {
        let listed = match &self.row {
            RowAt::Meta(_) => None,
            RowAt::List(key) => Some(key),
        };
        listed.into_iter().chain(&self.aliases)
    }
}

/// Whether somebody with this alias has been named by a recorder or a backend, or owns sessions that were
/// claimed with it.
fn has_identities(alias: &Item) -> bool {
    let has = |attribute| matches!(alias.get(attribute), Some(AttributeValue::Ss(names)) if !names.is_empty());
    has("identities") || has("said")
}

fn candidate(row: ListedRow) -> Result<Candidate, Error> {
    let summary = row.summary()?;
    let track = Track::of(&summary, clock_offset(&summary, row.received_at));
    Ok(Candidate {
        session: row.session,
        visits: track.visits,
        last_active_at: track.last_active_at,
        client: client(summary.device),
    })
}

fn client(device: Device) -> ClientDetails {
    ClientDetails {
        browser: device.browser,
        browser_version: device.browser_version,
        os: device.os,
        language: device.language,
    }
}
