//! What travels in queues between functions.
//!
//! Messages are an interface: during a deployment, a new worker reads what an old sender wrote. So each is
//! tagged with its kind and version, and a new version is a new variant beside the old one.

use identity::{OrganizationId, SessionId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{BegunPlace, OldSessions, PersonErasure};

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
        /// Set when the message is sent to look again at a session with a gap: when the session was last
        /// heard of. Should it have been heard of since, somebody else looks again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        silent_since: Option<Timestamp>,
    },
    /// The same for what has come until the message is delivered: chunks send no other until then.
    #[serde(rename = "wake.v1")]
    WakeV1 {
        /// Whose session.
        organization: OrganizationId,
        /// Which session.
        session: SessionId,
    },
    /// Look through sessions of an hour for chunks that nobody summarizes.
    #[serde(rename = "look.v1")]
    LookV1 {
        /// Which ones, and how far an earlier message has got.
        place: BegunPlace,
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

    /// The session is to be summarized when the message is delivered, with what comes until then.
    pub fn waking(organization: &OrganizationId, session: &SessionId) -> Self {
        Self::WakeV1 {
            organization: organization.clone(),
            session: session.clone(),
        }
    }

    /// The message's body.
    pub fn to_body(&self) -> String {
        serde_json::json!(self).to_string()
    }
}

/// Work for the function `erase`. Each may come twice, and be done twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
#[allow(clippy::large_enum_variant)] // There is one at a time, and it is read once.
pub enum EraseTask {
    /// Erase somebody, from where an earlier message has got.
    #[serde(rename = "erase_person.v1")]
    PersonV1 {
        /// Whom, and how far it has got.
        erasure: PersonErasure,
    },
    /// Erase these sessions.
    #[serde(rename = "erase_sessions.v1")]
    SessionsV1 {
        /// Whose sessions.
        organization: OrganizationId,
        /// Which.
        sessions: Vec<SessionId>,
        /// Whether they have been erased before, and this is for what was being written at the time.
        is_last: bool,
    },
    /// Erase what is older than it is to be kept.
    #[serde(rename = "erase_older.v1")]
    OlderV1 {
        /// Whose, and how far it has got.
        old: OldSessions,
    },
}

impl EraseTask {
    /// Somebody is to be erased.
    pub fn person(erasure: PersonErasure) -> Self {
        Self::PersonV1 { erasure }
    }

    /// A session is to be erased.
    pub fn session(organization: &OrganizationId, session: &SessionId) -> Self {
        Self::SessionsV1 {
            organization: organization.clone(),
            sessions: vec![session.clone()],
            is_last: false,
        }
    }

    /// What is older than it is to be kept is to be erased.
    pub fn older(old: OldSessions) -> Self {
        Self::OlderV1 { old }
    }

    /// The message's body.
    pub fn to_body(&self) -> String {
        serde_json::json!(self).to_string()
    }
}

#[cfg(test)]
mod tests {
    use identity::PersonId;
    use store::RetentionDays;

    use super::*;

    #[test]
    fn the_wire_form_of_erasing_stays_what_workers_in_service_read() {
        let organization = OrganizationId::parse("org_acme").unwrap();
        let person = PersonId::parse("p_1").unwrap();
        let erasure = PersonErasure::of_person(&organization, &person, Timestamp::UNIX_EPOCH);
        let retention = RetentionDays::new(30).unwrap();
        let now = "2026-11-20T10:15:00Z".parse().unwrap();
        let old = OldSessions::new(&organization, retention, now);
        let session = SessionId::parse("s-1").unwrap();
        for (task, body) in [
            (
                EraseTask::session(&organization, &session),
                r#"{"is_last":false,"organization":"org_acme","sessions":["s-1"],"type":"erase_sessions.v1"}"#,
            ),
            (
                EraseTask::older(old),
                r#"{"old":{"after":null,"day":"2026-10-21","organization":"org_acme","retention_days":30},"type":"erase_older.v1"}"#,
            ),
            (
                EraseTask::person(erasure),
                r#"{"erasure":{"after":null,"erased_at":0,"is_everybody":true,"is_second":false,"kept":[],"kept_people":[],"names":[],"organization":"org_acme","own":[],"people":["p_1"],"stage":"gather","together":[]},"type":"erase_person.v1"}"#,
            ),
        ] {
            assert_eq!(task.to_body(), body);
            assert_eq!(serde_json::from_str::<EraseTask>(body).unwrap(), task);
        }
    }

    #[test]
    fn the_wire_form_stays_what_workers_in_service_read() {
        let organization = OrganizationId::parse("org_acme").unwrap();
        let session = SessionId::parse("s-1").unwrap();
        let plain = SummarizeTask::new(&organization, &session);
        let waking = SummarizeTask::waking(&organization, &session);
        let again = SummarizeTask::V1 {
            organization,
            session,
            silent_since: Some(Timestamp::UNIX_EPOCH),
        };
        let now = "2026-11-20T10:15:00Z".parse().unwrap();
        let place = BegunPlace::last_hours(now).next().unwrap();
        for (task, body) in [
            (
                plain,
                r#"{"organization":"org_acme","session":"s-1","type":"summarize.v1"}"#,
            ),
            (
                waking,
                r#"{"organization":"org_acme","session":"s-1","type":"wake.v1"}"#,
            ),
            (
                again,
                r#"{"organization":"org_acme","session":"s-1","silent_since":"1970-01-01T00:00:00Z","type":"summarize.v1"}"#,
            ),
            (
                SummarizeTask::LookV1 { place },
                r#"{"place":{"hour":498656,"shard":0},"type":"look.v1"}"#,
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
