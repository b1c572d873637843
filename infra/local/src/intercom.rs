//! A pretend Intercom: conversations, an Inbox page, and canvas requests made and signed as Intercom makes them.
//!
//! Knows the bundle by its address only, as Intercom does.

mod assets;
mod body;
mod conversation;
mod request;
mod routes;
mod start;

pub(crate) use conversation::{Author, Contact, Conversation, Message, Role};
pub(crate) use request::Intercom;
pub(crate) use routes::routes;

/// The one workspace there is.
pub(crate) const WORKSPACE: &str = "local";

/// Its time zone, IANA name. The Inbox page and the canvas both show times in it.
pub(crate) const TIME_ZONE: &str = "UTC";
