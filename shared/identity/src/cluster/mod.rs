//! Who is the same person: people that share an alias, found from any of them.
//!
//! Nothing is ever merged. People that are linked form a cluster, and every alias of the cluster names all of
//! its people; a reader who has one alias so has them all at once. Aliases only ever gain people, so links
//! that are made at the same time add up.
//!
//! An alias that a contact only claims names the cluster's people as well, but apart from its own, and joins
//! nobody.

mod addition;
mod alias_entry;
mod evidence;

use std::collections::{BTreeMap, BTreeSet};

pub use addition::Addition;
pub use alias_entry::{AliasEntry, Claim, MAX_SAID};
pub use evidence::Evidence;

use crate::{AliasName, Components, PersonId};

/// Most people that count as one: what is read for a contact, and how far linking goes.
pub const MAX_PEOPLE: usize = 20;

/// Most aliases of one cluster.
const MAX_ALIASES: usize = 100;

/// What expires so close to when it should is not written again, seconds.
pub const EXPIRY_TOLERANCE_SECONDS: i64 = 86_400;

/// A person, or a contact's stand-in, and one of its aliases.
pub type Link = (PersonId, AliasName);

/// What a cluster consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Node<'a> {
    Person(&'a PersonId),
    Name(&'a AliasName),
}

/// Everybody and every alias that can be reached from somewhere.
#[derive(Debug, Default)]
pub struct Cluster {
    /// Stand-ins of contacts among them.
    pub people: BTreeSet<PersonId>,
    /// Every alias of the cluster; an empty entry where nothing is known of it yet.
    pub aliases: BTreeMap<AliasName, AliasEntry>,
    /// Links of everybody in the cluster: when each expires, seconds since 1970.
    pub links: BTreeMap<Link, i64>,
    /// Aliases that the cluster's contacts are only said to have: when each claim expires, seconds since
    /// 1970.
    pub claims: BTreeMap<Link, i64>,
    /// Every alias that is only claimed; its people are not of the cluster.
    pub claimed: BTreeMap<AliasName, AliasEntry>,
}

impl Cluster {
    /// The people that own sessions.
    pub fn recorded(&self) -> impl Iterator<Item = &PersonId> {
        self.people.iter().filter(|person| !person.is_stand_in())
    }

    /// What recorders and backends have said of these people.
    #[must_use]
    pub fn identities(&self) -> BTreeSet<AliasName> {
        let entries = self.aliases.values();
        entries
            .flat_map(|entry| &entry.identities)
            .cloned()
            .collect()
    }

    /// Whether it is small enough to be one person: at most [`MAX_PEOPLE`] people and a hundred aliases.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.recorded().count() <= MAX_PEOPLE && self.aliases.len() <= MAX_ALIASES
    }

    /// Of some names the ones that join no two named people, in their order: the first one's, and whatever is
    /// nobody's. Without proof nobody may say more.
    #[must_use]
    pub fn joinable(&self, names: &[AliasName]) -> Vec<AliasName> {
        let mut parts = Components::default();
        for (name, entry) in &self.aliases {
            let people = entry.people.iter().map(Node::Person);
            parts.add(people.chain([Node::Name(name)]));
        }
        for (person, name) in self.links.keys() {
            parts.add([Node::Person(person), Node::Name(name)]);
        }
        let is_named = |part: &BTreeSet<Node<'_>>| {
            let mut part = part.iter();
            part.any(|node| matches!(node, Node::Name(name) if name.is_identity()))
        };
        let mut named: Option<BTreeSet<Node<'_>>> = None;
        let mut joinable = Vec::with_capacity(names.len());
        for name in names {
            let mut part = BTreeSet::from([Node::Name(name)]);
            parts.close(&mut part);
            if !is_named(&part) || named.as_ref().is_none_or(|named| *named == part) {
                if is_named(&part) {
                    named = Some(part);
                }
                joinable.push(name.clone());
            }
        }
        joinable
    }

    /// The links that are missing or expire before `keep`, given the evidence.
    #[must_use]
    pub fn overdue_links(&self, evidence: &Evidence<'_>, keep: i64) -> Vec<Link> {
        overdue(&self.links, evidence.owner, evidence.names, keep)
    }

    /// The claims that are missing or expire before `keep`, given the evidence.
    #[must_use]
    pub fn overdue_claims(&self, evidence: &Evidence<'_>, keep: i64) -> Vec<Link> {
        overdue(&self.claims, evidence.owner, evidence.claims, keep)
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
            .is_some_and(|expires| *expires >= keep - EXPIRY_TOLERANCE_SECONDS)
    };
    wanted.into_iter().filter(|link| !is_fresh(link)).collect()
}
