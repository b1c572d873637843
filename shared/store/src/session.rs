//! One session by its id, for its organization's own backends.

use std::fmt;

use identity::{AliasKind, OrganizationId, SessionId};
use jiff::Timestamp;
use replay::Summary;

use crate::cipher::Cipher;
use crate::table::{Read, parse};
use crate::{Error, Store, keys};

/// A session with what it was identified by.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredSession {
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

impl Store {
    /// A session by its id, whoever's it is; `None` when it is unknown, not summarized yet, or gone.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the table does not answer.
    pub async fn session(
        &self,
        organization: &OrganizationId,
        session: &SessionId,
        now: Timestamp,
    ) -> Result<Option<StoredSession>, Error> {
        let Some(meta) = self.meta(organization, session).await? else {
            return Ok(None);
        };
        let row = match (meta.unlisted, meta.person, meta.sort_at) {
            (Some(row), _, _) => row,
            (None, Some(person), Some(sort_at)) => {
                let key = keys::listed_session(organization, &person, sort_at, session);
                match self
                    .table
                    .get("read a session", &key, Read::Consistent)
                    .await?
                {
                    Some(item) => parse("session", item)?,
                    None => return Ok(None),
                }
            }
            _ => return Ok(None),
        };
        if row.is_expired(now) {
            return Ok(None);
        }
        let cipher = Cipher::new(self.key_of(organization), organization, session);
        Ok(Some(StoredSession {
            summary: row.summary()?,
            aliases: open_aliases(&cipher, &meta.aliases)?,
            received_at: row.received_at,
        }))
    }
}

fn open_aliases(cipher: &Cipher, sealed: &[Vec<u8>]) -> Result<Aliases, Error> {
    let mut aliases = Aliases::default();
    let mut opened = sealed
        .iter()
        .map(|alias| cipher.open(alias))
        .collect::<Result<Vec<_>, _>>()?;
    // Of several values of one kind the first in the alphabet stays: any rule will do that asks for no order of arrival.
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
