//! Who somebody is: the people of our recordings, and the contact of Intercom's that they are.
//!
//! The store knows whom names lead to, the mirror what Intercom says of a contact; neither knows the other.
//! [`Directory::find`] asks both, by any name.

mod error;
mod find;
mod known;

use jiff::Timestamp;
use mirror::Mirror;
use store::{Connection, Store};

pub use error::Error;
pub use known::{Known, KnownAlias};

/// Everybody whom an organization and one of its workspaces know.
#[derive(Debug, Clone, Copy)]
pub struct Directory<'a> {
    /// What was recorded.
    pub store: &'a Store,
    /// What Intercom has.
    pub mirror: &'a Mirror,
    /// The workspace, and whose it is.
    pub connection: &'a Connection,
    /// What has expired by then is not there.
    pub now: Timestamp,
}

/// Whom somebody means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom<'a> {
    /// Whoever has this name.
    Alias(&'a identity::Alias),
    /// The contact with this id of Intercom's.
    Contact(&'a identity::ContactId),
    /// Somebody who was recorded; or, where nobody has this id, the contact that has it.
    Person(&'a identity::PersonId),
}
