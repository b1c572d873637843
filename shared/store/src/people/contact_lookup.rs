//! What is asked and answered about an Intercom contact.

use std::collections::{BTreeSet, HashSet};

use identity::cluster::MAX_PEOPLE;
use identity::matching::PossibleMatch;
use identity::{
    Alias, AliasKind, ContactId, ConversationId, ConversationStart, PersonId, Presence, Standing,
    WorkspaceId,
};

use crate::tenants::connection::Connection;

/// Most aliases that one contact is looked up by, so that it stays one call.
const MAX_ALIASES: usize = 50;

/// Whose sessions are asked for.
#[derive(Debug, Clone, Default)]
pub struct ContactQuery {
    /// Intercom's id.
    pub contact: Option<ContactId>,
    /// What Intercom says the contact is; unsaid, it is looked up as a user is.
    pub role: Option<ContactRole>,
    /// What else it is known by, surest first.
    pub aliases: Vec<Alias>,
    /// The conversation that is looked at.
    pub conversation: Option<ConversationId>,
}

/// What a contact is to Intercom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactRole {
    /// Somebody whom the site has told who it is.
    User,
    /// Somebody who has only said so.
    Lead,
}

/// What is known of an Intercom contact.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactLookup {
    /// The workspace's connection; `None` when it was never connected.
    pub connection: Option<Connection>,
    /// What notifications have said about the contact.
    pub contact: ContactState,
    /// The aliases that lead to people for certain, the contact's id first, then in the order asked for.
    pub matches: Vec<AliasMatch>,
    /// The aliases that lead to people by what anybody may have said, likewise.
    pub claims: Vec<AliasMatch>,
    /// Of those the people who are claimed to have nothing but names of the contact's.
    pub exact_claims: BTreeSet<PersonId>,
    /// Of those the browsers that somebody else is claimed to use as well.
    pub shared: BTreeSet<PersonId>,
    /// People that only an e-mail address which nobody has verified leads to; none of those in `matches`.
    pub unverified: Vec<PersonId>,
    /// Set when `matches` lead to several people who share an alias: by which kind of name they are told
    /// apart.
    pub conflict: Option<AliasKind>,
    /// How the conversation that was asked for began, if a notification has said so.
    pub conversation: Option<ConversationStart>,
}

/// What notifications have said about a contact.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ContactState {
    /// Whether it is there; `None` when nothing was said. A deleted contact leads to nobody.
    pub presence: Option<Presence>,
    /// A session that may be the contact's. To be left aside as soon as there are `matches`.
    pub possible: Option<PossibleMatch>,
}

/// The people that share one alias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AliasMatch {
    /// By which alias.
    pub kind: AliasKind,
    /// In a stable order.
    pub people: Vec<PersonId>,
}

impl ContactQuery {
    /// Somebody of whom nothing but these is known.
    #[must_use]
    pub fn of(aliases: &[Alias]) -> Self {
        Self {
            aliases: aliases.to_vec(),
            ..Self::default()
        }
    }

    /// Every alias to look up.
    pub(crate) fn all_aliases(&self, workspace: &WorkspaceId) -> Vec<Alias> {
        let contact = self.contact.as_ref();
        let contact = contact.map(|contact| Alias::contact(workspace, contact));
        let all = contact.into_iter().chain(self.aliases.iter().cloned());
        all.take(MAX_ALIASES).collect()
    }
}

impl ContactLookup {
    /// Everybody found for certain, once each, best alias first; at most [`MAX_PEOPLE`].
    #[must_use]
    pub fn people(&self) -> Vec<PersonId> {
        let mut seen = HashSet::new();
        let everybody = self.matches.iter().flat_map(|found| &found.people);
        everybody
            .filter(|person| seen.insert(*person))
            .take(MAX_PEOPLE)
            .cloned()
            .collect()
    }

    /// Everybody found by claims alone, once each; at most [`MAX_PEOPLE`]. First come those who are claimed
    /// to have nothing but the contact's names, so that a flood of other claims does not hide them. Browsers
    /// come last: of their sessions nobody has said whose they are.
    #[must_use]
    pub fn claimed_people(&self) -> Vec<PersonId> {
        let mut seen: HashSet<PersonId> = self.people().into_iter().collect();
        let everybody = self.claims.iter().flat_map(|found| &found.people);
        let mut people: Vec<PersonId> = everybody
            .filter(|person| seen.insert((*person).clone()))
            .cloned()
            .collect();
        people.sort_by_key(|person| {
            let is_exact = self.exact_claims.contains(person);
            (person.standing() == Standing::Unnamed, !is_exact)
        });
        people.truncate(MAX_PEOPLE);
        people
    }

    /// Nothing is known but that.
    pub(crate) fn of_connection(connection: Option<Connection>) -> Self {
        Self {
            connection,
            contact: ContactState::default(),
            matches: Vec::new(),
            claims: Vec::new(),
            exact_claims: BTreeSet::new(),
            shared: BTreeSet::new(),
            unverified: Vec::new(),
            conflict: None,
            conversation: None,
        }
    }
}
