//! The function over an embedded table, its own queue in memory, and a fake Intercom.

use std::sync::Arc;

use identity::{Alias, ContactId, MasterKey, PersonId, WorkspaceId};
use intercom::Hosts;
use intercom::fake::{
    Call, Contact, Conversation, Directory, FakeIntercom, Options, Role, Workspace,
};
use intercom::rest::{Client, Limits};
use intercom::signature::ClientSecret;
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

const TABLE: &str = "recapt-intercom";
/// Late on a day, so that yesterday is another one by any calendar.
const NOW: &str = "2026-11-20T21:00:00Z";
const RETENTION_DAYS: u32 = 30;

/// No patience: what is to be tried again is tried by a later message.
const LIMITS: Limits = Limits {
    rate_limit_wait: std::time::Duration::ZERO,
    ..reconcile::LIMITS
};

pub(crate) struct Fixture {
    pub(crate) state: State,
    pub(crate) intercom: FakeIntercom,
    pub(crate) calls: Calls,
    pub(crate) queue: Arc<LocalQueue>,
}

impl Fixture {
    /// With the workspace `acme`.
    pub(crate) async fn start() -> Self {
        Self::with_pages(150).await
    }

    /// The same with an Intercom that gives no larger pages.
    pub(crate) async fn with_pages(largest_page: usize) -> Self {
        let (client, calls) = test_support::embedded_dynamodb().await;
        store::create_table(&client, TABLE).await.unwrap();
        let clock = Clock::fixed(NOW.parse().unwrap());
        let queue = Arc::new(LocalQueue::in_memory(clock.clone()).unwrap());
        let intercom = intercom(clock.clone(), largest_page);
        let hosts = Hosts::new(Some(intercom.serve().await.unwrap()), None).unwrap();
        let master_key = [("MASTER_KEY".to_owned(), "2a".repeat(32))];
        let secrets = Secrets::of_environment(&master_key.into_iter().collect());
        let state = State {
            store: Store::new(client, TABLE, MasterKey::new([42; 32]).unwrap()),
            secrets: LiveSecrets::fixed(secrets),
            intercom: Client::with_limits(hosts, LIMITS),
            queue: queue.clone(),
            clock,
        };
        let fixture = Self {
            state,
            intercom,
            calls,
            queue,
        };
        fixture.connect("acme").await;
        fixture
    }

    /// Connects a workspace, whose token is made of its name.
    pub(crate) async fn connect(&self, workspace: &str) -> Connection {
        let token = format!("token-of-{workspace}");
        if self.intercom.workspace(workspace).is_none() {
            let empty = Workspace::new(workspace, workspace).located("EU", "Europe/Dublin");
            self.intercom.add(empty, Directory::default());
        }
        self.intercom.grant(workspace, &token);
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

    /// There is a contact in a workspace, changed so many minutes ago, of whom Intercom answers these fields.
    pub(crate) fn contact(&self, workspace: &str, minutes: i64, fields: Value) {
        let Value::Object(odd) = fields else {
            panic!("a contact is an object");
        };
        let added = self.intercom.write(workspace, |directory| {
            let id = match odd.get("id").and_then(Value::as_str) {
                Some(id) => id.to_owned(),
                None => format!("odd-{}", directory.contacts().len()),
            };
            let contact = Contact::new(id, Role::User, self.ago(minutes));
            directory.add_contact(Contact { odd, ..contact });
        });
        added.unwrap();
    }

    /// The same with a conversation.
    pub(crate) fn conversation(&self, workspace: &str, minutes: i64, fields: Value) {
        let Value::Object(mut odd) = fields else {
            panic!("a conversation is an object");
        };
        odd.insert(
            "updated_at".to_owned(),
            json!(self.ago(minutes).as_second()),
        );
        let writer = Contact::new("writer".to_owned(), Role::Lead, self.ago(60 * 24 * 30));
        let conversation = Conversation {
            odd,
            ..Conversation::new("odd".to_owned(), writer)
        };
        let added = self.intercom.write(workspace, |directory| {
            directory.add_conversation(conversation);
        });
        added.unwrap();
    }

    /// Comes back when Intercom has been asked so much.
    pub(crate) async fn asked_for(&self, calls: usize) {
        self.intercom.until(|all| all.len() >= calls).await;
    }

    /// Comes back when Intercom has answered so much.
    pub(crate) async fn answered(&self, calls: usize) {
        let is_answered = |call: &&Call| call.status.is_some();
        let all_are = |all: &[Call]| all.iter().filter(is_answered).count() >= calls;
        self.intercom.until(all_are).await;
    }

    /// Paths of what Intercom was asked since the last time.
    pub(crate) fn take_asked(&self) -> Vec<String> {
        let calls = self.intercom.take_calls();
        calls.iter().map(|call| call.path().to_owned()).collect()
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
        let identified =
            store.identify(&organization, &session, aliases, RETENTION_DAYS, self.now());
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

fn intercom(clock: Clock, largest_page: usize) -> FakeIntercom {
    let secret = ClientSecret::parse("the-client-secret").unwrap();
    let options = Options {
        largest_page,
        ..Options::new("the-client-id", secret)
    };
    FakeIntercom::new(options.with_clock(move || clock.now()))
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
