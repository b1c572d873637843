//! `GET /sessions/{id}/timeline`: all that happened in a session.
//!
//! A summary holds the most important moments of a long visit. All of them are found when somebody asks,
//! as a summary is: from the analyzer's last checkpoint on. So a recording that nobody watches costs
//! nothing.

use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};
use identity::SessionId;
use lambda_http::{Body, Response};
use replay::{Analyzer, Timeline};
use serde::Serialize;
use store::{Recordings, StoredSession};

use crate::access::Viewer;
use crate::chunks;
use crate::context::PageContext;
use crate::encoding;
use crate::error::Error;
use crate::index::MAX_PLAYED_CHUNKS;
use crate::view::ShownMoment;

/// Most bytes of chunks, unpacked, that are folded for one answer: a second's work or so. Since a
/// checkpoint there is half a megabyte at most, so this is for what has none that can be read.
const MAX_FOLDED_BYTES: u64 = 64 << 20;

/// Longest that chunks are read for.
const PATIENCE: Duration = Duration::from_secs(10);

/// The public JSON.
#[derive(Serialize)]
struct WholeTimeline<'a> {
    moments: Vec<ShownMoment<'a>>,
    /// Whether these are all.
    complete: bool,
}

/// The whole timeline, or what the summary has of one that would take too long. Reads two rows, the
/// analyzer's state where one is kept, and the chunks since then: a query for each megabyte of small
/// ones, an object for each large one.
pub(crate) async fn show(
    context: &PageContext<'_>,
    viewer: &Viewer,
    session: &SessionId,
) -> Result<Response<Body>, Error> {
    let sessions = context.store().of(viewer.organization()).sessions();
    let stored = sessions.read(session, context.now).await?;
    let stored = stored.ok_or(Error::NotFound)?;
    let folded = tokio::time::timeout(PATIENCE, fold(context, viewer, &stored)).await;
    let timeline = match folded {
        Ok(folded) => folded?,
        Err(_elapsed) => None,
    };
    let timeline = timeline.unwrap_or_else(|| Timeline {
        moments: stored.summary.timeline.clone(),
        is_complete: false,
    });
    let whole = WholeTimeline {
        moments: ShownMoment::all(&timeline.moments),
        complete: timeline.is_complete,
    };
    let json = serde_json::to_string(&whole).map_err(std::io::Error::from)?;
    let tag = encoding::tag(&json);
    encoding::json(context.headers(), json, &tag)
}

/// The timeline of all chunks; `None` when it would take too long.
async fn fold(
    context: &PageContext<'_>,
    viewer: &Viewer,
    stored: &StoredSession,
) -> Result<Option<Timeline>, Error> {
    let recordings = &context.state.recordings;
    let (mut analyzer, mut next_seq) = begun(recordings, stored).await?;
    let sessions = context.store().of(viewer.organization()).sessions();
    let listed = sessions.chunks_from(&stored.session_id, next_seq, MAX_PLAYED_CHUNKS);
    let listed = listed.await?;
    let bytes: u64 = listed.iter().map(|chunk| chunk.bytes).sum();
    if bytes > MAX_FOLDED_BYTES || listed.len() >= MAX_PLAYED_CHUNKS {
        return Ok(None);
    }
    let mut read = stream::iter(listed)
        .map(|chunk| async move {
            Ok::<_, Error>((chunk.seq, chunks::read_if_there(recordings, &chunk).await?))
        })
        .buffered(chunks::READ_AHEAD);
    while let Some((seq, payload)) = read.try_next().await? {
        if seq > next_seq {
            analyzer.skip_gap();
        }
        next_seq = seq.saturating_add(1);
        match payload {
            // What of it cannot be read is left out, and the rest goes on: the summary says so.
            Some(payload) => drop(analyzer.push_chunk(&payload)),
            None => analyzer.skip_gap(),
        }
    }
    Ok(Some(analyzer.timeline()))
}

/// The analyzer at its last checkpoint, and the first chunk that is not in it; with the first of all
/// where no state is kept, or none that this version can read.
async fn begun(recordings: &Recordings, stored: &StoredSession) -> Result<(Analyzer, u32), Error> {
    let Some(checkpoint) = &stored.checkpoint else {
        return Ok((Analyzer::default(), 0));
    };
    let state = match recordings.read_checkpoint(checkpoint).await {
        Ok(state) => Analyzer::from_state(&state).ok(),
        Err(error) if chunks::is_lost(&error) => None,
        Err(error) => return Err(error.into()),
    };
    Ok(state.map_or_else(
        || (Analyzer::default(), 0),
        |analyzer| (analyzer, checkpoint.next_seq),
    ))
}
