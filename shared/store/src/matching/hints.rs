//! Sessions that a contact is said to have.

use std::collections::BTreeSet;

use identity::cluster::{Cluster, Evidence};
use identity::{AliasHash, AliasKind, AliasName, SessionId, Standing};
use jiff::Timestamp;

use crate::Error;
use crate::matching::Matching;
use crate::people::Clusters;
use crate::sessions::Sessions;
use crate::tenants::retention::{RetentionDays, expires_at};

impl Matching<'_> {
    /// Links a contact with whose session it is said to be, unless that may be somebody else: anybody can say
    /// so who knows the session's name. `own`: what the contact is called. Returns the cluster if there is
    /// one now.
    pub(crate) async fn follow_hint(
        self,
        contact: &AliasHash,
        (session, own): (&SessionId, &BTreeSet<AliasName>),
        retention_days: RetentionDays,
        now: Timestamp,
    ) -> Result<Option<Cluster>, Error> {
        let meta = Sessions::of(self.scope).meta(session).await?;
        let Some(meta) = meta.filter(|meta| !meta.is_erased()) else {
            return Ok(None);
        };
        let owner = match meta.person {
            Some(owner) => owner,
            None => match self.assign_owner(session, retention_days, now).await {
                Err(Error::Erased) => return Ok(None),
                owner => owner?,
            },
        };
        if matches!(owner.standing(), Standing::Claimed | Standing::ClaimedEmail) {
            // Found by its names as what it is: one claim does not prove another.
            return Ok(None);
        }
        let cluster = Clusters::of(self.scope).read(&owner, &[]).await?;
        if !cluster.identities().is_subset(own) {
            return Ok(None);
        }
        let evidence = Evidence {
            owner: &owner,
            names: &[AliasName::new(AliasKind::ContactId, contact)],
            claims: &[],
            is_recorded: false,
            is_claimed: false,
        };
        let expires = expires_at(now, retention_days);
        Ok(Some(
            Clusters::of(self.scope).link(&evidence, expires).await?,
        ))
    }
}
