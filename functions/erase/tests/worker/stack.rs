//! The worker, what it works on, and what is left in the end.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use futures::TryStreamExt;
use jiff::SignedDuration;
use object_store::{ObjectStore, ObjectStoreExt};
use outbox::Outbox;
use platform::clock::Clock;
use platform::queue::dispatch::drain;
use platform::queue::{LocalQueue, Queue};
use store::{Recordings, Store};
use tasks::EraseTask;
use test_support::{QueueName, TABLE, TestStack, master_key};

pub(crate) struct Stack {
    pub(crate) store: Store,
    pub(crate) recordings: Recordings,
    pub(crate) clock: Clock,
    pub(crate) queue: Arc<LocalQueue>,
    state: erase::State,
    below: TestStack,
}

impl Stack {
    pub(crate) async fn start() -> Self {
        let below = TestStack::start_at("2026-11-20T10:15:00Z").await;
        let (recordings, clock) = (below.recordings.clone(), below.clock.clone());
        let queue = below.queues.get(QueueName::Erase);
        let outbox = Outbox::new(&below.table, TABLE, master_key());
        Self {
            state: erase::State::new(
                (recordings.clone(), outbox),
                erase::Queues {
                    erase: queue.clone(),
                    deliver: below.queues.get(QueueName::Deliver),
                },
                clock.clone(),
            ),
            store: below.store.clone(),
            recordings,
            clock,
            queue,
            below,
        }
    }

    pub(crate) async fn send(&self, task: &EraseTask) {
        let sent = self.queue.send(task.to_body(), Duration::ZERO);
        sent.await.unwrap();
    }

    /// Has the worker do what there is to do now.
    pub(crate) async fn work(&self) {
        let worked = drain(&self.queue, |event| erase::handle(&self.state, event));
        worked.await.unwrap();
    }

    /// Has the worker do everything, however long that takes.
    pub(crate) async fn settle(&self) {
        loop {
            self.work().await;
            let Some(next) = self.queue.next_visible_at().unwrap() else {
                break;
            };
            let left = next.duration_since(self.clock.now());
            self.clock.advance(left.max(SignedDuration::from_secs(1)));
        }
        assert_eq!(self.queue.dead_letters().unwrap(), []);
    }

    /// All rows and objects, but for tombstones, rows that have expired, and which call wrote a row last.
    pub(crate) async fn everything(&self) -> BTreeSet<String> {
        let scan = self
            .below
            .table
            .scan()
            .table_name(TABLE)
            .send()
            .await
            .unwrap();
        assert_eq!(scan.last_evaluated_key, None);
        let mut everything = BTreeSet::new();
        for row in scan.items.unwrap() {
            let known = ["PK", "SK", "erased_at", "expires", "closed", "call"];
            let is_tombstone = row.contains_key("erased_at")
                && row.keys().all(|name| known.contains(&name.as_str()));
            let expires = row.get("expires").and_then(|value| value.as_n().ok());
            let expires = expires.and_then(|expires| expires.parse::<i64>().ok());
            let is_expired = expires.is_some_and(|at| at <= self.clock.now().as_second());
            if !is_tombstone && !is_expired {
                let row: BTreeSet<String> = row
                    .iter()
                    .filter(|(name, _)| !name.ends_with("call"))
                    .map(|(name, value)| format!("{name}={}", shown(value)))
                    .collect();
                everything.insert(format!("{row:?}"));
            }
        }
        let objects: Vec<_> = self.below.bucket.list(None).try_collect().await.unwrap();
        for object in objects {
            let content = self.below.bucket.get(&object.location).await.unwrap();
            let content = content.bytes().await.unwrap();
            everything.insert(format!("{} {content:?}", object.location));
        }
        everything
    }
}

/// The same text for equal values.
fn shown(value: &AttributeValue) -> String {
    match value {
        AttributeValue::M(map) => {
            let map: BTreeSet<String> = map
                .iter()
                .map(|(name, value)| format!("{name}={}", shown(value)))
                .collect();
            format!("{map:?}")
        }
        AttributeValue::Ss(texts) => format!("{:?}", texts.iter().collect::<BTreeSet<_>>()),
        AttributeValue::Bs(blobs) => {
            let blobs: BTreeSet<&[u8]> = blobs.iter().map(AsRef::as_ref).collect();
            format!("{blobs:?}")
        }
        other => format!("{other:?}"),
    }
}
