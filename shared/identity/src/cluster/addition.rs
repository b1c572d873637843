//! What the aliases of a cluster lack.

use std::collections::{BTreeMap, BTreeSet};

use super::{AliasEntry, Claim, Cluster, EXPIRY_TOLERANCE_SECONDS, Evidence};
use crate::{AliasName, PersonId};

/// What is to be added to what is known of an alias.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Addition {
    /// People that have it.
    pub people: BTreeSet<PersonId>,
    /// What has been said of these people.
    pub identities: BTreeSet<AliasName>,
    /// User ids said in the same breath as it.
    pub said_with: BTreeSet<AliasName>,
    /// People of contacts that are only said to have it.
    pub claims: BTreeSet<Claim>,
    /// When what is known expires now, seconds since 1970; 0 where nothing is.
    pub expires: i64,
}

impl Cluster {
    /// What each alias lacks, given the evidence; nothing of those that lack nothing and outlast `keep`.
    #[must_use]
    pub fn additions(&self, evidence: &Evidence<'_>, keep: i64) -> BTreeMap<AliasName, Addition> {
        let mut identities = self.identities();
        identities.extend(evidence.identities());
        let mut additions = BTreeMap::new();
        for (name, entry) in &self.aliases {
            let said_with = evidence.said_with(name);
            let is_complete = entry.people.is_superset(&self.people)
                && entry.identities.is_superset(&identities)
                && entry.said_with.is_superset(&said_with);
            if !is_complete || entry.expires < keep - EXPIRY_TOLERANCE_SECONDS {
                let addition = Addition {
                    people: self.people.clone(),
                    identities: identities.clone(),
                    said_with,
                    claims: BTreeSet::new(),
                    expires: entry.expires,
                };
                additions.insert(name.clone(), addition);
            }
        }
        for (name, entry) in self.claimed_entries() {
            let claims = self.claims_of(name, entry);
            if claims.is_empty() {
                continue;
            }
            if !entry.claims.is_superset(&claims) || entry.expires < keep - EXPIRY_TOLERANCE_SECONDS
            {
                let addition: &mut Addition = additions.entry(name.clone()).or_default();
                addition.expires = entry.expires;
                addition.claims = claims;
            }
        }
        additions
    }

    /// Everything that is claimed, whether it is one of the cluster's aliases as well or not.
    fn claimed_entries(&self) -> impl Iterator<Item = (&AliasName, &AliasEntry)> {
        let names: BTreeSet<&AliasName> = self.claims.keys().map(|(_, name)| name).collect();
        names.into_iter().filter_map(|name| {
            let entry = self.aliases.get(name).or_else(|| self.claimed.get(name))?;
            Some((name, entry))
        })
    }

    /// What the cluster's contacts claim of an alias.
    fn claims_of(&self, name: &AliasName, entry: &AliasEntry) -> BTreeSet<Claim> {
        if entry.is_crowded() {
            return BTreeSet::new();
        }
        let links = self.claims.keys().filter(|(_, claimed)| claimed == name);
        let contacts = links
            .map(|(contact, _)| contact)
            .filter(|contact| !entry.released.contains(*contact));
        let claims = contacts.flat_map(|contact| {
            self.recorded().map(|person| Claim {
                contact: contact.clone(),
                person: person.clone(),
            })
        });
        claims.collect()
    }
}
