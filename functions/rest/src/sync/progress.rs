//! `GET /v1/sync`: how far the copy of what Intercom has is. `POST /v1/sync`: all of it anew, as it is
//! chosen.

use std::collections::BTreeMap;
use std::time::Duration;

use api::Error;
use jiff::Timestamp;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use platform::http::{ApiError, json};
use serde::Serialize;
use store::{Grant, SyncProgress};
use tasks::SyncTask;

use crate::State;
use crate::sync::{ours, workspace};

/// How often a wish is noted again when a step saves its progress at the same time.
const ATTEMPTS: usize = 20;

#[derive(Serialize)]
struct Progress {
    running: bool,
    /// Whatever changed at Intercom before that moment is copied.
    complete_until: Option<Timestamp>,
    parts: BTreeMap<&'static str, Part>,
    /// Parts that Intercom does not let us read: a permission is missing.
    missing_scopes: Vec<&'static str>,
}

#[derive(Serialize)]
struct Part {
    done: bool,
    count: u64,
}

impl Progress {
    fn of(progress: &SyncProgress) -> Self {
        let import = &progress.import;
        let part = |part: &store::PartProgress| Part {
            done: part.done,
            count: part.count,
        };
        // What was asked for a moment ago runs, though no step has been taken.
        let is_awaited = import.wanted_at > import.begun_at();
        Self {
            running: import.pass.is_some() || is_awaited,
            complete_until: import.complete_until,
            parts: import
                .parts
                .iter()
                .map(|(name, of)| (name.as_str(), part(of)))
                .collect(),
            missing_scopes: import
                .parts
                .iter()
                .filter(|(_, part)| part.is_refused)
                .map(|(name, _)| name.as_str())
                .collect(),
        }
    }
}

pub(crate) async fn show(
    state: &State,
    grant: &Grant,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let connection = workspace(state, grant, request).await?;
    let progress = state.store.sync_progress(&connection.workspace).await?;
    Ok(json(StatusCode::OK, &Progress::of(&progress)))
}

pub(crate) async fn start(
    state: &State,
    grant: &Grant,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let connection = workspace(state, grant, request).await?;
    let (organization, workspace) = (&connection.organization, &connection.workspace);
    let mirror = state.import.mirror.of(organization, workspace);
    if !mirror.choices().await.map_err(ours)?.is_anything() {
        let message = "Nothing is chosen to be imported: see PUT /v1/sync/settings.";
        return Err(ApiError::new(StatusCode::CONFLICT, "nothing_chosen", message).into());
    }
    // To the millisecond, as the table keeps it.
    let now = state.clock.now().as_millisecond();
    let now = Timestamp::from_millisecond(now).unwrap_or_default();
    let mut progress = state.store.sync_progress(workspace).await?;
    for _ in 0..ATTEMPTS {
        progress.import.wanted_at = Some(now);
        // Whoever is at work notices that it is not theirs any more; what is left goes on with this message.
        if let Some(run) = &mut progress.run {
            run.asked_at = now;
        }
        if let Some(pass) = &mut progress.import.pass {
            pass.asked_at = now;
        }
        if state
            .store
            .save_sync_progress(workspace, &mut progress)
            .await?
        {
            let task = SyncTask::new(workspace, now).to_body();
            state.import.queue.send(task, Duration::ZERO).await?;
            return Ok(json(StatusCode::ACCEPTED, &Progress::of(&progress)));
        }
        progress = state.store.sync_progress(workspace).await?;
    }
    let message = "Somebody else changes the same at this moment: try again.";
    Err(ApiError::new(StatusCode::CONFLICT, "busy", message).into())
}
