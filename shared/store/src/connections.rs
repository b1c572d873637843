//! Workspaces and their organizations: where every call of Intercom's begins.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use identity::{Alias, AliasKind, OrganizationId, PersonId, WorkspaceId};

use crate::keys::{self, Key};
use crate::people::AliasRow;
use crate::table::{Item, Read, parse, text, unless_refused};
use crate::{Connection, Error, Store};

/// Most people that count as one: what is read for a contact, and how far linking goes.
pub const MAX_PEOPLE: usize = 20;

/// Most aliases that one contact is looked up by, so that it stays one call.
const MAX_ALIASES: usize = 50;

/// What is known of an Intercom contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactLookup {
    /// The workspace's connection; `None` when it was never connected.
    pub connection: Option<Connection>,
    /// The aliases that are known, in the order asked for.
    pub matches: Vec<AliasMatch>,
}

/// The people that share one alias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AliasMatch {
    /// By which alias.
    pub kind: AliasKind,
    /// In a stable order.
    pub people: Vec<PersonId>,
}

impl ContactLookup {
    /// Everybody found, once each, best alias first; at most [`MAX_PEOPLE`].
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
}

/// Organizations of workspaces that are not their organization's first: few, and they hardly ever change.
pub(crate) type Homes = Arc<RwLock<HashMap<WorkspaceId, OrganizationId>>>;

impl Store {
    /// The workspace's connection and the people behind a contact's aliases, in one round trip.
    ///
    /// Aliases are hashed with the organization's key, and which organization it is stands in the connection. So the
    /// organization is guessed ([`OrganizationId::of_first_workspace`], or what the connection said last time); a
    /// wrong guess costs a second round trip, once per process. Rows of a wrong guess are never looked at.
    ///
    /// Aliases that have expired may still be found: they lead to people whose sessions have expired before them.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the table does not answer.
    pub async fn find_contact(
        &self,
        workspace: &WorkspaceId,
        aliases: &[Alias],
    ) -> Result<ContactLookup, Error> {
        let aliases = &aliases[..aliases.len().min(MAX_ALIASES)];
        let guess = self.home_of(workspace);
        let connection_key = keys::connection(workspace);
        let mut alias_keys = self.alias_keys(&guess, aliases);
        let mut rows = self
            .read_contact(Some(&connection_key), &alias_keys)
            .await?;
        let Some(item) = rows.remove(&connection_key) else {
            return Ok(ContactLookup {
                connection: None,
                matches: Vec::new(),
            });
        };
        let connection: Connection = parse("connection", item)?;
        if connection.organization != guess {
            self.remember_home(&connection);
            alias_keys = self.alias_keys(&connection.organization, aliases);
            rows = self.read_contact(None, &alias_keys).await?;
        }
        let mut matches = Vec::new();
        for (alias, key) in aliases.iter().zip(&alias_keys) {
            if let Some(item) = rows.remove(key) {
                let people = AliasRow::parse(item)?.people.into_iter().collect();
                matches.push(AliasMatch {
                    kind: alias.kind(),
                    people,
                });
            }
        }
        Ok(ContactLookup {
            connection: Some(connection),
            matches,
        })
    }

    /// The workspace's connection, as of every write that was answered; `None` when it was never connected.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the table does not answer.
    pub async fn connection(&self, workspace: &WorkspaceId) -> Result<Option<Connection>, Error> {
        let key = keys::connection(workspace);
        let item = self
            .table
            .get("read a connection", &key, Read::Consistent)
            .await?;
        item.map(|item| parse("connection", item)).transpose()
    }

    /// Writes a connection as it should be from now on.
    ///
    /// # Errors
    /// [`Error::Taken`] when the workspace is connected to another organization.
    pub async fn put_connection(&self, connection: &Connection) -> Result<(), Error> {
        let put = self
            .table
            .put(&keys::connection(&connection.workspace), connection)?
            .condition_expression("attribute_not_exists(PK) OR organization = :organization")
            .expression_attribute_values(":organization", text(&connection.organization))
            .send()
            .await;
        match unless_refused("store a connection", put)? {
            Some(_) => Ok(()),
            None => Err(Error::Taken { what: "workspace" }),
        }
    }

    /// Writes a connection unless the organization has it already.
    pub(crate) async fn connect_once(&self, connection: &Connection) -> Result<(), Error> {
        match self.connection(&connection.workspace).await? {
            None => self.put_connection(connection).await,
            Some(stored) if stored.organization == connection.organization => Ok(()),
            Some(_) => Err(Error::Taken { what: "workspace" }),
        }
    }

    async fn read_contact(
        &self,
        connection: Option<&Key>,
        aliases: &[Key],
    ) -> Result<HashMap<Key, Item>, Error> {
        let mut wanted: Vec<Key> = connection.into_iter().chain(aliases).cloned().collect();
        let mut seen = HashSet::new();
        wanted.retain(|key| seen.insert(key.clone()));
        self.table
            .get_all("find a contact", &wanted, Read::Eventual)
            .await
    }

    fn alias_keys(&self, organization: &OrganizationId, aliases: &[Alias]) -> Vec<Key> {
        let key = self.key_of(organization);
        let row = |alias: &Alias| keys::alias(organization, alias.kind(), &key.hash(alias));
        aliases.iter().map(row).collect()
    }

    fn home_of(&self, workspace: &WorkspaceId) -> OrganizationId {
        let homes = self.homes.read().unwrap_or_else(PoisonError::into_inner);
        let known = homes.get(workspace).cloned();
        known.unwrap_or_else(|| OrganizationId::of_first_workspace(workspace))
    }

    fn remember_home(&self, connection: &Connection) {
        let mut homes = self.homes.write().unwrap_or_else(PoisonError::into_inner);
        homes.insert(
            connection.workspace.clone(),
            connection.organization.clone(),
        );
    }
}
