//! People that are one, and what the table says about that.

use std::collections::{BTreeMap, BTreeSet};

use identity::PersonId;
use serde::{Deserialize, Serialize};

use crate::people::alias_row::{AliasName, AliasRow, Claim, Identity, is_stand_in};
use crate::people::contact_lookup::MAX_PEOPLE;
use crate::people::links::Evidence;

mod reading;

/// Most aliases of one group.
const MAX_ALIASES: usize = 100;

/// A row that expires so close to when it should is not written again, seconds.
pub(crate) const TOLERANCE: i64 = 86_400;

/// Rows 5 and 20, apart from their keys.
#[derive(Serialize, Deserialize)]
pub(crate) struct LinkRow {
    pub(crate) expires: i64,
}

/// A person, or a stand-in, and one of its aliases.
pub(crate) type Link = (PersonId, AliasName);

/// Everybody and every alias that can be reached from somewhere.
#[derive(Debug, Default)]
pub(crate) struct Group {
    /// Stand-ins of contacts among them.
    pub(crate) people: BTreeSet<PersonId>,
    /// Row 4 of every alias of the group; empty where there is none yet.
    pub(crate) aliases: BTreeMap<AliasName, AliasRow>,
    /// Row 5 of everybody in the group: when it expires.
    pub(crate) links: BTreeMap<Link, i64>,
    /// Row 20 of every stand-in of the group: when it expires.
    pub(crate) claims: BTreeMap<Link, i64>,
    /// Row 4 of every alias that is only claimed; its people are not of the group.
    pub(crate) claimed: BTreeMap<AliasName, AliasRow>,
}

/// What a row 4 lacks.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Addition {
    pub(crate) people: BTreeSet<PersonId>,
    pub(crate) identities: BTreeSet<Identity>,
    pub(crate) said_with: BTreeSet<Identity>,
    pub(crate) claims: BTreeSet<Claim>,
    /// When the row expires now; 0 where there is none.
    pub(crate) expires: i64,
}

impl Group {
    /// The people that own sessions.
    pub(crate) fn recorded(&self) -> impl Iterator<Item = &PersonId> {
        self.people.iter().filter(|person| !is_stand_in(person))
    }

    /// What recorders and backends have said of these people.
    pub(crate) fn identities(&self) -> BTreeSet<Identity> {
        let rows = self.aliases.values();
        rows.flat_map(|row| &row.identities).cloned().collect()
    }

    pub(crate) fn fits(&self) -> bool {
        self.recorded().count() <= MAX_PEOPLE && self.aliases.len() <= MAX_ALIASES
    }

    /// Rows 5 that are missing or expire too early, given the evidence.
    pub(crate) fn overdue_links(&self, evidence: &Evidence<'_>, keep: i64) -> Vec<Link> {
        overdue(&self.links, evidence.owner, evidence.names, keep)
    }

    /// The same of rows 20.
    pub(crate) fn overdue_claims(&self, evidence: &Evidence<'_>, keep: i64) -> Vec<Link> {
        overdue(&self.claims, evidence.owner, evidence.claims, keep)
    }

    /// What rows 4 lack, given the evidence.
    pub(crate) fn additions(
        &self,
        evidence: &Evidence<'_>,
        keep: i64,
    ) -> BTreeMap<AliasName, Addition> {
        let mut identities = self.identities();
        identities.extend(evidence.identities());
        let mut additions = BTreeMap::new();
        for (name, row) in &self.aliases {
            let said_with = evidence.said_with(name);
            let is_complete = row.people.is_superset(&self.people)
                && row.identities.is_superset(&identities)
                && row.said_with.is_superset(&said_with);
            if !is_complete || row.expires < keep - TOLERANCE {
                let addition = Addition {
                    people: self.people.clone(),
                    identities: identities.clone(),
                    said_with,
                    claims: BTreeSet::new(),
                    expires: row.expires,
                };
                additions.insert(name.clone(), addition);
            }
        }
        for (name, row) in self.claimed_rows() {
            let claims = self.claims_of(name, row);
            if claims.is_empty() {
                continue;
            }
            if !row.claims.is_superset(&claims) || row.expires < keep - TOLERANCE {
                let addition: &mut Addition = additions.entry(name.clone()).or_default();
                addition.expires = row.expires;
                addition.claims = claims;
            }
        }
        additions
    }

    /// Row 4 of everything that is claimed, whether it is one of the group's aliases as well or not.
    fn claimed_rows(&self) -> impl Iterator<Item = (&AliasName, &AliasRow)> {
        let names: BTreeSet<&AliasName> = self.claims.keys().map(|(_, name)| name).collect();
        names.into_iter().filter_map(|name| {
            let row = self.aliases.get(name).or_else(|| self.claimed.get(name))?;
            Some((name, row))
        })
    }

    /// What the group's contacts claim of an alias.
    fn claims_of(&self, name: &AliasName, row: &AliasRow) -> BTreeSet<Claim> {
        if row.is_crowded() {
            return BTreeSet::new();
        }
        let links = self.claims.keys().filter(|(_, claimed)| claimed == name);
        let contacts = links
            .map(|(contact, _)| contact)
            .filter(|contact| !row.released.contains(*contact));
        let claims = contacts.flat_map(|contact| {
            self.recorded().map(|person| Claim {
                contact: contact.clone(),
                person: person.clone(),
            })
        });
        claims.collect()
    }
}

/// Of the links that there are, and those of `owner` to `names`, the ones that are missing or expire too
/// early.
fn overdue(
    links: &BTreeMap<Link, i64>,
    owner: &PersonId,
    names: &[AliasName],
    keep: i64,
) -> Vec<Link> {
    let given = names.iter().map(|name| (owner.clone(), name.clone()));
    let wanted: BTreeSet<_> = given.chain(links.keys().cloned()).collect();
    let is_fresh = |link: &_| {
        links
            .get(link)
            .is_some_and(|expires| *expires >= keep - TOLERANCE)
    };
    wanted.into_iter().filter(|link| !is_fresh(link)).collect()
}
