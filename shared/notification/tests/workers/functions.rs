//! The eight functions, made for a test.

use std::sync::Arc;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use aws_sdk_dynamodb::Client;
use identity::{OrganizationId, WorkspaceId};
use intercom::webhook::Worker;
use intercom::{Hosts, rest};
use notification::{LIMITS, State};
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
    match worker {
        Worker::ConversationCreated => webhook_conversation_created::handle(state, event).await,
        Worker::LeadAddedEmail => webhook_lead_added_email::handle(state, event).await,
        Worker::LeadCreated => webhook_lead_created::handle(state, event).await,
        Worker::LeadSignedUp => webhook_lead_signed_up::handle(state, event).await,
        Worker::ContactMerged => webhook_contact_merged::handle(state, event).await,
        Worker::ContactEmailUpdated => webhook_contact_email_updated::handle(state, event).await,
        Worker::ContactDeleted => {
            let erase_queue = LocalQueue::in_memory(state.clock.clone()).unwrap();
            let state = webhook_contact_deleted::State {
                notification: state.clone(),
                erase_queue: Arc::new(erase_queue),
            };
            webhook_contact_deleted::handle(&state, event).await
        }
        Worker::ContactArchived => webhook_contact_archived::handle(state, event).await,
    }
}
