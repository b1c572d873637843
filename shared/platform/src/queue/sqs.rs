//! SQS.

use std::time::Duration;

use async_trait::async_trait;
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::{Backlog, Queue, QueueError, Watched, delay_seconds};
use crate::aws::{CallError, JsonService, Protocol};
use crate::xray::{self, TraceHeader};

/// Most messages of one request (SQS's API reference, `SendMessageBatch`). They are billed as one.
const BATCH: usize = 10;

/// Requests under way at the same time.
const AT_ONCE: usize = 8;

/// An SQS standard queue.
#[derive(Debug, Clone)]
pub struct SqsQueue {
    service: JsonService,
    url: String,
}

impl SqsQueue {
    pub(crate) const PROTOCOL: Protocol = Protocol {
        name: "sqs",
        variable: "SQS",
        target: "AmazonSQS",
        version: "1.0",
    };

    /// The queue at `url`.
    pub(crate) fn new(service: JsonService, url: impl Into<String>) -> Self {
        Self {
            service,
            url: url.into(),
        }
    }

    /// Sends up to [`BATCH`] messages. What SQS did not take of them is sent by itself, which says why.
    async fn send_batch(&self, bodies: Vec<String>, delay: Duration) -> Result<(), QueueError> {
        let entries = bodies.iter().enumerate().map(|(number, body)| {
            let mut entry = message(body, delay);
            entry["Id"] = json!(number.to_string());
            entry
        });
        let batch = json!({ "QueueUrl": self.url, "Entries": entries.collect::<Vec<_>>() });
        let answer = self.service.call("SendMessageBatch", &batch).await;
        let Sent { failed: not_taken } = answer.map_err(failed)?;
        for Failed { id } in not_taken {
            let body = id.parse().ok().and_then(|number: usize| bodies.get(number));
            let body = body.ok_or_else(|| {
                QueueError::Unavailable("an unknown message was not taken".into())
            })?;
            self.send(body.clone(), delay).await?;
        }
        Ok(())
    }
}

/// What SQS says of a batch.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Sent {
    #[serde(default)]
    failed: Vec<Failed>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Failed {
    id: String,
}

fn message(body: &str, delay: Duration) -> Value {
    let mut message = json!({ "MessageBody": body, "DelaySeconds": delay_seconds(delay) });
    if let Some(trace) = xray::current() {
        message["MessageSystemAttributes"] = json!({
            TraceHeader::ATTRIBUTE: { "DataType": "String", "StringValue": trace.as_str() },
        });
    }
    message
}

#[async_trait]
impl Queue for SqsQueue {
    async fn send(&self, body: String, delay: Duration) -> Result<(), QueueError> {
        let mut message = message(&body, delay);
        message["QueueUrl"] = json!(self.url);
        let answer = self.service.call("SendMessage", &message).await;
        let _: IgnoredAny = answer.map_err(failed)?;
        Ok(())
    }

    async fn send_all(&self, bodies: Vec<String>, delay: Duration) -> Result<(), QueueError> {
        if let [_] = bodies[..] {
            for body in bodies {
                self.send(body, delay).await?;
            }
            return Ok(());
        }
        let batches: Vec<_> = bodies.chunks(BATCH).map(<[String]>::to_vec).collect();
        let sent = stream::iter(batches).map(|batch| self.send_batch(batch, delay));
        sent.buffer_unordered(AT_ONCE).try_collect().await
    }
}

/// What SQS says of a queue: every number as a text.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Described {
    #[serde(default)]
    attributes: Attributes,
}

#[derive(Default, Deserialize)]
struct Attributes {
    #[serde(rename = "ApproximateNumberOfMessages")]
    waiting: Option<String>,
    #[serde(rename = "ApproximateNumberOfMessagesNotVisible")]
    in_hands: Option<String>,
}

#[async_trait]
impl Watched for SqsQueue {
    async fn backlog(&self) -> Result<Backlog, QueueError> {
        let names = [
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
        ];
        let asked = json!({ "QueueUrl": self.url, "AttributeNames": names });
        let answer = self.service.call("GetQueueAttributes", &asked).await;
        let Described { attributes } = answer.map_err(failed)?;
        let number = |text: Option<String>| text?.parse().ok();
        let said = number(attributes.waiting).zip(number(attributes.in_hands));
        let (waiting, in_hands) = said.ok_or(QueueError::Silent)?;
        Ok(Backlog { waiting, in_hands })
    }
}

fn failed(error: CallError) -> QueueError {
    match &error {
        // What it answered otherwise is an answer: it may have taken the message.
        CallError::Malformed { .. } => QueueError::Unavailable(error.into()),
        _ if error.is_transient() => QueueError::Unavailable(error.into()),
        _ => QueueError::Refused(error.into()),
    }
}

#[cfg(test)]
mod tests;
