//! Why a notification was not parked, or not sent again.

use intercom::webhook::MalformedNotification;
use platform::fault::{Fault, Kind};
use platform::queue::QueueError;

/// Why a notification was not parked, or not sent again.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What lies in the dead-letter queue is no notification.
    #[error(transparent)]
    Malformed(#[from] MalformedNotification),
    /// It names a workspace, or itself, as nothing can be named.
    #[error("the notification holds an id that cannot be one")]
    MalformedId(#[from] identity::Error),
    /// Nobody says when it happened: neither it nor its queue.
    #[error("the notification has no time")]
    NoTime,
    /// A worker's queue.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The table.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// An operator names a notification, but not whose it is.
    #[error("to resend one notification takes its workspace")]
    NoWorkspace,
    /// An operator names a workspace that was never connected.
    #[error("this workspace was never connected")]
    UnknownWorkspace,
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Malformed(_) => Kind::lasting("park.malformed"),
            Self::MalformedId(_) => Kind::lasting("park.malformed_id"),
            Self::NoTime => Kind::lasting("park.no_time"),
            Self::Queue(error) => error.kind(),
            Self::Store(error) => Kind::new(error.code(), error.is_transient()),
            Self::NoWorkspace => Kind::lasting("resend.no_workspace"),
            Self::UnknownWorkspace => Kind::lasting("resend.unknown_workspace"),
        }
    }
}
