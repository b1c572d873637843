//! An Intercom contact's people: what the canvas asks first.

use std::collections::{BTreeSet, HashMap, HashSet};

use identity::cluster::{AliasEntry, MAX_PEOPLE};
use identity::{
    Alias, AliasKind, AliasName, OrganizationId, OrganizationKey, PersonId, Presence, Standing,
    WorkspaceId, conflict,
};
use table::{Item, Key, Read, parse};

use crate::people::clusters::alias_entry;
use crate::people::contact_lookup::{
    AliasMatch, ContactLookup, ContactQuery, ContactRole, ContactState,
};
use crate::people::contact_row::ContactRow;
use crate::people::{conversations, rows};
use crate::tenants::connection::Connection;
use crate::tenants::rows as tenants_rows;
use crate::{Error, Store};

impl Store {
    /// The workspace's connection, what is known of a contact and the people behind its aliases, in one round
    /// trip.
    ///
    /// Aliases are hashed with the organization's key, and which organization it is stands in the connection.
    /// So the organization is guessed ([`OrganizationId::of_first_workspace`], or what the connection said
    /// last time); a wrong guess costs a second round trip, once per process. Rows of a wrong guess are never
    /// looked at.
    ///
    /// An e-mail address leads to the people that were recorded with it. A lead has only typed it, so they
    /// are unverified, and left out once something surer leads to anybody. A user's counts, unless the site
    /// has always given it together with other user ids. Whoever is only said to have the address is
    /// unverified in either case.
    ///
    /// Aliases that have expired may still be found: they lead to people whose sessions have expired before
    /// them.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn find_contact(
        &self,
        workspace: &WorkspaceId,
        query: &ContactQuery,
    ) -> Result<ContactLookup, Error> {
        let aliases = query.all_aliases(workspace);
        let guess = self.connections().organization_of(workspace);
        let connection_key = tenants_rows::connection(workspace);
        let mut wanted = ContactRows::new(
            workspace,
            query,
            &aliases,
            &guess,
            &self.scope(&guess).key(),
        );
        let mut rows = self
            .read_contact(wanted.keys().chain([&connection_key]))
            .await?;
        let Some(item) = rows.remove(&connection_key) else {
            return Ok(ContactLookup::of_connection(None));
        };
        let connection: Connection = parse("connection", item)?;
        if connection.organization != guess {
            self.connections().remember_organization(&connection);
            let home = &connection.organization;
            wanted = ContactRows::new(workspace, query, &aliases, home, &self.scope(home).key());
            rows = self.read_contact(wanted.keys()).await?;
        }
        wanted.lookup(query, &aliases, connection, rows)
    }

    async fn read_contact(
        &self,
        keys: impl Iterator<Item = &Key>,
    ) -> Result<HashMap<Key, Item>, Error> {
        let wanted: HashSet<&Key> = keys.collect();
        let wanted: Vec<Key> = wanted.into_iter().cloned().collect();
        let rows = self
            .table
            .get_all("find a contact", &wanted, Read::Eventual)
            .await?;
        Ok(rows)
    }
}

/// The rows that tell about a contact, beside the connection.
struct ContactRows {
    /// Of each alias, in their order.
    aliases: Vec<Key>,
    contact: Option<Key>,
    conversation: Option<Key>,
    key: OrganizationKey,
}

impl ContactRows {
    fn new(
        workspace: &WorkspaceId,
        query: &ContactQuery,
        aliases: &[Alias],
        organization: &OrganizationId,
        key: &OrganizationKey,
    ) -> Self {
        let row = |alias: &Alias| rows::alias(organization, &key.name(alias));
        let contact = query.contact.as_ref();
        let contact = contact.map(|contact| key.hash(&Alias::contact(workspace, contact)));
        let conversation = contact.as_ref().zip(query.conversation.as_ref());
        Self {
            aliases: aliases.iter().map(row).collect(),
            conversation: conversation.map(|(contact, conversation)| {
                rows::conversation(organization, contact, conversation)
            }),
            contact: contact.map(|contact| rows::contact(organization, &contact)),
            key: key.clone(),
        }
    }

    fn keys(&self) -> impl Iterator<Item = &Key> {
        self.aliases
            .iter()
            .chain(&self.contact)
            .chain(&self.conversation)
    }

    /// What the rows say.
    fn lookup(
        &self,
        query: &ContactQuery,
        aliases: &[Alias],
        connection: Connection,
        mut rows: HashMap<Key, Item>,
    ) -> Result<ContactLookup, Error> {
        let conversation = self.conversation.as_ref().and_then(|key| rows.remove(key));
        let conversation = conversation.and_then(|item| {
            let opened = conversations::open(&self.key, &connection.organization, item);
            // It must not hide the sessions; an operator finds it in the log.
            opened
                .inspect_err(
                    |error| tracing::error!(%error, "how a conversation began is left out"),
                )
                .ok()
        });
        let contact = self.contact.as_ref().and_then(|key| rows.remove(key));
        let contact = contact
            .map(ContactRow::parse)
            .transpose()?
            .unwrap_or_default();
        let state = ContactState {
            presence: contact.facts.presence(),
            possible: contact.possible.clone(),
        };
        let mut lookup = ContactLookup {
            contact: state,
            conversation,
            ..ContactLookup::of_connection(Some(connection))
        };
        if lookup.contact.presence == Some(Presence::Deleted) {
            return Ok(lookup);
        }
        let user_id = self.user_id(query);
        let mut found = FoundPeople::default();
        for (alias, key) in aliases.iter().zip(&self.aliases) {
            if let Some(item) = rows.remove(key) {
                found.add(alias.kind(), alias_entry(item)?, query, user_id.as_ref());
            }
        }
        lookup.conflict = found.conflict(&contact.facts.identities());
        lookup.unverified = found.unverified(query.role);
        lookup.matches = found.matches;
        lookup.claims = found.claims;
        lookup.exact_claims = self.exact_claims(aliases);
        if let Some(flooded) = found.flooded {
            // The row had no room for them, so they are looked for where they would be.
            lookup.claims.push(AliasMatch {
                kind: flooded,
                people: lookup.exact_claims.iter().cloned().collect(),
            });
        }
        lookup.shared = found.shared;
        Ok(lookup)
    }

    /// Whoever is claimed to have nothing but names of the contact's.
    fn exact_claims(&self, aliases: &[Alias]) -> BTreeSet<PersonId> {
        let names = aliases.iter().map(|alias| self.key.name(alias));
        let names: Vec<AliasName> = names.filter(AliasName::is_identity).collect();
        let pairs = names.iter().flat_map(|one| {
            let other = names.iter();
            other.map(move |other| BTreeSet::from([one.clone(), other.clone()]))
        });
        pairs.map(|names| self.key.claimed_person(&names)).collect()
    }

    /// The site's own id of the contact, where Intercom says for certain that it is one.
    fn user_id(&self, query: &ContactQuery) -> Option<AliasName> {
        let user = query.role == Some(ContactRole::User);
        let mut aliases = query.aliases.iter().filter(|_| user);
        let user_id = aliases.find(|alias| alias.kind() == AliasKind::UserId)?;
        Some(AliasName::user_id(&self.key.hash(user_id)))
    }
}

/// What the aliases lead to, row by row.
#[derive(Default)]
struct FoundPeople {
    matches: Vec<AliasMatch>,
    /// The same, of what anybody may have said.
    claims: Vec<AliasMatch>,
    /// Of everybody in `matches`.
    identities: BTreeSet<AliasName>,
    /// The user ids that the claims give with an e-mail address, where nothing surer tells them apart.
    claimed_with: BTreeSet<AliasName>,
    /// An alias that is claimed for as many as its row holds.
    flooded: Option<AliasKind>,
    /// Browsers that others are claimed to use as well.
    shared: BTreeSet<PersonId>,
    /// People whom an e-mail address leads to, and nothing surer.
    by_email: BTreeSet<PersonId>,
}

impl FoundPeople {
    fn add(
        &mut self,
        kind: AliasKind,
        row: AliasEntry,
        query: &ContactQuery,
        user_id: Option<&AliasName>,
    ) {
        let people: Vec<PersonId> = row.recorded().cloned().collect();
        let mut claims: Vec<PersonId> = match row.closed {
            true => Vec::new(),
            false => row.said.iter().chain(row.browsers()).cloned().collect(),
        };
        self.shared.extend(row.shared_browsers.iter().cloned());
        if !row.has_room() {
            self.flooded = self.flooded.or(Some(kind));
        }
        let is_typed = query.role == Some(ContactRole::Lead);
        if kind == AliasKind::Email {
            self.by_email.extend(row.claimants().into_iter().cloned());
            if is_typed || row.is_of_others(user_id) {
                self.by_email.extend(people);
                self.by_email.extend(claims);
                return;
            }
            match user_id {
                // It tells those apart who share the address.
                Some(user_id) => claims.retain(|person| self.may_be_users(person, &row, user_id)),
                None => self.claimed_with.extend(row.claimed_with.iter().cloned()),
            }
        }
        if !claims.is_empty() {
            self.claims.push(AliasMatch {
                kind,
                people: claims,
            });
        }
        if !people.is_empty() {
            self.matches.push(AliasMatch { kind, people });
            self.identities.extend(row.identities);
        }
    }

    /// Whether somebody who is claimed to have an e-mail address may be the user with this id: found by
    /// the id as well, or by the address alone.
    fn may_be_users(&self, person: &PersonId, row: &AliasEntry, user_id: &AliasName) -> bool {
        let found = self.claims.iter().flat_map(|found| &found.people);
        let is_found = found.chain(self.matched()).any(|found| found == person);
        let is_alone = match person.standing() {
            Standing::ClaimedEmail => true,
            Standing::Unnamed => row.claimed_with.is_empty() || row.claimed_with.contains(user_id),
            Standing::Claimed | Standing::Verified => false,
        };
        is_found || is_alone
    }

    fn matched(&self) -> impl Iterator<Item = &PersonId> {
        self.matches.iter().flat_map(|found| &found.people)
    }

    fn unverified(&self, role: Option<ContactRole>) -> Vec<PersonId> {
        if role == Some(ContactRole::Lead) && !self.matches.is_empty() {
            return Vec::new();
        }
        let claimed = self.claims.iter().flat_map(|found| &found.people);
        let known: HashSet<&PersonId> = self.matched().chain(claimed).collect();
        let others = self.by_email.iter();
        others
            .filter(|person| !known.contains(person))
            .take(MAX_PEOPLE)
            .cloned()
            .collect()
    }

    /// What tells several people apart where the aliases lead to more than one. Claims count only where there
    /// is nothing surer: nobody is silenced by what anybody may say.
    fn conflict(&self, own: &BTreeSet<AliasName>) -> Option<AliasKind> {
        match self.matches.is_empty() {
            true => conflict(&self.claimed_with, own),
            false => conflict(&self.identities, own),
        }
    }
}
