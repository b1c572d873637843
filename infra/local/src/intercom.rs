//! A pretend Intercom: conversations, an Inbox page, and canvas requests made and signed as Intercom makes them; and what
//! an app is connected with: the page where an admin allows it, the part of the API that it calls, the App Store.
//!
//! Knows the bundle by its address only, as Intercom does.

mod app_store;
mod assets;
mod authorize;
mod body;
mod conversation;
mod grants;
mod request;
mod rest;
mod routes;
mod start;
mod workspaces;

pub(crate) use conversation::{Author, Contact, Conversation, Message, Role};
pub(crate) use request::Intercom;
pub(crate) use routes::{PATH, Registration, routes};

/// The workspace with the conversations.
pub(crate) const WORKSPACE: &str = "local";

/// Its time zone, IANA name. The Inbox page and the canvas both show times in it.
pub(crate) const TIME_ZONE: &str = "UTC";
