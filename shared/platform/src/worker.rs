//! The batch loop that every queue worker shares.
//!
//! Nothing is dropped silently. A record that fails, panics or cannot be read is reported as failed: SQS
//! delivers it again, and after [`crate::queue::MAX_RECEIVES`] deliveries parks it with the dead letters,
//! where an operator sees it. That goes for a message nobody can read as well: it may come from a newer
//! version of the sender, and then it can be sent back once the worker is up to date.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use futures::{FutureExt, StreamExt, stream};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use tracing::{Instrument, Span, field};

use crate::fault::{Fault, Kind};
use crate::metrics;
use crate::telemetry::Chain;
use crate::xray::{self, TraceHeader};

/// Why a record counts as failed. Its text goes to the log: it says nothing of the message's content.
#[derive(Debug, thiserror::Error)]
enum RecordError<E: Fault> {
    #[error("the worker panicked: {0}")]
    Panicked(String),
    #[error(transparent)]
    Failed(E),
}

/// Why a task was not done.
#[derive(Debug, thiserror::Error)]
enum TaskError<E: Fault> {
    #[error("the message cannot be read")]
    Unreadable(#[source] UnreadableMessage),
    #[error(transparent)]
    Failed(E),
}

/// Where a message stopped making sense: serde's own text could quote the message.
#[derive(Debug, thiserror::Error)]
#[error("{category:?} error at line {line}, column {column}")]
struct UnreadableMessage {
    category: serde_json::error::Category,
    line: usize,
    column: usize,
}

impl<E: Fault> Fault for RecordError<E> {
    fn kind(&self) -> Kind {
        match self {
            Self::Panicked(_) => Kind::lasting("panicked"),
            Self::Failed(error) => error.kind(),
        }
    }
}

impl<E: Fault> Fault for TaskError<E> {
    fn kind(&self) -> Kind {
        match self {
            Self::Unreadable(_) => Kind::lasting("message.unreadable"),
            Self::Failed(error) => error.kind(),
        }
    }
}

/// Parses each record of a batch as `T` and processes it as [`process_messages`] does.
pub async fn process_batch<T, E, P, F>(
    event: SqsEvent,
    at_once: usize,
    process: P,
) -> SqsBatchResponse
where
    T: DeserializeOwned,
    E: Fault,
    P: Fn(T) -> F,
    F: Future<Output = Result<(), E>>,
{
    let process = &process;
    process_messages(event, at_once, |message| async move {
        let task = parse(&message).map_err(TaskError::Unreadable)?;
        process(task).await.map_err(TaskError::Failed)
    })
    .await
}

/// Processes each record of a batch, `at_once` of them at the same time; answers which ones failed. One
/// record's failure does not touch the others.
///
/// Each is processed as part of its sender's trace, within a span that has room for what it turns out to be
/// about: `organization.id`, `workspace.id`, `session.id`.
pub async fn process_messages<E, P, F>(
    event: SqsEvent,
    at_once: usize,
    process: P,
) -> SqsBatchResponse
where
    E: Fault,
    P: Fn(SqsMessage) -> F,
    F: Future<Output = Result<(), E>>,
{
    let process = &process;
    let failed: Vec<String> = stream::iter(event.records)
        .map(|record| {
            let trace = record
                .attributes
                .get(TraceHeader::ATTRIBUTE)
                .and_then(|header| TraceHeader::parse(header))
                .or_else(xray::current);
            let span = span(&record, trace.as_ref());
            let work = async move {
                let id = record.message_id.clone();
                let error = process_record(record, process).await.err()?;
                tracing::error!(
                    { metrics::QUEUE_MESSAGE_FAILED } = 1,
                    "error.type" = error.error_type(),
                    retryable = error.is_transient(),
                    error = %Chain(&error),
                    "a queued message failed and will be delivered again"
                );
                Some(id.unwrap_or_default())
            };
            xray::scope(trace, work.instrument(span))
        })
        .buffer_unordered(at_once.max(1))
        .filter_map(std::future::ready)
        .collect()
        .await;
    let mut response = SqsBatchResponse::default();
    response.set_failures(failed);
    response
}

/// How often a message has been delivered, this time included; once, when the queue does not say.
pub fn attempt(message: &SqsMessage) -> u32 {
    let count = message.attributes.get("ApproximateReceiveCount");
    count.and_then(|count| count.parse().ok()).unwrap_or(1)
}

/// When a message was put on its queue; `None` when the queue does not say.
pub fn sent_at(message: &SqsMessage) -> Option<Timestamp> {
    let milliseconds = message.attributes.get("SentTimestamp")?.parse().ok()?;
    Timestamp::from_millisecond(milliseconds).ok()
}

fn span(record: &SqsMessage, trace: Option<&TraceHeader>) -> Span {
    let queue = record.event_source_arn.as_deref();
    tracing::error_span!(
        "message",
        xray.trace_id = trace.map(TraceHeader::trace_id),
        queue.name = queue.and_then(|arn| arn.rsplit(':').next()),
        message.id = record.message_id,
        attempt = attempt(record),
        organization.id = field::Empty,
        workspace.id = field::Empty,
        session.id = field::Empty,
    )
}

async fn process_record<E, P, F>(record: SqsMessage, process: P) -> Result<(), RecordError<E>>
where
    E: Fault,
    P: Fn(SqsMessage) -> F,
    F: Future<Output = Result<(), E>>,
{
    // Nothing of the record outlives the panic, so there is no broken state to see.
    AssertUnwindSafe(async { process(record).await })
        .catch_unwind()
        .await
        .map_err(|panic| RecordError::Panicked(panic_text(panic.as_ref())))?
        .map_err(RecordError::Failed)
}

fn parse<T: DeserializeOwned>(message: &SqsMessage) -> Result<T, UnreadableMessage> {
    let body = message.body.as_deref().unwrap_or_default();
    serde_json::from_str(body).map_err(|error| UnreadableMessage {
        category: error.classify(),
        line: error.line(),
        column: error.column(),
    })
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let literal = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    literal.unwrap_or_else(|| "see the line that the panic itself logged".to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("unavailable")]
    struct Unavailable;

    impl Fault for Unavailable {
        fn kind(&self) -> Kind {
            Kind::passing("test.unavailable")
        }
    }

    fn batch(bodies: &[&str]) -> SqsEvent {
        let mut event = SqsEvent::default();
        event.records = bodies
            .iter()
            .enumerate()
            .map(|(index, body)| {
                let mut message = SqsMessage::default();
                message.message_id = Some(format!("m{index}"));
                message.body = Some((*body).to_owned());
                message
            })
            .collect();
        event
    }

    fn failures(response: SqsBatchResponse) -> Vec<String> {
        let mut ids: Vec<_> = response
            .batch_item_failures
            .into_iter()
            .map(|failure| failure.item_identifier)
            .collect();
        ids.sort();
        ids
    }

    #[tokio::test]
    async fn a_record_that_fails_panics_or_cannot_be_read_fails_alone() {
        let done = Mutex::new(Vec::new());
        let process = |number: u64| {
            let done = &done;
            async move {
                match number {
                    13 => Err(Unavailable),
                    14 => panic!("the worker's fault"),
                    _ => {
                        done.lock().unwrap().push(number);
                        Ok(())
                    }
                }
            }
        };

        let response =
            process_batch(batch(&["1", "13", "nonsense", "14", "2", ""]), 3, process).await;

        assert_eq!(failures(response), ["m1", "m2", "m3", "m5"]);
        let mut done = done.into_inner().unwrap();
        done.sort_unstable();
        assert_eq!(done, [1, 2]);
    }

    #[tokio::test]
    async fn a_batch_without_failures_reports_none() {
        let response = process_batch(batch(&["1", "2"]), 2, |_: u64| async {
            Ok::<_, Unavailable>(())
        })
        .await;
        assert_eq!(failures(response), Vec::<String>::new());
    }

    #[tokio::test]
    async fn each_record_is_part_of_its_senders_trace() {
        let mut event = batch(&["1", "2"]);
        let header = "Root=1-a;Parent=b;Sampled=1";
        event.records[0]
            .attributes
            .insert(TraceHeader::ATTRIBUTE.to_owned(), header.to_owned());
        let traces = Mutex::new(Vec::new());

        process_batch(event, 2, |number: u64| {
            let traces = &traces;
            async move {
                tokio::task::yield_now().await;
                traces.lock().unwrap().push((number, xray::current()));
                Ok::<_, Unavailable>(())
            }
        })
        .await;

        let mut traces = traces.into_inner().unwrap();
        traces.sort_by_key(|(number, _)| *number);
        assert_eq!(traces, [(1, TraceHeader::parse(header)), (2, None)]);
    }

    #[test]
    fn the_text_of_an_unreadable_message_does_not_quote_it() {
        let record = batch(&[r#"{"email":"ada@shop.example"}"#])
            .records
            .remove(0);
        let error = parse::<u64>(&record).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("shop.example"), "{shown}");
    }
}
