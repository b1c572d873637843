//! The bundle's queues, each in a file of its own.

use std::sync::Arc;
use std::time::Duration;

use notification::{TopicQueues, Worker};
use platform::clock::Clock;
use platform::queue::{LocalQueue, Queue};

use crate::{StartError, data_dir::DataDir};

/// How soon a notification that failed is tried again: whoever watches should not wait for minutes, as on
/// AWS.
const TRY_AGAIN: Duration = Duration::from_secs(5);

/// Every queue there is.
pub(crate) struct Queues {
    /// Sessions with new chunks.
    pub(crate) summarize: Arc<LocalQueue>,
    /// Lanes with events for Intercom.
    pub(crate) deliver: Arc<LocalQueue>,
    /// People and sessions to be erased.
    pub(crate) erase: Arc<LocalQueue>,
    /// Workspaces to be compared with Intercom.
    pub(crate) reconcile: Arc<LocalQueue>,
    /// Notifications, by who deals with them.
    pub(crate) topics: Vec<(Worker, Arc<LocalQueue>)>,
    /// The same, as functions know them.
    pub(crate) topic_queues: TopicQueues,
}

impl Queues {
    /// Opens the queues in a folder.
    pub(crate) fn open(data_dir: &DataDir, clock: &Clock) -> Result<Self, StartError> {
        let open = |function: &str| {
            let path = data_dir.queue(function);
            LocalQueue::open(&path, clock.clone()).map_err(|error| StartError::Damaged {
                path,
                reason: error.to_string(),
            })
        };
        let mut topics = Vec::new();
        let topic_queues = TopicQueues::open(|worker| {
            let queue = open(worker.function_name())?.with_visibility_timeout(TRY_AGAIN);
            let queue = Arc::new(queue);
            topics.push((worker, Arc::clone(&queue)));
            Ok::<_, StartError>(queue as Arc<dyn Queue>)
        })?;
        Ok(Self {
            summarize: Arc::new(open("summarize")?),
            deliver: Arc::new(open("deliver")?),
            erase: Arc::new(open("erase")?),
            reconcile: Arc::new(open("reconcile")?),
            topics,
            topic_queues,
        })
    }
}
