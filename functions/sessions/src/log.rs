//! `GET /sessions/{id}/log?from={seq}`: what the recorded page logged and asked for.

use futures::{StreamExt, TryStreamExt, stream};
use identity::SessionId;
use lambda_http::{Body, Response};
use replay::{Line, Log, LoggedRequest};
use serde::Serialize;
use store::ChunkManifest;

use crate::access::Viewer;
use crate::chunks;
use crate::context::PageContext;
use crate::encoding;
use crate::error::Error;

/// Most chunks of one answer.
const MAX_CHUNKS: usize = 200;

/// Most bytes of chunks, unpacked, that are read for one answer; a single chunk may be larger.
const MAX_BYTES: u64 = 16 << 20;

/// So many lines and requests end an answer.
const ENOUGH_ENTRIES: usize = 4_000;

/// Most bytes of JSON that an answer's lines and requests take: Lambda answers with 6 MB at most.
const MAX_ANSWER_BYTES: usize = 3_000_000;

/// The public JSON. Times are milliseconds since 1970, by the visitor's clock.
#[derive(Default, Serialize)]
struct LogPage {
    lines: Vec<Line>,
    requests: Vec<LoggedRequest>,
    /// Whether all of these chunks is in it.
    complete: bool,
    /// The first chunk that it had no room for; null after the last.
    next: Option<u32>,
    /// The first chunk that is not in it, whether there is one by now or not.
    until: u32,
}

/// The log from a chunk on, as far as fits into an answer. Reads one row and the chunks' manifests, with
/// those chunks that stand in them; an object for each that does not.
pub(crate) async fn show(
    context: &PageContext<'_>,
    viewer: &Viewer,
    session: &SessionId,
) -> Result<Response<Body>, Error> {
    let from = match context.parameter("from") {
        Some(from) => from.parse().map_err(|_| Error::NotFound)?,
        None => 0,
    };
    let sessions = context.store().of(viewer.organization()).sessions();
    let (stored, mut listed) = tokio::try_join!(
        sessions.read(session, context.now),
        sessions.chunks_from(session, from, MAX_CHUNKS),
    )?;
    stored.ok_or(Error::NotFound)?;
    let rest = beyond(&listed);
    let mut page = LogPage {
        complete: true,
        next: rest.or_else(|| following(&listed).filter(|_| listed.len() >= MAX_CHUNKS)),
        ..LogPage::default()
    };
    listed.retain(|chunk| rest.is_none_or(|rest| chunk.seq < rest));
    let recordings = &context.state.recordings;
    let last = listed.last().map(|chunk| chunk.seq);
    let mut read = stream::iter(listed)
        .map(|chunk| async move {
            let payload = chunks::read_if_there(recordings, &chunk).await?;
            Ok::<_, Error>((chunk.seq, payload))
        })
        .buffered(chunks::READ_AHEAD);
    let mut bytes = 0;
    while let Some((seq, payload)) = read.try_next().await? {
        // What cannot be read says nothing; the rest does.
        let Some(Ok(mut log)) = payload.map(|payload| replay::read_log(&payload)) else {
            page.complete = false;
            continue;
        };
        let is_first = page.lines.is_empty() && page.requests.is_empty();
        let fitting = Fitting::of(&log, MAX_ANSWER_BYTES - bytes)?;
        if !fitting.is_all {
            if !is_first {
                page.next = Some(seq);
                break;
            }
            fitting.cut(&mut log);
        }
        bytes += fitting.bytes;
        page.complete &= log.is_complete;
        page.lines.extend(log.lines);
        page.requests.extend(log.requests);
        if page.lines.len() + page.requests.len() >= ENOUGH_ENTRIES && last != Some(seq) {
            page.next = Some(seq.saturating_add(1));
            break;
        }
    }
    let answered = last.map_or(from, |last| last.saturating_add(1));
    page.until = page.next.unwrap_or(answered);
    let json = serde_json::to_string(&page).map_err(std::io::Error::from)?;
    let tag = encoding::tag(&json);
    encoding::json(context.headers(), json, &tag)
}

/// What of a chunk's log there is room for: the earliest of its lines and requests.
struct Fitting {
    lines: usize,
    requests: usize,
    /// What they take of an answer.
    bytes: usize,
    is_all: bool,
}

impl Fitting {
    fn of(log: &Log, room: usize) -> Result<Self, Error> {
        let lines = log
            .lines
            .iter()
            .map(|line| Ok((line.at, true, size(line)?)));
        let requests = log.requests.iter();
        let requests = requests.map(|asked| Ok((asked.at, false, size(asked)?)));
        let entries: Result<Vec<_>, Error> = lines.chain(requests).collect();
        let mut entries = entries?;
        // Stable: each kind stays in its order.
        entries.sort_by_key(|(at, ..)| *at);
        let mut fitting = Self {
            lines: 0,
            requests: 0,
            bytes: 0,
            is_all: true,
        };
        for (_, is_line, size) in entries {
            if fitting.bytes + size > room {
                fitting.is_all = false;
                break;
            }
            fitting.bytes += size;
            match is_line {
                true => fitting.lines += 1,
                false => fitting.requests += 1,
            }
        }
        Ok(fitting)
    }

    /// Leaves in the log what there is room for.
    fn cut(&self, log: &mut Log) {
        log.lines.truncate(self.lines);
        log.requests.truncate(self.requests);
        log.is_complete = false;
    }
}

/// How many bytes of JSON an entry is, with a comma.
fn size(entry: &impl Serialize) -> Result<usize, Error> {
    let json = serde_json::to_vec(entry).map_err(std::io::Error::from)?;
    Ok(json.len() + 1)
}

/// The first of these chunks that one answer has no room for.
fn beyond(chunks: &[ChunkManifest]) -> Option<u32> {
    let mut bytes = 0;
    let mut chunks = chunks.iter();
    let found = chunks.find(|chunk| {
        let is_first = bytes == 0;
        bytes += chunk.bytes;
        !is_first && bytes > MAX_BYTES
    });
    found.map(|chunk| chunk.seq)
}

fn following(chunks: &[ChunkManifest]) -> Option<u32> {
    chunks.last().map(|last| last.seq.saturating_add(1))
}
