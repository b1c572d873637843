//! What recorders say, and whose sessions are found for a contact.

use std::collections::BTreeSet;
use std::sync::Arc;

use identity::{Alias, ContactId, OrganizationId, SessionId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use object_store::memory::InMemory;
use replay::{Counts, Device, Page, Summary};
use store::{
    Advance, ContactLookup, ContactQuery, ContactRole, PageRequest, Recordings, SaveOutcome,
};

use crate::functions::RETENTION_DAYS;
use crate::stack::Stack;

/// The page that every session here has.
pub(crate) const PAGE: &str = "https://shop.example/cart";

/// The first hit among others, so that `aliases` reads well in tests.
pub(crate) fn visitor_id(id: &str) -> Alias {
    Alias::visitor_id(id).unwrap()
}

pub(crate) fn user_id(id: &str) -> Alias {
    Alias::user_id(id).unwrap()
}

pub(crate) fn email(address: &str) -> Alias {
    Alias::email(address).unwrap()
}

/// The query of a panel that knows nothing but Intercom's id.
pub(crate) fn by_contact(id: &str) -> ContactQuery {
    ContactQuery {
        contact: Some(ContactId::parse(id).unwrap()),
        ..ContactQuery::default()
    }
}

/// The query of a panel whose contact has this role and this alias, and an id that nobody has heard of.
pub(crate) fn by_alias(role: ContactRole, alias: Alias) -> ContactQuery {
    ContactQuery {
        role: Some(role),
        aliases: vec![alias],
        ..ContactQuery::default()
    }
}

impl Stack {
    /// Records a session that its recorder says these aliases of.
    pub(crate) async fn record(
        &self,
        organization: &OrganizationId,
        session: &str,
        aliases: &[Alias],
    ) {
        let now = self.state.clock.now();
        let session = SessionId::parse(session).unwrap();
        let store = &self.state.store;
        let said = store::Identification::verified(aliases);
        let identified =
            store
                .of(organization)
                .sessions()
                .identify(&session, &said, RETENTION_DAYS, now);
        identified.await.unwrap();
        self.summarize(organization, &session).await;
    }

    /// Records a session of which nothing is known but that it was on [`PAGE`] until now.
    pub(crate) async fn visit(&self, organization: &OrganizationId, session: &str) {
        let session = SessionId::parse(session).unwrap();
        self.summarize(organization, &session).await;
    }

    async fn summarize(&self, organization: &OrganizationId, session: &SessionId) {
        let (store, now) = (&self.state.store, self.state.clock.now());
        let recordings = Recordings::new(store.clone(), Arc::new(InMemory::new()));
        let requested =
            store
                .of(organization)
                .sessions()
                .request_summary(session, RETENTION_DAYS, now, true);
        requested.await.unwrap();
        let progress = store
            .of(organization)
            .sessions()
            .begin_summary(session, now)
            .await;
        let progress = progress.unwrap().unwrap();
        let advance = Advance {
            next_seq: 1,
            state: Some(recordings.write_state(&progress, b"state").await.unwrap()),
            summary: Some(summary(now)),
            before: None,
            received_at: now,
            skipped: Vec::new(),
        };
        let saved = recordings.save_summary(&progress, &advance, now).await;
        assert_eq!(saved.unwrap(), SaveOutcome::Saved);
        let noted = store
            .of(&progress.organization)
            .sessions()
            .note_activity(&progress, &advance, now);
        noted.await.unwrap();
    }

    /// What the canvas finds in the workspace `acme`.
    pub(crate) async fn lookup(&self, query: &ContactQuery) -> ContactLookup {
        self.lookup_in("acme", query).await
    }

    pub(crate) async fn lookup_in(&self, workspace: &str, query: &ContactQuery) -> ContactLookup {
        let workspace = WorkspaceId::parse(workspace).unwrap();
        let found = self.state.store.find_contact(&workspace, query).await;
        found.unwrap()
    }

    /// The sessions that the canvas finds for certain, and those that it marks as unverified.
    pub(crate) async fn sessions(&self, query: &ContactQuery) -> (Vec<String>, Vec<String>) {
        let found = self.lookup(query).await;
        let organization = &found.connection.as_ref().unwrap().organization;
        let mut sessions = [found.people(), found.unverified.clone()].into_iter();
        let mut next = async || {
            let people = sessions.next().unwrap();
            let page = PageRequest {
                limit: 50,
                before: None,
            };
            let now = self.state.clock.now();
            let page = self
                .state
                .store
                .of(organization)
                .sessions()
                .of_people(&people, &page, now);
            let rows = page.await.unwrap().sessions;
            let names: BTreeSet<_> = rows.iter().map(|row| row.session_id.to_string()).collect();
            names.into_iter().collect()
        };
        (next().await, next().await)
    }
}

/// Half a minute with [`PAGE`] open until `now`.
fn summary(now: Timestamp) -> Summary {
    let started_at = now - SignedDuration::from_secs(30);
    let text = |text: &str| Some(text.to_owned());
    Summary {
        started_at,
        ended_at: now,
        duration_ms: 30_000,
        active_ms: 20_000,
        landing_url: text(PAGE),
        last_url: text(PAGE),
        events: 20,
        chunks: 1,
        device: Device {
            browser: text("Chrome"),
            browser_version: text("141"),
            os: text("Windows"),
            language: text("en-US"),
            ..Device::default()
        },
        pages: vec![Page {
            url: PAGE.to_owned(),
            at_ms: 0,
            dwell_ms: 30_000,
        }],
        counts: Counts::default(),
        timeline: Vec::new(),
        not_recorded: Vec::new(),
        incomplete: false,
        definitions: 1,
        story: String::new(),
        problems: Vec::new(),
        timeline_total: 0,
    }
}
