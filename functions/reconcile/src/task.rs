//! What travels in the function's own queue.

use identity::WorkspaceId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A step of a run is to be taken. Tagged with its version, because a new version reads what an old one has
/// sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub(crate) enum ReconcileTask {
    #[serde(rename = "reconcile.v1")]
    V1 {
        workspace: WorkspaceId,
        /// When the run was asked for: its name, which all its messages bear.
        run: Timestamp,
    },
}

impl ReconcileTask {
    pub(crate) fn new(workspace: &WorkspaceId, run: Timestamp) -> Self {
        Self::V1 {
            workspace: workspace.clone(),
            run,
        }
    }

    /// The message's body.
    pub(crate) fn to_body(&self) -> String {
        serde_json::json!(self).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_form_stays_what_a_version_in_service_reads() {
        let task = ReconcileTask::new(&WorkspaceId::parse("acme").unwrap(), Timestamp::UNIX_EPOCH);
        let body = r#"{"run":"1970-01-01T00:00:00Z","type":"reconcile.v1","workspace":"acme"}"#;
        assert_eq!(task.to_body(), body);
        assert_eq!(serde_json::from_str::<ReconcileTask>(body).unwrap(), task);
    }
}
