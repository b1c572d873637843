//! Sessions by their ids, with what they were identified by.

use std::collections::HashSet;
use std::fmt;

use identity::{AliasKind, OrganizationId, PersonId, SessionId};
use jiff::Timestamp;
use replay::Summary;
use table::{Key, Read, parse};

use crate::Error;
use crate::sessions::cipher::Cipher;
use crate::sessions::cursor::SessionCursor;
use crate::sessions::listing::ListedRow;
use crate::sessions::meta::Meta;
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
    /// What it was identified by.
    pub aliases: Aliases,
    /// When the last chunk that the summary covers arrived, by our clock.
    pub received_at: Timestamp,
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
    row: RowAt,
}

impl KnownSession {
    /// `None` while there is no summary, and once it is erased.
    fn of(organization: &OrganizationId, session: &SessionId, meta: Meta) -> Option<Self> {
        if meta.is_erased() {
            return None;
        }
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
        Ok(StoredSession {
            summary: row.summary()?,
            aliases: open_aliases(&cipher, &known.sealed)?,
            received_at: row.received_at,
            person: known.person,
            session_id: known.session,
        })
    }
}

fn open_aliases(cipher: &Cipher, sealed: &[Vec<u8>]) -> Result<Aliases, Error> {
    let mut aliases = Aliases::default();
    let mut opened = sealed
        .iter()
        .map(|alias| cipher.open(alias))
        .collect::<Result<Vec<_>, _>>()?;
    // Of several values of one kind the first in the alphabet stays: any rule will do that asks for no order
    // of arrival.
    opened.sort();
    for (kind, value) in opened {
        let slot = match kind {
            AliasKind::Email => &mut aliases.email,
            AliasKind::UserId => &mut aliases.user_id,
            AliasKind::AnonymousId => &mut aliases.anonymous_id,
            AliasKind::VisitorId => &mut aliases.visitor_id,
            AliasKind::ContactId => continue,
        };
        slot.get_or_insert(value);
    }
    Ok(aliases)
}
