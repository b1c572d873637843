//! All sessions of an organization, newest first: the days walked backwards, then what they name read.

use std::fmt;

use futures::future::try_join_all;
use identity::SessionId;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use table::{Key, parse, text};

use crate::Error;
use crate::sessions::cursor::SessionCursor;
use crate::sessions::day::{day_of, start_of};
use crate::sessions::day_index::IndexRow;
use crate::sessions::filter::SessionFilter;
use crate::sessions::read::StoredSession;
use crate::sessions::{Sessions, rows};
use crate::tenants::retention::RetentionDays;

/// Most sessions of one page.
const MAX_PAGE: usize = 50;

/// Most queries of one request. They run side by side, twice as many each time that all days were read to
/// their end: so two months without a session are passed over in six round trips.
const MAX_QUERIES: usize = 63;

/// Most rows of the index that one request looks at, a megabyte or two; and of one query.
const MAX_ROWS: usize = 2_000;
const MAX_ROWS_OF_QUERY: usize = 500;

/// Reads of people's lists in one request.
const MAX_ROUNDS: usize = 8;

/// A place in the list of all sessions. As text: `<milliseconds since 1970>`, or that, `:`, and a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListCursor {
    sort_at: u64,
    /// `None`: before every session that is listed at that moment.
    session: Option<SessionId>,
}

/// A part of the list of all sessions, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionListPage {
    /// The sessions. There may be fewer than asked for, even none, and more on the next page.
    pub sessions: Vec<StoredSession>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<ListCursor>,
}

impl ListCursor {
    /// The cursor that a text spells.
    ///
    /// # Errors
    /// [`identity::Error::Malformed`] when it spells none.
    pub fn parse(text: &str) -> Result<Self, identity::Error> {
        let malformed = identity::Error::Malformed {
            name: "cursor",
            rule: "<milliseconds since 1970>, perhaps with :<session>",
        };
        if text.contains(':') {
            let SessionCursor {
                sort_at, session, ..
            } = SessionCursor::parse(text)?;
            return Ok(Self {
                sort_at,
                session: Some(session),
            });
        }
        let sort_at: i64 = text.parse().map_err(|_| malformed.clone())?;
        let at = Timestamp::from_millisecond(sort_at).map_err(|_| malformed.clone())?;
        Ok(Self {
            sort_at: u64::try_from(at.as_millisecond()).map_err(|_| malformed)?,
            session: None,
        })
    }

    fn at(place: &SessionCursor) -> Self {
        Self {
            sort_at: place.sort_at,
            session: Some(place.session.clone()),
        }
    }

    fn before_day(day: Date) -> Self {
        Self {
            sort_at: start_of(day),
            session: None,
        }
    }
}

impl fmt::Display for ListCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.session {
            Some(session) => write!(formatter, "{}:{session}", self.sort_at),
            None => write!(formatter, "{}", self.sort_at),
        }
    }
}

/// What a walk has found.
#[derive(Default)]
struct FoundSessions {
    places: Vec<SessionCursor>,
    /// How far it has looked, when there is more to look at.
    looked_until: Option<ListCursor>,
}

impl FoundSessions {
    /// The first `limit` places, and where to go on after them.
    fn page(mut self, limit: usize) -> (Vec<SessionCursor>, Option<ListCursor>) {
        let is_more = self.places.len() > limit;
        self.places.truncate(limit);
        let next = match (is_more, self.places.last()) {
            (true, Some(last)) => Some(ListCursor::at(last)),
            _ => self.looked_until,
        };
        (self.places, next)
    }
}

impl Sessions<'_> {
    /// The organization's sessions, newest first: 1 to 50 of them, whose place is after `before`.
    ///
    /// The work of one call is bounded, however few sessions the filter leaves: then the page is not full,
    /// and the next one goes on. Three round trips when the first day has enough of them.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn list(
        self,
        filter: &SessionFilter,
        before: Option<&ListCursor>,
        limit: usize,
        now: Timestamp,
    ) -> Result<SessionListPage, Error> {
        let limit = limit.clamp(1, MAX_PAGE);
        let end = filter.to.and_then(|to| to.tomorrow().ok());
        let end = end.map(ListCursor::before_day);
        let before = match (before, end) {
            (Some(before), Some(end)) if before.sort_at >= end.sort_at => Some(end),
            (Some(before), _) => Some(before.clone()),
            (None, end) => end,
        };
        let found = if filter.people.is_some() {
            self.walk_people(filter, before, limit, now).await?
        } else {
            self.walk_days(filter, before, limit, now).await?
        };
        let (places, next) = found.page(limit);
        let mut sessions = self.stored_sessions(&places, now).await?;
        sessions.retain(|session| {
            let mut emails = session.aliases.emails.iter();
            let address = filter.address.as_ref();
            let is_at = address.is_none_or(|address| emails.any(|email| address.matches(email)));
            is_at && filter.takes(&session.summary)
        });
        Ok(SessionListPage { sessions, next })
    }

    /// The session that began last, on this day (UTC) or later, and has a summary. One query for each day
    /// that has none.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn latest_since(self, day: Date, now: Timestamp) -> Result<Option<SessionId>, Error> {
        let filter = SessionFilter {
            from: Some(day),
            ..SessionFilter::default()
        };
        let found = self.walk_days(&filter, None, 0, now).await?;
        Ok(found.places.into_iter().next().map(|place| place.session))
    }

    async fn walk_days(
        self,
        filter: &SessionFilter,
        before: Option<ListCursor>,
        limit: usize,
        now: Timestamp,
    ) -> Result<FoundSessions, Error> {
        let mut days = Days::new(filter, before.as_ref(), now);
        let tokens = filter.address.as_ref();
        let tokens = tokens.map(|address| self.scope.key().wanted_tokens(address));
        let mut start = before;
        let mut found = FoundSessions::default();
        let (mut queries, mut rows, mut at_once) = (0, 0, 1);
        while !days.is_over() && found.places.len() <= limit {
            if queries >= MAX_QUERIES || rows >= MAX_ROWS {
                found.looked_until = Some(start.unwrap_or_else(|| days.before_next()));
                break;
            }
            let wave = days.next(at_once.min(MAX_QUERIES - queries));
            let wanted = match filter.takes_all() {
                true => limit + 1 - found.places.len(),
                false => MAX_ROWS_OF_QUERY,
            };
            queries += wave.len();
            let first = start.take();
            let answers = wave.iter().enumerate().map(|(number, day)| {
                let start = first.as_ref().filter(|_| number == 0);
                self.day(*day, start, wanted)
            });
            at_once *= 2;
            for (day, (indexed, is_all)) in wave.iter().zip(try_join_all(answers).await?) {
                rows += indexed.len();
                let last = indexed.last().map(|row| row.place());
                let alive = indexed.iter().filter(|row| row.expires > now.as_second());
                let wanted =
                    alive.filter(|row| row.may_be(filter) && row.may_be_at(tokens.as_ref()));
                found.places.extend(wanted.map(IndexRow::place));
                if let (false, Some(last)) = (is_all, last) {
                    // The days after it were read for nothing.
                    days.go_back_to(*day);
                    start = Some(ListCursor::at(&last));
                    at_once = 1;
                    break;
                }
            }
        }
        Ok(found)
    }

    /// Rows of a day after a place, newest first, and whether they are all there are.
    async fn day(
        self,
        day: Date,
        start: Option<&ListCursor>,
        wanted: usize,
    ) -> Result<(Vec<IndexRow>, bool), Error> {
        let partition = rows::index_partition(self.scope.organization, day);
        // The start of a query need not exist: any key of the partition is a place in it.
        let start = start.map(|start| {
            Key {
                partition: partition.clone(),
                sort: match &start.session {
                    Some(session) => rows::listed_session_sort(start.sort_at, session),
                    None => rows::listed_at(start.sort_at),
                },
            }
            .attributes()
        });
        let answer = self
            .scope
            .table
            .query(partition, "begins_with(SK, :prefix)")
            .expression_attribute_values(":prefix", text(rows::SESSION_PREFIX))
            .scan_index_forward(false)
            .limit(i32::try_from(wanted).unwrap_or(i32::MAX))
            .set_exclusive_start_key(start)
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("list all sessions", &error))?;
        let rows = answer.items.unwrap_or_default().into_iter();
        let rows: Vec<IndexRow> = rows
            .map(|item| parse("session", item))
            .collect::<Result<_, _>>()?;
        Ok((rows, answer.last_evaluated_key.is_none()))
    }

    async fn walk_people(
        self,
        filter: &SessionFilter,
        before: Option<ListCursor>,
        limit: usize,
        now: Timestamp,
    ) -> Result<FoundSessions, Error> {
        let people = filter.people.as_deref().unwrap_or_default();
        let from = filter.from.map_or(0, start_of);
        let mut found = FoundSessions::default();
        let mut before = before;
        for _ in 0..MAX_ROUNDS {
            let start = before.as_ref().map(|before| match &before.session {
                Some(session) => rows::listed_session_sort(before.sort_at, session),
                None => rows::listed_at(before.sort_at),
            });
            let rows = self.newest(people, start, MAX_PAGE, now).await?;
            let is_last = rows.len() < MAX_PAGE;
            for row in rows {
                if row.cursor.sort_at < from {
                    found.looked_until = None;
                    return Ok(found);
                }
                before = Some(ListCursor::at(&row.cursor));
                if filter.takes(&row.summary) {
                    found.places.push(row.cursor);
                }
            }
            found.looked_until = before.clone().filter(|_| !is_last);
            if is_last || found.places.len() > limit {
                break;
            }
        }
        Ok(found)
    }
}

/// Days to be walked, newest first.
struct Days {
    next: Option<Date>,
    oldest: Date,
}

impl Days {
    fn new(filter: &SessionFilter, before: Option<&ListCursor>, now: Timestamp) -> Self {
        let today = now.to_zoned(TimeZone::UTC).date();
        let [.., longest] = RetentionDays::CHOICES;
        let ago = Span::new().days(i64::from(longest) + 1);
        let kept_since = today.checked_sub(ago).unwrap_or(Date::MIN);
        // The clock that a session was placed by may be a bit ahead of this one.
        let latest = today.tomorrow().unwrap_or(today);
        let newest = before.map_or(latest, |before| day_of(before.sort_at).min(latest));
        Self {
            next: Some(newest),
            oldest: filter.from.map_or(kept_since, |from| from.max(kept_since)),
        }
    }

    fn is_over(&self) -> bool {
        self.next.is_none_or(|next| next < self.oldest)
    }

    /// The next days, at most so many.
    fn next(&mut self, most: usize) -> Vec<Date> {
        let mut days = Vec::with_capacity(most);
        while days.len() < most
            && !self.is_over()
            && let Some(day) = self.next
        {
            days.push(day);
            self.next = day.yesterday().ok();
        }
        days
    }

    fn go_back_to(&mut self, day: Date) {
        self.next = Some(day);
    }

    /// The place after everything of the days that were read.
    fn before_next(&self) -> ListCursor {
        let read = self.next.and_then(|next| next.tomorrow().ok());
        ListCursor::before_day(read.unwrap_or(Date::MIN))
    }
}

impl IndexRow {
    fn place(&self) -> SessionCursor {
        SessionCursor {
            is_claimed: false,
            sort_at: self.sort_at,
            session: self.session.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_parses_back_and_what_is_none_is_refused() {
        for text in ["1795175940000", "1795175940000:s-1", "0:a:b"] {
            assert_eq!(ListCursor::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "-1", "x", "1:", ":s", "999999999999999999", "1:a b"] {
            assert!(ListCursor::parse(text).is_err(), "{text:?}");
        }
    }
}
