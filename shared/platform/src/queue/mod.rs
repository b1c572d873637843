//! Queues between functions, with the delivery semantics of SQS standard queues.
//!
//! A message is delivered at least once, in no promised order, and again when its worker fails. After
//! [`MAX_RECEIVES`] failures it is parked with the dead letters, where an operator can see it and send it
//! back.

#[cfg(feature = "local-queue")]
pub mod dispatch;
#[cfg(feature = "local-queue")]
mod local;
mod sqs;

use std::error::Error;
use std::time::Duration;

use async_trait::async_trait;

#[cfg(feature = "local-queue")]
pub use local::{DeadLetter, LocalQueue, LocalQueueError};
pub use sqs::SqsQueue;

use crate::fault::{Fault, Kind};

/// How often a message is delivered before it counts as dead. The queues of the deployed stack are created
/// with this very number.
pub const MAX_RECEIVES: u32 = 5;

/// The longest delay that SQS knows.
pub const MAX_DELAY: Duration = Duration::from_mins(15);

/// Where a function leaves work for another one.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Sends a message that is delivered no earlier than after `delay`, which counts in whole seconds
    /// (rounded up) and is cut to [`MAX_DELAY`]: who needs longer sends again on delivery. The message
    /// belongs to the
    /// [trace](crate::xray) under way.
    ///
    /// # Errors
    /// When the queue did not take the message. It may have arrived nevertheless: a lost answer looks the
    /// same.
    async fn send(&self, body: String, delay: Duration) -> Result<(), QueueError>;

    /// Sends several, in no promised order and in as few requests as the queue takes them.
    ///
    /// # Errors
    /// When the queue did not take one of them. Others may have arrived: all are to be sent again.
    async fn send_all(&self, bodies: Vec<String>, delay: Duration) -> Result<(), QueueError> {
        for body in bodies {
            self.send(body, delay).await?;
        }
        Ok(())
    }
}

/// What stands on a queue: about as many, SQS says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Messages that can be received.
    pub waiting: u64,
    /// Messages that somebody has received, and not finished.
    pub in_hands: u64,
}

impl Backlog {
    /// Whether messages wait although nobody is at work.
    pub fn is_untaken(&self) -> bool {
        self.waiting > 0 && self.in_hands == 0
    }
}

/// A queue that can be looked at from outside.
#[async_trait]
pub trait Watched: Send + Sync {
    /// What stands on it.
    ///
    /// # Errors
    /// When the queue does not say.
    async fn backlog(&self) -> Result<Backlog, QueueError>;
}

/// The queue did not confirm a message, or did not answer a question.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// It did not answer, or asked to slow down: the same call may succeed later.
    #[error("the queue did not take a message")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// It takes no such message from this function: wrong URL, missing permission, a bug. An operator has to
    /// look.
    #[error("the queue refused a message")]
    Refused(#[source] Box<dyn Error + Send + Sync>),
    /// It does not say how many messages it has.
    #[error("the queue does not say what stands on it")]
    Silent,
}

impl Fault for QueueError {
    fn kind(&self) -> Kind {
        match self {
            Self::Unavailable(_) => Kind::passing("queue.unavailable"),
            Self::Refused(_) => Kind::lasting("queue.refused"),
            Self::Silent => Kind::lasting("queue.silent"),
        }
    }
}

/// A delay as SQS takes it: whole seconds, rounded up, at most [`MAX_DELAY`].
fn delay_seconds(delay: Duration) -> u16 {
    let rounded_up = delay.as_millis().div_ceil(1_000);
    u16::try_from(rounded_up)
        .unwrap_or(u16::MAX)
        .min(MAX_DELAY.as_secs() as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_are_whole_seconds_rounded_up_and_at_most_fifteen_minutes() {
        for (milliseconds, seconds) in [(0, 0), (1, 1), (1_000, 1), (3_001, 4), (900_001, 900)] {
            assert_eq!(delay_seconds(Duration::from_millis(milliseconds)), seconds);
        }
        assert_eq!(delay_seconds(Duration::MAX), 900);
    }
}
