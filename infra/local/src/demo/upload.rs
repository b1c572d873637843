//! Uploads recordings as a recorder does: over HTTP, with the write key.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::cast::Visit;
use crate::Config;

/// How long summaries may take before the bundle counts as broken.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long to wait between two looks at a summary.
const PAUSE: Duration = Duration::from_millis(100);

/// A recorder, and a backend that reads what became of its recordings.
pub(super) struct Recorder<'a> {
    url: &'a str,
    config: &'a Config,
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
    #[error("a recording of the demo is damaged: {0}")]
    Recording(#[from] serde_json::Error),
}

impl<'a> Recorder<'a> {
    /// A recorder for the bundle at `url`, an address without a slash at its end.
    pub(super) fn new(url: &'a str, config: &'a Config) -> Self {
        Self {
            url,
            config,
            client: reqwest::Client::new(),
        }
    }

    /// Sends a visit: whose it is, and what was recorded. All of it in one chunk, so that its first summary
    /// is whole.
    pub(super) async fn send(&self, visit: &Visit) -> Result<(), UploadError> {
        let session = &visit.session_id;
        let aliases: Map<_, _> = visit
            .aliases
            .iter()
            .map(|&(kind, value)| (kind.to_owned(), json!(value)))
            .collect();
        // As a backend does that knows its visitors: what is said with the secret key is verified.
        let identification = Value::from(aliases).to_string();
        let key = self.config.secret_key.reveal();
        self.post(&format!("{session}/identify"), key, identification)
            .await?;
        let chunk = visit.recording.ending_at(visit.ended_at)?;
        let key = self.config.write_key.reveal();
        self.post(&format!("{session}/chunks/0"), key, chunk).await
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
        let key = self.config.secret_key.reveal();
        let request = self
            .client
            .get(self.session_url(session_id))
            .bearer_auth(key);
        let response = request.send().await?;
        match response.status() {
            StatusCode::NOT_FOUND => Ok(false),
            _ => accepted(response).await.map(|()| true),
        }
    }

    async fn post(&self, path: &str, key: &str, body: String) -> Result<(), UploadError> {
        let request = self
            .client
            .post(self.session_url(path))
            .bearer_auth(key)
            .body(body);
        accepted(request.send().await?).await
    }

    fn session_url(&self, path: &str) -> String {
        format!("{}/v1/sessions/{path}", self.url)
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
