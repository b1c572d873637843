//! What Intercom is told: the bodies of its REST API's writes, as data.
//!
//! They can be stored and read back, and nothing in them knows how they are sent: that is `rest`. A field
//! that is `None` is not sent, and Intercom leaves it as it is. Times are whole seconds since 1970: Intercom
//! refuses texts, and takes milliseconds for a far future. No `Debug`: most of it is personal data.

mod attribute;
mod company;
mod contact;
mod event;
mod message;
mod metadata;
mod reply;

pub use attribute::{AttributeType, AttributeWrite, Model};
pub use company::CompanyWrite;
pub use contact::{ContactRole, ContactWrite};
pub use event::EventWrite;
pub use message::{MessageChannel, MessageWrite};
pub use metadata::Metadata;
pub use reply::{ReplyKind, ReplyWrite};

#[cfg(test)]
mod tests;
