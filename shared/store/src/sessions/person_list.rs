//! A contact's sessions: the latest, those after them, and one of them.

use futures::future::{try_join, try_join_all};
use identity::cluster::MAX_PEOPLE;
use identity::{PersonId, SessionId};
use jiff::Timestamp;
use replay::Summary;
use table::{Item, Key, Read, key_of, number, parse, text};

use crate::Error;
use crate::people::rows as people_rows;
use crate::sessions::cursor::SessionCursor;
use crate::sessions::listing::ListedRow;
use crate::sessions::{Sessions, rows};

/// Most sessions of one page.
const MAX_PAGE: usize = 50;

/// Queries of one person's sessions before giving up on finding more among rows that have expired or cannot
/// be read.
const MAX_QUERIES: usize = 4;

/// Which part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// How many sessions, 1 to 50.
    pub limit: usize,
    /// Only sessions after this place, that is, older ones.
    pub before: Option<SessionCursor>,
}

/// A part of a list, newest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SessionPage {
    /// The sessions.
    pub sessions: Vec<SessionRow>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<SessionCursor>,
}

/// A listed session.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionRow {
    /// Its place in the list.
    pub cursor: SessionCursor,
    /// Whose it is.
    pub person: PersonId,
    /// Its id.
    pub session_id: SessionId,
    /// What the recording amounts to so far.
    pub summary: Summary,
    /// When the last chunk that the summary covers arrived, by our clock.
    pub received_at: Timestamp,
}

impl Sessions<'_> {
    /// The sessions of these people, newest first: one query per person, all at once, whatever is stored.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn of_people(
        self,
        people: &[PersonId],
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<SessionPage, Error> {
        let limit = page.limit.clamp(1, MAX_PAGE);
        let before = page
            .before
            .as_ref()
            .map(|cursor| rows::listed_session_sort(cursor.sort_at, &cursor.session));
        // One more than asked for tells whether there is a next page.
        let mut rows = self.newest(people, before, limit + 1, now).await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| more);
        Ok(SessionPage {
            next: last.map(|row| row.cursor.clone()),
            sessions: rows,
        })
    }

    /// The sessions of some people, newest first, and after all of them those that others are only claimed to
    /// have: so claims are in nobody's way, however many there are. One query a person, all at once.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn with_claims(
        self,
        people: &[PersonId],
        claimed: &[PersonId],
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<SessionPage, Error> {
        let is_among_claims = page.before.as_ref().is_some_and(|place| place.is_claimed);
        let first = PageRequest {
            limit: page.limit,
            before: None,
        };
        let surer = async {
            match is_among_claims {
                true => Ok(SessionPage::default()),
                false => self.of_people(people, page, now).await,
            }
        };
        let claims = self.of_people(claimed, if is_among_claims { page } else { &first }, now);
        let (mut surer, mut claims) = try_join(surer, claims).await?;
        let limit = page.limit.clamp(1, MAX_PAGE);
        if claims.sessions.is_empty() || surer.next.is_some() {
            return Ok(surer);
        }
        let places = claims.sessions.iter_mut().map(|row| &mut row.cursor);
        places
            .chain(&mut claims.next)
            .for_each(|place| place.is_claimed = true);
        let room = limit.saturating_sub(surer.sessions.len());
        if room == 0 {
            // They begin on the next page, right before the newest of them.
            surer.next = claims.sessions.first().map(|row| SessionCursor {
                sort_at: row.cursor.sort_at + 1,
                ..row.cursor.clone()
            });
            return Ok(surer);
        }
        if claims.sessions.len() > room {
            claims.sessions.truncate(room);
            claims.next = claims.sessions.last().map(|row| row.cursor.clone());
        }
        surer.sessions.extend(claims.sessions);
        surer.next = claims.next;
        Ok(surer)
    }

    /// The latest session that had started before `moment`.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn last_before(
        self,
        people: &[PersonId],
        moment: Timestamp,
        now: Timestamp,
    ) -> Result<Option<SessionRow>, Error> {
        let moment = moment.as_millisecond().max(0).cast_unsigned();
        let rows = self
            .newest(people, Some(rows::listed_at(moment)), 1, now)
            .await?;
        Ok(rows.into_iter().next())
    }

    /// The session at a place in these people's list; `None` when it is not theirs, or gone.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn find(
        self,
        people: &[PersonId],
        cursor: &SessionCursor,
        now: Timestamp,
    ) -> Result<Option<SessionRow>, Error> {
        let key = |person| {
            rows::listed_session(
                self.scope.organization,
                person,
                cursor.sort_at,
                &cursor.session,
            )
        };
        let people = distinct(people);
        let keys: Vec<Key> = people.iter().map(|person| key(person)).collect();
        let mut found = self
            .scope
            .table
            .get_all("read a session", &keys, Read::Eventual)
            .await?;
        let theirs = people.into_iter().zip(&keys);
        let mut theirs = theirs.filter_map(|(person, key)| Some((person, found.remove(key)?)));
        match theirs.next() {
            Some((person, item)) => {
                let row: ListedRow = parse("session", item)?;
                (!row.is_expired(now))
                    .then(|| SessionRow::from_listed(row, person))
                    .transpose()
            }
            None => Ok(None),
        }
    }

    /// At most `wanted` sessions of these people, newest first, that sort before a key.
    pub(crate) async fn newest(
        self,
        people: &[PersonId],
        before: Option<String>,
        wanted: usize,
        now: Timestamp,
    ) -> Result<Vec<SessionRow>, Error> {
        let people = distinct(people);
        let queries = people
            .into_iter()
            .map(|person| self.newest_of_person(person, before.clone(), wanted, now));
        let mut rows: Vec<SessionRow> =
            try_join_all(queries).await?.into_iter().flatten().collect();
        rows.sort_by(|a, b| b.cursor.cmp(&a.cursor));
        rows.truncate(wanted);
        Ok(rows)
    }

    async fn newest_of_person(
        self,
        person: &PersonId,
        before: Option<String>,
        wanted: usize,
        now: Timestamp,
    ) -> Result<Vec<SessionRow>, Error> {
        let partition = people_rows::person_partition(self.scope.organization, person);
        // The start of a query need not exist: any key of the partition is a place in it.
        let mut start = before.map(|sort| {
            Key {
                partition: partition.clone(),
                sort,
            }
            .attributes()
        });
        let mut rows = Vec::new();
        for _ in 0..MAX_QUERIES {
            let missing = i32::try_from(wanted - rows.len()).unwrap_or(i32::MAX);
            let page = self
                .scope
                .table
                .query(partition.clone(), "begins_with(SK, :prefix)")
                .expression_attribute_values(":prefix", text(rows::SESSION_PREFIX))
                .filter_expression("expires > :now")
                .expression_attribute_values(":now", number(now.as_second()))
                .scan_index_forward(false)
                .limit(missing)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| table::Error::from_sdk("list sessions", &error))?;
            rows.extend(
                page.items
                    .unwrap_or_default()
                    .into_iter()
                    .filter_map(|item| readable(item, person)),
            );
            start = page.last_evaluated_key;
            if start.is_none() || rows.len() >= wanted {
                break;
            }
        }
        Ok(rows)
    }
}

impl SessionRow {
    fn from_listed(row: ListedRow, person: &PersonId) -> Result<Self, Error> {
        Ok(Self {
            person: person.clone(),
            summary: row.summary()?,
            received_at: row.received_at,
            session_id: row.session.clone(),
            cursor: SessionCursor {
                is_claimed: false,
                sort_at: row.sort_at,
                session: row.session,
            },
        })
    }
}

/// The session in a row; `None` when it cannot be read. One that cannot must not hide all the others: it is
/// left out, and an operator finds its key in the log.
fn readable(item: Item, person: &PersonId) -> Option<SessionRow> {
    let key = key_of(&item);
    let row = parse("session", item)
        .map_err(Error::from)
        .and_then(|row| SessionRow::from_listed(row, person));
    match row {
        Ok(row) => Some(row),
        Err(error) => {
            tracing::error!(?key, %error, "a session is left out of a list");
            None
        }
    }
}

fn distinct(people: &[PersonId]) -> Vec<&PersonId> {
    let mut people: Vec<&PersonId> = people.iter().take(MAX_PEOPLE).collect();
    people.sort();
    people.dedup();
    people
}
