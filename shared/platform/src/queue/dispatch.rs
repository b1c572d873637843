//! Lambda's event source mapping for a [`LocalQueue`]: hands batches to a worker as real [`SqsEvent`]s,
//! deletes what succeeded, and leaves the rest to reappear after the visibility timeout.

use std::time::Duration;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};

use super::{LocalQueue, LocalQueueError};
use crate::telemetry::Chain;

/// Messages per batch: the event source mapping's default.
const MESSAGES_PER_BATCH: usize = 10;

/// The loop looks at least this often, whatever it was told.
const MAX_IDLE_WAIT: Duration = Duration::from_secs(1);

/// Serves the queue until it is dropped. Several loops may serve the same queue, as several instances of a
/// function would; one that is dropped in the middle of a batch loses nothing.
pub async fn run<H, F>(queue: &LocalQueue, handler: H)
where
    H: Fn(SqsEvent) -> F,
    F: Future<Output = SqsBatchResponse>,
{
    loop {
        let served = match serve(queue, queue.receive(MESSAGES_PER_BATCH), &handler).await {
            Ok(0) => queue.wait(MAX_IDLE_WAIT).await,
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = served {
            tracing::error!(error = %Chain(&error), "a queue could not be served");
            tokio::time::sleep(MAX_IDLE_WAIT).await;
        }
    }
}

/// Serves every message whose time has come, and those that they lead to; answers how many deliveries that
/// took. What is delayed or failed stays: for tests, which move the clock themselves.
///
/// # Errors
/// When the queue's file cannot be used.
pub async fn drain<H, F>(queue: &LocalQueue, handler: H) -> Result<usize, LocalQueueError>
where
    H: Fn(SqsEvent) -> F,
    F: Future<Output = SqsBatchResponse>,
{
    let mut deliveries = 0;
    loop {
        match serve(queue, queue.receive(MESSAGES_PER_BATCH), &handler).await? {
            0 => return Ok(deliveries),
            served => deliveries += served,
        }
    }
}

/// Serves the queue's dead letters until it is dropped, as the dead-letter queue's own mapping would.
pub async fn run_dead_letters<H, F>(queue: &LocalQueue, handler: H)
where
    H: Fn(SqsEvent) -> F,
    F: Future<Output = SqsBatchResponse>,
{
    loop {
        if let Err(error) = drain_dead_letters(queue, &handler).await {
            tracing::error!(error = %Chain(&error), "dead letters could not be served");
        }
        // Nobody waits for them: no message wakes this loop.
        tokio::time::sleep(MAX_IDLE_WAIT).await;
    }
}

/// Serves every dead letter that nobody has in hand; answers how many deliveries that took.
///
/// # Errors
/// When the queue's file cannot be used.
pub async fn drain_dead_letters<H, F>(
    queue: &LocalQueue,
    handler: H,
) -> Result<usize, LocalQueueError>
where
    H: Fn(SqsEvent) -> F,
    F: Future<Output = SqsBatchResponse>,
{
    let mut deliveries = 0;
    loop {
        match serve(queue, queue.receive_dead(MESSAGES_PER_BATCH), &handler).await? {
            0 => return Ok(deliveries),
            served => deliveries += served,
        }
    }
}

async fn serve<H, F>(
    queue: &LocalQueue,
    received: Result<Vec<SqsMessage>, LocalQueueError>,
    handler: &H,
) -> Result<usize, LocalQueueError>
where
    H: Fn(SqsEvent) -> F,
    F: Future<Output = SqsBatchResponse>,
{
    let messages = received?;
    if messages.is_empty() {
        return Ok(0);
    }
    let mut event = SqsEvent::default();
    event.records.clone_from(&messages);
    let failures = handler(event).await.batch_item_failures;
    // As Lambda reads it: a failure that names no message of the batch fails the whole batch.
    let known = |id: &str| {
        messages
            .iter()
            .any(|message| message.message_id.as_deref() == Some(id))
    };
    if !failures
        .iter()
        .all(|failure| known(&failure.item_identifier))
    {
        return Ok(messages.len());
    }
    for message in &messages {
        let id = message.message_id.as_deref();
        if failures
            .iter()
            .any(|failure| Some(failure.item_identifier.as_str()) == id)
        {
            continue;
        }
        if let Some(receipt) = &message.receipt_handle {
            queue.delete(receipt)?;
        }
    }
    Ok(messages.len())
}
