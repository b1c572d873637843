//! What is known of an alias: everybody that it leads to.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond;
use serde::{Deserialize, Serialize};

use crate::{AliasName, Error, PersonId, Standing};

/// Most claims that an e-mail address keeps, those that were released included. One that more leads have
/// typed (`test@test.com`) says nothing about who they are, and no row may grow for good.
const MAX_CLAIMS: usize = 50;

/// Most owners that an alias is claimed for. Who floods an alias with claims keeps later ones from being
/// found by it, and nothing else.
pub const MAX_SAID: usize = 50;

/// What is known of an alias. Its sets only ever gain members, so that those who write at the same time add
/// up.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct AliasEntry {
    /// The people that share the alias, stand-ins of contacts among them: what linking goes by.
    pub people: BTreeSet<PersonId>,
    /// User ids and e-mail addresses that recorders and backends have said of these people. What only
    /// Intercom says is not among them.
    pub identities: BTreeSet<AliasName>,
    /// Of an e-mail address: the user ids that a recorder or a backend has said in the same breath.
    pub said_with: BTreeSet<AliasName>,
    /// Of an e-mail address: people of contacts that are only said to have it.
    pub claims: BTreeSet<Claim>,
    /// Owners of the sessions that were said to be this alias's without proof. They are not of its cluster:
    /// nothing is followed through them.
    pub said: BTreeSet<PersonId>,
    /// Without proof: of an e-mail address, the user ids that were said in the same breath as it; of a
    /// browser, the names that it was said with.
    pub claimed_with: BTreeSet<AliasName>,
    /// Browsers among those that claim it which are claimed by somebody else as well.
    pub shared_browsers: BTreeSet<PersonId>,
    /// Stand-ins of contacts whose claims hold no more.
    pub released: BTreeSet<PersonId>,
    /// Whether a contact that it was an alias of has been deleted: from then on it leads to nobody, whatever
    /// is linked.
    pub closed: bool,
    /// When everybody was erased whom it had led to. What was said before that, and comes later, leads
    /// nowhere.
    #[serde(with = "millisecond::optional")]
    pub erased_at: Option<Timestamp>,
    /// When it expires, seconds since 1970.
    pub expires: i64,
}

impl AliasEntry {
    /// The people it leads to for certain.
    pub fn recorded(&self) -> impl Iterator<Item = &PersonId> {
        let people = self.people.iter().filter(|_| !self.closed);
        people.filter(|person| !person.is_stand_in())
    }

    /// The people of contacts that are only said to have it.
    #[must_use]
    pub fn claimants(&self) -> BTreeSet<&PersonId> {
        let claims = self.held_claims();
        let claims = claims.filter(|claim| claim.contact.is_stand_in());
        claims.map(|claim| &claim.person).collect()
    }

    /// The browsers in which somebody has claimed it: what they did before they said who they are.
    #[must_use]
    pub fn browsers(&self) -> BTreeSet<&PersonId> {
        let claims = self.held_claims();
        let claims = claims.filter(|claim| !claim.contact.is_stand_in());
        claims
            .map(|claim| &claim.person)
            .filter(|person| person.standing() == Standing::Unnamed)
            .collect()
    }

    fn held_claims(&self) -> impl Iterator<Item = &Claim> {
        let claims = self.claims.iter().filter(|_| !self.is_crowded());
        claims.filter(|claim| !self.released.contains(&claim.contact))
    }

    /// Whether another claimant fits into the row. It is public who may be called what, and no row may grow
    /// for good.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.said.len() < MAX_SAID
    }

    /// Whether an e-mail address has been said of other users than this one, and never of this one.
    #[must_use]
    pub fn is_of_others(&self, user_id: Option<&AliasName>) -> bool {
        user_id
            .is_some_and(|user_id| !self.said_with.is_empty() && !self.said_with.contains(user_id))
    }

    /// Whether somebody was erased whom it led to, at this time or later.
    #[must_use]
    pub fn is_erased_since(&self, at: Timestamp) -> bool {
        self.erased_at.is_some_and(|erased_at| erased_at >= at)
    }

    /// Whether too many have claimed it for a claim to mean anything.
    #[must_use]
    pub fn is_crowded(&self) -> bool {
        self.claims.len() + self.released.len() > MAX_CLAIMS
    }
}

/// Somebody to whom a contact leads that is said to have an e-mail address: `{stand-in}#{person}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Claim {
    /// The contact's stand-in.
    pub contact: PersonId,
    /// The person.
    pub person: PersonId,
}

impl TryFrom<String> for Claim {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        let (contact, person) = text.split_once('#').ok_or(Error::Malformed {
            name: "claim",
            rule: "two people with # between them",
        })?;
        Ok(Self {
            contact: PersonId::parse(contact)?,
            person: PersonId::parse(person)?,
        })
    }
}

impl From<Claim> for String {
    fn from(Claim { contact, person }: Claim) -> Self {
        format!("{contact}#{person}")
    }
}
