//! Work for the function `deliver`.

use identity::{OrganizationId, WorkspaceId};
use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond;
use outbox::Lane;
use serde::{Deserialize, Serialize};

/// Something is to be told to Intercom. May come twice, and be done twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum DeliverTask {
    /// Events of a lane. Says nothing about which: a run takes whatever waits in it.
    #[serde(rename = "deliver.v1")]
    V1 {
        /// Whose events.
        organization: OrganizationId,
        /// Which workspace is told of them.
        workspace: WorkspaceId,
        /// Where they wait.
        lane: Lane,
    },
    /// Somebody was erased, and is to be deleted there too.
    #[serde(rename = "delete_contact.v1")]
    DeleteContactV1 {
        /// Whose person.
        organization: OrganizationId,
        /// In which workspace.
        workspace: WorkspaceId,
        /// Intercom's id.
        contact: String,
        /// When that was asked for.
        #[serde(with = "millisecond::required")]
        asked_at: Timestamp,
    },
}

impl DeliverTask {
    /// There is something in the lane.
    #[must_use]
    pub fn new(organization: &OrganizationId, workspace: &WorkspaceId, lane: &Lane) -> Self {
        Self::V1 {
            organization: organization.clone(),
            workspace: workspace.clone(),
            lane: lane.clone(),
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
    fn the_wire_form_stays_what_workers_in_service_read() {
        let organization = OrganizationId::parse("org_acme").unwrap();
        let workspace = WorkspaceId::parse("acme").unwrap();
        let lane = Lane::parse("00112233445566778899aabbccddeeff").unwrap();
        let task = DeliverTask::new(&organization, &workspace, &lane);
        let body = r#"{"lane":"00112233445566778899aabbccddeeff","organization":"org_acme","type":"deliver.v1","workspace":"acme"}"#;
        assert_eq!(task.to_body(), body);
        assert_eq!(serde_json::from_str::<DeliverTask>(body).unwrap(), task);
    }
}
