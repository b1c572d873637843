//! A store of its own for each test, with a view of what it asks the table.

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_dynamodb::config::{
    BehaviorVersion, ConfigBag, Credentials, Intercept, Region, RuntimeComponents,
};
use aws_sdk_dynamodb::error::BoxError;
use identity::{Alias, MasterKey, OrganizationId, SessionId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use object_store::memory::InMemory;
use replay::{Counts, Device, Summary};
use store::{
    Advance, Connection, ConnectionStatus, PageRequest, Preferences, Progress, Provision,
    SaveOutcome, SessionRow, Store,
};

pub(crate) const RETENTION_DAYS: u32 = 30;
pub(crate) const TABLE: &str = "recapt-intercom";

/// The calls that reached the table, and one that must not.
#[derive(Debug, Clone, Default)]
pub(crate) struct Calls(Arc<Mutex<(Vec<String>, Option<&'static str>)>>);

impl Calls {
    /// Names of the calls since the last look, sorted.
    pub(crate) fn take(&self) -> Vec<String> {
        let mut calls = std::mem::take(&mut self.0.lock().unwrap().0);
        calls.sort();
        calls
    }

    /// Lets the next call of this name fail, as if the process had died before it.
    pub(crate) fn fail_next(&self, name: &'static str) {
        self.0.lock().unwrap().1 = Some(name);
    }
}

impl Intercept for Calls {
    fn name(&self) -> &'static str {
        "Calls"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let target = context.request().headers().get("x-amz-target").unwrap();
        let name = target.rsplit('.').next().unwrap().to_owned();
        let (calls, failing) = &mut *self.0.lock().unwrap();
        if *failing == Some(name.as_str()) {
            *failing = None;
            return Err("this call was to fail".into());
        }
        calls.push(name);
        Ok(())
    }
}

pub(crate) struct Fixture {
    pub(crate) store: Store,
    pub(crate) client: Client,
    pub(crate) bucket: Arc<InMemory>,
    pub(crate) calls: Calls,
    pub(crate) now: Timestamp,
}

impl Fixture {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let database = dynoxide::Database::memory().unwrap();
        tokio::spawn(dynoxide::server::serve_on(listener, database));
        let calls = Calls::default();
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(format!("http://{address}"))
            .region(Region::from_static("eu-west-1"))
            .credentials_provider(Credentials::new("local", "local", None, None, "test"))
            .interceptor(calls.clone());
        let client = Client::from_conf(config.build());
        store::create_table(&client, TABLE).await.unwrap();
        let bucket = Arc::new(InMemory::new());
        let master = MasterKey::new([42; 32]).unwrap();
        Self {
            store: Store::new(client.clone(), TABLE, bucket.clone(), master),
            client,
            bucket,
            calls,
            now: "2026-11-20T10:15:00Z".parse().unwrap(),
        }
    }

    /// An organization that is connected to the workspace it is named after.
    pub(crate) async fn connected(&self, workspace: &str) -> (OrganizationId, WorkspaceId) {
        let workspace = WorkspaceId::parse(workspace).unwrap();
        let organization = OrganizationId::of_first_workspace(&workspace);
        let provision = Provision {
            organization: organization.clone(),
            name: "Shop".to_owned(),
            retention_days: RETENTION_DAYS,
            keys: Vec::new(),
            connection: Some(connection(&workspace, &organization)),
        };
        self.store.provision(&provision, self.now).await.unwrap();
        (organization, workspace)
    }

    pub(crate) async fn begin(&self, organization: &OrganizationId, session: &str) -> Progress {
        let session = id(session);
        let store = &self.store;
        store
            .request_summary(organization, &session, RETENTION_DAYS, self.now, true)
            .await
            .unwrap();
        store
            .begin_summary(organization, &session, self.now)
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
            .store
            .write_state(progress, &next_seq.to_be_bytes())
            .await?;
        let advance = Advance {
            next_seq,
            state,
            summary: Some(summary(started_at, u64::from(next_seq))),
            received_at: self.now,
            skipped: Vec::new(),
        };
        self.store.save_summary(progress, &advance, self.now).await
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
        let session = id(session);
        let identified =
            self.store
                .identify(organization, &session, aliases, RETENTION_DAYS, self.now);
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
            .find_contact(workspace, std::slice::from_ref(alias))
            .await
            .unwrap();
        let organization = contact.connection.as_ref().unwrap().organization.clone();
        let page = PageRequest {
            limit: 50,
            before: None,
        };
        let page = self
            .store
            .sessions(&organization, &contact.people(), &page, self.now)
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
    Connection {
        workspace: workspace.clone(),
        organization: organization.clone(),
        workspace_name: "Shop".to_owned(),
        region: "US".to_owned(),
        timezone: "Europe/Dublin".to_owned(),
        status: ConnectionStatus::Connected,
        preferences: Preferences::default(),
    }
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
        incomplete: false,
        definitions: 1,
    }
}
