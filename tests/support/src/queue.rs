//! A queue whose answers are lost as planned.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use platform::queue::{Queue, QueueError};

use crate::{Faults, Loss};

/// A queue behind a line on which answers are lost. What is lost is sent again, as the SDK does: the message
/// is there twice.
pub struct FaultyQueue {
    queue: Arc<dyn Queue>,
    faults: Faults,
}

impl FaultyQueue {
    /// The same queue, with a plan.
    pub fn new(queue: Arc<dyn Queue>, faults: Faults) -> Self {
        Self { queue, faults }
    }
}

#[async_trait]
impl Queue for FaultyQueue {
    async fn send(&self, body: String, delay: Duration) -> Result<(), QueueError> {
        let loss = self.faults.write("SQS send");
        self.queue.send(body.clone(), delay).await?;
        match loss {
            None => Ok(()),
            Some(Loss::First) => self.queue.send(body, delay).await,
            Some(Loss::All) => Err(QueueError::Unavailable("no answer".into())),
        }
    }
}
