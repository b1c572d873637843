//! What Intercom has said of a contact, all of it taken together. Pure.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond;
use serde::{Deserialize, Serialize};

use crate::{
    Alias, AliasHash, AliasKind, AliasName, ClientDetails, ContactEmail, OrganizationKey, Presence,
    Statement, WorkspaceId,
};

/// Most facts of one kind: who has more is not one person, and no row may grow for good.
const MAX_FACTS: usize = 50;

/// What is known of a contact. Joining is commutative, associative and idempotent, so facts may come in any
/// order and any number of times. Identifiers are hashes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactFacts {
    /// What the lead's browsers are to Intercom.
    pub visitor_ids: BTreeSet<AliasHash>,
    /// The site's own ids of the user.
    pub user_ids: BTreeSet<AliasHash>,
    /// E-mail addresses of the lead's own saying.
    pub typed_emails: BTreeSet<AliasHash>,
    /// E-mail addresses that the workspace has of the user.
    pub emails: BTreeSet<KnownEmail>,
    /// Contacts that were merged into this one.
    pub absorbed: BTreeSet<AliasHash>,
    presence: Option<PresenceFact>,
    client: Option<ClientFact>,
}

/// An e-mail address that the workspace has of a user, and the user id that it was said with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct KnownEmail {
    /// The address.
    pub email: AliasHash,
    /// The user id; `None` when it was said alone.
    pub user_id: Option<AliasHash>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct PresenceFact {
    #[serde(with = "millisecond::required")]
    at: Timestamp,
    presence: Presence,
}

impl PresenceFact {
    /// The greater one counts: whoever is deleted stays so, else the latest is true.
    fn rank(&self) -> (bool, Timestamp, Presence) {
        let is_final = self.presence == Presence::Deleted;
        (is_final, self.at, self.presence)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ClientFact {
    #[serde(with = "millisecond::required")]
    at: Timestamp,
    details: ClientDetails,
}

impl ClientFact {
    /// The greater one counts: the latest, of equally late ones any that is always the same.
    fn rank(&self) -> (Timestamp, [&Option<String>; 4]) {
        let ClientDetails {
            browser,
            browser_version,
            os,
            language,
        } = &self.details;
        (self.at, [browser, browser_version, os, language])
    }
}

impl ContactFacts {
    /// What one statement says.
    pub fn of(statement: &Statement, workspace: &WorkspaceId, key: &OrganizationKey) -> Self {
        let hash = |alias: &Option<Alias>| alias.as_ref().map(|alias| key.hash(alias));
        let user_id = hash(&statement.user_id);
        let (mut typed_emails, mut emails) = (BTreeSet::new(), BTreeSet::new());
        match &statement.email {
            Some(ContactEmail::OfLead(email)) => {
                typed_emails.insert(key.hash(email));
            }
            Some(ContactEmail::OfUser(email)) => {
                emails.insert(KnownEmail {
                    email: key.hash(email),
                    user_id: user_id.clone(),
                });
            }
            None => {}
        }
        let absorbed = statement.absorbed.as_ref();
        let absorbed = absorbed.map(|contact| Alias::contact(workspace, contact));
        let presence = statement.presence.map(|presence| PresenceFact {
            at: in_milliseconds(statement.at),
            presence,
        });
        let client = (!statement.client.is_empty()).then(|| ClientFact {
            at: in_milliseconds(statement.at),
            details: statement.client.clone(),
        });
        Self {
            visitor_ids: hash(&statement.visitor_id).into_iter().collect(),
            user_ids: user_id.into_iter().collect(),
            typed_emails,
            emails,
            absorbed: hash(&absorbed).into_iter().collect(),
            presence,
            client,
        }
    }

    /// That a contact is gone because the one that absorbed it is.
    pub fn deleted_with(absorbing: &Self) -> Self {
        Self {
            presence: absorbing.presence.clone(),
            ..Self::default()
        }
    }

    /// What both say together.
    #[must_use]
    pub fn join(mut self, other: &Self) -> Self {
        unite(&mut self.visitor_ids, &other.visitor_ids);
        unite(&mut self.user_ids, &other.user_ids);
        unite(&mut self.typed_emails, &other.typed_emails);
        unite(&mut self.emails, &other.emails);
        unite(&mut self.absorbed, &other.absorbed);
        let presences = [self.presence.take(), other.presence.clone()];
        self.presence = presences
            .into_iter()
            .flatten()
            .max_by_key(PresenceFact::rank);
        let clients = [self.client.take(), other.client.clone()];
        self.client = clients
            .into_iter()
            .flatten()
            .max_by(|one, other| one.rank().cmp(&other.rank()));
        self
    }

    /// Whether the contact is there; `None` when nothing was said.
    pub fn presence(&self) -> Option<Presence> {
        self.presence.as_ref().map(|fact| fact.presence)
    }

    /// Whether it is gone for good.
    pub fn is_deleted(&self) -> bool {
        self.presence() == Some(Presence::Deleted)
    }

    /// The browser that Intercom saw the contact use last.
    pub fn client(&self) -> ClientDetails {
        let client = self.client.as_ref();
        client.map(|fact| fact.details.clone()).unwrap_or_default()
    }

    /// The user ids and e-mail addresses that Intercom knows to be this one user's.
    pub fn identities(&self) -> BTreeSet<AliasName> {
        let user_ids = self.user_ids.iter().map(AliasName::user_id);
        let emails = self
            .emails
            .iter()
            .map(|known| AliasName::email(&known.email));
        user_ids.chain(emails).collect()
    }

    /// The aliases that are Intercom's, and go when the contact goes.
    pub fn intercom_names(&self, contact: &AliasHash) -> Vec<AliasName> {
        let contacts = [contact].into_iter().chain(&self.absorbed);
        let contacts = contacts.map(|hash| AliasName::new(AliasKind::ContactId, hash));
        let visitors = self.visitor_ids.iter();
        contacts
            .chain(visitors.map(|hash| AliasName::new(AliasKind::VisitorId, hash)))
            .collect()
    }

    /// What is the contact's for certain, and tells people apart: its own id, user ids, e-mail addresses.
    pub fn certain_names(&self, contact: &AliasHash) -> BTreeSet<AliasName> {
        let user_ids = self.user_ids.iter();
        let user_ids = user_ids.map(AliasName::user_id);
        let emails = self.emails.iter();
        let emails = emails.map(|known| AliasName::email(&known.email));
        let contact = [AliasName::new(AliasKind::ContactId, contact)];
        contact.into_iter().chain(user_ids).chain(emails).collect()
    }

    /// Everything that the contact is called, however it is known.
    pub fn all_names(&self, contact: &AliasHash) -> BTreeSet<AliasName> {
        let mut names = self.all_emails();
        names.extend(self.intercom_names(contact));
        let user_ids = self.user_ids.iter();
        names.extend(user_ids.map(AliasName::user_id));
        names
    }

    /// Every e-mail address, however it is known.
    pub fn all_emails(&self) -> BTreeSet<AliasName> {
        let known = self.emails.iter().map(|known| &known.email);
        known
            .chain(&self.typed_emails)
            .map(AliasName::email)
            .collect()
    }
}

/// The union, cut to the first [`MAX_FACTS`] so that it is the same in whatever order they came.
fn unite<T: Ord + Clone>(facts: &mut BTreeSet<T>, others: &BTreeSet<T>) {
    facts.extend(others.iter().cloned());
    while facts.len() > MAX_FACTS {
        facts.pop_last();
    }
}

/// As it is stored, so that what was read back is equal to what was written.
fn in_milliseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{ContactId, MasterKey, OrganizationId};

    /// The facts of a statement at a moment that says a bit of everything, all of it told by a number.
    fn facts(at: i64, number: usize) -> ContactFacts {
        let text = number.to_string();
        let at = Timestamp::from_second(at).unwrap();
        let mut statement = Statement::about(ContactId::parse("c").unwrap(), at);
        statement.visitor_id = Alias::visitor_id(&text).ok();
        statement.user_id = Alias::user_id(&text).ok();
        let email = Alias::email(&format!("{number}@example.com")).unwrap();
        statement.email = Some(match number % 2 {
            0 => ContactEmail::OfLead(email),
            _ => ContactEmail::OfUser(email),
        });
        statement.absorbed = ContactId::parse(&text).ok();
        let presences = [Presence::Present, Presence::Archived, Presence::Deleted];
        statement.presence = presences.get(number % 4).copied();
        statement.client.browser = (!number.is_multiple_of(3)).then_some(text);
        let organization = OrganizationId::parse("org_shop").unwrap();
        let key = MasterKey::new([42; 32])
            .unwrap()
            .organization(&organization);
        ContactFacts::of(&statement, &WorkspaceId::parse("shop").unwrap(), &key)
    }

    proptest! {
        #[test]
        fn in_any_order_and_grouping_facts_join_to_the_same(
            said in prop::collection::vec((0_i64..3, 0..2 * MAX_FACTS), 1..3 * MAX_FACTS),
            cut in any::<prop::sample::Index>(),
        ) {
            let all: Vec<ContactFacts> = said.iter().map(|(at, number)| facts(*at, *number)).collect();
            let join = |facts: &[ContactFacts]| facts.iter().fold(ContactFacts::default(), ContactFacts::join);
            let whole = join(&all);
            let (first, second) = all.split_at(cut.index(all.len()));
            prop_assert_eq!(&join(second).join(&join(first)), &whole);
            prop_assert_eq!(&whole.clone().join(&whole), &whole);
            prop_assert!(whole.user_ids.len() <= MAX_FACTS);
        }
    }
}
