//! A pretend Intercom: the fake one of the tests, with pages. They are an Inbox, whose canvases are asked for
//! as Intercom asks; the page where an admin allows the app; and the App Store.
//!
//! Knows the bundle by its address only, as Intercom does.

mod app_store;
mod assets;
mod authorize;
mod card;
mod change;
mod notify;
mod request;
mod routes;
mod start;
mod workspaces;

pub(crate) use request::Intercom;
pub(crate) use routes::{PATH, routes};
pub(crate) use workspaces::{TIME_ZONE, WORKSPACE, add as add_workspaces};
