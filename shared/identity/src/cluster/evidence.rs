//! What is said of who is who.

use std::collections::BTreeSet;

use crate::{AliasKind, AliasName, PersonId};

/// What somebody says of who is who.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// A person, or a contact's stand-in.
    pub owner: &'a PersonId,
    /// Its aliases.
    pub names: &'a [AliasName],
    /// Aliases that it is only said to have.
    pub claims: &'a [AliasName],
    /// Whether the evidence comes from a recorder or a backend, rather than from Intercom. These use their
    /// own ids, so two different ids mean two people.
    pub is_recorded: bool,
    /// Whether anybody may have said it: then it joins no two named people.
    pub is_claimed: bool,
}

impl Evidence<'_> {
    /// What the owner is called.
    #[must_use]
    pub fn identities(&self) -> BTreeSet<AliasName> {
        let names = self.names.iter().filter(|_| self.is_recorded);
        names.filter(|name| name.is_identity()).cloned().collect()
    }

    /// The user ids that are said in the same breath as this e-mail address.
    #[must_use]
    pub fn said_with(&self, name: &AliasName) -> BTreeSet<AliasName> {
        if name.kind != AliasKind::Email || !self.names.contains(name) {
            return BTreeSet::new();
        }
        let mut identities = self.identities();
        identities.retain(|identity| identity.kind == AliasKind::UserId);
        identities
    }
}
