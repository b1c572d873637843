//! `GET /v1/sync`: how far the copy of what Intercom has is. `POST /v1/sync`: all of it anew, as it is
//! chosen.

use std::collections::BTreeMap;

use api::Error;
use jiff::Timestamp;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use platform::http::{ApiError, json};
use serde::Serialize;
use store::{Grant, SyncProgress};
use tasks::importing;

use crate::State;
use crate::sync::{ours, workspace};

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
    let queue = state.import.queue.as_ref();
    let now = state.clock.now();
    let asked = importing::ask::<Error>(&state.store, queue, workspace, now).await?;
    if let Some(progress) = asked {
        return Ok(json(StatusCode::ACCEPTED, &Progress::of(&progress)));
    }
    let message = "Somebody else changes the same at this moment: try again.";
    Err(ApiError::new(StatusCode::CONFLICT, "busy", message).into())
}
