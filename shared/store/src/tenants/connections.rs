//! Workspaces and their organizations: where every call of Intercom's begins.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use identity::{OrganizationId, WorkspaceId};
use table::{Conditional, Read, parse, text};

use crate::Error;
use crate::tenants::connection::Connection;
use crate::tenants::{Connections, rows};

/// Organizations of workspaces that are not their organization's first: few, and they hardly ever change.
pub(crate) type KnownOrganizations = Arc<RwLock<HashMap<WorkspaceId, OrganizationId>>>;

impl Connections<'_> {
    /// The workspace's connection, as of every write that was answered; `None` when it was never connected.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn get(self, workspace: &WorkspaceId) -> Result<Option<Connection>, Error> {
        let key = rows::connection(workspace);
        let item = self
            .store
            .table
            .get("read a connection", &key, Read::Consistent)
            .await?;
        Ok(item.map(|item| parse("connection", item)).transpose()?)
    }

    /// Writes a connection as it should be from now on.
    ///
    /// # Errors
    /// [`Error::Taken`] when the workspace is connected to another organization.
    pub async fn put(self, connection: &Connection) -> Result<(), Error> {
        let put = self
            .store
            .table
            .put(&rows::connection(&connection.workspace), connection)?
            .condition_expression("attribute_not_exists(PK) OR organization = :organization")
            .expression_attribute_values(":organization", text(&connection.organization))
            .attempt("store a connection")
            .await?;
        match put.is_done() {
            true => Ok(()),
            false => Err(Error::Taken { what: "workspace" }),
        }
    }

    /// Writes a connection unless the organization has it already.
    pub(crate) async fn connect_once(self, connection: &Connection) -> Result<(), Error> {
        match self.get(&connection.workspace).await? {
            None => self.put(connection).await,
            Some(stored) if stored.organization == connection.organization => Ok(()),
            Some(_) => Err(Error::Taken { what: "workspace" }),
        }
    }

    /// The organization of a workspace as far as this process knows: if it is wrong, its connection says so.
    pub(crate) fn organization_of(self, workspace: &WorkspaceId) -> OrganizationId {
        let known_organizations = self
            .store
            .known_organizations
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let known = known_organizations.get(workspace).cloned();
        known.unwrap_or_else(|| OrganizationId::of_first_workspace(workspace))
    }

    pub(crate) fn remember_organization(self, connection: &Connection) {
        let mut known_organizations = self
            .store
            .known_organizations
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        known_organizations.insert(
            connection.workspace.clone(),
            connection.organization.clone(),
        );
    }
}
