//! The queues, in memory: with the delivery semantics of SQS as far as a step sees them, and such that they
//! can be put back to what they were.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use jiff::Timestamp;
use notification::Worker;
use platform::clock::Clock;
use platform::queue::{MAX_RECEIVES, Queue, QueueError};

/// Messages per batch: the event source mapping's default.
const BATCH: usize = 10;

/// A queue, by who takes its work from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Line {
    Deliver,
    Summarize,
    Erase,
    Reconcile,
    Topic(Worker),
}

impl Line {
    /// The function behind it.
    pub(crate) fn function(self) -> &'static str {
        match self {
            Self::Deliver => "deliver",
            Self::Summarize => "summarize",
            Self::Erase => "erase",
            Self::Reconcile => "reconcile",
            Self::Topic(worker) => worker.function_name(),
        }
    }
}

/// Which messages of a queue a batch is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// Those whose time has come.
    Due,
    /// Those that have failed before.
    Failed,
    /// Those that have failed too often.
    Dead,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Message {
    pub(crate) body: String,
    pub(crate) sent_at: Timestamp,
    pub(crate) visible_at: Timestamp,
    pub(crate) receives: u32,
    pub(crate) is_dead: bool,
}

/// What is on which queue, in the order in which it was sent.
pub(crate) type Messages = BTreeMap<Line, Vec<Message>>;

/// All queues. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Messages>>);

impl Lines {
    /// The end of a queue where work is left.
    pub(crate) fn sender(&self, line: Line, clock: &Clock) -> Arc<dyn Queue> {
        Arc::new(Sender {
            lines: self.clone(),
            line,
            clock: clock.clone(),
        })
    }

    pub(crate) fn messages(&self) -> Messages {
        self.lock().clone()
    }

    pub(crate) fn put_back(&self, messages: &Messages) {
        self.lock().clone_from(messages);
    }

    /// Which queue has the message whose time comes next, and when that is; of one queue, or of all.
    pub(crate) fn next(&self, of: Option<Line>) -> Option<(Timestamp, Line)> {
        let lines = self.lock();
        let lines = lines
            .iter()
            .filter(|(line, _)| of.is_none_or(|of| of == **line));
        let alive = lines.flat_map(|(line, messages)| {
            let alive = messages.iter().filter(|message| !message.is_dead);
            alive.map(|message| (message.visible_at, *line))
        });
        alive.min()
    }

    /// Takes a batch out.
    pub(crate) fn take(&self, line: Line, which: Which, now: Timestamp) -> Vec<Message> {
        let mut lines = self.lock();
        let waiting = lines.entry(line).or_default();
        let mut batch = Vec::new();
        waiting.retain(|message| {
            let is_wanted = match which {
                Which::Dead => message.is_dead,
                Which::Due => !message.is_dead && message.visible_at <= now,
                Which::Failed => !message.is_dead && message.receives > 0,
            };
            let is_taken = is_wanted && batch.len() < BATCH;
            if is_taken {
                batch.push(message.clone());
            }
            !is_taken
        });
        batch.iter_mut().for_each(|message| message.receives += 1);
        batch
    }

    /// Puts what a worker failed with back, where it can be taken again at once.
    pub(crate) fn settle(&self, line: Line, batch: Vec<Message>, response: &SqsBatchResponse) {
        let failures = response.batch_item_failures.iter();
        let failed: Vec<_> = failures.map(|failed| &failed.item_identifier).collect();
        let left = batch.into_iter().enumerate();
        let left = left.filter(|(position, _)| failed.contains(&&position.to_string()));
        let mut lines = self.lock();
        let waiting = lines.entry(line).or_default();
        waiting.extend(left.map(|(_, message)| Message {
            is_dead: message.is_dead || message.receives >= MAX_RECEIVES,
            ..message
        }));
    }

    fn lock(&self) -> MutexGuard<'_, Messages> {
        self.0.lock().unwrap()
    }
}

/// A batch as Lambda hands it over. A message's id is its place.
pub(crate) fn event(batch: &[Message]) -> SqsEvent {
    let mut event = SqsEvent::default();
    for (position, waiting) in batch.iter().enumerate() {
        let mut message = SqsMessage::default();
        message.message_id = Some(position.to_string());
        message.body = Some(waiting.body.clone());
        let sent_at = waiting.sent_at.as_millisecond().to_string();
        let receives = waiting.receives.to_string();
        let attributes = [
            ("SentTimestamp", sent_at),
            ("ApproximateReceiveCount", receives),
        ];
        message.attributes = attributes
            .map(|(name, value)| (name.to_owned(), value))
            .into();
        event.records.push(message);
    }
    event
}

struct Sender {
    lines: Lines,
    line: Line,
    clock: Clock,
}

#[async_trait]
impl Queue for Sender {
    async fn send(&self, body: String, delay: Duration) -> Result<(), QueueError> {
        let sent_at = self.clock.now();
        let message = Message {
            body,
            sent_at,
            visible_at: sent_at + delay,
            receives: 0,
            is_dead: false,
        };
        self.lines
            .lock()
            .entry(self.line)
            .or_default()
            .push(message);
        Ok(())
    }
}
