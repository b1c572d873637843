//! `GET /sessions/{id}/recording`: what a player needs to know of a recording before it loads any of it.

use identity::SessionId;
use jiff::Timestamp;
use lambda_http::{Body, Response};
use pages::share_token;
use replay::Summary;
use serde::Serialize;
use store::ChunkManifest;

use crate::access::Viewer;
use crate::context::PageContext;
use crate::encoding;
use crate::error::Error;
use crate::view::{ShownMoment, environment};

/// Most chunks of one recording that are played: a day of them, one every ten seconds.
pub(crate) const MAX_PLAYED_CHUNKS: usize = 8_640;

/// The public JSON. Times of pieces are milliseconds since 1970, by the visitor's clock; others count
/// from the session's start.
#[derive(Serialize)]
struct Index<'a> {
    session_id: &'a SessionId,
    started_at_ms: i64,
    duration_ms: u64,
    incomplete: bool,
    pieces: Vec<IndexedPiece>,
    missing: Vec<Missing>,
    timeline: Vec<ShownMoment<'a>>,
    timeline_total: u64,
    live: bool,
    environment: Vec<Fact>,
    link: String,
}

/// Something that the visitor used.
#[derive(Debug, PartialEq, Serialize)]
struct Fact {
    name: &'static str,
    value: String,
}

#[derive(Debug, PartialEq, Serialize)]
struct IndexedPiece {
    seq: u32,
    part: usize,
    from_ms: i64,
    until_ms: i64,
    bytes: u64,
    snapshot_ms: Option<i64>,
}

/// Chunks that have not arrived, by their numbers.
#[derive(Debug, PartialEq, Serialize)]
struct Missing {
    from_seq: u32,
    until_seq: u32,
}

/// The index of a recording. Reads two rows and the chunks' manifests, with those chunks that
/// stand in them: a query for each megabyte.
pub(crate) async fn show(
    context: &PageContext<'_>,
    viewer: &Viewer,
    session: &SessionId,
) -> Result<Response<Body>, Error> {
    let organization = viewer.organization();
    let (stored, chunks) = tokio::try_join!(
        context
            .store()
            .of(organization)
            .sessions()
            .read(session, context.now),
        context
            .store()
            .of(organization)
            .sessions()
            .chunks_from(session, 0, MAX_PLAYED_CHUNKS),
    )?;
    let summary = stored.ok_or(Error::NotFound)?.summary;
    let index = Index {
        session_id: session,
        started_at_ms: summary.started_at.as_millisecond(),
        duration_ms: summary.duration_ms,
        incomplete: summary.incomplete,
        pieces: chunks.iter().flat_map(pieces).collect(),
        missing: missing(&chunks),
        timeline: ShownMoment::all(&summary.timeline),
        timeline_total: summary.timeline_total,
        live: summary.is_live(context.now),
        environment: environment(&summary),
        link: link(viewer, session),
    };
    let index = serde_json::to_string(&index).map_err(std::io::Error::from)?;
    let tag = encoding::tag(&index);
    encoding::json(context.headers(), index, &tag)
}

/// The address that leads others here who may see it as the viewer does: an admin's opens for whoever is
/// signed in, a share link for whoever has it. A link of the panel is its teammate's, so there is none.
fn link(viewer: &Viewer, session: &SessionId) -> String {
    match viewer {
        Viewer::Admin(_) => format!("/sessions/{session}"),
        Viewer::Link(_) => String::new(),
        Viewer::Share(opened) => {
            let (name, token) = (share_token::PARAMETER, &opened.text);
            format!("/sessions/{session}?{name}={token}")
        }
    }
}

fn environment(summary: &Summary) -> Vec<Fact> {
    let facts = environment::of(&summary.device).into_iter();
    facts.map(|(name, value)| Fact { name, value }).collect()
}

/// A chunk's pieces; one that was stored before there were any is one, in which playing may begin if it
/// has a snapshot.
fn pieces(chunk: &ChunkManifest) -> Vec<IndexedPiece> {
    let ms = |at: Timestamp| at.as_millisecond();
    let whole = || {
        let (first, last) = (chunk.first_at?, chunk.last_at?);
        Some(IndexedPiece {
            seq: chunk.seq,
            part: 0,
            from_ms: ms(first),
            until_ms: ms(last),
            bytes: chunk.bytes,
            snapshot_ms: chunk.has_full_snapshot.then_some(ms(first)),
        })
    };
    if chunk.pieces.is_empty() {
        return whole().into_iter().collect();
    }
    let pieces = chunk.pieces.iter().enumerate();
    pieces
        .map(|(part, piece)| IndexedPiece {
            seq: chunk.seq,
            part,
            from_ms: ms(piece.first_at),
            until_ms: ms(piece.last_at),
            bytes: piece.bytes,
            snapshot_ms: piece.snapshot_at.map(ms),
        })
        .collect()
}

/// The numbers between those of the chunks that are there, which come in order.
fn missing(chunks: &[ChunkManifest]) -> Vec<Missing> {
    let mut gaps = Vec::new();
    let mut next = 0;
    for chunk in chunks {
        if chunk.seq > next {
            gaps.push(Missing {
                from_seq: next,
                until_seq: chunk.seq - 1,
            });
        }
        next = chunk.seq.saturating_add(1);
    }
    gaps
}
