//! The workers over a table, with a queue each.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use identity::{OrganizationId, WorkspaceId};
use intercom::Hosts;
use intercom::fake::FakeIntercom;
use intercom::webhook::Topic;
use jiff::SignedDuration;
use notification::{State, Worker};
use platform::queue::dispatch::drain;
use platform::queue::{LocalQueue, Queue};
use serde_json::Value;
use store::NewConnection;
use test_support::{Calls, TestQueues, TestStack};

use crate::faults::Outage;
use crate::functions::{NOW, connect, handle, profile, state};
use crate::table;

pub(crate) struct Stack {
    pub(crate) state: State,
    pub(crate) client: Client,
    /// Whether the table answers.
    pub(crate) outage: Outage,
    queues: TestQueues,
}

impl Stack {
    /// Workers over an empty table in memory. Nobody is connected yet.
    pub(crate) async fn start() -> Self {
        Self::with_hosts(Hosts::parse(Some("http://127.0.0.1:1"), None).unwrap()).await
    }

    /// The same with an Intercom to ask.
    pub(crate) async fn with_intercom(intercom: &FakeIntercom) -> Self {
        let url = intercom.serve().await.unwrap();
        Self::with_hosts(Hosts::new(Some(url), None).unwrap()).await
    }

    async fn with_hosts(hosts: Hosts) -> Self {
        let database = (test_support::busy_dynamodb().await, Calls::default());
        let below = TestStack::with_table(database, NOW).await;
        let outage = Outage::default();
        let client = outage.over(&below.table);
        let state = state(client.clone(), hosts, below.clock.clone());
        Self {
            state,
            client,
            outage,
            queues: below.queues,
        }
    }

    /// An organization that is connected to the workspace it is named after.
    pub(crate) async fn connect(&self, workspace: &str) -> OrganizationId {
        let workspace = WorkspaceId::parse(workspace).unwrap();
        let organization = OrganizationId::of_first_workspace(&workspace);
        connect(&self.state, workspace, &organization).await;
        organization
    }

    /// Connects one more workspace to an organization.
    pub(crate) async fn connect_to(&self, workspace: &str, organization: &OrganizationId) {
        connect(
            &self.state,
            WorkspaceId::parse(workspace).unwrap(),
            organization,
        )
        .await;
    }

    /// Connects a workspace as an admin does: with a token.
    pub(crate) async fn authorize(&self, workspace: &str) -> OrganizationId {
        let organization = self.connect(workspace).await;
        let wanted = NewConnection {
            profile: profile(),
            ..test_support::new_connection(workspace, "Shop")
        };
        let now = self.state.clock.now();
        self.state
            .store
            .connections()
            .connect(&wanted, now)
            .await
            .unwrap();
        organization
    }

    /// Puts a notification on its queue, as verify-webhook does.
    pub(crate) async fn queue(&self, notification: &Value) {
        let topic = notification["topic"].as_str().unwrap();
        let worker = Worker::of(Topic::parse(topic).unwrap());
        self.queue_for(worker, &notification.to_string()).await;
    }

    /// Puts any text on a worker's queue.
    pub(crate) async fn queue_for(&self, worker: Worker, body: &str) {
        let queue = self.queues.topic(worker);
        queue.send(body.to_owned(), Duration::ZERO).await.unwrap();
    }

    /// Has notifications processed one after the other.
    pub(crate) async fn deliver(&self, notifications: &[Value]) {
        for notification in notifications {
            self.queue(notification).await;
            self.serve().await;
        }
        assert_eq!(self.parked(), Vec::<String>::new());
    }

    /// Serves what is on the queues now.
    pub(crate) async fn serve(&self) {
        for (worker, queue) in self.all_queues() {
            drain(&queue, |event| handle(worker, &self.state, event))
                .await
                .unwrap();
        }
    }

    /// Serves the queues until nothing is left: what fails is delivered again, and parked in the end.
    pub(crate) async fn settle(&self) {
        loop {
            self.serve().await;
            let next = self
                .all_queues()
                .filter_map(|(_, queue)| queue.next_visible_at().unwrap())
                .min();
            let Some(next) = next else { return };
            let left = next.duration_since(self.state.clock.now());
            self.state.clock.advance(left.max(SignedDuration::ZERO));
        }
    }

    /// Bodies of the dead letters.
    pub(crate) fn parked(&self) -> Vec<String> {
        let letters = self
            .all_queues()
            .flat_map(|(_, queue)| queue.dead_letters().unwrap());
        letters.map(|letter| letter.body).collect()
    }

    /// Bodies of the dead letters, which are gone afterwards.
    pub(crate) fn take_parked(&self) -> Vec<String> {
        let mut parked = Vec::new();
        for (_, queue) in self.all_queues() {
            for letter in queue.receive_dead(100).unwrap() {
                let handle = letter.receipt_handle.as_deref().unwrap();
                queue.delete(handle).unwrap();
                parked.extend(letter.body);
            }
        }
        parked
    }

    /// Sends all dead letters back.
    pub(crate) fn redrive(&self) {
        for (_, queue) in self.all_queues() {
            queue.redrive().unwrap();
        }
    }

    fn all_queues(&self) -> impl Iterator<Item = (Worker, Arc<LocalQueue>)> {
        let queue = |worker| (worker, self.queues.topic(worker));
        Worker::ALL.into_iter().map(queue)
    }

    /// Every row of the table.
    pub(crate) async fn rows(&self) -> BTreeSet<String> {
        table::rows(&self.client).await
    }

    /// Every row of the table, apart from when it expires and how often it was written.
    pub(crate) async fn facts(&self) -> BTreeSet<String> {
        table::facts(&self.client).await
    }
}
