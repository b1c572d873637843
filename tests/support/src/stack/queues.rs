//! The queues of a stack, in this process.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use aws_lambda_events::event::sqs::SqsMessage;
use notification::{TopicQueues, Worker};
use platform::clock::Clock;
use platform::queue::{LocalQueue, Queue};

/// More than a test puts on a queue.
const MOST: usize = 100_000;

/// One of the queues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum QueueName {
    /// Events to be told to Intercom.
    Deliver,
    /// Sessions to be summarized.
    Summarize,
    /// People and sessions to be erased.
    Erase,
    /// Workspaces to be compared with Intercom.
    Reconcile,
    /// Notifications of some topics.
    Topic(Worker),
}

/// All of them, each opened when it is first asked for. When they are dropped, all must be empty.
pub struct TestQueues {
    clock: Clock,
    open: Mutex<BTreeMap<QueueName, Arc<LocalQueue>>>,
}

impl TestQueues {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            open: Mutex::default(),
        }
    }

    /// A queue.
    pub fn get(&self, name: QueueName) -> Arc<LocalQueue> {
        let mut open = self.open.lock().unwrap();
        let queue = || Arc::new(LocalQueue::in_memory(self.clock.clone()).unwrap());
        Arc::clone(open.entry(name).or_insert_with(queue))
    }

    /// The queue of a worker of notifications.
    pub fn topic(&self, worker: Worker) -> Arc<LocalQueue> {
        self.get(QueueName::Topic(worker))
    }

    /// Those of notifications, as functions know them.
    pub fn topics(&self) -> TopicQueues {
        let open = |worker| {
            let queue: Arc<dyn Queue> = self.topic(worker);
            Ok::<_, Infallible>(queue)
        };
        TopicQueues::open(open).unwrap()
    }

    /// Takes what can be received from a queue now: the bodies.
    pub fn take(&self, name: QueueName) -> Vec<String> {
        let queue = self.get(name);
        let messages = queue.receive(MOST).unwrap().into_iter();
        let take = |message: SqsMessage| {
            queue
                .delete(message.receipt_handle.as_deref().unwrap())
                .unwrap();
            message.body.unwrap()
        };
        messages.map(take).collect()
    }

    /// Takes whatever is on the queues; the bodies of what can be received now. For tests that mean to leave
    /// messages: what is in somebody's hands or comes later goes as well. Dead letters do not: a test takes
    /// those from their queue.
    pub fn drain(&self) -> Vec<String> {
        let names: Vec<QueueName> = self.open.lock().unwrap().keys().copied().collect();
        let bodies = names.into_iter().flat_map(|name| self.take(name)).collect();
        let open = std::mem::take(&mut *self.open.lock().unwrap());
        for (name, queue) in open {
            let dead = queue.dead_letters().unwrap();
            assert_eq!(dead, [], "the queue {name:?} has dead letters");
        }
        bodies
    }
}

impl Drop for TestQueues {
    fn drop(&mut self) {
        // A test that fails already has its reason.
        if std::thread::panicking() {
            return;
        }
        for (name, queue) in self.open.get_mut().unwrap() {
            let next = queue.next_visible_at().unwrap();
            assert_eq!(
                next, None,
                "the test has left messages on the queue {name:?}"
            );
            let dead = queue.dead_letters().unwrap();
            assert_eq!(
                dead,
                [],
                "the test has left dead letters of the queue {name:?}"
            );
        }
    }
}
