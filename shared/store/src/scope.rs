//! What everything of one organization works with.

use identity::{MasterKey, OrganizationId, OrganizationKey};
use table::{KeyRing, Table};

/// The table as one organization sees it. Every key of a row is made with `organization`: what has only this
/// asks for no other's rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) table: &'a Table,
    pub(crate) master: &'a MasterKey,
    pub(crate) token_keys: &'a KeyRing,
    pub(crate) organization: &'a OrganizationId,
}

impl Scope<'_> {
    /// What the organization's aliases are hashed and sealed with.
    pub(crate) fn key(&self) -> OrganizationKey {
        self.master.organization(self.organization)
    }
}
