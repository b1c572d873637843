//! Intercom's side of the contract: signatures, the Canvas Kit, webhooks, OAuth, installations, the REST
//! API. Knows no AWS.
//!
//! What Intercom sends, and what we answer:
//! - [`signature`]: is a request really Intercom's?
//! - [`identity_verification`]: does the organization itself say who a visitor is?
//! - [`request`]: what Intercom sends when the panel opens or something in it is clicked.
//! - [`canvas`]: what we answer: the components Intercom draws.
//! - [`installation`]: a workspace leaves, or Intercom asks how it is.
//! - [`webhook`]: what Intercom tells us of contacts and conversations.
//!
//! Where we send browsers, and what we ask Intercom:
//! - [`oauth`]: how a workspace is connected.
//! - `rest`: the calls to Intercom's API (feature `rest`).
//! - [`hosts`], [`region`], [`https_url`]: the addresses of all that; [`links`] into the app.
//!
//! What both sides speak of: [`contact`], [`company`], [`conversation`], [`data_event`], [`admin`], and
//! [`named`]: tags and segments. [`listed`] is the beginning of a list in them, [`html`] reads bodies.
//! [`mod@write`] is what we tell Intercom of people.
//!
//! Who plays Intercom in tests and in local mode: `fake` (feature `fake`).

pub mod admin;
pub mod canvas;
pub mod company;
pub mod contact;
pub mod conversation;
pub mod data_event;
mod entities;
#[cfg(feature = "fake")]
pub mod fake;
pub mod hosts;
pub mod html;
pub mod https_url;
pub mod identity_verification;
pub mod installation;
mod lenient;
pub mod links;
pub mod listed;
pub mod named;
pub mod oauth;
#[cfg(feature = "openapi")]
pub mod openapi;
pub mod region;
pub mod request;
#[cfg(feature = "rest")]
pub mod rest;
pub mod signature;
pub mod webhook;
pub mod write;

pub use hosts::Hosts;
pub use https_url::HttpsUrl;
pub use region::Region;
