//! What travels in queues between functions.
//!
//! Messages are an interface: during a deployment, a new worker reads what an old sender wrote. So each is
//! tagged with its kind and version, and a new version is a new variant beside the old one.

use identity::{OrganizationId, SessionId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Work for the function `summarize`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum SummarizeTask {
    /// Fold what has arrived of a session into its summary. Says nothing about which chunks: a run takes
    /// whatever is there, so one message serves any number of chunks, and one too many does no harm.
    #[serde(rename = "summarize.v1")]
    V1 {
        /// Whose session.
        organization: OrganizationId,
        /// Which session.
        session: SessionId,
        /// Set when the message is sent to look again at a session with a gap: when the session was last heard
        /// of. Should it have been heard of since, somebody else looks again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        silent_since: Option<Timestamp>,
    },
}

impl SummarizeTask {
    /// The session is to be summarized.
    pub fn new(organization: &OrganizationId, session: &SessionId) -> Self {
        Self::V1 {
            organization: organization.clone(),
            session: session.clone(),
            silent_since: None,
        }
    }

    /// The message's body.
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
        let session = SessionId::parse("s-1").unwrap();
        let plain = SummarizeTask::new(&organization, &session);
        let again = SummarizeTask::V1 {
            organization,
            session,
            silent_since: Some(Timestamp::UNIX_EPOCH),
        };
        for (task, body) in [
            (
                plain,
                r#"{"organization":"org_acme","session":"s-1","type":"summarize.v1"}"#,
            ),
            (
                again,
                r#"{"organization":"org_acme","session":"s-1","silent_since":"1970-01-01T00:00:00Z","type":"summarize.v1"}"#,
            ),
        ] {
            assert_eq!(task.to_body(), body);
            assert_eq!(serde_json::from_str::<SummarizeTask>(body).unwrap(), task);
        }
    }

    #[test]
    fn an_unknown_version_is_an_error() {
        let body = r#"{"type":"summarize.v9","organization":"org_acme","session":"s-1"}"#;
        assert!(serde_json::from_str::<SummarizeTask>(body).is_err());
    }
}
