//! What Intercom says about contacts, and whom it leads to.

mod claims;
mod cost;
mod deletion;
mod law;
mod lookups;
mod statements;

use std::collections::BTreeSet;

use identity::{
    Alias, ContactEmail, ContactId, OrganizationId, PersonId, Presence, Statement, WorkspaceId,
};
use jiff::Timestamp;
use store::{Applied, ContactLookup, ContactQuery, ContactRole, PageRequest};

use crate::fixture::{Fixture, RETENTION_DAYS};

pub(crate) fn email(name: &str) -> Alias {
    Alias::email(&format!("{name}@example.com")).unwrap()
}

pub(crate) fn browser(name: &str) -> Alias {
    Alias::anonymous_id(&format!("browser-{name}")).unwrap()
}

pub(crate) fn visitor(name: &str) -> Alias {
    Alias::visitor_id(&format!("visitor-{name}")).unwrap()
}

pub(crate) fn user(name: &str) -> Alias {
    Alias::user_id(&format!("user-{name}")).unwrap()
}

pub(crate) fn contact(id: &str) -> ContactId {
    ContactId::parse(id).unwrap()
}

/// The contact's id and nothing else.
pub(crate) fn by_id(id: &str) -> ContactQuery {
    ContactQuery {
        contact: Some(contact(id)),
        ..ContactQuery::default()
    }
}

pub(crate) fn by(role: ContactRole, aliases: &[Alias]) -> ContactQuery {
    ContactQuery {
        role: Some(role),
        ..ContactQuery::of(aliases)
    }
}

/// Statements about a contact at a moment of which only the order matters.
pub(crate) fn says(id: &str, at: i64) -> Says {
    let at = Timestamp::from_second(1_700_000_000 + at).unwrap();
    Says(Statement::about(contact(id), at))
}

pub(crate) struct Says(pub(crate) Statement);

impl Says {
    pub(crate) fn visitor(mut self, name: &str) -> Self {
        self.0.visitor_id = Some(visitor(name));
        self
    }

    pub(crate) fn user(mut self, name: &str) -> Self {
        self.0.user_id = Some(user(name));
        self
    }

    pub(crate) fn typed(mut self, name: &str) -> Self {
        self.0.email = Some(ContactEmail::OfLead(email(name)));
        self
    }

    pub(crate) fn email(mut self, name: &str) -> Self {
        self.0.email = Some(ContactEmail::OfUser(email(name)));
        self
    }

    pub(crate) fn absorbed(mut self, id: &str) -> Self {
        self.0.absorbed = Some(contact(id));
        self
    }

    pub(crate) fn is(mut self, presence: Presence) -> Self {
        self.0.presence = Some(presence);
        self
    }
}

/// The shop, which has recorded somebody.
pub(crate) struct Shop {
    pub(crate) fixture: Fixture,
    pub(crate) organization: OrganizationId,
    pub(crate) workspace: WorkspaceId,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let fixture = Fixture::start().await;
        let (organization, workspace) = fixture.connected("shop").await;
        Self {
            fixture,
            organization,
            workspace,
        }
    }

    /// Records a session of whoever has these aliases.
    pub(crate) async fn record(&self, session: &str, aliases: &[Alias]) {
        let (fixture, organization) = (&self.fixture, &self.organization);
        fixture.summarize(organization, session, fixture.now).await;
        fixture.identify(organization, session, aliases).await;
    }

    pub(crate) async fn apply(&self, says: Says) -> Applied {
        self.try_apply(&says.0).await.unwrap()
    }

    pub(crate) async fn try_apply(&self, statement: &Statement) -> Result<Applied, store::Error> {
        let store = &self.fixture.store;
        let (organization, now) = (&self.organization, self.fixture.now);
        store
            .of(organization)
            .apply_statement(&self.workspace, statement, RETENTION_DAYS, now)
            .await
    }

    pub(crate) async fn find(&self, query: &ContactQuery) -> ContactLookup {
        let store = &self.fixture.store;
        store.find_contact(&self.workspace, query).await.unwrap()
    }

    pub(crate) async fn sessions(&self, people: &[PersonId]) -> BTreeSet<String> {
        let page = PageRequest {
            limit: 50,
            before: None,
        };
        let fixture = &self.fixture;
        let page =
            fixture
                .store
                .of(&self.organization)
                .sessions()
                .of_people(people, &page, fixture.now);
        let sessions = page.await.unwrap().sessions.into_iter();
        sessions.map(|row| row.session_id.to_string()).collect()
    }

    /// The sessions found for certain and those that are not verified, each in the order of the alphabet.
    pub(crate) async fn shown(&self, query: &ContactQuery) -> (Vec<String>, Vec<String>) {
        let found = self.find(query).await;
        let certain = self.sessions(&found.people()).await;
        let unverified = self.sessions(&found.unverified).await;
        (
            certain.into_iter().collect(),
            unverified.into_iter().collect(),
        )
    }

    /// Asserts which sessions are found for certain, and that no others are.
    pub(crate) async fn assert_finds(&self, query: &ContactQuery, sessions: &[&str]) {
        let (certain, unverified) = self.shown(query).await;
        assert_eq!(certain, sessions, "{query:?}");
        assert!(unverified.is_empty(), "{query:?}: {unverified:?}");
    }

    /// Asserts which sessions are found that nobody has verified, and that no others are.
    pub(crate) async fn assert_unverified(&self, query: &ContactQuery, sessions: &[&str]) {
        let (certain, unverified) = self.shown(query).await;
        assert_eq!(unverified, sessions, "{query:?}");
        assert!(certain.is_empty(), "{query:?}: {certain:?}");
    }
}
