//! Finding somebody by a name, by Intercom's id, or by ours.

use identity::{Alias, AliasKind, ContactId, PersonId};
use mirror::{Contact, WorkspaceMirror};
use store::{ContactQuery, ContactRole, OrganizationStore, PersonProfile};

use crate::{Directory, Error, Known, Whom};

/// Names of a person by which a contact is looked for: the strongest. Hardly anybody has more.
const MAX_NAMES: usize = 5;

impl Directory<'_> {
    /// Somebody, with the contact that they are; `None` when neither is known.
    ///
    /// By a name, all that the panel would find for that contact is found: who is known for certain, and who
    /// is claimed. By the id of somebody whose names are but claimed, only they are found: a claim leads to a
    /// contact, which is marked, and to nobody else's sessions.
    ///
    /// # Errors
    /// When the table does not answer: it may be repeated.
    pub async fn find(&self, whom: Whom<'_>) -> Result<Option<Known>, Error> {
        match whom {
            Whom::Alias(alias) => {
                let contacts = self.mirror().contacts().find(alias, self.now).await?;
                self.behind(contacts.into_iter().next(), Some(alias)).await
            }
            Whom::Contact(contact) => self.contact(contact.as_str()).await,
            Whom::Person(person) => self.person(person).await,
        }
    }

    async fn contact(&self, id: &str) -> Result<Option<Known>, Error> {
        match self.mirror().contacts().get(id, self.now).await? {
            Some(contact) => self.behind(Some(contact), None).await,
            None => Ok(None),
        }
    }

    async fn person(&self, person: &PersonId) -> Result<Option<Known>, Error> {
        let Some(profile) = self.store().people().profile(person, self.now).await? else {
            return self.contact(person.as_str()).await;
        };
        let (contact, is_claimed) = self.contact_of(&profile).await?;
        let mut known = match contact.as_ref().filter(|_| !is_claimed) {
            Some(contact) => {
                let behind = self.behind(Some(contact.clone()), None).await?;
                behind.unwrap_or_default()
            }
            None => Known {
                contact,
                is_contact_claimed: is_claimed,
                ..Known::default()
            },
        };
        known.people.extend(profile.people.iter().cloned());
        known.people.sort();
        known.people.dedup();
        known.claimed.retain(|other| !known.people.contains(other));
        known.is_ambiguous |= profile.conflict.is_some();
        known.name(Some(&profile));
        Ok(Some(known))
    }

    /// Everybody who is a contact, or has a name.
    async fn behind(
        &self,
        contact: Option<Contact>,
        alias: Option<&Alias>,
    ) -> Result<Option<Known>, Error> {
        let query = query(contact.as_ref(), alias);
        let workspace = &self.connection.workspace;
        let lookup = self.store.find_contact(workspace, &query).await?;
        let mut known = Known {
            people: lookup.people(),
            claimed: lookup.claimed_people(),
            contact,
            is_ambiguous: lookup.conflict.is_some(),
            ..Known::default()
        };
        known.claimed.extend(lookup.unverified);
        known.people.sort();
        let Some(surest) = known.id() else {
            known.name(None);
            return Ok(known.contact.is_some().then_some(known));
        };
        let profile = self.store().people().profile(surest, self.now).await?;
        known.name(profile.as_ref());
        Ok(Some(known))
    }

    /// The contact that somebody's names lead to, verified ones first; and whether it took a claim.
    async fn contact_of(&self, profile: &PersonProfile) -> Result<(Option<Contact>, bool), Error> {
        let mirror = self.mirror();
        for wants_claims in [false, true] {
            let names = profile.aliases.iter();
            let names = names.filter(|alias| alias.is_claimed == wants_claims);
            let names = names.filter_map(|alias| match alias.kind {
                AliasKind::UserId => Alias::user_id(&alias.value).ok(),
                AliasKind::Email => Alias::email(&alias.value).ok(),
                AliasKind::VisitorId => Alias::visitor_id(&alias.value).ok(),
                AliasKind::AnonymousId | AliasKind::ContactId => None,
            });
            for name in names.take(MAX_NAMES) {
                let found = mirror.contacts().find(&name, self.now).await?;
                if let Some(contact) = found.into_iter().next() {
                    return Ok((Some(contact), wants_claims));
                }
            }
        }
        Ok((None, false))
    }

    fn store(&self) -> OrganizationStore<'_> {
        self.store.of(&self.connection.organization)
    }

    fn mirror(&self) -> WorkspaceMirror<'_> {
        let connection = self.connection;
        self.mirror
            .of(&connection.organization, &connection.workspace)
    }
}

/// By what the people are looked for: the contact's id and names, and the name that was asked for.
fn query(contact: Option<&Contact>, alias: Option<&Alias>) -> ContactQuery {
    let mut aliases = contact.map(Contact::aliases).unwrap_or_default();
    aliases.extend(alias.filter(|alias| !aliases.contains(alias)).cloned());
    ContactQuery {
        contact: contact.and_then(|contact| ContactId::parse(&contact.id).ok()),
        role: contact.map(|contact| match contact.is_user {
            true => ContactRole::User,
            false => ContactRole::Lead,
        }),
        aliases,
        conversation: None,
    }
}
