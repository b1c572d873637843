//! A stand-in for Intercom, for tests and for trying things out (feature `fake`).
//!
//! [`FakeIntercom`] keeps the contacts, companies, events and conversations of some [`Workspace`]s. It
//! answers an app over HTTP, from a server of its own ([`FakeIntercom::serve`]) or as a part of another
//! ([`FakeIntercom::routes`]). The crate's tests compare its answers with Intercom's OpenAPI description.
//!
//! - [`Options`]: its app, its clock, how late its searches are, how much it may be asked.
//! - [`Directory`]: what it knows of a workspace; [`Change`]: what happens to a contact there,
//!   [`ConversationChange`] to a conversation.
//! - [`Notification`], [`initialize`]: what Intercom sends to the app. Sending is left to others.
//! - [`Fault`]: what goes wrong, on demand; [`Closed`]: why a workspace lets nobody in. [`Call`]: what it was
//!   asked.

mod attribute;
mod canvas;
mod change;
mod closed;
mod company;
mod contact;
mod conversation;
mod conversation_change;
mod data_event;
mod directory;
mod fault;
mod grants;
mod journal;
mod lag;
mod model;
mod named;
mod notification;
mod options;
mod part;
mod rate_limit;
mod rest;
mod scroll;
mod serve;
mod state;
mod workspace;

pub use attribute::FakeAttribute;
pub use canvas::initialize;
pub use change::{Change, Refused};
pub use closed::Closed;
pub use company::FakeCompany;
pub use contact::{Browser, FakeContact, Role, Standing};
pub use conversation::{Author, FakeConversation, FakeSource, FakeState, Message};
pub use conversation_change::ConversationChange;
pub use data_event::FakeEvent;
pub use directory::Directory;
pub use fault::{Fault, error_list};
pub use journal::Call;
pub use named::{FakeAdmin, FakeSegment, FakeTag};
pub use notification::Notification;
pub use options::{Clock, Options, Rate};
pub use part::{FakePart, Writer};
pub use state::{FakeIntercom, Snapshot};
pub use workspace::{Admin, Workspace};
