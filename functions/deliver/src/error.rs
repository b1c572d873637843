//! Why a run failed.

use notification::AccessError;
use platform::fault::{Fault, Kind};
use platform::queue::QueueError;
use platform::random::NoEntropy;

/// Why a run failed. Its message is delivered again, and a later run does what is left.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What waits, or what became of it, could not be read or written.
    #[error("a lane could not be read or written")]
    Outbox(#[from] outbox::Error),
    /// The connection or a source could not be read.
    #[error("a connection or a source could not be read")]
    Store(#[from] store::Error),
    /// The workspace's token could not be had.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// What is to be done later could not be put on the queue.
    #[error("the rest of the work could not be queued")]
    Queue(#[from] QueueError),
    /// A run could not be named.
    #[error(transparent)]
    Random(#[from] NoEntropy),
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Outbox(error) => Kind::new(error.code(), error.is_transient()),
            Self::Store(error) => Kind::new(error.code(), error.is_transient()),
            Self::Access(error) => error.kind(),
            Self::Queue(error) => error.kind(),
            Self::Random(error) => error.kind(),
        }
    }
}
