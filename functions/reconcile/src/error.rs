//! Why a step was not taken to its end, or the schedule not kept.

use notification::AccessError;
use platform::fault::{Fault, Kind};
use platform::queue::QueueError;

/// Why a step was not taken to its end, or the schedule not kept. It is tried again, from where the last page
/// ended.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The table.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The workspace's token could not be had.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The next step could not be asked for.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Store(error) => Kind::new(error.code(), error.is_transient()),
            Self::Access(AccessError::Token(_)) => Kind::lasting("reconcile.token"),
            Self::Access(error) => error.kind(),
            Self::Queue(error) => error.kind(),
        }
    }
}
