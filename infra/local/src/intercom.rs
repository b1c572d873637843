//! A pretend Intercom: conversations, an Inbox page, and canvas requests made and signed as Intercom makes
//! them; and what an app is connected with: the page where an admin allows it, the part of the API that it
//! calls, the App Store.
//!
//! Knows the bundle by its address only, as Intercom does.

mod app_store;
mod assets;
mod authorize;
mod body;
mod change;
mod contact;
mod conversation;
mod directory;
mod grants;
mod model;
mod notification;
mod notify;
mod request;
mod rest;
mod routes;
mod start;
mod workspaces;

pub(crate) use contact::{Contact, Role};
pub(crate) use conversation::{Author, Conversation, Message};
pub(crate) use grants::Grants;
pub(crate) use request::Intercom;
pub(crate) use routes::{PATH, routes};

/// The workspace with the conversations.
pub(crate) const WORKSPACE: &str = "local";

/// Its time zone, IANA name. The Inbox page and the canvas both show times in it.
pub(crate) const TIME_ZONE: &str = "UTC";
