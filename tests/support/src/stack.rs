//! What the product stands on, for a test: a table, a bucket, queues, a clock and an Intercom.

mod organization;
mod problems;
mod queues;

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use identity::MasterKey;
use intercom::Hosts;
use intercom::fake::{Admin, Directory, FakeIntercom, Options, Workspace};
use intercom::signature::ClientSecret;
use jiff::Timestamp;
use object_store::memory::InMemory;
use platform::clock::Clock;
use platform::config::Environment;
use platform::secrets::{LiveSecrets, Secrets};
use store::{Connection, KeyScope, NewConnection, NewKey, Provision, Recordings, Store};
use tokio::sync::OnceCell;

use crate::Calls;

pub use organization::{
    Organization, RETENTION_DAYS, TOKEN, connection, new_connection, profile, provision,
};
pub use problems::problem;
pub use queues::{QueueName, TestQueues};

/// The name of the table.
pub const TABLE: &str = "recapt-intercom";

/// When most tests begin.
pub const NOON: &str = "2026-11-20T12:00:00Z";

/// The public name of the app at Intercom.
pub const CLIENT_ID: &str = "the-client-id";

/// What Intercom signs with, and what proves to it that we are the app.
pub const CLIENT_SECRET: &str = "the-client-secret";

/// Everything beneath the functions, empty. It fails the test that leaves messages on a queue.
pub struct TestStack {
    /// Beneath the store.
    pub table: Client,
    /// What the table is asked.
    pub calls: Calls,
    /// Where recordings lie.
    pub bucket: Arc<InMemory>,
    /// The rows.
    pub store: Store,
    /// The rows and the bucket.
    pub recordings: Recordings,
    /// Opened as they are asked for.
    pub queues: TestQueues,
    /// Tells the time of the stack's clock. Whoever asks for its [hosts](Self::hosts) can call it.
    pub intercom: FakeIntercom,
    /// Stands still until it is moved.
    pub clock: Clock,
    hosts: OnceCell<Hosts>,
}

impl TestStack {
    /// An empty one at [`NOON`].
    pub async fn start() -> Self {
        Self::start_at(NOON).await
    }

    /// An empty one at another time.
    pub async fn start_at(now: &str) -> Self {
        Self::with_table(crate::embedded_dynamodb().await, now).await
    }

    /// One over another DynamoDB, in which it makes the table.
    pub async fn with_table(database: (Client, Calls), now: &str) -> Self {
        let stack = Self::over(database, now);
        store::create_table(&stack.table, TABLE).await.unwrap();
        stack
    }

    /// One over whatever the client talks to, which may be nothing.
    pub fn over((table, calls): (Client, Calls), now: &str) -> Self {
        let clock = Clock::fixed(now.parse().unwrap());
        let bucket = Arc::new(InMemory::new());
        let store = Store::new(table.clone(), TABLE, master_key());
        let secret = ClientSecret::parse(CLIENT_SECRET).unwrap();
        let time = clock.clone();
        let options = Options::new(CLIENT_ID, secret).with_clock(move || time.now());
        Self {
            recordings: Recordings::new(store.clone(), bucket.clone()),
            table,
            calls,
            bucket,
            store,
            queues: TestQueues::new(clock.clone()),
            intercom: FakeIntercom::new(options),
            clock,
            hosts: OnceCell::new(),
        }
    }

    /// The time of its clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The same with an Intercom that behaves otherwise.
    #[must_use]
    pub fn with_intercom(mut self, change: impl FnOnce(Options) -> Options) -> Self {
        self.intercom = FakeIntercom::new(change(self.intercom.options().clone()));
        self
    }

    /// Where Intercom's API is. Its pages are where they always are.
    pub async fn hosts(&self) -> Hosts {
        let serve = async || {
            let url = self.intercom.serve().await.unwrap();
            Hosts::new(Some(url), None).unwrap()
        };
        self.hosts.get_or_init(serve).await.clone()
    }

    /// Connects a workspace as `oauth-callback` does, which is there at Intercom as well.
    pub async fn connect(&self, new: &NewConnection) -> Connection {
        let id = new.workspace.as_str();
        if self.intercom.workspace(id).is_none() {
            let workspace = Workspace {
                region: new.profile.region.as_str().to_owned(),
                timezone: new.profile.timezone.as_str().to_owned(),
                admin: Admin {
                    id: new.installer.admin_id.clone(),
                    name: new.installer.name.clone(),
                    email: "ada@acme.example".to_owned(),
                },
                ..Workspace::new(id, &new.profile.name)
            };
            self.intercom.add(workspace, Directory::default());
        }
        self.intercom.grant(id, new.token.expose());
        self.store
            .connections()
            .connect(new, self.now())
            .await
            .unwrap()
    }

    /// An organization as an operator makes it: with keys, and connected to the workspace of that name.
    pub async fn organization(&self, name: &str) -> Organization {
        let connection = connection(name, profile(name, "EU", "Europe/Dublin"));
        let organization = Organization::named(name, connection.organization.clone());
        let key = |key: &str, scope| NewKey {
            key: key.to_owned(),
            scope,
            source: None,
            expires_at: None,
        };
        let wanted = Provision {
            keys: vec![
                key(&organization.write_key, KeyScope::Write),
                key(&organization.secret_key, KeyScope::Secret),
            ],
            ..provision(connection)
        };
        self.store.provision(&wanted, self.now()).await.unwrap();
        organization
    }
}

/// From which every key of an organization is derived.
pub fn master_key() -> MasterKey {
    MasterKey::new([42; 32]).unwrap()
}

/// The variables of a deployment's secrets.
pub fn environment() -> Environment {
    let variables = [
        ("MASTER_KEY", "2a".repeat(32)),
        ("INTERCOM_CLIENT_ID", CLIENT_ID.to_owned()),
        ("INTERCOM_CLIENT_SECRET", CLIENT_SECRET.to_owned()),
    ];
    variables.into_iter().collect()
}

/// The secrets of a deployment.
pub fn secrets() -> LiveSecrets {
    LiveSecrets::fixed(Secrets::of_environment(&environment()))
}
