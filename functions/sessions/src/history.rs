//! What somebody did, and what they wrote: sessions of ours beside Intercom's conversations and events, in
//! one order.

use jiff::Timestamp;
use mirror::{Moment, MomentKind, WorkspaceMirror};
use store::{ListCursor, SessionListPage, StoredSession};

use crate::error::Error;

/// Moments of a kind on one page, at most.
const MOMENTS_PER_PAGE: usize = 25;

/// One thing that happened.
pub(crate) enum Entry {
    Session(Box<StoredSession>),
    Moment(Moment),
}

/// A page of a history, the latest first.
#[derive(Default)]
pub(crate) struct History {
    pub(crate) entries: Vec<Entry>,
    /// Where what is older begins.
    pub(crate) older: Option<ListCursor>,
}

impl Entry {
    fn at(&self) -> Timestamp {
        match self {
            Self::Session(session) => session.place.moment(),
            Self::Moment(moment) => moment.at,
        }
    }
}

impl History {
    /// Of sessions alone.
    pub(crate) fn of_sessions(list: SessionListPage) -> Self {
        Self::new(list, Vec::new())
    }

    /// Of sessions and of moments, each kind as far as it was read. What lies before the end of any of them
    /// is left for the next page: there may be something of that kind in between.
    fn new(list: SessionListPage, moments: Vec<Vec<Moment>>) -> Self {
        let ends = moments
            .iter()
            .filter(|kind| kind.len() >= MOMENTS_PER_PAGE)
            .filter_map(|kind| Some(ListCursor::before(kind.last()?.at)));
        let older = list
            .next
            .into_iter()
            .chain(ends)
            .max_by_key(ListCursor::moment);
        let sessions = list.sessions.into_iter().map(Box::new).map(Entry::Session);
        let moments = moments.into_iter().flatten().map(Entry::Moment);
        let end = older.as_ref().map(ListCursor::moment);
        let is_reached = |entry: &Entry| end.is_none_or(|end| entry.at() >= end);
        let mut entries: Vec<_> = sessions.chain(moments).filter(is_reached).collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.at()));
        Self { entries, older }
    }

    /// Of sessions, and of what Intercom has of a contact.
    pub(crate) async fn of_contact(
        list: SessionListPage,
        (mirror, contact): (&WorkspaceMirror<'_>, &str),
        before: Option<&ListCursor>,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let before = before.map(ListCursor::moment);
        let of = |kind| {
            let moments = mirror.moments();
            moments.of_contact(contact, kind, before, MOMENTS_PER_PAGE, now)
        };
        let (conversations, events) =
            futures::future::try_join(of(MomentKind::Conversation), of(MomentKind::Event)).await?;
        Ok(Self::new(list, vec![conversations, events]))
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use mirror::What;

    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_second(1_795_176_000).unwrap() + SignedDuration::from_mins(minutes)
    }

    /// One event a minute, the latest first.
    fn events(minutes: std::ops::Range<i64>) -> Vec<Moment> {
        let moment = |minutes: i64| Moment {
            at: at(minutes),
            id: format!("e{minutes}"),
            contact: "c1".to_owned(),
            what: What::Event {
                name: "ordered".to_owned(),
            },
        };
        minutes.rev().map(moment).collect()
    }

    fn minutes(history: &History) -> Vec<i64> {
        let entries = history.entries.iter();
        let minutes = entries.map(|entry| entry.at().duration_since(at(0)).as_mins());
        minutes.collect()
    }

    fn no_sessions(next: Option<ListCursor>) -> SessionListPage {
        SessionListPage {
            sessions: Vec::new(),
            next,
        }
    }

    #[test]
    fn what_was_read_to_its_end_is_shown_in_one_order() {
        let history = History::new(no_sessions(None), vec![events(0..2), events(1..3)]);
        assert_eq!(minutes(&history), [2, 1, 1, 0]);
        assert_eq!(history.older, None);
    }

    #[test]
    fn a_page_ends_where_the_first_kind_does() {
        let many = events(10..10 + MOMENTS_PER_PAGE as i64);
        let history = History::new(no_sessions(None), vec![many.clone(), events(0..12)]);
        assert_eq!(history.entries.len(), MOMENTS_PER_PAGE + 2);
        assert_eq!(minutes(&history).last(), Some(&10));
        assert_eq!(history.older, Some(ListCursor::before(at(10))));
        // Sessions have been looked through up to a later moment only.
        let next = ListCursor::parse(&format!("{}:s-1", at(30).as_millisecond())).unwrap();
        let list = no_sessions(Some(next.clone()));
        let history = History::new(list, vec![many, events(0..12)]);
        assert_eq!(minutes(&history), [34, 33, 32, 31, 30]);
        assert_eq!(history.older, Some(next));
    }
}
