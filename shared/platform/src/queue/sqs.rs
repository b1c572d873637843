//! SQS.

use std::error::Error;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sqs::types::{
    MessageSystemAttributeNameForSends, MessageSystemAttributeValue, QueueAttributeName,
};

use super::{Backlog, Queue, QueueError, Watched, delay_seconds};
use crate::xray;

/// An SQS standard queue.
#[derive(Debug, Clone)]
pub struct SqsQueue {
    client: Client,
    url: String,
}

impl SqsQueue {
    /// The queue at `url`.
    pub fn new(client: Client, url: impl Into<String>) -> Self {
        Self {
            client,
            url: url.into(),
        }
    }
}

#[async_trait]
impl Queue for SqsQueue {
    async fn send(&self, body: String, delay: Duration) -> Result<(), QueueError> {
        let mut message = self
            .client
            .send_message()
            .queue_url(&self.url)
            .message_body(body)
            .delay_seconds(delay_seconds(delay).into());
        if let Some(trace) = xray::current() {
            message = message.message_system_attributes(
                MessageSystemAttributeNameForSends::AwsTraceHeader,
                text(trace.as_str())?,
            );
        }
        message.send().await.map_err(failed)?;
        Ok(())
    }
}

#[async_trait]
impl Watched for SqsQueue {
    async fn backlog(&self) -> Result<Backlog, QueueError> {
        const WAITING: QueueAttributeName = QueueAttributeName::ApproximateNumberOfMessages;
        const IN_HANDS: QueueAttributeName =
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible;
        let asked = self
            .client
            .get_queue_attributes()
            .queue_url(&self.url)
            .attribute_names(WAITING)
            .attribute_names(IN_HANDS);
        let answer = asked.send().await.map_err(failed)?;
        let number = |name| {
            let text = answer.attributes()?.get(&name)?;
            text.parse().ok()
        };
        let said = number(WAITING).zip(number(IN_HANDS));
        let (waiting, in_hands) = said.ok_or(QueueError::Silent)?;
        Ok(Backlog { waiting, in_hands })
    }
}

fn text(value: &str) -> Result<MessageSystemAttributeValue, QueueError> {
    MessageSystemAttributeValue::builder()
        .data_type("String")
        .string_value(value)
        .build()
        .map_err(|error| QueueError::Refused(error.into()))
}

fn failed<E>(error: SdkError<E>) -> QueueError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let is_refused = match &error {
        SdkError::ConstructionFailure(_) => true,
        SdkError::ServiceError(answer) => {
            let is_throttled = answer
                .err()
                .code()
                .is_some_and(|code| code.contains("Throttl"));
            answer.raw().status().is_client_error() && !is_throttled
        }
        _ => false,
    };
    if is_refused {
        QueueError::Refused(error.into())
    } else {
        QueueError::Unavailable(error.into())
    }
}

#[cfg(test)]
mod tests;
