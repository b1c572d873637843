//! The eight functions, made for a test.

use std::sync::Arc;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use aws_sdk_dynamodb::Client;
use identity::{MasterKey, OrganizationId, WorkspaceId};
use intercom::{Hosts, rest};
use notification::{LIMITS, State, Worker};
use platform::clock::Clock;
use platform::queue::LocalQueue;
use platform::secrets::{LiveSecrets, Secrets};
use store::{Connection, Provision, Store, WorkspaceProfile};

use crate::table::TABLE;

/// When a test begins.
pub(crate) const NOW: &str = "2026-11-20T12:00:00Z";
pub(crate) const RETENTION_DAYS: store::RetentionDays = store::RetentionDays::DEFAULT;
/// What notifications are signed with.
pub(crate) const CLIENT_SECRET: &str = "the-client-secret";

pub(crate) fn state(client: Client, hosts: Hosts, clock: Clock) -> State {
    let variables = [
        ("MASTER_KEY", "2a".repeat(32)),
        ("INTERCOM_CLIENT_SECRET", CLIENT_SECRET.to_owned()),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value));
    State {
        store: Store::new(client, TABLE, MasterKey::new([42; 32]).unwrap()),
        secrets: LiveSecrets::fixed(Secrets::of_environment(&variables.into_iter().collect())),
        intercom: rest::Client::with_limits(hosts, LIMITS),
        clock,
    }
}

/// Connects a workspace to an organization, which shows possible matches.
pub(crate) async fn connect(state: &State, workspace: WorkspaceId, organization: &OrganizationId) {
    let mut connection = Connection::new(workspace, organization.clone(), profile());
    connection.preferences.show_possible_matches = true;
    let provision = Provision {
        organization: organization.clone(),
        name: "Shop".to_owned(),
        retention_days: RETENTION_DAYS,
        keys: Vec::new(),
        connection: Some(connection),
    };
    let provisioned = state.store.provision(&provision, state.clock.now());
    provisioned.await.unwrap();
}

pub(crate) fn profile() -> WorkspaceProfile {
    WorkspaceProfile {
        name: "Shop".to_owned(),
        region: "US".to_owned(),
        timezone: "Europe/Dublin".to_owned(),
    }
}

/// Has a worker's own function process a batch.
pub(crate) async fn handle(worker: Worker, state: &State, event: SqsEvent) -> SqsBatchResponse {
    let erase_queue = LocalQueue::in_memory(state.clock.clone()).unwrap();
    let state = webhooks::State {
        notification: state.clone(),
        erase_queue: Arc::new(erase_queue),
    };
    webhooks::handle(&state, worker, event).await
}
