//! `GET /sessions/{id}/events/{seq}/{part}`: a piece of the recording.

use lambda_http::{Body, Response};
use replay::Stored;

use crate::access::Viewer;
use crate::context::PageContext;
use crate::encoding;
use crate::error::Error;
use crate::route::PieceName;

/// The events of a piece. Reads one row, and perhaps one object unless it was the last that was read or the
/// browser has it.
pub(crate) async fn show(
    context: &PageContext<'_>,
    viewer: &Viewer,
    piece: &PieceName,
) -> Result<Response<Body>, Error> {
    let chunk = context
        .store()
        .of(viewer.organization())
        .sessions()
        .chunk(&piece.session, piece.seq, context.now)
        .await?
        .ok_or(Error::NotFound)?;
    // Before it is read: it may be 100 MB.
    if piece.part >= chunk.pieces.len().max(1) {
        return Err(Error::NotFound);
    }
    let preferences = &viewer.connection().preferences;
    let stored = match (chunk.is_masked, chunk.is_unsure) {
        _ if preferences.store_unmasked => Stored::Masked,
        (_, true) => Stored::Unsure,
        (true, false) => Stored::Masked,
        (false, false) => Stored::AsItCame,
    };
    let tag = encoding::tag(&format!("{}/{}/{stored:?}", chunk.sha256, piece.part));
    if web::is_named(context.headers(), &tag) {
        return Ok(encoding::unchanged(&tag));
    }
    let state = context.state;
    let payload = state.last_chunk.read(&state.recordings, &chunk).await?;
    let events = replay::events_of_piece(&payload, &chunk.pieces, piece.part, stored)?;
    let events = events.ok_or(Error::NotFound)?;
    encoding::json(context.headers(), events, &tag)
}
