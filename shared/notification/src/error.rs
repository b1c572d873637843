//! Why a notification could not be processed.

use intercom::webhook::{MalformedNotification, Notification};
use platform::fault::{Fault, Kind};
use platform::queue::QueueError;

/// Why a notification could not be processed. It is delivered again, and parked in the end.
///
/// Its text is shown to the organization's admins: it names no person and no contact.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Intercom sent something that we do not understand.
    #[error(transparent)]
    Malformed(#[from] MalformedNotification),
    /// An id that no contact, conversation or notification can have.
    #[error("the notification holds an id that cannot be one")]
    MalformedId(#[from] identity::Error),
    /// It was put on the queue of another topic.
    #[error("a notification of the topic {topic} came to the function of another one")]
    Misdirected {
        /// Its topic.
        topic: &'static str,
    },
    /// The table.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// What it leads to could not be put on a queue.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

impl Error {
    pub(crate) fn misdirected(notification: &Notification) -> Self {
        Self::Misdirected {
            topic: notification.topic.as_str(),
        }
    }
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Malformed(_) => Kind::lasting("notification.malformed"),
            Self::MalformedId(_) => Kind::lasting("notification.malformed_id"),
            Self::Misdirected { .. } => Kind::lasting("notification.misdirected"),
            Self::Store(error) => Kind::new(error.code(), error.is_transient()),
            Self::Queue(error) => error.kind(),
        }
    }
}
