//! Who is who: aliases, their normal forms, and what links two people. Pure.
//!
//! - [`ids`](OrganizationId): the names of organizations, workspaces, sessions, people and contacts. A value
//!   of such a type is well-formed; text from outside goes through `parse`.
//! - [`Alias`]: one identifier of a person in its normal form. Two aliases are the same person's exactly when
//!   they are equal.
//! - [`Statement`]: what Intercom says about a contact; [`ContactFacts`]: all of it taken together.
//! - [`cluster`]: who is the same person, given what aliases people have; [`conflict`]: when that cannot be.
//! - [`Components`]: what one person is called, given what was said together.
//! - [`matching`]: which session may be that of somebody who is not known.
//! - [`AliasName`]: what stands for an alias where the alias itself may not be seen.
//! - [`MasterKey`] and [`OrganizationKey`]: what turns an alias into an [`AliasHash`], the only form in which
//!   it is ever a key of a table.
//!
//! ```
//! use identity::{Alias, MasterKey, OrganizationId};
//!
//! let key = MasterKey::new([7; 32])?.organization(&OrganizationId::parse("org_shop")?);
//! assert_eq!(key.hash(&Alias::email(" Ada@Example.com")?), key.hash(&Alias::email("ada@example.com")?));
//! # Ok::<(), identity::Error>(())
//! ```

mod address_search;
mod alias;
mod alias_name;
mod client;
mod closure;
pub mod cluster;
mod conflict;
mod contact_facts;
mod error;
mod ids;
mod keys;
pub mod matching;
mod page;
mod statement;

pub use address_search::AddressFilter;
pub use alias::{Alias, AliasKind};
pub use alias_name::AliasName;
pub use client::ClientDetails;
pub use closure::Components;
pub use conflict::conflict;
pub use contact_facts::{ContactFacts, KnownEmail};
pub use error::Error;
pub use ids::{
    ContactId, ConversationId, NotificationId, OrganizationId, PersonId, SessionId, SourceId,
    Standing, WorkspaceId,
};
pub use keys::{AliasHash, MasterKey, OrganizationKey};
pub use page::PageAddress;
pub use statement::{ContactEmail, ConversationStart, Presence, Statement};
