//! SQS.

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_sqs::Client;

use super::{Queue, QueueError, delay_seconds};

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
        self.client
            .send_message()
            .queue_url(&self.url)
            .message_body(body)
            .delay_seconds(delay_seconds(delay).into())
            .send()
            .await
            .map_err(QueueError::new)?;
        Ok(())
    }
}
