//! The queues of the workers of Intercom's notifications: each has one.

use std::sync::Arc;
use std::time::Duration;

use platform::aws::{self, Services};
use platform::config::{ConfigError, Environment};
use platform::queue::{Queue, QueueError, Watched};

use crate::Worker;

/// The variable with what the URLs of the topics' queues begin with.
const BASE: &str = "TOPIC_QUEUES_URL";

/// The queue of every [`Worker`], to be looked at.
pub type WatchedQueues = Vec<(Worker, Arc<dyn Watched>)>;

/// The queue of every [`Worker`]. Cheap to clone.
#[derive(Clone)]
pub struct TopicQueues {
    /// In the order of [`Worker::ALL`].
    queues: Arc<[Arc<dyn Queue>]>,
}

impl TopicQueues {
    /// Opens each worker's queue.
    ///
    /// # Errors
    /// The first that `open` fails with.
    pub fn open<E>(open: impl FnMut(Worker) -> Result<Arc<dyn Queue>, E>) -> Result<Self, E> {
        let queues = Worker::ALL
            .into_iter()
            .map(open)
            .collect::<Result<_, E>>()?;
        Ok(Self { queues })
    }

    /// The queues of a deployed function: the name of each under the variable that its worker names.
    ///
    /// # Errors
    /// When a variable is missing.
    pub fn of_environment(
        services: &Services,
        environment: &Environment,
    ) -> Result<Self, ConfigError> {
        let queue = aws::queues_below(services, environment, BASE)?;
        Self::open(|worker| Ok(Arc::new(queue(worker.queue_variable())?) as Arc<dyn Queue>))
    }

    /// The same queues, to be looked at.
    ///
    /// # Errors
    /// When a variable is missing.
    pub fn watched(
        services: &Services,
        environment: &Environment,
    ) -> Result<WatchedQueues, ConfigError> {
        let queue = aws::queues_below(services, environment, BASE)?;
        let open = |worker: Worker| {
            let queue = queue(worker.queue_variable())?;
            Ok((worker, Arc::new(queue) as Arc<dyn Watched>))
        };
        Worker::ALL.into_iter().map(open).collect()
    }

    /// Leaves a notification, as Intercom sent it, for a worker.
    ///
    /// SQS takes no [U+FFFE and U+FFFF][limits], which may stand in JSON: U+FFFD, the replacement character,
    /// takes their place. Neither is ever a character of a text, and no id has one.
    ///
    /// # Errors
    /// When the queue did not take it. It may have arrived nevertheless.
    ///
    /// [limits]: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
    pub async fn send(&self, worker: Worker, notification: &str) -> Result<(), QueueError> {
        let body = notification.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
        self.queues[worker as usize]
            .send(body, Duration::ZERO)
            .await
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::Mutex;

    use async_trait::async_trait;

    use super::*;

    /// What was sent to whom.
    type Sent = Arc<Mutex<Vec<(Worker, String)>>>;

    struct Kept(Worker, Sent);

    #[async_trait]
    impl Queue for Kept {
        async fn send(&self, body: String, _: Duration) -> Result<(), QueueError> {
            self.1.lock().unwrap().push((self.0, body));
            Ok(())
        }
    }

    fn queues() -> (TopicQueues, Sent) {
        let sent = Sent::default();
        let queues = TopicQueues::open(|worker| {
            let queue: Arc<dyn Queue> = Arc::new(Kept(worker, Arc::clone(&sent)));
            Ok::<_, Infallible>(queue)
        });
        (queues.unwrap(), sent)
    }

    #[tokio::test]
    async fn each_worker_has_its_own_queue() {
        let (queues, sent) = queues();
        for worker in Worker::ALL {
            queues.send(worker, worker.function_name()).await.unwrap();
        }
        let expected = Worker::ALL.map(|worker| (worker, worker.function_name().to_owned()));
        assert_eq!(*sent.lock().unwrap(), expected);
    }

    #[tokio::test]
    async fn what_sqs_does_not_take_is_replaced() {
        let (queues, sent) = queues();
        let text = "a\u{fffe}b\u{ffff}c\u{fffd}d\u{10ffff}é😀\u{7f}\t";
        queues.send(Worker::LeadCreated, text).await.unwrap();
        let taken = "a\u{fffd}b\u{fffd}c\u{fffd}d\u{10ffff}é😀\u{7f}\t";
        assert_eq!(sent.lock().unwrap()[0].1, taken);
    }
}
