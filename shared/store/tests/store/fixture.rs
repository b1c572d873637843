//! A store of its own for each test, with a view of what it asks the table.

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use identity::{Alias, OrganizationId, SessionId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use object_store::memory::InMemory;
use replay::{Counts, Device, Summary};
use store::{
    Advance, Connection, ContactQuery, Identification, PageRequest, Progress, Recordings,
    SaveOutcome, SessionRow, Store,
};
use test_support::{Calls, TestStack, profile, provision};

pub(crate) use test_support::{RETENTION_DAYS, TABLE};

pub(crate) struct Fixture {
    pub(crate) store: Store,
    pub(crate) recordings: Recordings,
    pub(crate) client: Client,
    pub(crate) bucket: Arc<InMemory>,
    pub(crate) calls: Calls,
    pub(crate) now: Timestamp,
    pub(crate) table: String,
}

impl Fixture {
    pub(crate) async fn start() -> Self {
        let stack = TestStack::start_at("2026-11-20T10:15:00Z").await;
        Self {
            now: stack.now(),
            store: stack.store,
            recordings: stack.recordings,
            client: stack.table,
            bucket: stack.bucket,
            calls: stack.calls,
            table: TABLE.to_owned(),
        }
    }

    /// An organization that is connected to the workspace it is named after.
    pub(crate) async fn connected(&self, workspace: &str) -> (OrganizationId, WorkspaceId) {
        let workspace = WorkspaceId::parse(workspace).unwrap();
        let organization = OrganizationId::of_first_workspace(&workspace);
        let provision = provision(connection(&workspace, &organization));
        self.store.provision(&provision, self.now).await.unwrap();
        (organization, workspace)
    }

    pub(crate) async fn begin(&self, organization: &OrganizationId, session: &str) -> Progress {
        let session = id(session);
        let store = &self.store;
        store
            .of(organization)
            .sessions()
            .request_summary(&session, RETENTION_DAYS, self.now, true)
            .await
            .unwrap();
        store
            .of(organization)
            .sessions()
            .begin_summary(&session, self.now)
            .await
            .unwrap()
            .unwrap()
    }

    /// Ends a run that has taken one chunk.
    pub(crate) async fn finish(
        &self,
        progress: &Progress,
        started_at: Timestamp,
    ) -> Result<SaveOutcome, store::Error> {
        let next_seq = progress.next_seq + 1;
        let state = self
            .recordings
            .write_state(progress, &next_seq.to_be_bytes())
            .await?;
        let advance = Advance {
            next_seq,
            state: Some(state),
            summary: Some(summary(started_at, u64::from(next_seq))),
            before: None,
            received_at: self.now,
            skipped: Vec::new(),
        };
        self.recordings
            .save_summary(progress, &advance, self.now)
            .await
    }

    /// Summarizes one more chunk of a session.
    pub(crate) async fn summarize(
        &self,
        organization: &OrganizationId,
        session: &str,
        started_at: Timestamp,
    ) {
        let progress = self.begin(organization, session).await;
        let outcome = self.finish(&progress, started_at).await.unwrap();
        assert_eq!(outcome, SaveOutcome::Saved);
    }

    pub(crate) async fn identify(
        &self,
        organization: &OrganizationId,
        session: &str,
        aliases: &[Alias],
    ) {
        self.say_of(organization, session, &Identification::verified(aliases))
            .await;
    }

    /// Whoever has the public write key says whose session it is.
    pub(crate) async fn claim(
        &self,
        organization: &OrganizationId,
        session: &str,
        aliases: &[Alias],
    ) {
        self.say_of(organization, session, &Identification::claimed(aliases))
            .await;
    }

    pub(crate) async fn say_of(
        &self,
        organization: &OrganizationId,
        session: &str,
        said: &Identification,
    ) {
        let session = id(session);
        let sessions = self.store.of(organization).sessions();
        let identified = sessions.identify(&session, said, RETENTION_DAYS, self.now);
        identified.await.unwrap();
    }

    /// The first page of a contact's sessions, as the canvas reads it.
    pub(crate) async fn sessions_of(
        &self,
        workspace: &WorkspaceId,
        alias: &Alias,
    ) -> Vec<SessionRow> {
        let contact = self
            .store
            .find_contact(workspace, &ContactQuery::of(std::slice::from_ref(alias)))
            .await
            .unwrap();
        let organization = contact.connection.as_ref().unwrap().organization.clone();
        let page = PageRequest {
            limit: 50,
            before: None,
        };
        let page = self
            .store
            .of(&organization)
            .sessions()
            .of_people(&contact.people(), &page, self.now)
            .await
            .unwrap();
        page.sessions
    }

    pub(crate) fn later(&self, seconds: i64) -> Timestamp {
        self.now + SignedDuration::from_secs(seconds)
    }
}

pub(crate) fn id(session: &str) -> SessionId {
    SessionId::parse(session).unwrap()
}

pub(crate) fn connection(workspace: &WorkspaceId, organization: &OrganizationId) -> Connection {
    let profile = profile("Shop", "US", "Europe/Dublin");
    Connection::new(workspace.clone(), organization.clone(), profile)
}

pub(crate) fn names(rows: &[SessionRow]) -> Vec<&str> {
    rows.iter().map(|row| row.session_id.as_str()).collect()
}

pub(crate) fn summary(started_at: Timestamp, chunks: u64) -> Summary {
    Summary {
        started_at,
        ended_at: started_at + SignedDuration::from_secs(41),
        duration_ms: 41_000,
        active_ms: 30_120,
        landing_url: Some("https://shop.example/".to_owned()),
        last_url: Some("https://shop.example/cart".to_owned()),
        events: 269,
        chunks,
        device: Device::default(),
        pages: Vec::new(),
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
