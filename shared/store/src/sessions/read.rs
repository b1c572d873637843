//! Sessions by their ids, with what they were identified by.

use std::collections::HashSet;
use std::fmt;

use identity::{AliasKind, OrganizationId, PersonId, SessionId};
use jiff::Timestamp;
use replay::Summary;
use table::{Key, Read, parse};

use crate::Error;
use crate::sessions::checkpoint::Checkpoint;
use crate::sessions::cipher::Cipher;
use crate::sessions::cursor::SessionCursor;
use crate::sessions::listing::ListedRow;
use crate::sessions::meta::Meta;
use crate::sessions::recordings::Recordings;
use crate::sessions::{Sessions, rows};

/// A session with what it was identified by.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredSession {
    /// Its id.
    pub session_id: SessionId,
    /// Whose it is; `None` while nobody has said so.
    pub person: Option<PersonId>,
    /// What the recording amounts to so far.
    pub summary: Summary,
    /// What it was identified by; what is verified before what anybody may have said.
    pub aliases: Aliases,
    /// The kinds of those that are verified, strongest first.
    pub verified: Vec<AliasKind>,
    /// Whether it is named, and by what anybody may have said alone.
    pub is_claimed: bool,
    /// When the last chunk that the summary covers arrived, by our clock.
    pub received_at: Timestamp,
    /// Its place in every list that it stands in.
    pub place: SessionCursor,
    /// Where the analyzer can begin; `None`: with the first chunk. See [`Recordings::read_checkpoint`].
    pub checkpoint: Option<Checkpoint>,
}

/// What a session was identified by, in clear. Personal data: `Debug` leaves it out.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Aliases {
    /// In lower case.
    pub email: Option<String>,
    /// The site's own id.
    pub user_id: Option<String>,
    /// The recorder's id of the browser.
    pub anonymous_id: Option<String>,
    /// Intercom's id of the visitor.
    pub visitor_id: Option<String>,
    /// All addresses.
    pub(crate) emails: Vec<String>,
}

impl fmt::Debug for Aliases {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Aliases").finish_non_exhaustive()
    }
}

/// Where a session's summary stands.
enum RowAt {
    Meta(Box<ListedRow>),
    List(Key),
}

/// What a session's `META` says of it.
struct KnownSession {
    session: SessionId,
    person: Option<PersonId>,
    sealed: Vec<Vec<u8>>,
    verified: Vec<Vec<u8>>,
    checkpoint: Option<Checkpoint>,
    row: RowAt,
}

impl KnownSession {
    /// `None` while there is no summary, and once it is erased.
    fn of(organization: &OrganizationId, session: &SessionId, meta: Meta) -> Option<Self> {
        if meta.is_erased() {
            return None;
        }
        let checkpoint = meta.checkpoint();
        let row = match (meta.unlisted, &meta.person, meta.sort_at) {
            (Some(row), _, _) => RowAt::Meta(Box::new(row)),
            (None, Some(person), Some(sort_at)) => {
                RowAt::List(rows::listed_session(organization, person, sort_at, session))
            }
            _ => return None,
        };
        Some(Self {
            session: session.clone(),
            person: meta.person,
            sealed: meta.aliases,
            verified: meta.verified,
            checkpoint,
            row,
        })
    }
}

impl Sessions<'_> {
    /// A session by its id, whoever's it is; `None` when it is unknown, not summarized yet, or gone.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn read(
        self,
        session: &SessionId,
        now: Timestamp,
    ) -> Result<Option<StoredSession>, Error> {
        let Some(meta) = self.meta(session).await? else {
            return Ok(None);
        };
        let Some(known) = KnownSession::of(self.scope.organization, session, meta) else {
            return Ok(None);
        };
        let row = match &known.row {
            RowAt::Meta(row) => ListedRow::clone(row),
            RowAt::List(key) => {
                let read = self
                    .scope
                    .table
                    .get("read a session", key, Read::Consistent);
                match read.await? {
                    Some(item) => parse("session", item)?,
                    None => return Ok(None),
                }
            }
        };
        if row.is_expired(now) {
            return Ok(None);
        }
        Ok(Some(self.open_session(known, &row)?))
    }

    /// The sessions at these places, in their order and in two round trips. Skips sessions that no longer
    /// exist, that have moved to another place, or that cannot be read: one bad row must not hide the rest.
    pub(crate) async fn stored_sessions(
        self,
        places: &[SessionCursor],
        now: Timestamp,
    ) -> Result<Vec<StoredSession>, Error> {
        let operation = "read sessions";
        let key = |place: &SessionCursor| rows::meta(self.scope.organization, &place.session);
        let wanted: HashSet<Key> = places.iter().map(key).collect();
        let wanted: Vec<Key> = wanted.into_iter().collect();
        let mut metas = self
            .scope
            .table
            .get_all(operation, &wanted, Read::Eventual)
            .await?;
        let mut known = Vec::with_capacity(places.len());
        for place in places {
            if let Some(item) = metas.remove(&key(place)) {
                let meta = Meta::parse(item)?;
                if meta.sort_at == Some(place.sort_at) {
                    known.extend(KnownSession::of(
                        self.scope.organization,
                        &place.session,
                        meta,
                    ));
                }
            }
        }
        let listed = known.iter().filter_map(|known| match &known.row {
            RowAt::Meta(_) => None,
            RowAt::List(key) => Some(key.clone()),
        });
        let listed: Vec<Key> = listed.collect();
        let mut rows = self
            .scope
            .table
            .get_all(operation, &listed, Read::Eventual)
            .await?;
        let mut sessions = Vec::with_capacity(known.len());
        for known in known {
            let row = match &known.row {
                RowAt::Meta(row) => Ok(ListedRow::clone(row)),
                RowAt::List(key) => match rows.remove(key) {
                    Some(item) => parse("session", item).map_err(Error::from),
                    None => continue,
                },
            };
            let session = known.session.clone();
            let opened = row.and_then(|row| {
                let is_alive = !row.is_expired(now);
                is_alive.then(|| self.open_session(known, &row)).transpose()
            });
            match opened {
                Ok(opened) => sessions.extend(opened),
                Err(error) => {
                    tracing::error!(session.id = %session, %error, "a session is left out of a list");
                }
            }
        }
        Ok(sessions)
    }

    fn open_session(self, known: KnownSession, row: &ListedRow) -> Result<StoredSession, Error> {
        let cipher = Cipher::new(self.scope.key(), self.scope.organization, &known.session);
        let mut names = Vec::with_capacity(known.sealed.len());
        for sealed in &known.sealed {
            let (kind, value) = cipher.open(sealed)?;
            let is_verified = known.verified.contains(sealed);
            names.push((!is_verified, kind, value));
        }
        // Of several values of one kind a verified one stays, then the first in the alphabet: any rule
        // will do that asks for no order of arrival.
        names.sort();
        let verified = names.iter().filter(|(is_claimed, ..)| !is_claimed);
        let mut verified: Vec<AliasKind> = verified.map(|(_, kind, _)| *kind).collect();
        verified.dedup();
        let is_name = |kind: &AliasKind| matches!(kind, AliasKind::UserId | AliasKind::Email);
        let is_named = names.iter().any(|(_, kind, _)| is_name(kind));
        Ok(StoredSession {
            summary: row.summary()?,
            is_claimed: is_named && !verified.iter().any(is_name),
            verified,
            aliases: Aliases::of(names.into_iter().map(|(_, kind, value)| (kind, value))),
            received_at: row.received_at,
            place: SessionCursor {
                is_claimed: false,
                sort_at: row.sort_at,
                session: known.session.clone(),
            },
            checkpoint: known.checkpoint,
            person: known.person,
            session_id: known.session,
        })
    }
}

impl Recordings {
    /// The analyzer's state at a checkpoint.
    ///
    /// # Errors
    /// [`table::Error::Vanished`] when a run has replaced it since.
    pub async fn read_checkpoint(&self, checkpoint: &Checkpoint) -> Result<Vec<u8>, Error> {
        Ok(self.bucket.get(&checkpoint.state.path()?).await?)
    }
}

impl Aliases {
    /// Of each kind the first value.
    fn of(names: impl Iterator<Item = (AliasKind, String)>) -> Self {
        let mut aliases = Self::default();
        for (kind, value) in names {
            if kind == AliasKind::Email {
                aliases.emails.push(value.clone());
            }
            let slot = match kind {
                AliasKind::Email => &mut aliases.email,
                AliasKind::UserId => &mut aliases.user_id,
                AliasKind::AnonymousId => &mut aliases.anonymous_id,
                AliasKind::VisitorId => &mut aliases.visitor_id,
                AliasKind::ContactId => continue,
            };
            slot.get_or_insert(value);
        }
        aliases
    }
}
