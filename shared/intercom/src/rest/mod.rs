//! Calls to Intercom's REST API.
//!
//! - [`Client`] sends; what it can be asked for has a method each: [`Client::exchange`], [`Client::me`],
//!   [`Client::uninstall`], [`Client::push_health`], [`Client::contact`], [`Client::contacts_updated_after`],
//!   [`Client::conversations_updated_after`]. A new one is a [`Request`] and a type for the answer.
//! - What it can be told of people: [`Client::create_contact`] and its like, companies, events, attributes.
//!   None of these is sent twice by itself, because whoever tells them counts its calls and keeps their
//!   order. Each answers [`Done`].
//! - What is mirrored: [`Client::list_companies`], [`Client::scroll_companies`], [`Client::list_contacts`],
//!   [`Client::search_conversations`], [`Client::conversation`], [`Client::events_of_contact`] and their
//!   like; [`Client::list_admins`], [`Client::list_tags`], [`Client::list_segments`].
//! - [`Client::reply`] and [`Client::send_message`] write to people. Intercom does them twice when they come
//!   twice, so that nobody may repeat them whose answer was lost.
//! - [`Page`] is a part of a long answer, and [`Cursor`] where the next one begins; of a
//!   [`NumberedPage`] it is a number.
//! - [`Error`] says what failed, and by [`Error::advice`] what to do about it; [`Detail`], what is in the
//!   way.
//! - [`RateLimit`] is how much may still be asked; 429 is obeyed, here or by the caller.

mod answer;
mod attribute;
mod client;
mod companies;
mod company;
mod contact;
mod conversation;
mod detail;
mod error;
mod error_body;
mod event;
mod install;
mod me;
mod numbered;
mod rate_limit;
mod request;
mod retry;
mod search;
mod vocabulary;

pub use answer::{Answer, Done};
pub use attribute::Attribute;
pub use client::{Client, Limits};
pub use companies::Scroll;
pub use conversation::{DeletedConversation, Sent};
pub use detail::Detail;
pub use error::{Advice, Error, Refusal, Unreadable};
pub use me::{Me, Workspace};
pub use numbered::{NUMBERED_PAGE_SIZE, NumberedPage};
pub use rate_limit::RateLimit;
pub use request::Request;
pub use search::{ConversationSearch, Cursor, MalformedCursor, Order, PAGE_SIZE, Page};

pub use crate::admin::Admin;
pub use crate::company::Company;
pub use crate::write::{
    AttributeType, AttributeWrite, CompanyWrite, ContactRole, ContactWrite, EventWrite,
    MessageChannel, MessageWrite, Metadata, Model, ReplyKind, ReplyWrite,
};
