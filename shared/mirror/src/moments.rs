//! Time lines. A moment stands in its contact's partition, and a copy in that of each company that the
//! contact belongs to.
//!
//! Whoever puts a moment writes the contact's row and then reads where the contact belongs; whoever makes a
//! contact belong somewhere writes that and then reads the contact's moments. So neither misses the other.

use identity::SessionId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use table::{Item, item, parse, text};

use crate::as_of::AsOf;
use crate::companies::LAST;
use crate::moment::{Moment, MomentKind};
use crate::record::{Absence, Order, Put};
use crate::rows;
use crate::{Error, WorkspaceMirror};

/// Most moments of one kind that a contact brings along into a company, the latest.
const MAX_COPIED: usize = 1_000;

/// Longest page of a time line.
const MAX_PAGE: usize = 200;

/// Time lines of a workspace.
#[derive(Debug, Clone, Copy)]
pub struct Moments<'m, 'a>(pub(crate) &'m WorkspaceMirror<'a>);

/// Whose session was noted, and when it began.
#[derive(Serialize, Deserialize)]
struct NotedSession {
    contact: String,
    at_ms: i64,
    expires: i64,
}

impl Moments<'_, '_> {
    /// Puts a moment; it is there until `expires` (seconds since 1970).
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: all of it may be repeated. This goes for
    /// everything here.
    pub async fn put(
        self,
        moment: &Moment,
        as_of: AsOf,
        expires: i64,
        now: Timestamp,
    ) -> Result<Put, Error> {
        let contact = rows::of_id(&moment.contact);
        let sort = moment.sort();
        if moment.kind() == MomentKind::Session {
            // Before the moment: whoever erases the session finds all of it.
            let noted = NotedSession {
                contact: moment.contact.clone(),
                at_ms: moment.at.as_millisecond(),
                expires,
            };
            let row = item(&self.0.keys.noted_session(&moment.id, &contact), &noted)?;
            self.0.table.put_all("note a session", vec![row]).await?;
        }
        let key = self.0.keys.contact_moment(&contact, &sort);
        let said = (moment, moment.tally());
        let name = "put a moment";
        let put = self.0.put(name, &key, as_of, said, Some(expires)).await?;
        if put == Put::Older {
            return Ok(put);
        }
        let memberships = self.0.memberships();
        for company in memberships.companies_of(&moment.contact, now).await? {
            let company = rows::of_id(&company);
            let key = self.0.keys.company_moment(&company, &sort, &contact);
            let said = (moment, moment.tally());
            self.0.put(name, &key, as_of, said, Some(expires)).await?;
            self.0.mark_uncounted(&company).await?;
        }
        Ok(put)
    }

    /// Takes a moment away.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn take_away(
        self,
        (kind, at, id): (MomentKind, Timestamp, &str),
        contact: &str,
        as_of: AsOf,
        now: Timestamp,
    ) -> Result<(), Error> {
        let sort = rows::moment(kind, at, id);
        let contact_key = rows::of_id(contact);
        let key = self.0.keys.contact_moment(&contact_key, &sort);
        let name = "take a moment away";
        self.0.take_away(name, &key, as_of, Absence::Away).await?;
        let memberships = self.0.memberships();
        for company in memberships.companies_of(contact, now).await? {
            let company = rows::of_id(&company);
            let key = self.0.keys.company_moment(&company, &sort, &contact_key);
            self.0.take_away(name, &key, as_of, Absence::Away).await?;
            self.0.mark_uncounted(&company).await?;
        }
        Ok(())
    }

    /// Takes a session away wherever it was noted in this workspace: it is gone.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn forget_session(self, session: &SessionId, now: Timestamp) -> Result<(), Error> {
        const MAX_NOTED: usize = 1_000;
        let name = "find where a session was noted";
        let partition = self.0.keys.noted_session_partition(session.as_str());
        let prefix = format!("CONTACT#{}#", self.0.keys.workspace);
        let range = (&*prefix, &*format!("{prefix}{LAST}"));
        let noted = self
            .0
            .items(name, partition, range, Order::Ascending, MAX_NOTED)
            .await?;
        let mut keys = Vec::with_capacity(noted.len());
        for item in noted {
            keys.push(table::key_of(&item)?);
            let noted: NotedSession = parse("noted session", item)?;
            let at = Timestamp::from_millisecond(noted.at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
            let moment = (MomentKind::Session, at, session.as_str());
            self.take_away(moment, &noted.contact, AsOf::at(now), now)
                .await?;
        }
        self.0
            .delete("forget where a session was noted", &keys)
            .await
    }

    /// The latest moments of a kind of a contact's, before a moment.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn of_contact(
        self,
        contact: &str,
        kind: MomentKind,
        before: Option<Timestamp>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<Moment>, Error> {
        let partition = self.0.keys.contact_partition(&rows::of_id(contact));
        self.latest(partition, kind, before, limit, now).await
    }

    /// The latest moments of a kind of all who belong to a company, before a moment.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn of_company(
        self,
        company: &str,
        kind: MomentKind,
        before: Option<Timestamp>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<Moment>, Error> {
        let company = rows::of_id(company);
        self.of_company_by_key(&company, kind, before, limit, now)
            .await
    }

    pub(crate) async fn of_company_by_key(
        self,
        company: &str,
        kind: MomentKind,
        before: Option<Timestamp>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<Moment>, Error> {
        let partition = self.0.keys.company_partition(company);
        self.latest(partition, kind, before, limit, now).await
    }

    async fn latest(
        self,
        partition: String,
        kind: MomentKind,
        before: Option<Timestamp>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<Moment>, Error> {
        let limit = limit.clamp(1, MAX_PAGE);
        let kind = kind.as_key();
        let from = format!("{kind}#");
        let mut to = match before {
            // Sorts before everything of that millisecond.
            Some(at) => format!("{kind}#{:015}", at.as_millisecond().max(0)),
            None => format!("{kind}#{LAST}"),
        };
        let mut moments = Vec::with_capacity(limit);
        loop {
            let range = (&*from, &*to);
            let items = self
                .0
                .items(
                    "read a time line",
                    partition.clone(),
                    range,
                    Order::Descending,
                    limit,
                )
                .await?;
            let is_last = items.len() < limit;
            for item in items {
                // Right before this one the next page begins.
                let sort = table::key_of(&item)?.sort;
                to = right_before(&sort);
                let stored = self.0.stored::<Moment>(item, now)?;
                moments.extend(stored.map(|stored| stored.content));
                if moments.len() == limit {
                    return Ok(moments);
                }
            }
            if is_last {
                return Ok(moments);
            }
        }
    }

    /// Copies a contact's moments into a company. Both as they stand in keys.
    pub(crate) async fn copy_to(self, contact: &str, company: &str) -> Result<(), Error> {
        for kind in MomentKind::ALL {
            let mut copies = Vec::new();
            for (sort, item) in self.rows_of_contact(contact, kind).await? {
                let from = self.0.keys.contact_moment(contact, &sort);
                let to = self.0.keys.company_moment(company, &sort, contact);
                copies.extend(self.copied(&from, &to, item)?);
            }
            self.0.table.put_all("copy moments", copies).await?;
        }
        Ok(())
    }

    /// The same row for another place; `None` where nothing is there.
    fn copied(self, from: &table::Key, to: &table::Key, row: Item) -> Result<Option<Item>, Error> {
        let expires = row.get(table::EXPIRES).cloned();
        let as_of = row.get("as_of").cloned();
        let Some(stored) = self.0.stored::<Moment>(row, Timestamp::MIN)? else {
            return Ok(None);
        };
        debug_assert_eq!(stored.key, *from);
        let moment = stored.content;
        let said = (&moment, moment.tally());
        let record = self.0.record(to, AsOf::at(moment.at), said, None)?;
        let mut copy = item(to, &record)?;
        copy.extend(as_of.map(|as_of| ("as_of".to_owned(), as_of)));
        copy.extend(expires.map(|expires| (table::EXPIRES.to_owned(), expires)));
        Ok(Some(copy))
    }

    /// Clears a contact's moments out of a company. Both as they stand in keys.
    pub(crate) async fn clear_from(self, contact: &str, company: &str) -> Result<(), Error> {
        for kind in MomentKind::ALL {
            let rows = self.rows_of_contact(contact, kind).await?;
            let keys = rows
                .iter()
                .map(|(sort, _)| self.0.keys.company_moment(company, sort, contact));
            let keys: Vec<_> = keys.collect();
            self.0.delete("clear moments", &keys).await?;
        }
        Ok(())
    }

    /// The latest rows of a contact's moments of a kind, by their sort keys, as they stand this moment.
    async fn rows_of_contact(
        self,
        contact: &str,
        kind: MomentKind,
    ) -> Result<Vec<(String, Item)>, Error> {
        let mut rows = Vec::new();
        let mut place = None;
        loop {
            let query = self
                .0
                .table
                .query(
                    self.0.keys.contact_partition(contact),
                    "begins_with(SK, :kind)",
                )
                .expression_attribute_values(":kind", text(format!("{}#", kind.as_key())))
                .scan_index_forward(false)
                .consistent_read(true)
                .set_exclusive_start_key(place);
            let answer = query.send().await;
            let answer =
                answer.map_err(|error| table::Error::from_sdk("read moments to copy", &error))?;
            for item in answer.items.unwrap_or_default() {
                rows.push((table::key_of(&item)?.sort, item));
            }
            place = answer.last_evaluated_key.filter(|key| !key.is_empty());
            if place.is_none() || rows.len() >= MAX_COPIED {
                return Ok(rows);
            }
        }
    }
}

/// What sorts before this text and after everything else that does.
fn right_before(sort: &str) -> String {
    let mut chars = sort.chars();
    let last = chars.next_back().map_or('!', |last| {
        char::from_u32(u32::from(last).saturating_sub(1)).unwrap_or('!')
    });
    format!("{}{last}{LAST}", chars.as_str())
}
