//! The functions, made for a test.

use std::sync::Arc;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use aws_sdk_dynamodb::Client;
use identity::{OrganizationId, WorkspaceId};
use intercom::{Hosts, rest};
use notification::{LIMITS, State, Worker};
use platform::clock::Clock;
use platform::queue::LocalQueue;
use store::{Connection, Store, WorkspaceProfile};
use test_support::{TABLE, master_key, provision};

pub(crate) use test_support::{CLIENT_SECRET, NOON as NOW, RETENTION_DAYS};

pub(crate) fn state(client: Client, hosts: Hosts, clock: Clock) -> State {
    State {
        store: Store::new(client, TABLE, master_key()),
        secrets: test_support::secrets(),
        intercom: rest::Client::with_limits(hosts, LIMITS),
        clock,
    }
}

/// Connects a workspace to an organization, which shows possible matches.
pub(crate) async fn connect(state: &State, workspace: WorkspaceId, organization: &OrganizationId) {
    let mut connection = Connection::new(workspace, organization.clone(), profile());
    connection.preferences.show_possible_matches = true;
    let provision = provision(connection);
    let provisioned = state.store.provision(&provision, state.clock.now());
    provisioned.await.unwrap();
}

pub(crate) fn profile() -> WorkspaceProfile {
    test_support::profile("Shop", "US", "Europe/Dublin")
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
