//! Erasing: of somebody, with everything that was recorded of them; and of what is older than it is to be
//! kept.
//!
//! It is done in steps, each of which may be repeated, so that whoever dies between two of them leaves
//! nothing but work for the next: what is left to do travels in a message ([`PersonErasure`]). First it is
//! looked up who it is ([`identity::Components`]): what verified statements, or Intercom, have joined. A
//! claim takes nothing along, and others keep what is theirs. Then the sessions go
//! ([`crate::OrganizationRecordings::erase_session`]), then what Intercom said, and the aliases last, because
//! everything else is found by them ([`forget`]).
//!
//! What is erased stays a tombstone for as long as anything late may come: of a session, and of an alias,
//! each holding nothing but when. What was being written at that very moment is found a quarter of an hour
//! later, by doing all of it once more.

mod forget;
mod older;
mod preview;
mod state;
mod steps;
mod walk;

pub use older::OldSessions;
pub use preview::ErasurePreview;
pub use state::{ErasureStep, PersonErasure};

use crate::scope::Scope;

/// Sessions that are looked at in one step.
pub(crate) const LOOKED_AT: usize = 100;

/// Erasing people of an organization.
#[derive(Debug, Clone, Copy)]
pub struct Erasures<'a> {
    scope: Scope<'a>,
}

impl<'a> Erasures<'a> {
    pub(crate) fn of(scope: Scope<'a>) -> Self {
        Self { scope }
    }
}
