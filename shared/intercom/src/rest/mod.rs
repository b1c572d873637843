//! Calls to Intercom's REST API.
//!
//! - [`Client`] sends; what it can be asked for has a method each: [`Client::exchange`], [`Client::me`],
//!   [`Client::uninstall`], [`Client::push_health`], [`Client::contact`], [`Client::contacts_updated_after`],
//!   [`Client::conversations_updated_after`]. A new one is a [`Request`] and a type for the answer.
//! - [`Page`] is a part of a long answer, and [`Cursor`] where the next one begins.
//! - [`Error`] says what failed, and by [`Error::advice`] what to do about it.
//! - [`RateLimit`] is how much may still be asked; 429 is obeyed, here or by the caller.

mod answer;
mod client;
mod contact;
mod error;
mod error_body;
mod install;
mod me;
mod rate_limit;
mod request;
mod retry;
mod search;

pub use answer::Answer;
pub use client::{Client, Limits};
pub use error::{Advice, Error, Refusal, Unreadable};
pub use me::{Admin, Me, Workspace};
pub use rate_limit::RateLimit;
pub use request::Request;
pub use search::{Cursor, MalformedCursor, PAGE_SIZE, Page};
