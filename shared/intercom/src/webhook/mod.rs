//! Webhooks: what Intercom tells us without being asked, one notification per request.
//!
//! - [`Topic`]: what a notification is about, under today's name and the older ones.
//! - [`Envelope`]: what its receiver must know, read without looking into the item.
//! - [`Notification`]: all of it, for a worker.
//! - [`MirroredTopic`], [`MirroredNotification`]: the same of what is mirrored beyond the panel's topics.
//!
//! Notifications come twice, late and in any order. Their signature is
//! [`crate::signature::verify_hub_signature`]'s.

mod envelope;
mod fields;
mod mirrored;
mod mirrored_topic;
mod notification;
mod topic;

pub use envelope::Envelope;
pub use mirrored::{MirroredItem, MirroredNotification};
pub use mirrored_topic::MirroredTopic;
pub use notification::{EnvelopeId, Item, Notification};
pub use topic::Topic;

/// The body is no notification that we could use. Says why, and quotes nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MalformedNotification {
    /// Not JSON, or not in UTF-8.
    #[error("the body is not JSON (line {line}, column {column})")]
    NotJson {
        /// Where it stops being JSON, counted from 1.
        line: usize,
        /// Where in the line.
        column: usize,
    },
    /// JSON of another kind.
    #[error("the body is not a JSON object")]
    NotAnObject,
    /// Something that cannot be done without.
    #[error("the notification lacks {0}")]
    Missing(&'static str),
    /// A field that holds something else than it should.
    #[error("the notification's {0} is of a wrong type")]
    WrongType(&'static str),
    /// About something that we did not ask for.
    #[error("nobody here deals with the notification's topic")]
    UnknownTopic,
}
