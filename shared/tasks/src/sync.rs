//! Work for the function `sync`.

use identity::{OrganizationId, WorkspaceId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Something is to be done about the copy of what Intercom has. May come twice, and be done twice. Tagged
/// with its version, because a new version reads what an old one has sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum SyncTask {
    /// A step of a run is to be taken.
    #[serde(rename = "sync.v1")]
    V1 {
        /// Of which workspace.
        workspace: WorkspaceId,
        /// When the run was asked for: its name, which all its messages bear.
        run: Timestamp,
    },
    /// What was imported of a workspace is to be forgotten, unless something is wanted of it.
    #[serde(rename = "sync.forget.v1")]
    ForgetV1 {
        /// Whose workspace: it may have been disconnected meanwhile.
        organization: OrganizationId,
        /// Which one.
        workspace: WorkspaceId,
    },
}

impl SyncTask {
    /// A step of a run.
    #[must_use]
    pub fn new(workspace: &WorkspaceId, run: Timestamp) -> Self {
        Self::V1 {
            workspace: workspace.clone(),
            run,
        }
    }

    /// What was imported is to be forgotten.
    #[must_use]
    pub fn forget(organization: &OrganizationId, workspace: &WorkspaceId) -> Self {
        Self::ForgetV1 {
            organization: organization.clone(),
            workspace: workspace.clone(),
        }
    }

    /// The message's body.
    #[must_use]
    pub fn to_body(&self) -> String {
        serde_json::json!(self).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_form_stays_what_a_version_in_service_reads() {
        let workspace = WorkspaceId::parse("acme").unwrap();
        let organization = OrganizationId::parse("org_acme").unwrap();
        for (task, body) in [
            (
                SyncTask::new(&workspace, Timestamp::UNIX_EPOCH),
                r#"{"run":"1970-01-01T00:00:00Z","type":"sync.v1","workspace":"acme"}"#,
            ),
            (
                SyncTask::forget(&organization, &workspace),
                r#"{"organization":"org_acme","type":"sync.forget.v1","workspace":"acme"}"#,
            ),
        ] {
            assert_eq!(task.to_body(), body);
            assert_eq!(serde_json::from_str::<SyncTask>(body).unwrap(), task);
        }
    }
}
