//! An organization's connection to a workspace, as it stands in the table.

use identity::{OrganizationId, WorkspaceId};
use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond;
use serde::{Deserialize, Serialize};

use crate::tenants::place::{WorkspaceRegion, WorkspaceTimeZone};
use crate::tenants::preferences::Preferences;

/// An organization's connection to a workspace. The token is not in it: it stands in a row of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Intercom's side.
    pub workspace: WorkspaceId,
    /// Our side.
    pub organization: OrganizationId,
    /// The workspace's name, for people.
    pub workspace_name: String,
    /// Where Intercom hosts the workspace.
    pub region: WorkspaceRegion,
    /// The workspace's time zone.
    pub timezone: WorkspaceTimeZone,
    /// Whether it works.
    pub status: ConnectionStatus,
    /// What the organization chose.
    #[serde(default)]
    pub preferences: Preferences,
    /// Who connected it last; `None` when an operator made it.
    #[serde(default)]
    pub connected_by: Option<Installer>,
    /// When that was.
    #[serde(with = "millisecond::optional", default)]
    pub connected_at: Option<Timestamp>,
    /// Counts connects, disconnects and "sign out everywhere": what was begun under an older number is void.
    #[serde(default)]
    pub epoch: u64,
    /// Counts disconnects and "sign out everywhere", but no connects: viewing links that were handed
    /// out under an older number open nothing.
    #[serde(default)]
    pub links_epoch: u64,
    /// The last time that we asked Intercom something with the token.
    #[serde(default)]
    pub last_sync: Option<LastSync>,
}

/// Whether a workspace's connection works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionStatus {
    /// All is well.
    Connected,
    /// Intercom has refused the token: an admin has to connect again.
    NeedsAttention,
    /// An admin has disconnected it.
    Disconnected,
}

/// What Intercom says about a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceProfile {
    /// Its name, for people.
    pub name: String,
    /// Where Intercom hosts it.
    pub region: WorkspaceRegion,
    /// Its time zone.
    pub timezone: WorkspaceTimeZone,
}

/// The admin who connected a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Installer {
    /// Intercom's id of them.
    pub admin_id: String,
    /// Their name, for people.
    pub name: String,
}

/// What came of a call to Intercom's API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastSync {
    /// When it was.
    #[serde(with = "millisecond::required")]
    pub at: Timestamp,
    /// Its result.
    pub outcome: SyncOutcome,
}

/// Whether Intercom did what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncOutcome {
    /// It did.
    Succeeded,
    /// It did not answer, or was busy: the next try may succeed.
    Unreachable,
    /// It refused.
    Refused,
}

impl Connection {
    /// A connection without a token, as operators, local mode and tests make it. Admins make it with
    /// [`Connections::connect`](crate::Connections::connect).
    #[must_use]
    pub fn new(
        workspace: WorkspaceId,
        organization: OrganizationId,
        profile: WorkspaceProfile,
    ) -> Self {
        Self {
            workspace,
            organization,
            workspace_name: profile.name,
            region: profile.region,
            timezone: profile.timezone,
            status: ConnectionStatus::Connected,
            preferences: Preferences::default(),
            connected_by: None,
            connected_at: None,
            epoch: 0,
            links_epoch: 0,
            last_sync: None,
        }
    }
}
