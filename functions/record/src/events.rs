//! What is stored of a chunk: its events as rrweb writes them, whichever recorder sent them.

use std::borrow::Cow;

use lambda_http::http::StatusCode;
use platform::http::ApiError;
use replay::{ChunkError, ChunkFacts};

/// The events of a body, and what is known of them. Events that are plain already, as our recorder's
/// are, stay as they are, and are read once.
///
/// # Errors
/// 415 for a recording that is not rrweb's, 400 for what cannot be read.
pub(crate) fn of(sent: &[u8]) -> Result<(Cow<'_, [u8]>, ChunkFacts), ApiError> {
    let facts = replay::inspect_chunk(sent).map_err(refused)?;
    if facts.is_plain {
        return Ok((Cow::Borrowed(sent), facts));
    }
    let events = replay::plain_events(sent).map_err(refused)?;
    let facts = replay::inspect_chunk(&events).map_err(refused)?;
    Ok((events, facts))
}

/// What is known of plain events.
///
/// # Errors
/// As [`of`].
pub(crate) fn facts(events: &[u8]) -> Result<ChunkFacts, ApiError> {
    replay::inspect_chunk(events).map_err(refused)
}

/// The answer to a body that cannot be read. It repeats nothing of it.
pub(crate) fn refused(error: ChunkError) -> ApiError {
    let (status, code) = match error {
        ChunkError::NotRrweb { .. } => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_rrweb"),
        _ => (StatusCode::BAD_REQUEST, "malformed_chunk"),
    };
    ApiError::new(status, code, error.to_string())
}
