//! `POST /v1/sessions/{session_id}/chunks/{seq}`: a chunk of a recording.
//!
//! A 202 means: the chunk is stored for good, and its summarizing has been asked for. Anything else leaves the
//! caller free to send the same chunk again, which does no harm however often it happens; but for a 409, which means
//! that the session was erased: then a recorder begins another one.

use identity::{OrganizationId, SessionId};
use jiff::Timestamp;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use platform::http::{ApiError, json};
use platform::metrics;
use platform::task::SummarizeTask;
use serde::Serialize;
use store::{ChunkOutcome, Grant, NewChunk};

use crate::{Error, State, body, error, keys};

#[derive(Serialize)]
struct Accepted<'a> {
    session_id: &'a SessionId,
    seq: u32,
    events: u64,
    duplicate: bool,
}

pub(crate) async fn add(
    state: &State,
    session: &SessionId,
    seq: u32,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let grant = keys::may_add(state, request).await?;
    let payload = body::decode(request.headers(), request.body())?;
    let facts = replay::inspect_chunk(&payload).map_err(|error| {
        ApiError::new(
            StatusCode::BAD_REQUEST,
            "malformed_chunk",
            error.to_string(),
        )
    })?;
    let chunk = NewChunk {
        seq,
        payload: &payload,
        facts: &facts,
    };
    let outcome = state
        .recordings
        .accept_chunk(
            &grant.organization,
            session,
            &chunk,
            grant.retention_days,
            state.clock.now(),
        )
        .await?;
    let duplicate = match outcome {
        ChunkOutcome::Stored => false,
        ChunkOutcome::Duplicate => true,
        ChunkOutcome::Conflict => return Err(conflict(seq)),
    };
    match ask_for_summary(state, &grant, session, duplicate).await {
        Err(Error::Store(store::Error::Erased)) => {
            let organization = &grant.organization;
            let discarded = state.recordings.discard_chunk(organization, session, seq);
            discarded.await?;
            return Err(error::session_erased());
        }
        asked => asked?,
    }
    if duplicate {
        tracing::info!(
            { metrics::CHUNK_DUPLICATE } = 1,
            chunk.seq = seq,
            "chunk came again"
        );
    } else {
        tracing::info!(
            { metrics::CHUNK_ACCEPTED } = 1,
            chunk.seq = seq,
            "chunk accepted"
        );
    }
    let accepted = Accepted {
        session_id: session,
        seq,
        events: facts.events,
        duplicate,
    };
    Ok(json(StatusCode::ACCEPTED, &accepted))
}

/// Sees to it that a run takes the chunk just stored: one that is under way, or a new one.
///
/// A duplicate always gets a new one. It is what the caller sends when its first try was not answered, and that
/// try may have broken off between storing the chunk and asking.
async fn ask_for_summary(
    state: &State,
    grant: &Grant,
    session: &SessionId,
    duplicate: bool,
) -> Result<(), Error> {
    let now = state.clock.now();
    let organization = &grant.organization;
    let wanted = state
        .store
        .request_summary(organization, session, grant.retention_days, now, duplicate)
        .await?;
    let Some(wanted) = wanted else {
        return Ok(());
    };
    let task = SummarizeTask::new(organization, session);
    let note = async {
        if wanted.is_first {
            note_begun(state, organization, session, now).await;
        }
    };
    let (sent, ()) = tokio::join!(state.queue.send(task.to_body(), wanted.delay), note);
    if let Err(error) = sent {
        if let Err(error) = state
            .store
            .withdraw_request(organization, session, now)
            .await
        {
            tracing::warn!(%error, "a summary stays asked for although no message was sent");
        }
        return Err(error.into());
    }
    Ok(())
}

/// Has the session looked at in an hour. The chunk is taken whether that could be noted or not: all goes well without it,
/// nearly always.
async fn note_begun(
    state: &State,
    organization: &OrganizationId,
    session: &SessionId,
    now: Timestamp,
) {
    if let Err(error) = state.store.note_begun(organization, session, now).await {
        tracing::warn!(%error, "nobody will look whether a session was summarized");
    }
}

fn conflict(seq: u32) -> Error {
    let message = format!(
        "Chunk {seq} of this session was stored with other bytes. Two recorders may be using the same session id: \
         give each its own."
    );
    ApiError::new(StatusCode::CONFLICT, "other_bytes_stored", message).into()
}
