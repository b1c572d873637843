//! What is known of somebody.

use std::collections::BTreeMap;

use identity::{AliasKind, PersonId, Standing};
use mirror::Contact;
use store::{PersonProfile, ProfileAlias};

/// Somebody, as far as they are known. No `Debug`: it is personal data.
#[derive(Clone, Default)]
pub struct Known {
    /// Everybody of our recordings who is this person, in a stable order.
    pub people: Vec<PersonId>,
    /// Others who are only said to be: their sessions come after those of `people`.
    pub claimed: Vec<PersonId>,
    /// What Intercom says of them; `None` where they are not imported.
    pub contact: Option<Contact>,
    /// Whether nothing but a claim leads to that contact.
    pub is_contact_claimed: bool,
    /// Whether several people share what leads here, so that some of it may be somebody else's.
    pub is_ambiguous: bool,
    /// What they are called, strongest kind first.
    pub aliases: Vec<KnownAlias>,
}

/// One name of somebody. No `Debug`: it is personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct KnownAlias {
    /// What kind of name.
    pub kind: AliasKind,
    /// In its normal form.
    pub value: String,
    /// Whether somebody who can know has said it: the organization, or Intercom of a user.
    pub is_verified: bool,
}

impl From<ProfileAlias> for KnownAlias {
    fn from(alias: ProfileAlias) -> Self {
        Self {
            kind: alias.kind,
            value: alias.value,
            is_verified: !alias.is_claimed,
        }
    }
}

impl Known {
    /// The id under which they are found again: of all that lead here the surest, and of these the first in
    /// the alphabet. `None` of a contact that was never recorded.
    #[must_use]
    pub fn id(&self) -> Option<&PersonId> {
        let surest = self.people.iter().min_by_key(|person| rank(person));
        surest.or_else(|| self.claimed.iter().min_by_key(|person| rank(person)))
    }

    /// Whether a session's owner is but said to be this person.
    #[must_use]
    pub fn is_claim(&self, owner: &PersonId) -> bool {
        let is_claimed = matches!(owner.standing(), Standing::Claimed | Standing::ClaimedEmail);
        is_claimed || !self.people.contains(owner)
    }

    /// Puts the names together: those of the recordings, and Intercom's. Whatever is verified by one of them
    /// is verified.
    pub(crate) fn name(&mut self, profile: Option<&PersonProfile>) {
        let mut names: BTreeMap<(AliasKind, String), bool> = BTreeMap::new();
        let recorded = profile.into_iter().flat_map(|profile| &profile.aliases);
        for alias in recorded {
            let is_verified = names.entry((alias.kind, alias.value.clone())).or_default();
            *is_verified |= !alias.is_claimed;
        }
        // What only a claim leads to names nobody else.
        let contact = self.contact.as_ref().filter(|_| !self.is_contact_claimed);
        if let Some(contact) = contact {
            for alias in contact.aliases() {
                let name = (alias.kind(), alias.value().to_owned());
                *names.entry(name).or_default() |= contact.is_user;
            }
        }
        let aliases = names
            .into_iter()
            .map(|((kind, value), is_verified)| KnownAlias {
                kind,
                value,
                is_verified,
            });
        self.aliases = aliases.collect();
    }
}

fn rank(person: &PersonId) -> (u8, &PersonId) {
    let rank = match person.standing() {
        Standing::Verified => 0,
        Standing::Claimed => 1,
        Standing::ClaimedEmail => 2,
        Standing::Unnamed => 3,
    };
    (rank, person)
}
