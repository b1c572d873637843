//! The function over an embedded table and queues in memory, and a worker that can do nothing with what it
//! gets.

use std::sync::Arc;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use identity::WorkspaceId;
use jiff::SignedDuration;
use notification::Worker;
use park_notification::{Answer, Event, ResendAnswer, ResendCommand, State};
use platform::queue::dispatch::{drain, drain_dead_letters};
use platform::queue::{MAX_RECEIVES, Watched};
use serde_json::{Value, json};
use store::{Connection, ParkedNotification};
use test_support::{TestStack, new_connection};

pub(crate) struct Fixture {
    pub(crate) state: State,
    pub(crate) stack: TestStack,
}

impl Fixture {
    pub(crate) async fn start() -> Self {
        let stack = TestStack::start().await;
        let state = State {
            store: stack.store.clone(),
            queues: stack.queues.topics(),
            watched: Worker::ALL
                .map(|worker| (worker, stack.queues.topic(worker) as Arc<dyn Watched>))
                .to_vec(),
            clock: stack.clock.clone(),
        };
        Self { state, stack }
    }

    pub(crate) async fn connect(&self, workspace: &str) -> Connection {
        self.stack
            .connect(&new_connection(workspace, workspace))
            .await
    }

    /// Puts a notification on its worker's queue, and lets the worker fail until it counts as dead.
    pub(crate) async fn fails(&self, worker: Worker, notification: &Value) {
        let body = notification.to_string();
        self.state.queues.send(worker, &body).await.unwrap();
        for _ in 0..=MAX_RECEIVES {
            drain(&self.stack.queues.topic(worker), |event| async move {
                fail(&event)
            })
            .await
            .unwrap();
            self.state.clock.advance(SignedDuration::from_secs(30));
        }
    }

    /// Serves a worker's dead letters to the function; answers how many are left.
    pub(crate) async fn serve_dead_letters(&self, worker: Worker) -> usize {
        let queue = self.stack.queues.topic(worker);
        drain_dead_letters(&queue, |batch| park_notification::park(&self.state, batch))
            .await
            .unwrap();
        queue.dead_letters().unwrap().len()
    }

    /// What is on a worker's queue, which is empty afterwards.
    pub(crate) async fn queued(&self, worker: Worker) -> Vec<Value> {
        let queued = std::sync::Mutex::new(Vec::new());
        let take = async |event: SqsEvent| {
            let bodies = event.records.iter().map(|record| record.body.as_deref());
            let bodies = bodies.map(|body| serde_json::from_str::<Value>(body.unwrap()).unwrap());
            queued.lock().unwrap().extend(bodies);
            SqsBatchResponse::default()
        };
        drain(&self.stack.queues.topic(worker), take).await.unwrap();
        queued.into_inner().unwrap()
    }

    /// Hands a message over as a dead-letter queue does; whether it was taken.
    pub(crate) async fn park(&self, body: &str) -> bool {
        let mut message = SqsMessage::default();
        message.message_id = Some("m-1".to_owned());
        message.body = Some(body.to_owned());
        let mut batch = SqsEvent::default();
        batch.records = vec![message];
        let answer = park_notification::park(&self.state, batch).await;
        answer.batch_item_failures.is_empty()
    }

    pub(crate) async fn parked(&self, workspace: &str) -> Vec<ParkedNotification> {
        let workspace = WorkspaceId::parse(workspace).unwrap();
        let now = self.state.clock.now();
        let parked = self
            .state
            .store
            .notifications()
            .parked(&workspace, None, 1_000, now)
            .await;
        parked.unwrap()
    }

    /// What an operator is answered, from the first command to the last.
    pub(crate) async fn resend(&self, command: Value) -> (usize, usize) {
        let (mut sent, mut failed) = (0, 0);
        let mut next: Option<ResendCommand> = Some(serde_json::from_value(command).unwrap());
        while let Some(resend) = next.take() {
            let resent = self.resend_once(resend).await.unwrap();
            sent += resent.sent;
            failed += resent.failed;
            next = resent.next;
        }
        (sent, failed)
    }

    pub(crate) async fn resend_once(
        &self,
        resend: ResendCommand,
    ) -> Result<ResendAnswer, park_notification::Error> {
        match park_notification::handle(&self.state, Event::Resend { resend }).await? {
            Answer::Resent(resent) => Ok(resent),
            Answer::Parked(_) | Answer::Looked(_) => panic!("not to an operator"),
        }
    }
}

/// Of a workspace, as Intercom sends it.
pub(crate) fn notification(workspace: &str, topic: &str, id: &str) -> Value {
    json!({
        "type": "notification_event", "app_id": workspace, "topic": topic, "id": id, "created_at": 1_795_175_940,
        "data": { "type": "notification_event_data", "item": { "type": "contact", "email": "ada@shop.example" } },
    })
}

fn fail(event: &SqsEvent) -> SqsBatchResponse {
    let mut response = SqsBatchResponse::default();
    for record in &event.records {
        response.add_failure(record.message_id.clone().unwrap());
    }
    response
}
