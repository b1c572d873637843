//! Why a notification could not be processed.

use intercom::rest::{self, Advice};
use intercom::webhook::{MalformedNotification, Notification};
use jiff::Timestamp;
use platform::fault::{Fault, Kind};
use platform::queue::QueueError;

use crate::AccessError;

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
    /// The table, under the mirror.
    #[error(transparent)]
    Mirror(#[from] mirror::Error),
    /// The table, under what calls are counted in.
    #[error(transparent)]
    Outbox(#[from] outbox::Error),
    /// The workspace's token could not be had.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// What has changed could not be read, and may be later.
    #[error(transparent)]
    Intercom(#[from] rest::Error),
    /// Deliveries need all calls that Intercom allows for now.
    #[error("Intercom allows no more calls before {until}")]
    NoCallsLeft {
        /// When there may be some.
        until: Timestamp,
    },
}

impl Error {
    pub(crate) fn misdirected(notification: &Notification) -> Self {
        Self::misdirected_topic(notification.topic.as_str())
    }

    pub(crate) fn misdirected_topic(topic: &'static str) -> Self {
        Self::Misdirected { topic }
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
            Self::Mirror(error) => Kind::new(error.code(), error.is_transient()),
            Self::Outbox(error) => Kind::new(error.code(), error.is_transient()),
            Self::Access(error) => error.kind(),
            Self::Intercom(error) => {
                let may_work = matches!(error.advice(), Advice::RetryLater { .. });
                Kind::new("notification.intercom", may_work)
            }
            Self::NoCallsLeft { .. } => Kind::new("notification.no_calls_left", true),
        }
    }
}
