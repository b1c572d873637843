//! Parked notifications on their queues again.

use intercom::webhook::Topic;
use jiff::Timestamp;
use platform::fault::{Fault, Kind};
use platform::queue::QueueError;
use platform::telemetry::Chain;
use store::{Connection, ParkedId, Store};

use crate::{TopicQueues, Worker};

/// Why a parked notification was not sent again. It is still parked.
#[derive(Debug, thiserror::Error)]
pub enum ResendError {
    /// The table.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Its queue.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// Nobody deals with its topic any more.
    #[error("nobody here deals with the notification's topic")]
    UnknownTopic,
}

impl Fault for ResendError {
    fn kind(&self) -> Kind {
        match self {
            Self::Store(error) => Kind::new(error.code(), error.is_transient()),
            Self::Queue(error) => error.kind(),
            Self::UnknownTopic => Kind::lasting("resend.unknown_topic"),
        }
    }
}

/// What came of sending several.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resent {
    /// On their queues.
    pub sent: usize,
    /// Still parked.
    pub failed: usize,
}

/// Puts a parked notification on its queue; `false` when it is not parked (any more).
///
/// It is parked until the queue has it. Should it end up on the queue twice, its worker takes it once.
///
/// # Errors
/// See [`ResendError`].
pub async fn send_again(
    store: &Store,
    queues: &TopicQueues,
    connection: &Connection,
    id: &ParkedId,
    now: Timestamp,
) -> Result<bool, ResendError> {
    let Some((parked, body)) = store
        .notifications()
        .parked_notification(connection, id, now)
        .await?
    else {
        return Ok(false);
    };
    let topic = Topic::parse(&parked.topic).ok_or(ResendError::UnknownTopic)?;
    queues.send(Worker::of(topic), body.expose()).await?;
    store
        .notifications()
        .unpark(&connection.workspace, &parked)
        .await?;
    Ok(true)
}

/// Does so with several, one after the other: one that cannot be sent keeps no other one back. Why it cannot
/// be is logged.
pub async fn send_all_again(
    store: &Store,
    queues: &TopicQueues,
    connection: &Connection,
    wanted: &[ParkedId],
    now: Timestamp,
) -> Resent {
    let mut resent = Resent::default();
    for id in wanted {
        match send_again(store, queues, connection, id, now).await {
            Ok(was_parked) => resent.sent += usize::from(was_parked),
            Err(error) => {
                resent.failed += 1;
                tracing::error!(
                    "error.type" = error.error_type(),
                    retryable = error.is_transient(),
                    error = %Chain(&error),
                    "a parked notification was not sent again"
                );
            }
        }
    }
    resent
}
