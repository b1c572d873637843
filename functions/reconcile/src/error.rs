//! Why a step was not taken to its end, or the schedule not kept.

use notification::AccessError;
use platform::fault::Fault;
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
    fn error_type(&self) -> &'static str {
        match self {
            Self::Store(error) | Self::Access(AccessError::Store(error)) => error.error_type(),
            Self::Access(AccessError::Secrets(error)) => error.error_type(),
            Self::Access(AccessError::Token(_)) => "reconcile.token",
            Self::Queue(error) => error.error_type(),
        }
    }

    fn is_transient(&self) -> bool {
        match self {
            Self::Store(error) | Self::Access(AccessError::Store(error)) => error.is_transient(),
            Self::Access(AccessError::Secrets(error)) => error.is_transient(),
            Self::Access(AccessError::Token(_)) => false,
            Self::Queue(error) => error.is_transient(),
        }
    }
}
