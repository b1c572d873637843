//! Links with which whoever has one sees one recording, without signing in, until it expires or is revoked.
//!
//! The row says what a link opens; it is not enough to open it: the token in the address also holds a
//! signature, which is made and checked by whoever holds the signing key. A session has at most one link that
//! opens, which its `META` names: so asking twice gives the same one, and who erases the session finds it.

use aws_sdk_dynamodb::types::ReturnValue;
use identity::{OrganizationId, SessionId};
use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond;
use serde::{Deserialize, Serialize};
use table::{Conditional, Item, Read, SORT, Table, Transaction, nested, number, parse, text};

use crate::sessions::share_id::{SessionLink, ShareId};
use crate::sessions::{Sessions, ShareLinks, rows};
use crate::tenants::preferences::ShareLinkDays;
use crate::tenants::retention::days_after;
use crate::{Error, Store};

/// Rounds of looking and making. Each that fails is one that somebody else has won.
const MAX_ROUNDS: usize = 4;

/// Most links of one list: more are nothing that anybody goes through.
const MAX_LISTED: usize = 100;

/// A link to one recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareLink {
    /// Which one.
    pub id: ShareId,
    /// Whose recording it opens.
    pub organization: OrganizationId,
    /// Which recording it opens.
    pub session: SessionId,
    /// When it was made.
    #[serde(with = "millisecond::required")]
    pub created_at: Timestamp,
    /// Who made it: the id of an admin, or `canvas`.
    pub created_by: String,
    /// How often the page was opened with it.
    #[serde(default)]
    pub opened: u64,
    /// When that was last.
    #[serde(with = "millisecond::optional", default)]
    pub last_opened_at: Option<Timestamp>,
    /// When it ends, seconds since 1970.
    expires: i64,
}

/// That an organization has made a link, apart from its key.
#[derive(Serialize)]
struct PlaceRow {
    expires: i64,
}

impl ShareLink {
    /// When it ends.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        Timestamp::from_second(self.expires).unwrap_or(Timestamp::MAX)
    }

    fn works(&self, now: Timestamp) -> bool {
        self.expires > now.as_second()
    }

    fn of_session(&self) -> SessionLink {
        SessionLink {
            id: self.id.clone(),
            created_at: self.created_at,
            expires: self.expires,
        }
    }
}

impl ShareLinks<'_> {
    /// A link to a session: the one that it has, else a new one with this id, which `created_by` has asked
    /// for and which opens for so many days. `None` when there is no such session.
    ///
    /// # Errors
    /// [`table::Error::Contended`] when others keep making and revoking the session's link;
    /// [`table::Error::Unavailable`] when the table does not answer. Both may be tried again.
    pub async fn create(
        self,
        session: &SessionId,
        created_by: &str,
        (id, days): (ShareId, ShareLinkDays),
        now: Timestamp,
    ) -> Result<Option<ShareLink>, Error> {
        let new = ShareLink {
            id,
            organization: self.scope.organization.clone(),
            session: session.clone(),
            created_at: now,
            created_by: created_by.to_owned(),
            opened: 0,
            last_opened_at: None,
            expires: days_after(now, days.get()),
        };
        for _ in 0..MAX_ROUNDS {
            let meta = Sessions::of(self.scope).meta(session).await?;
            let Some(meta) = meta.filter(|meta| !meta.is_erased()) else {
                return Ok(None);
            };
            if let Some(known) = &meta.share
                && let Some(link) = find(self.scope.table, &known.id, session, now).await?
            {
                return Ok(Some(link));
            }
            if self.put(&new, meta.share.as_ref()).await? {
                return Ok(Some(new));
            }
        }
        Err(table::Error::Contended.into())
    }

    /// `false` when the session's link is not `replaced` any more, or the session is being erased.
    async fn put(self, new: &ShareLink, replaced: Option<&SessionLink>) -> Result<bool, Error> {
        let named = nested(&new.of_session())?;
        let place = PlaceRow {
            expires: new.expires,
        };
        let is_shared = Transaction::new(self.scope.table, "share a session")
            .update(&rows::meta(&new.organization, &new.session), |update| {
                let update = update
                    .update_expression("SET #share = :share")
                    .expression_attribute_names("#share", "share")
                    .expression_attribute_values(":share", named);
                match replaced {
                    None => update.condition_expression(
                        "attribute_exists(PK) AND attribute_not_exists(erased_at) AND attribute_not_exists(#share)",
                    ),
                    Some(replaced) => update
                        .condition_expression("attribute_not_exists(erased_at) AND #share.id = :replaced")
                        .expression_attribute_values(":replaced", text(&replaced.id)),
                }
            })?
            .put(&rows::share(&new.id), new, |put| {
                // Somebody else's, should random bytes ever repeat.
                put.condition_expression("attribute_not_exists(PK)")
            })?
            .put(
                &rows::share_of(&new.organization, new.created_at, &new.id),
                &place,
                |put| put,
            )?
            .commit()
            .await?;
        Ok(is_shared)
    }

    /// The organization's links that open, newest first: the latest hundred.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn list(self, now: Timestamp) -> Result<Vec<ShareLink>, Error> {
        let operation = "list links";
        let id = |item: &Item| rows::parse_share_of(item.get(SORT)?.as_s().ok()?);
        let mut wanted = Vec::new();
        let mut start = None;
        // One that expired takes a place of the page: hence the loop.
        loop {
            let answer = self
                .scope
                .table
                .query(
                    rows::shares_partition(self.scope.organization),
                    "begins_with(SK, :prefix)",
                )
                .expression_attribute_values(":prefix", text(rows::SHARE_PREFIX))
                .filter_expression("expires > :now")
                .expression_attribute_values(":now", number(now.as_second()))
                .scan_index_forward(false)
                .consistent_read(true)
                .limit(i32::try_from(MAX_LISTED).unwrap_or(i32::MAX))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| table::Error::from_sdk(operation, &error))?;
            let ids = answer.items().iter().filter_map(id);
            wanted.extend(ids.map(|id| rows::share(&id)));
            start = answer.last_evaluated_key;
            if start.is_none() || wanted.len() >= MAX_LISTED {
                wanted.truncate(MAX_LISTED);
                break;
            }
        }
        let mut found = self
            .scope
            .table
            .get_all(operation, &wanted, Read::Consistent)
            .await?;
        let links = wanted.iter().filter_map(|key| found.remove(key));
        Ok(links
            .map(|item| parse("link", item))
            .collect::<Result<_, table::Error>>()?)
    }

    /// Ends a link of the organization's, at once. Doing it again, or to one that never was, changes nothing.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: revoke again.
    pub async fn revoke(self, id: &ShareId) -> Result<(), Error> {
        let operation = "revoke a link";
        let key = rows::share(id);
        let item = self
            .scope
            .table
            .get(operation, &key, Read::Consistent)
            .await?;
        let link: Option<ShareLink> = item.map(|item| parse("link", item)).transpose()?;
        let Some(link) = link.filter(|link| link.organization == *self.scope.organization) else {
            return Ok(());
        };
        // First, so that it opens nothing from now on; what else names it leads nowhere then.
        self.scope.table.remove(operation, &key).await?;
        let place = rows::share_of(self.scope.organization, link.created_at, id);
        Ok(self.scope.table.remove(operation, &place).await?)
    }
}

impl Store {
    /// The link with this id, if it opens this session.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn share_link(
        &self,
        id: &ShareId,
        session: &SessionId,
        now: Timestamp,
    ) -> Result<Option<ShareLink>, Error> {
        Ok(find(&self.table, id, session, now).await?)
    }

    /// The same, when the page is opened with it: counts that.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn open_share_link(
        &self,
        id: &ShareId,
        session: &SessionId,
        now: Timestamp,
    ) -> Result<Option<ShareLink>, Error> {
        let opened = self
            .table
            .update(&rows::share(id))
            .update_expression("SET last_opened_at = :at ADD opened :one")
            .condition_expression("#session = :session AND expires > :now")
            .expression_attribute_names("#session", "session")
            .expression_attribute_values(":at", number(now.as_millisecond()))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":session", text(session))
            .expression_attribute_values(":now", number(now.as_second()))
            .return_values(ReturnValue::AllNew)
            .attempt("open a link")
            .await?;
        Ok(opened.done().map(|item| parse("link", item)).transpose()?)
    }
}

async fn find(
    table: &Table,
    id: &ShareId,
    session: &SessionId,
    now: Timestamp,
) -> Result<Option<ShareLink>, table::Error> {
    let key = rows::share(id);
    let item = table.get("look up a link", &key, Read::Consistent).await?;
    let link: Option<ShareLink> = item.map(|item| parse("link", item)).transpose()?;
    Ok(link.filter(|link| link.session == *session && link.works(now)))
}
