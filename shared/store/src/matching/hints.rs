//! Sessions that a contact is said to have.

use std::collections::BTreeSet;

use identity::{AliasHash, AliasKind, OrganizationId, SessionId};
use jiff::Timestamp;

use crate::people::alias_row::Identity;
use crate::people::cluster::Group;
use crate::people::links::Evidence;
use crate::{Error, Store, expires_at};

impl Store {
    /// Links a contact with whose session it is said to be, unless that may be somebody else: anybody can say
    /// so who knows the session's name. `own`: what the contact is called. Returns the group if there is one
    /// now.
    pub(crate) async fn follow_hint(
        &self,
        organization: &OrganizationId,
        contact: &AliasHash,
        (session, own): (&SessionId, &BTreeSet<Identity>),
        retention_days: u32,
        now: Timestamp,
    ) -> Result<Option<Group>, Error> {
        let meta = self.meta(organization, session).await?;
        let Some(meta) = meta.filter(|meta| !meta.is_erased()) else {
            return Ok(None);
        };
        let owner = match meta.person {
            Some(owner) => owner,
            None => match self.own(organization, session, retention_days, now).await {
                Err(Error::Erased) => return Ok(None),
                owner => owner?,
            },
        };
        let group = self.group(organization, &owner, &[]).await?;
        if !group.identities().is_subset(own) {
            return Ok(None);
        }
        let evidence = Evidence {
            owner: &owner,
            names: &[(AliasKind::ContactId, contact.clone())],
            claims: &[],
            is_recorded: false,
        };
        let expires = expires_at(now, retention_days);
        Ok(Some(self.link(organization, &evidence, expires).await?))
    }
}
