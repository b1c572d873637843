//! Row 4: everybody that an alias leads to.

use std::collections::BTreeSet;

use identity::{AliasHash, AliasKind, PersonId};
use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond;
use serde::{Deserialize, Serialize};
use table::{Item, parse};

/// Most claims that an e-mail address keeps, those that were released included. One that more leads have
/// typed (`test@test.com`) says nothing about who they are, and no row may grow for good.
const MAX_CLAIMS: usize = 50;

/// An alias as the table knows it.
pub(crate) type AliasName = (AliasKind, AliasHash);

/// The row. Its sets only ever gain members, so that whoever writes at the same time adds up.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AliasRow {
    /// The people that share the alias, stand-ins of contacts among them: what linking goes by.
    #[serde(with = "serde_dynamo::string_set")]
    pub(crate) people: BTreeSet<PersonId>,
    /// User ids and e-mail addresses that recorders and backends have said of these people. What only
    /// Intercom says is not among them.
    #[serde(with = "serde_dynamo::string_set")]
    pub(crate) identities: BTreeSet<Identity>,
    /// Of an e-mail address: the user ids that a recorder or a backend has said in the same breath.
    #[serde(with = "serde_dynamo::string_set")]
    pub(crate) said_with: BTreeSet<Identity>,
    /// Of an e-mail address: people of contacts that are only said to have it.
    #[serde(with = "serde_dynamo::string_set")]
    pub(crate) claims: BTreeSet<Claim>,
    /// Stand-ins of contacts whose claims hold no more.
    #[serde(with = "serde_dynamo::string_set")]
    pub(crate) released: BTreeSet<PersonId>,
    /// Whether a contact that it was an alias of has been deleted: from then on it leads to nobody, whatever
    /// is linked.
    pub(crate) closed: bool,
    /// When everybody was erased whom it had led to. Whatever is older and comes after all leads nowhere.
    #[serde(with = "millisecond::optional")]
    pub(crate) erased_at: Option<Timestamp>,
    pub(crate) expires: i64,
}

impl AliasRow {
    pub(crate) fn parse(item: Item) -> Result<Self, table::Error> {
        parse("alias", item)
    }

    /// The people it leads to for certain.
    pub(crate) fn recorded(&self) -> impl Iterator<Item = &PersonId> {
        let people = self.people.iter().filter(|_| !self.closed);
        people.filter(|person| !is_stand_in(person))
    }

    /// The people of contacts that are only said to have it.
    pub(crate) fn claimants(&self) -> BTreeSet<&PersonId> {
        let claims = self.claims.iter().filter(|_| !self.is_crowded());
        claims
            .filter(|claim| !self.released.contains(&claim.contact))
            .map(|claim| &claim.person)
            .collect()
    }

    /// Whether an e-mail address has been said of other users than this one, and never of this one.
    pub(crate) fn is_of_others(&self, user_id: Option<&Identity>) -> bool {
        user_id
            .is_some_and(|user_id| !self.said_with.is_empty() && !self.said_with.contains(user_id))
    }

    /// Whether somebody was erased whom it led to, at this time or later.
    pub(crate) fn is_erased_since(&self, at: Timestamp) -> bool {
        self.erased_at.is_some_and(|erased_at| erased_at >= at)
    }

    /// Whether too many have claimed it for a claim to mean anything.
    pub(crate) fn is_crowded(&self) -> bool {
        self.claims.len() + self.released.len() > MAX_CLAIMS
    }
}

/// A user id or an e-mail address that somebody was recorded with: `{kind}#{hash}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Identity {
    pub(crate) kind: AliasKind,
    hash: AliasHash,
}

impl Identity {
    /// The alias as an identity; `None` when it is of a kind that two people may share a browser with.
    pub(crate) fn of((kind, hash): &AliasName) -> Option<Self> {
        matches!(kind, AliasKind::UserId | AliasKind::Email).then(|| Self {
            kind: *kind,
            hash: hash.clone(),
        })
    }

    pub(crate) fn hash(&self) -> &AliasHash {
        &self.hash
    }

    pub(crate) fn user_id(hash: &AliasHash) -> Self {
        Self {
            kind: AliasKind::UserId,
            hash: hash.clone(),
        }
    }

    pub(crate) fn email(hash: &AliasHash) -> Self {
        Self {
            kind: AliasKind::Email,
            hash: hash.clone(),
        }
    }
}

impl TryFrom<String> for Identity {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let malformed = "an identity is a kind and a hash";
        let (kind, hash) = text.split_once('#').ok_or(malformed)?;
        Ok(Self {
            kind: AliasKind::from_name(kind).ok_or(malformed)?,
            hash: AliasHash::parse(hash).map_err(|_| malformed)?,
        })
    }
}

impl From<Identity> for String {
    fn from(Identity { kind, hash }: Identity) -> String {
        format!("{kind}#{hash}")
    }
}

/// Somebody to whom a contact leads that is said to have an e-mail address: `{stand-in}#{person}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Claim {
    /// The contact's stand-in.
    pub(crate) contact: PersonId,
    pub(crate) person: PersonId,
}

impl TryFrom<String> for Claim {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let malformed = "a claim is two people";
        let (contact, person) = text.split_once('#').ok_or(malformed)?;
        Ok(Self {
            contact: PersonId::parse(contact).map_err(|_| malformed)?,
            person: PersonId::parse(person).map_err(|_| malformed)?,
        })
    }
}

impl From<Claim> for String {
    fn from(Claim { contact, person }: Claim) -> String {
        format!("{contact}#{person}")
    }
}

/// Begins the name of every stand-in, and of nobody recorded.
const STAND_IN: &str = "c_";

/// Who stands for a contact among people, so that its aliases are of one group before anybody was recorded
/// with them. A stand-in never owns a session: whoever lists sessions leaves it out.
pub(crate) fn stand_in(contact: &AliasHash) -> Result<PersonId, table::Error> {
    // 128 bits of the hash, as people have.
    let name = format!("{STAND_IN}{}", &contact.as_str()[..32]);
    PersonId::parse(&name).map_err(|error| table::Error::corrupt("contact", error))
}

pub(crate) fn is_stand_in(person: &PersonId) -> bool {
    person.as_str().starts_with(STAND_IN)
}
