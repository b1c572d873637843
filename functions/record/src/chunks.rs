//! `POST /v1/sessions/{session_id}/chunks/{seq}`: a chunk of a recording.
//!
//! A 202 means: the chunk is stored for good, and its summarizing has been asked for, now or in half a
//! minute. Anything else leaves the caller free to send the same chunk again, which does no harm, however
//! often it happens; but for a 409, which means that the session was erased: then a recorder begins another.

use api::quotas::{Quota, Sight};
use identity::{OrganizationId, SessionId};
use jiff::Timestamp;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use platform::http::{ApiError, json};
use platform::metrics;
use replay::Urgency;
use serde::Serialize;
use store::{ChunkOutcome, Grant, NewChunk};
use tasks::SummarizeTask;

use crate::{Error, State, body, error, events, masking};

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
    let grant = state.keys.may_add(request).await?;
    let now = state.clock.now();
    let admitted = admit(state, &grant, session, seq, request.body().len(), now).await;
    admitted.map_err(|error| state.count_refusal(&grant, error))?;
    let sent = body::payload(request)?;
    let (plain, plain_facts) = events::of(&sent)?;
    let masked = match grant.store_unmasked {
        true => None,
        false => {
            let sender = masking::sender(request);
            Some(masking::mask(state, &grant, (session, seq), sender, &plain, now).await?)
        }
    };
    let storable = masked.as_ref();
    let payload: &[u8] = storable.map_or(&plain, |storable| &storable.masked.payload);
    if payload.len() as u64 > NewChunk::MAX_BYTES {
        return Err(too_large().into());
    }
    let facts = match std::ptr::eq(payload, &raw const *plain) {
        true => plain_facts,
        false => events::facts(payload)?,
    };
    let chunk = NewChunk {
        seq,
        sent: &sent,
        payload,
        is_masked: storable.is_some(),
        is_unsure: storable.is_some_and(|storable| storable.is_unsure),
        editables: storable.and_then(masking::Storable::editables),
        facts: &facts,
    };
    let accepted = state.recordings.of(&grant.organization).accept_chunk(
        session,
        &chunk,
        grant.retention_days,
        now,
    );
    // Beside it, and not after it: should this die in between, it is noted that there is something to look
    // at.
    let is_first = seq == 0;
    let noted = note_begun(state, &grant.organization, session, is_first, now);
    let urgent = is_urgent(state, &grant.organization, session, seq, facts.urgency, now);
    let (outcome, (), is_urgent) = tokio::try_join!(accepted, noted, urgent)?;
    let duplicate = match outcome {
        ChunkOutcome::Stored => false,
        ChunkOutcome::Duplicate => true,
        ChunkOutcome::Conflict => return Err(conflict(seq)),
    };
    let wish = match (duplicate, is_urgent) {
        (true, _) => Wish::Again,
        (false, true) => Wish::AtOnce,
        (false, false) => Wish::Later,
    };
    match ask_for_summary(state, &grant, session, seq, wish).await {
        Err(Error::Store(store::Error::Erased)) => {
            let organization = &grant.organization;
            let discarded = state
                .recordings
                .of(organization)
                .discard_chunk(session, seq);
            Box::pin(discarded).await?;
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

/// Whether the organization may send this, by what is known before the body is looked at.
async fn admit(
    state: &State,
    grant: &Grant,
    session: &SessionId,
    seq: u32,
    bytes: usize,
    now: Timestamp,
) -> Result<(), Error> {
    let quotas = &state.quotas;
    let sight = if seq == 0 {
        Sight::First
    } else {
        Sight::Unsure
    };
    quotas.admit_session(grant, session, sight, now).await?;
    quotas.take(grant, Quota::Bytes, bytes as u64, now).await?;
    quotas.admit_chunk(grant, session, seq).await
}

/// Whether the chunk is to be summarized at once: by itself, or with the clicks that the chunk before ends
/// with. Reads that one's row only if it matters.
async fn is_urgent(
    state: &State,
    organization: &OrganizationId,
    session: &SessionId,
    seq: u32,
    urgency: Urgency,
    now: Timestamp,
) -> Result<bool, store::Error> {
    let opening = match urgency {
        Urgency::None => return Ok(false),
        Urgency::AtOnce => return Ok(true),
        Urgency::PerhapsRage(opening) => opening,
    };
    let Some(before) = seq.checked_sub(1) else {
        return Ok(true);
    };
    let sessions = state.store.of(organization).sessions();
    let before = Box::pin(sessions.chunk(session, before, now)).await?;
    Ok(before
        .is_none_or(|before| opening.may_be_rage_after(before.closing.as_ref(), before.first_at)))
}

/// When a chunk is to be summarized.
#[derive(Debug, Clone, Copy)]
enum Wish {
    /// With what comes in half a minute.
    Later,
    /// There is something in it that a teammate is to see.
    AtOnce,
    /// At once, whoever is under way: it is what the caller sends when its first try was not answered, and
    /// that try may have broken off between storing the chunk and asking.
    Again,
}

/// Sees to it that a run takes the chunk just stored: one that is under way, or a new one.
async fn ask_for_summary(
    state: &State,
    grant: &Grant,
    session: &SessionId,
    seq: u32,
    wish: Wish,
) -> Result<(), Error> {
    let now = state.clock.now();
    let organization = &grant.organization;
    let sessions = state.store.of(organization).sessions();
    let retention = grant.retention_days;
    let wanted = match wish {
        Wish::Later => {
            sessions
                .request_summary_later(session, seq, retention, now)
                .await
        }
        Wish::AtOnce => {
            sessions
                .request_summary(session, retention, now, false)
                .await
        }
        Wish::Again => {
            sessions
                .request_summary(session, retention, now, true)
                .await
        }
    }?;
    let is_new = wanted.is_some_and(|wanted| wanted.is_new_session);
    state.quotas.note_session(grant, session, is_new, now).await;
    let Some(wanted) = wanted else {
        return Ok(());
    };
    let task = match wanted.wake_at {
        Some(_) => SummarizeTask::waking(organization, session),
        None => SummarizeTask::new(organization, session),
    };
    // Of the first chunk it is noted already.
    let is_unwatched = wanted.is_unwatched && seq != 0;
    let noted = note_begun(state, organization, session, is_unwatched, now);
    let (sent, noted) = tokio::join!(
        state.queues.summarize.send(task.to_body(), wanted.delay),
        noted
    );
    noted?;
    if let Err(error) = sent {
        // Boxed, as is what is discarded: hardly any chunk needs the room.
        let withdrawn = Box::pin(sessions.withdraw_request(session, &wanted, now));
        if let Err(error) = withdrawn.await {
            tracing::warn!(%error, "a summary stays asked for although no message was sent");
        }
        return Err(error.into());
    }
    Ok(())
}

/// Has the session looked at in an hour, if that is to be noted.
async fn note_begun(
    state: &State,
    organization: &OrganizationId,
    session: &SessionId,
    is_due: bool,
    now: Timestamp,
) -> Result<(), store::Error> {
    match is_due {
        // Boxed: most chunks are not the first.
        true => {
            Box::pin(
                state
                    .store
                    .of(organization)
                    .sessions()
                    .note_begun(session, now),
            )
            .await
        }
        false => Ok(()),
    }
}

/// Unpacked and masked it may be larger than what was sent.
fn too_large() -> ApiError {
    let message = format!(
        "The chunk has more than {} bytes once its events are unpacked and masked: send smaller chunks.",
        NewChunk::MAX_BYTES
    );
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", message)
}

fn conflict(seq: u32) -> Error {
    let message = format!(
        "Chunk {seq} of this session was stored with other bytes. Two recorders may be using the same session id: \
         give each its own."
    );
    ApiError::new(StatusCode::CONFLICT, "other_bytes_stored", message).into()
}
