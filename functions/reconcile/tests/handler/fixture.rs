//! The function over an embedded table, its own queue in memory, and an Intercom on this machine.

use std::sync::Arc;

use identity::{Alias, ContactId, MasterKey, PersonId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use platform::clock::Clock;
use platform::queue::LocalQueue;
use platform::queue::dispatch::drain;
use platform::secrets::{LiveSecrets, Secrets};
use reconcile::State;
use serde_json::{Value, json};
use store::{
    Connection, ContactQuery, Installer, NewConnection, SecretText, Store, SyncOutcome,
    SyncProgress, WorkspaceProfile,
};
use test_support::Calls;

use crate::stub::{Stub, Workspace};

const TABLE: &str = "recapt-intercom";
/// Late on a day, so that yesterday is another one by any calendar.
const NOW: &str = "2026-11-20T21:00:00Z";
const RETENTION_DAYS: store::RetentionDays = store::RetentionDays::DEFAULT;

pub(crate) struct Fixture {
    pub(crate) state: State,
    pub(crate) stub: Stub,
    pub(crate) calls: Calls,
    pub(crate) queue: Arc<LocalQueue>,
}

impl Fixture {
    /// With the workspace `acme`.
    pub(crate) async fn start() -> Self {
        let (client, calls) = test_support::embedded_dynamodb().await;
        store::create_table(&client, TABLE).await.unwrap();
        let clock = Clock::fixed(NOW.parse().unwrap());
        let queue = Arc::new(LocalQueue::in_memory(clock.clone()).unwrap());
        let stub = Stub::start().await;
        let master_key = [("MASTER_KEY".to_owned(), "2a".repeat(32))];
        let secrets = Secrets::of_environment(&master_key.into_iter().collect());
        let state = State {
            store: Store::new(client, TABLE, MasterKey::new([42; 32]).unwrap()),
            secrets: LiveSecrets::fixed(secrets),
            intercom: stub.client(),
            queue: queue.clone(),
            clock,
        };
        let fixture = Self {
            state,
            stub,
            calls,
            queue,
        };
        fixture.connect("acme").await;
        fixture
    }

    /// Connects a workspace, whose token is made of its name.
    pub(crate) async fn connect(&self, workspace: &str) -> Connection {
        let token = format!("token-of-{workspace}");
        self.stub.open(&token, Workspace::default());
        let new = NewConnection {
            workspace: self::workspace(workspace),
            profile: WorkspaceProfile {
                name: workspace.to_owned(),
                region: "EU".to_owned(),
                timezone: "Europe/Dublin".to_owned(),
            },
            token: SecretText::new(token),
            installer: Installer {
                admin_id: "1".to_owned(),
                name: "Ada".to_owned(),
            },
        };
        self.state.store.connect(&new, self.now()).await.unwrap()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.state.clock.now()
    }

    pub(crate) fn ago(&self, minutes: i64) -> Timestamp {
        self.now() - SignedDuration::from_mins(minutes)
    }

    pub(crate) fn later(&self, minutes: i64) {
        self.state.clock.advance(SignedDuration::from_mins(minutes));
    }

    /// There is a contact in a workspace, changed so many minutes ago.
    pub(crate) fn contact(&self, workspace: &str, minutes: i64, mut contact: Value) {
        contact["updated_at"] = json!(self.ago(minutes).as_second());
        let mut play = self.stub.play();
        let workspace = play.workspaces.get_mut(&format!("token-of-{workspace}"));
        workspace.unwrap().contacts.push(contact);
    }

    pub(crate) fn conversation(&self, workspace: &str, minutes: i64, mut conversation: Value) {
        conversation["updated_at"] = json!(self.ago(minutes).as_second());
        let mut play = self.stub.play();
        let workspace = play.workspaces.get_mut(&format!("token-of-{workspace}"));
        workspace.unwrap().conversations.push(conversation);
    }

    /// The schedule's event.
    pub(crate) async fn schedule(&self) -> usize {
        reconcile::schedule(&self.state).await.unwrap()
    }

    /// Every step whose time has come; how many messages that took.
    pub(crate) async fn work(&self) -> usize {
        drain(&self.queue, |batch| reconcile::work(&self.state, batch))
            .await
            .unwrap()
    }

    /// A run of all workspaces.
    pub(crate) async fn run(&self) {
        self.schedule().await;
        self.work().await;
    }

    pub(crate) async fn progress(&self) -> SyncProgress {
        let progress = self.state.store.sync_progress(&workspace("acme")).await;
        progress.unwrap()
    }

    pub(crate) async fn connection(&self) -> Connection {
        let connection = self.state.store.connection(&workspace("acme")).await;
        connection.unwrap().unwrap()
    }

    pub(crate) async fn last_sync(&self) -> (Timestamp, SyncOutcome) {
        let sync = self.connection().await.last_sync.unwrap();
        (sync.at, sync.outcome)
    }

    /// A session that was recorded under an alias, and whose it is.
    pub(crate) async fn recorded(&self, workspace: &str, alias: &Alias) -> PersonId {
        let organization =
            identity::OrganizationId::of_first_workspace(&self::workspace(workspace));
        let session = identity::SessionId::parse(&format!("session-of-{}", alias.kind())).unwrap();
        let aliases = std::slice::from_ref(alias);
        let store = &self.state.store;
        let identified = store.of(&organization).sessions().identify(
            &session,
            aliases,
            RETENTION_DAYS,
            self.now(),
        );
        identified.await.unwrap();
        let key = MasterKey::new([42; 32])
            .unwrap()
            .organization(&organization);
        key.person(alias)
    }

    /// The people that a contact leads to, with certainty and without.
    pub(crate) async fn people_of(
        &self,
        workspace: &str,
        query: ContactQuery,
    ) -> (Vec<PersonId>, Vec<PersonId>) {
        let workspace = self::workspace(workspace);
        let found = self.state.store.find_contact(&workspace, &query).await;
        let found = found.unwrap();
        (found.people(), found.unverified)
    }
}

/// By its id and nothing else.
pub(crate) fn contact_id(id: &str) -> ContactQuery {
    ContactQuery {
        contact: Some(ContactId::parse(id).unwrap()),
        ..ContactQuery::default()
    }
}

pub(crate) fn workspace(name: &str) -> WorkspaceId {
    WorkspaceId::parse(name).unwrap()
}
