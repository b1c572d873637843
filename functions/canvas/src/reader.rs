//! The second round trip to the table, the sessions of people that the first one has found, and the third:
//! who else had the problems of the one that is told.

use identity::SessionId;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pages::share_token::TEAMMATE;
use platform::random;
use replay::Fingerprint;
use store::{
    Connection, Excluding, PageRequest, SessionCursor, SessionPage, SessionRow, ShareId, ShareLink,
    Store,
};

use crate::error::Error;

use crate::position::{COUNTED_SESSIONS, PAGE_SESSIONS, Position};
use crate::view::evidence::ShownPeople;
use crate::view::others::Others;

/// Reads sessions of people already found.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    /// Where from.
    pub(crate) store: &'a Store,
    /// Whose organization's.
    pub(crate) connection: &'a Connection,
    /// Whose.
    pub(crate) people: &'a ShownPeople,
    /// Now: what has expired is left out.
    pub(crate) now: Timestamp,
}

impl Reader<'_> {
    /// One session, if it is these people's.
    pub(crate) async fn session(
        &self,
        cursor: &SessionCursor,
    ) -> Result<Option<SessionRow>, store::Error> {
        let organization = &self.connection.organization;
        self.store
            .of(organization)
            .sessions()
            .find(&self.people.everybody(), cursor, self.now)
            .await
    }

    /// Who else had these problems today; these sessions are the person's own, whoever they were
    /// counted for. A panel without it is still one, so a table that does not answer is passed over.
    pub(crate) async fn others(&self, asked: &[Fingerprint], own: &[SessionId]) -> Others {
        let today = self.now.to_zoned(TimeZone::UTC).date();
        let everybody = self.people.everybody();
        let them = Excluding {
            people: &everybody,
            sessions: own,
        };
        let problems = self.store.of(&self.connection.organization).problems();
        match problems.seen(asked, today, them, self.now).await {
            Ok(others) => others,
            Err(error) => {
                tracing::warn!(%error, "who else had the problems is not known");
                Others::new()
            }
        }
    }

    /// The share link of a session of these people's, made if there is none; `None` when the session is gone.
    pub(crate) async fn share(&self, session: &SessionId) -> Result<Option<ShareLink>, Error> {
        let id = ShareId::from_random(random::bytes()?);
        let days = self.connection.preferences.share_link_days;
        let organization = &self.connection.organization;
        let link = self.store.of(organization).share_links().create(
            session,
            TEAMMATE,
            (id, days),
            self.now,
        );
        Ok(link.await?)
    }

    /// The sessions at a position and, at the same time, the last one that had started before `began`.
    pub(crate) async fn page(
        &self,
        position: &Position,
        began: Option<Timestamp>,
    ) -> Result<(SessionPage, Option<SessionRow>), store::Error> {
        let (store, organization) = (self.store, &self.connection.organization);
        let limit = match position.is_first() {
            true => COUNTED_SESSIONS,
            false => self
                .connection
                .preferences
                .sessions_in_list
                .get()
                .min(PAGE_SESSIONS),
        };
        let request = PageRequest {
            limit,
            before: position.before().cloned(),
        };
        let ShownPeople { first, after } = self.people;
        let page = store
            .of(organization)
            .sessions()
            .with_claims(first, after, &request, self.now);
        let under_way = async {
            match began {
                Some(began) => {
                    store
                        .of(organization)
                        .sessions()
                        .last_before(first, began, self.now)
                        .await
                }
                None => Ok(None),
            }
        };
        tokio::try_join!(page, under_way)
    }
}
