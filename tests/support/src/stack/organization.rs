//! Organizations and their connections.

use identity::{OrganizationId, WorkspaceId};
use store::{
    Connection, Installer, NewConnection, Provision, RetentionDays, SecretText, WorkspaceProfile,
};

/// How long organizations keep recordings.
pub const RETENTION_DAYS: RetentionDays = RetentionDays::DEFAULT;

/// What workspaces are connected with.
pub const TOKEN: &str = "dG9rOmFiY2RfZWZnaA==";

/// An organization with its keys.
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// May only add.
    pub write_key: String,
    /// May read as well.
    pub secret_key: String,
}

impl Organization {
    pub(super) fn named(name: &str, id: OrganizationId) -> Self {
        Self {
            id,
            write_key: format!("{name}-write-key"),
            secret_key: format!("{name}-secret-key"),
        }
    }
}

/// What Intercom says of a workspace.
pub fn profile(name: &str, region: &str, timezone: &str) -> WorkspaceProfile {
    WorkspaceProfile {
        name: name.to_owned(),
        region: region.to_owned(),
        timezone: timezone.to_owned(),
    }
}

/// What an admin begins with who connects a workspace in Europe.
pub fn new_connection(workspace: &str, name: &str) -> NewConnection {
    NewConnection {
        workspace: WorkspaceId::parse(workspace).unwrap(),
        profile: profile(name, "EU", "Europe/Dublin"),
        token: SecretText::new(TOKEN),
        installer: Installer {
            admin_id: "814860".to_owned(),
            name: "Ada".to_owned(),
        },
    }
}

/// A workspace's connection to the organization that is named after it.
pub fn connection(workspace: &str, profile: WorkspaceProfile) -> Connection {
    let workspace = WorkspaceId::parse(workspace).unwrap();
    let organization = OrganizationId::of_first_workspace(&workspace);
    Connection::new(workspace, organization, profile)
}

/// What an operator makes of a connection: its organization, without keys.
pub fn provision(connection: Connection) -> Provision {
    Provision {
        organization: connection.organization.clone(),
        name: connection.workspace_name.clone(),
        retention_days: RETENTION_DAYS,
        keys: Vec::new(),
        connection: Some(connection),
    }
}
