//! Calls to Intercom's REST API.
//!
//! - [`Client`] sends; what it can be asked for has a method each: [`Client::exchange`], [`Client::me`],
//!   [`Client::uninstall`], [`Client::push_health`], [`Client::contact`], [`Client::contacts_updated_after`],
//!   [`Client::conversations_updated_after`]. A new one is a [`Request`] and a type for the answer.
//! - What it can be told of people: [`Client::create_contact`] and its like, companies, events, attributes.
//!   None of these is sent twice by itself, because whoever tells them counts its calls and keeps their
//!   order. Each answers [`Done`].
//! - [`Page`] is a part of a long answer, and [`Cursor`] where the next one begins.
//! - [`Error`] says what failed, and by [`Error::advice`] what to do about it; [`Detail`], what is in the
//!   way.
//! - [`RateLimit`] is how much may still be asked; 429 is obeyed, here or by the caller.

mod answer;
mod attribute;
mod client;
mod company;
mod contact;
mod detail;
mod error;
mod error_body;
mod event;
mod install;
mod me;
mod rate_limit;
mod request;
mod retry;
mod search;

pub use answer::{Answer, Done};
pub use attribute::Attribute;
pub use client::{Client, Limits};
pub use detail::Detail;
pub use error::{Advice, Error, Refusal, Unreadable};
pub use me::{Me, Workspace};
pub use rate_limit::RateLimit;
pub use request::Request;
pub use search::{Cursor, MalformedCursor, PAGE_SIZE, Page};

pub use crate::admin::Admin;
pub use crate::company::Company;
pub use crate::write::{
    AttributeType, AttributeWrite, CompanyWrite, ContactRole, ContactWrite, EventWrite, Metadata,
    Model,
};
