//! SQS.

use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;

use super::{Backlog, Queue, QueueError, Watched, delay_seconds};
use crate::aws::{CallError, JsonService, Protocol};
use crate::xray::{self, TraceHeader};

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
}

#[async_trait]
impl Queue for SqsQueue {
    async fn send(&self, body: String, delay: Duration) -> Result<(), QueueError> {
        let mut message = json!({
            "QueueUrl": self.url,
            "MessageBody": body,
            "DelaySeconds": delay_seconds(delay),
        });
        if let Some(trace) = xray::current() {
            message["MessageSystemAttributes"] = json!({
                TraceHeader::ATTRIBUTE: { "DataType": "String", "StringValue": trace.as_str() },
            });
        }
        let answer = self.service.call("SendMessage", &message).await;
        let _: IgnoredAny = answer.map_err(failed)?;
        Ok(())
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
