//! The function over an embedded table, its own queue in memory, and a fake Intercom.

use std::sync::Arc;

use identity::{Alias, ContactId, PersonId, WorkspaceId};
use intercom::fake::{Call, FakeContact, FakeConversation, Options, Role};
use intercom::rest::{Client, Limits};
use jiff::{SignedDuration, Timestamp};
use platform::queue::LocalQueue;
use platform::queue::dispatch::drain;
use reconcile::State;
use serde_json::{Value, json};
use store::{Connection, ContactQuery, SecretText, SyncOutcome, SyncProgress};
use test_support::{QueueName, RETENTION_DAYS, TestStack, master_key, new_connection};

/// Late on a day, so that yesterday is another one by any calendar.
const NOW: &str = "2026-11-20T21:00:00Z";

/// No patience: what is to be tried again is tried by a later message.
const LIMITS: Limits = Limits {
    rate_limit_wait: std::time::Duration::ZERO,
    ..reconcile::LIMITS
};

pub(crate) struct Fixture {
    pub(crate) state: State,
    pub(crate) stack: TestStack,
    pub(crate) queue: Arc<LocalQueue>,
}

impl Fixture {
    /// With the workspace `acme`.
    pub(crate) async fn start() -> Self {
        Self::with_pages(150).await
    }

    /// The same with an Intercom that gives no larger pages.
    pub(crate) async fn with_pages(largest_page: usize) -> Self {
        let stack = TestStack::start_at(NOW).await;
        let stack = stack.with_intercom(|options| Options {
            largest_page,
            ..options
        });
        let queue = stack.queues.get(QueueName::Reconcile);
        let state = State {
            store: stack.store.clone(),
            secrets: test_support::secrets(),
            intercom: Client::with_limits(stack.hosts().await, LIMITS),
            queue: queue.clone(),
            clock: stack.clock.clone(),
        };
        let fixture = Self {
            state,
            stack,
            queue,
        };
        fixture.connect("acme").await;
        fixture
    }

    /// Connects a workspace, whose token is made of its name.
    pub(crate) async fn connect(&self, workspace: &str) -> Connection {
        let mut new = new_connection(workspace, workspace);
        new.token = SecretText::new(format!("token-of-{workspace}"));
        self.stack.connect(&new).await
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
        let added = self.stack.intercom.write(workspace, |directory| {
            let id = match odd.get("id").and_then(Value::as_str) {
                Some(id) => id.to_owned(),
                None => format!("odd-{}", directory.contacts().len()),
            };
            let contact = FakeContact::new(id, Role::User, self.ago(minutes));
            directory.add_contact(FakeContact { odd, ..contact });
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
        let writer = FakeContact::new("writer".to_owned(), Role::Lead, self.ago(60 * 24 * 30));
        let conversation = FakeConversation {
            odd,
            ..FakeConversation::new("odd".to_owned(), writer)
        };
        let added = self.stack.intercom.write(workspace, |directory| {
            directory.add_conversation(conversation);
        });
        added.unwrap();
    }

    /// Comes back when Intercom has been asked so much.
    pub(crate) async fn asked_for(&self, calls: usize) {
        self.stack.intercom.until(|all| all.len() >= calls).await;
    }

    /// Comes back when Intercom has answered so much.
    pub(crate) async fn answered(&self, calls: usize) {
        let is_answered = |call: &&Call| call.status.is_some();
        let all_are = |all: &[Call]| all.iter().filter(is_answered).count() >= calls;
        self.stack.intercom.until(all_are).await;
    }

    /// Paths of what Intercom was asked since the last time.
    pub(crate) fn take_asked(&self) -> Vec<String> {
        let calls = self.stack.intercom.take_calls();
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
        let connection = self.state.store.connections().get(&workspace("acme")).await;
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
        let said = store::Identification::verified(aliases);
        let identified = store.of(&organization).sessions().identify(
            &session,
            &said,
            RETENTION_DAYS,
            self.now(),
        );
        identified.await.unwrap();
        let key = master_key().organization(&organization);
        key.verified_person(alias)
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
