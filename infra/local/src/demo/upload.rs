//! Uploads recordings as a recorder does: over HTTP, with the write key. Whose they are is said in the table,
//! as a backend would, and what became of them looked up there: the secret key may have been replaced, and
//! nobody but an admin knows the new one.

use std::time::Duration;

use http::StatusCode;
use identity::{Alias, OrganizationId, SessionId};
use jiff::Timestamp;

use store::{Identification, RetentionDays, Store};

use super::cast::Visit;
use crate::ApiKey;

/// How long summaries may take before the bundle counts as broken.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long to wait between two looks at a summary.
const PAUSE: Duration = Duration::from_millis(100);

/// Where the demo's recordings go.
#[derive(Debug, Clone)]
pub(crate) struct Destination {
    /// The bundle's address, without a slash at its end.
    pub(crate) url: String,
    /// A key that works.
    pub(crate) write_key: ApiKey,
    /// Where their summaries appear.
    pub(crate) store: Store,
    /// Whose they are.
    pub(crate) organization: OrganizationId,
}

/// A recorder that waits for what becomes of its recordings.
pub(super) struct Recorder<'a> {
    to: &'a Destination,
    client: reqwest::Client,
}

/// Why an upload did not work.
#[derive(Debug, thiserror::Error)]
pub(super) enum UploadError {
    #[error("the recording API cannot be reached: {0}")]
    Unreachable(#[from] reqwest::Error),
    #[error("the recording API answered {status}: {body}")]
    Refused { status: StatusCode, body: String },
    #[error("session {session_id} was not summarized within {} seconds", PATIENCE.as_secs())]
    NotSummarized { session_id: String },
    #[error("the table does not work: {0}")]
    Table(#[from] store::Error),
    #[error("a session of the demo has no proper id: {0}")]
    SessionId(#[from] identity::Error),
    #[error("a recording of the demo is damaged: {0}")]
    Recording(#[from] serde_json::Error),
}

impl<'a> Recorder<'a> {
    /// A recorder for a bundle.
    pub(super) fn new(to: &'a Destination) -> Self {
        Self {
            to,
            client: reqwest::Client::new(),
        }
    }

    /// Sends a visit: whose it is, and what was recorded. All of it in one chunk, so that its first summary
    /// is whole.
    pub(super) async fn send(&self, visit: &Visit) -> Result<(), UploadError> {
        let session = SessionId::parse(&visit.session_id)?;
        let aliases = visit.aliases.iter();
        let aliases = aliases.map(|&(kind, value)| match kind {
            "email" => Alias::email(value),
            "user_id" => Alias::user_id(value),
            "visitor_id" => Alias::visitor_id(value),
            _ => Alias::anonymous_id(value),
        });
        // As a backend does that knows its visitors, which is believed.
        let said = Identification::verified(&aliases.collect::<Result<Vec<_>, _>>()?);
        let now = Timestamp::now();
        let sessions = self.to.store.of(&self.to.organization).sessions();
        sessions
            .identify(&session, &said, RetentionDays::DEFAULT, now)
            .await?;
        let chunk = visit.recording.ending_at(visit.ended_at)?;
        self.post(&format!("{session}/chunks/0"), chunk).await
    }

    /// Comes back when the session has a summary.
    pub(super) async fn wait_for_summary(&self, session_id: &str) -> Result<(), UploadError> {
        let summarized = async {
            while !self.is_summarized(session_id).await? {
                tokio::time::sleep(PAUSE).await;
            }
            Ok(())
        };
        let timed_out = |_| UploadError::NotSummarized {
            session_id: session_id.to_owned(),
        };
        tokio::time::timeout(PATIENCE, summarized)
            .await
            .map_err(timed_out)?
    }

    async fn is_summarized(&self, session_id: &str) -> Result<bool, UploadError> {
        let session = SessionId::parse(session_id)?;
        let sessions = self.to.store.of(&self.to.organization).sessions();
        // Summaries of the demo expire in weeks: any time of today finds them.
        Ok(sessions.read(&session, Timestamp::now()).await?.is_some())
    }

    async fn post(&self, path: &str, body: String) -> Result<(), UploadError> {
        let key = self.to.write_key.reveal();
        let request = self
            .client
            .post(self.session_url(path))
            .bearer_auth(key)
            .body(body);
        accepted(request.send().await?).await
    }

    fn session_url(&self, path: &str) -> String {
        format!("{}/v1/sessions/{path}", self.to.url)
    }
}

async fn accepted(response: reqwest::Response) -> Result<(), UploadError> {
    match response.status() {
        success if success.is_success() => Ok(()),
        status => Err(UploadError::Refused {
            status,
            body: response.text().await?,
        }),
    }
}
